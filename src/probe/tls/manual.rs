//! The handshake as a command: `openssl` in sh, .NET in PowerShell, `curl` through a proxy that they cannot speak to, and
//! `keytool` for what only Java reads.

use core::net::IpAddr;

use crate::{
    finding::Os,
    host::{TlsRequest, Trust},
    probe::{Manual, shell},
};

pub(super) fn commands(request: &TlsRequest, os: Os) -> Vec<Manual> {
    let handshake = match (os, &request.via) {
        (Os::Windows, None) => powershell(request),
        (Os::Windows, Some(_)) => curl(request, os),
        // OpenSSL's own option speaks HTTP to the proxy.
        (Os::Linux | Os::Macos, Some(via)) if via.address.scheme() != "http" => curl(request, os),
        (Os::Linux | Os::Macos, _) => openssl(request, os),
    };
    handshake.into_iter().chain(keytool(request, os)).collect()
}

/// Whether OpenSSL could read the file, as far as its name tells.
fn is_pem(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    [".pem", ".crt", ".cer"]
        .iter()
        .any(|end| path.ends_with(end))
}

fn at(host: &str, port: u16) -> String {
    match host.contains(':') {
        true => format!("[{host}]:{port}"),
        false => format!("{host}:{port}"),
    }
}

fn openssl(request: &TlsRequest, os: Os) -> Option<Manual> {
    let mut run: Vec<String> = ["openssl", "s_client", "-showcerts", "-connect"]
        .map(str::to_owned)
        .to_vec();
    run.push(at(&request.host, request.port));
    let name = request.name.clone();
    if name.parse::<IpAddr>().is_ok() {
        run.extend(["-verify_ip".to_owned(), name]);
    } else {
        run.extend(["-servername".to_owned(), name.clone()]);
        run.extend(["-verify_hostname".to_owned(), name]);
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
    let command = format!("{} </dev/null", shell::command(&run, os)?);
    Some(Manual::new(command, tells))
}

fn powershell(request: &TlsRequest) -> Option<Manual> {
    let text = |value: &str| shell::literal(value, Os::Windows);
    let (host, name) = (text(&request.host)?, text(&request.name)?);
    // PowerShell 5.1 offers only what servers no longer take, unless it is told.
    let command = format!(
        "$t = New-Object Net.Sockets.TcpClient {host}, {}; \
         $s = New-Object Net.Security.SslStream $t.GetStream(), $false, {{ param($o, $c, $chain, $wrong) \
         $chain.ChainElements | ForEach-Object {{ $_.Certificate | Format-List Subject, Issuer, NotBefore, NotAfter, Thumbprint | Out-Host }}; \
         Out-Host -InputObject \"wrong: $wrong\"; $true }}; \
         $s.AuthenticateAsClient({name}, $null, 'Tls12', $false); $s.SslProtocol; $t.Close()",
        request.port
    );
    Some(Manual::new(
        command,
        "the certificates, the server's own first; behind `wrong` stands `None`, or what the system does not like",
    ))
}

/// Neither PowerShell nor OpenSSL goes through every proxy.
fn curl(request: &TlsRequest, os: Os) -> Option<Manual> {
    let via = request.via.as_ref()?;
    let (program, nowhere) = match os {
        Os::Windows => ("curl.exe", "NUL"),
        Os::Linux | Os::Macos => ("curl", "/dev/null"),
    };
    let words = [
        program,
        "-sSv",
        "-m",
        "15",
        "-o",
        nowhere,
        "-x",
        via.address.as_str(),
    ];
    let mut run: Vec<String> = words.map(str::to_owned).to_vec();
    if !via.user.is_empty() {
        // Without a password curl asks for it.
        run.extend(["-U".to_owned(), via.user.clone()]);
    }
    run.push(format!("https://{}/", at(&request.host, request.port)));
    Some(Manual::new(
        shell::command(&run, os)?,
        "a line with `schannel` or `SSL` says what is wrong with the certificate",
    ))
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
        check(
            Os::Linux,
            r#"{"host": "a.example"}"#,
            "openssl s_client -showcerts -connect a.example:443 -servername a.example -verify_hostname a.example </dev/null",
        );
        check(
            Os::Macos,
            r#"{"host": "::1", "port": 8443, "trust": "/etc/own ca.pem"}"#,
            "openssl s_client -showcerts -connect '[::1]:8443' -verify_ip ::1 -CAfile '/etc/own ca.pem' </dev/null",
        );
        check(
            Os::Linux,
            r#"{"host": "192.0.2.1", "name": "a.example", "trust": "/opt/jre/cacerts", "via": "http://p:3128/"}"#,
            "openssl s_client -showcerts -connect 192.0.2.1:443 -servername a.example -verify_hostname a.example -proxy p:3128 </dev/null\n\
             keytool -list -v -keystore /opt/jre/cacerts -storepass changeit",
        );
        check(
            Os::Linux,
            r#"{"host": "a.example", "via": "socks5://p:1080"}"#,
            "curl -sSv -m 15 -o /dev/null -x socks5://p:1080 https://a.example:443/",
        );
        check(
            Os::Windows,
            r#"{"host": "a.example"}"#,
            "$t = New-Object Net.Sockets.TcpClient 'a.example', 443; \
             $s = New-Object Net.Security.SslStream $t.GetStream(), $false, { param($o, $c, $chain, $wrong) \
             $chain.ChainElements | ForEach-Object { $_.Certificate | Format-List Subject, Issuer, NotBefore, NotAfter, Thumbprint | Out-Host }; \
             Out-Host -InputObject \"wrong: $wrong\"; $true }; \
             $s.AuthenticateAsClient('a.example', $null, 'Tls12', $false); $s.SslProtocol; $t.Close()",
        );
        check(
            Os::Windows,
            r#"{"host": "a.example", "trust": "C:\\jre\\cacerts", "via": {"address": "p:3128", "user": "me"}}"#,
            "curl.exe '-sSv' '-m' '15' '-o' NUL '-x' p:3128 '-U' me https://a.example:443/\n\
             keytool '-list' '-v' '-keystore' C:\\jre\\cacerts '-storepass' changeit",
        );
    }
}
