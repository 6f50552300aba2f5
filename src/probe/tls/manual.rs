//! The handshake as a command: `openssl` in sh, .NET in PowerShell, `curl` through a proxy that they cannot speak to, and
//! `keytool` for what only Java reads.

use core::net::IpAddr;

use crate::{
    finding::Os,
    host::{
        TlsRequest, Trust,
        printed::{
            asked,
            handshake::is_pem,
            ssl_stream::{CONNECT, DONE, FAILED, HANDSHAKE, STATUS, VERSION, WRONG},
        },
    },
    probe::{
        Manual,
        http::manual::{closing, ending},
        shell,
    },
};

/// How long the handshake may take, in seconds.
const LIMIT: u32 = 30;

/// `asked` says the request in a line.
pub(super) fn commands(request: &TlsRequest, asked: &str, os: Os) -> Vec<Manual> {
    let by_socks = request
        .via
        .as_ref()
        .is_some_and(|via| via.address.scheme() != "http");
    let handshake = match os {
        _ if by_socks => curl(request, asked, os),
        // What .NET asks a proxy is written here, and no password is.
        Os::Windows if request.via.as_ref().is_some_and(|via| !via.user.is_empty()) => {
            curl(request, asked, os)
        }
        Os::Windows => powershell(request, asked),
        Os::Linux | Os::Macos => openssl(request, asked, os),
    };
    handshake.into_iter().chain(keytool(request, os)).collect()
}

fn at(host: &str, port: u16) -> String {
    match host.contains(':') {
        true => format!("[{host}]:{port}"),
        false => format!("{host}:{port}"),
    }
}

fn openssl(request: &TlsRequest, asked: &str, os: Os) -> Option<Manual> {
    // It waits for a connection for as long as the system does.
    let limit = LIMIT.to_string();
    let perl = format!("alarm {LIMIT}; exec @ARGV");
    let mut run: Vec<String> = match os {
        Os::Macos => ["perl", "-e", &perl].map(str::to_owned).to_vec(),
        Os::Linux | Os::Windows => ["timeout", &limit].map(str::to_owned).to_vec(),
    };
    run.extend(["openssl", "s_client", "-showcerts", "-connect"].map(str::to_owned));
    run.push(at(&request.host, request.port));
    let name = request.name.clone();
    // LibreSSL, which macOS has, knows neither.
    let checks = os != Os::Macos;
    if name.parse::<IpAddr>().is_ok() {
        run.extend(
            ["-verify_ip".to_owned(), name]
                .into_iter()
                .filter(|_| checks),
        );
    } else {
        run.extend(["-servername".to_owned(), name.clone()]);
        run.extend(
            ["-verify_hostname".to_owned(), name]
                .into_iter()
                .filter(|_| checks),
        );
    }
    if let Trust::Store(path) = &request.trust
        && is_pem(path)
    {
        run.extend(["-CAfile".to_owned(), path.clone()]);
    }
    let mut tells = "who issued which certificate stands under `Certificate chain`, the verdict behind `Verify return code`".to_owned();
    if let Some(via) = &request.via {
        let port = via.address.port().unwrap_or(80);
        run.extend(["-proxy".to_owned(), at(via.address.host(), port)]);
        if !via.user.is_empty() {
            tells += "; for the proxy's login, add `-proxy_user` and `-proxy_pass`";
        }
    }
    // Without an end of its input, it would wait for something to send.
    let run = shell::command(&run, os)?;
    let asked = shell::literal(asked::line(asked).trim_end(), os)?;
    // The key of a session is nobody's business, also of one over which nothing was sent.
    let command = format!(
        "{{ {run} </dev/null 2>&1; printf '%s status %s.\\n' {asked} $?; }} | grep -v Master-Key:"
    );
    Some(Manual::new(command, tells))
}

fn powershell(request: &TlsRequest, asked: &str) -> Option<Manual> {
    let text = |value: &str| shell::literal(value, Os::Windows);
    let name = text(&request.name)?;
    let (host, port) = match &request.via {
        Some(via) => (via.address.host(), via.address.port().unwrap_or(80)),
        None => (request.host.as_str(), request.port),
    };
    let host = text(host)?;
    let tunnel = match &request.via {
        None => String::new(),
        Some(_) => {
            let target = text(&at(&request.host, request.port))?;
            // Its reply ends with an empty line; whoever sends more than this of one is no proxy.
            format!(
                "$g = {target}; $b = [Text.Encoding]::ASCII.GetBytes(\"CONNECT $g HTTP/1.1`r`nHost: $g`r`n`r`n\"); \
                 $n.Write($b, 0, $b.Length); $h = ''; while ($h.Length -lt 16384 -and -not $h.EndsWith(\"`r`n`r`n\")) {{ \
                 $c = $n.ReadByte(); if ($c -lt 0) {{ break }}; $h += [char]$c }}; $h; \
                 if ($h -notmatch '^HTTP/\\S+ 2') {{ throw 'no way' }}; "
            )
        }
    };
    let asked = text(&format!("{}{DONE}", asked::line(asked)))?;
    // PowerShell 5.1 offers only what servers no longer take, unless it is told. The certificates that were sent lie in the
    // chain's store, in no certain order.
    let command = format!(
        "$k = @{{}}; $at = '{CONNECT}'; try {{ $t = New-Object Net.Sockets.TcpClient {host}, {port}; \
         $t.ReceiveTimeout = 15000; $t.SendTimeout = 15000; $n = $t.GetStream(); $at = '{HANDSHAKE}'; {tunnel}\
         $s = New-Object Net.Security.SslStream $n, $false, {{ param($o, $c, $chain, $wrong) $k.wrong = \"$wrong\"; \
         $k.status = ($chain.ChainStatus | ForEach-Object {{ $_.Status }}) -join ', '; \
         $k.sent = @(@($c) + @($chain.ChainPolicy.ExtraStore) | ForEach-Object {{ \
         [Convert]::ToBase64String($_.GetRawCertData(), 'InsertLineBreaks') }} | Select-Object -Unique); $true }}; \
         $s.AuthenticateAsClient({name}, $null, 'Tls12', $false); $k.version = $s.SslProtocol }} catch {{ \
         $e = $_.Exception; while ($e.InnerException) {{ $e = $e.InnerException }}; \
         \"{FAILED}$at, $($e.GetType().Name), $($e.SocketErrorCode), $($e.NativeErrorCode): $($e.Message)\" }}; \
         if ($k.sent) {{ \"{WRONG}$($k.wrong)\"; \"{STATUS}$($k.status)\"; \"{VERSION}$($k.version)\"; \
         $k.sent | ForEach-Object {{ '-----BEGIN CERTIFICATE-----'; $_; '-----END CERTIFICATE-----' }} }}; \
         if ($t) {{ $t.Close() }}; {asked}"
    );
    Some(Manual::new(
        command,
        "behind `wrong` stands `None`, or what the system does not like; the certificates, the server's own first",
    ))
}

/// Neither PowerShell nor OpenSSL goes through every proxy.
fn curl(request: &TlsRequest, asked: &str, os: Os) -> Option<Manual> {
    let via = request.via.as_ref()?;
    let (program, nowhere) = match os {
        Os::Windows => ("curl.exe", "NUL"),
        Os::Linux | Os::Macos => ("curl", "/dev/null"),
    };
    let asks_login = !via.user.is_empty();
    // What `-v` prints has the proxy's password in it, where there is one.
    let show = if asks_login { "-sS" } else { "-sSv" };
    let words = [
        program,
        show,
        "--stderr",
        "-",
        "-m",
        "15",
        "-o",
        nowhere,
        "--noproxy",
        "",
        "-x",
    ];
    let mut run: Vec<String> = words.map(str::to_owned).to_vec();
    run.push(via.address.to_string());
    if asks_login {
        // Without a password curl asks for it.
        run.extend(["-U".to_owned(), via.user.clone()]);
    }
    run.extend(["-w".to_owned(), closing(asked)]);
    run.push(format!("https://{}/", at(&request.host, request.port)));
    let tells = "a line with `schannel` or `SSL` says what is wrong with the certificate";
    let command = ending(&shell::command(&run, os)?, os);
    Some(Manual::new(command, tells).asking(asks_login))
}

fn keytool(request: &TlsRequest, os: Os) -> Option<Manual> {
    let Trust::Store(path) = &request.trust else {
        return None;
    };
    if is_pem(path) {
        return None;
    }
    let run = [
        "keytool",
        "-list",
        "-v",
        "-keystore",
        path,
        "-storepass",
        "changeit",
    ];
    Some(Manual::new(
        shell::command(&run, os)?,
        "whom the file trusts; `keytool` lies in the `bin` folder of Java",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::{judging::trial, tls::Tls};

    #[test]
    fn by_hand() {
        #[track_caller]
        fn check(os: Os, json: &str, expected: &str) {
            assert_eq!(trial::commands(&Tls, json, os), expected);
        }
        let shell = |run: &str, asked: &str| {
            format!(
                r"{{ {run} </dev/null 2>&1; printf '%s status %s.\n' '-- asked TLS {asked}:' $?; }} | grep -v Master-Key:"
            )
        };
        check(
            Os::Linux,
            r#"{"host": "a.example"}"#,
            &shell(
                "timeout 30 openssl s_client -showcerts -connect a.example:443 -servername a.example -verify_hostname a.example",
                "a.example:443",
            ),
        );
        // LibreSSL knows neither the one check nor the other.
        check(
            Os::Macos,
            r#"{"host": "::1", "port": 8443, "trust": "/etc/own ca.pem"}"#,
            &shell(
                "perl -e 'alarm 30; exec @ARGV' openssl s_client -showcerts -connect '[::1]:8443' -CAfile '/etc/own ca.pem'",
                "[::1]:8443 by /etc/own ca.pem",
            ),
        );
        check(
            Os::Linux,
            r#"{"host": "192.0.2.1", "trust": "/opt/jre/cacerts", "via": "http://p:3128/"}"#,
            &(shell(
                "timeout 30 openssl s_client -showcerts -connect 192.0.2.1:443 -verify_ip 192.0.2.1 -proxy p:3128",
                "192.0.2.1:443 by /opt/jre/cacerts via http://p:3128/",
            ) + "\nkeytool -list -v -keystore /opt/jre/cacerts -storepass changeit"),
        );
        check(
            Os::Linux,
            r#"{"host": "a.example", "via": "socks5://p:1080"}"#,
            concat!(
                r"curl -sSv --stderr - -m 15 -o /dev/null --noproxy '' -x socks5://p:1080 ",
                r"-w '\n-- asked TLS a.example:443 via socks5://p:1080: %{time_total} s\n' https://a.example:443/; ",
                r#"echo "curl status $?.""#,
            ),
        );
        check(
            Os::Windows,
            r#"{"host": "a.example"}"#,
            concat!(
                "$k = @{}; $at = 'connect'; try { $t = New-Object Net.Sockets.TcpClient 'a.example', 443; ",
                "$t.ReceiveTimeout = 15000; $t.SendTimeout = 15000; $n = $t.GetStream(); $at = 'handshake'; ",
                "$s = New-Object Net.Security.SslStream $n, $false, { param($o, $c, $chain, $wrong) $k.wrong = \"$wrong\"; ",
                "$k.status = ($chain.ChainStatus | ForEach-Object { $_.Status }) -join ', '; ",
                "$k.sent = @(@($c) + @($chain.ChainPolicy.ExtraStore) | ForEach-Object { ",
                "[Convert]::ToBase64String($_.GetRawCertData(), 'InsertLineBreaks') } | Select-Object -Unique); $true }; ",
                "$s.AuthenticateAsClient('a.example', $null, 'Tls12', $false); $k.version = $s.SslProtocol } catch { ",
                "$e = $_.Exception; while ($e.InnerException) { $e = $e.InnerException }; ",
                "\"failed: $at, $($e.GetType().Name), $($e.SocketErrorCode), $($e.NativeErrorCode): $($e.Message)\" }; ",
                "if ($k.sent) { \"wrong: $($k.wrong)\"; \"status: $($k.status)\"; \"version: $($k.version)\"; ",
                "$k.sent | ForEach-Object { '-----BEGIN CERTIFICATE-----'; $_; '-----END CERTIFICATE-----' } }; ",
                "if ($t) { $t.Close() }; '-- asked TLS a.example:443: done.'",
            ),
        );
        let by_proxy = trial::commands(
            &Tls,
            r#"{"host": "a.example", "via": "p:3128"}"#,
            Os::Windows,
        );
        assert!(
            by_proxy.contains(
                "TcpClient 'p', 3128; $t.ReceiveTimeout = 15000; $t.SendTimeout = 15000; $n = $t.GetStream(); $at = 'handshake'; \
                 $g = 'a.example:443'; $b = [Text.Encoding]::ASCII.GetBytes(\"CONNECT $g HTTP/1.1`r`nHost: $g`r`n`r`n\"); "
            ),
            "{by_proxy}"
        );
        // No password stands in a command, nor in what it prints.
        check(
            Os::Windows,
            r#"{"host": "a.example", "trust": "C:\\jre\\cacerts", "via": {"address": "p:3128", "user": "me"}}"#,
            concat!(
                "curl.exe '-sS' '--stderr' '-' '-m' '15' '-o' NUL '--noproxy' '\"\"' '-x' p:3128 '-U' me ",
                r"'-w' '\n-- asked TLS a.example:443 by C:\\jre\\cacerts via p:3128: %{time_total} s\n' https://a.example:443/; ",
                "\"curl status $LASTEXITCODE.\"\n",
                r"keytool '-list' '-v' '-keystore' C:\jre\cacerts '-storepass' changeit",
            ),
        );
    }
}
