//! What a script masks before it writes, as one table for both shells: regular expressions in the words that POSIX, .NET and
//! this program's own tests share. They are for text in small letters, a line at a time; where a value goes on
//! in the next line behind a backslash, that line is masked whole.
//!
//! They hide rather too much than too little. Whoever opens an answer masks it again by the rules of [`crate::redact`], which
//! know more; what the table misses has then been in the answer's file, so it is the table that counts.

mod arguments;

/// What is masked: `value`, where it follows `before` and `after` follows it.
pub(super) struct Mask {
    pub before: String,
    pub value: &'static str,
    /// Empty: anything may follow.
    pub after: String,
    /// So many bytes at the end of `value` are not part of it.
    pub tail: usize,
}

/// Names of what is secret, as part of a longer name.
const NAMES: &str = "(passw|passphrase|passcode|kennwort|pwd|pswd|pasword|secret|token|api[_-]?key|access[_-]?key|\
                     private[_-]?key|session[_-]?id|sessid|usersession|sessionstore|storepass|keypass|credential|community)";

/// Attributes that say of an element's value that it is secret.
const MARKING: &str = "(secure|secret|sensitive|encrypt|encrypted)";

/// In a name.
const LETTERS: &str = "[a-z0-9_.-]*";

/// Behind a name, what makes it one about a secret: `password_file`, `token_type`.
pub(super) const ABOUT: &str = "[_.-](type|file|path|url|uri|endpoint|length|expires|expiry|expiration|expired|in|at|timeout|\
                                ttl|policy|enabled|required|provider|algorithm|reset|name|prompt|history)[\"']?[ \t]*[:=]+[ \t]*[\"']?$";

/// Values that are none, or masked already, and then maybe cut at the blank within the token.
pub(super) const STAYS: &str = "^(true|false|yes|no|on|off|null|nil|none|undefined|n/a|empty|[(]null[)]|[*]+( & [*]+)?|‹.*›|[$][{].*[}]|\
                                [{][{].*[}][}]|<.*>|\\[.*\\]|%[a-z_]+%|your_[a-z_]+|[a-z_]+_here|changeme|changeit|replaceme|‹secret(-[0-9]+)?)[;,]?$";

/// What says how a secret is kept; it stays.
pub(super) const KEPT: &str = "^(encrypted|encrypt|enc|cipher|crypt|aes|des|rsa|xor|sha|ssha|sha256|sha512|md5|bcrypt|scrypt|\
                               argon2|pbkdf2|base64|plain|env|file|vault|cyberark|hashicorp)::?";

/// A line that goes on in the next one: an odd number of backslashes ends it. Where the last one was part of what is masked,
/// the next line is too.
pub(super) const GOES_ON: &str = "(^|[^\\\\])(\\\\\\\\)*\\\\$";
/// A folder of Windows at a line's end, which does not go on.
pub(super) const FOLDER: &str = "[=: \t\"'][a-z]:\\\\[^ \t]*$";

/// Lines that are no rest of a value, whatever stands before them: of a log, a mark of a command's, a tag.
pub(super) const NO_REST: &str =
    "[0-9][-/.][0-9]+[-/.][0-9]+[t ]+[0-9]+:[0-9][0-9]|^--|^[ \t]*</?[a-z!?]";

/// Every rule. The order says who comes first where two would mask the same.
pub(super) fn masks() -> Vec<Mask> {
    // Where anything may stand before it, the beginning of a name is left out: every place of a long line would be tried.
    let ending = format!("{NAMES}{LETTERS}");
    let key = format!("{LETTERS}{ending}");
    let mask = |before: String, value: &'static str| Mask {
        before,
        value,
        after: String::new(),
        tail: 0,
    };
    let mut all = Vec::new();
    // `<parameter name="…" value="…"/>`, in either order and with either quote; `secure="true"` tells it of any name.
    for (quote, value) in [("\"", "[^\"]+"), ("'", "[^']+")] {
        let named = format!(
            "[ \t]((name|key|id|property)[ \t]*=[ \t]*[\"']{key}[\"']|{MARKING}[ \t]*=[ \t]*[\"'](true|yes|1)[\"'])"
        );
        all.push(mask(
            format!("<[^<>]*{named}[^<>]*[ \t]value[ \t]*=[ \t]*{quote}"),
            value,
        ));
        all.push(Mask {
            after: format!("{quote}[^<>]*{named}"),
            ..mask(format!("<[^<>]*[ \t]value[ \t]*=[ \t]*{quote}"), value)
        });
    }
    all.push(mask(
        format!("<([a-z0-9_.-]*:)?{key}([ \t][^<>]*)?>"),
        "[^<]+",
    ));
    // A tag whose other lines are not there: nobody knows what the value is of.
    for (quote, value) in [("\"", "[^\"]+"), ("'", "[^']+")] {
        all.push(Mask {
            after: format!("{quote}[^<>]*(<|$)"),
            ..mask(format!("<[a-z][^<>]*[ \t]value[ \t]*=[ \t]*{quote}"), value)
        });
        all.push(Mask {
            after: format!("{quote}[^<]*>"),
            ..mask(format!("^[ \t]*value[ \t]*=[ \t]*{quote}"), value)
        });
    }
    let scheme = "(basic|bearer|digest|ntlm|negotiate|token|apikey|oauth|hawk)[ \t]+";
    all.push(mask(
        format!("authorization[\"']?[ \t]*[:=][ \t]*[\"']?{scheme}"),
        "[^\"']+",
    ));
    all.push(mask(
        "authorization[\"']?[ \t]*[:=][ \t]*[\"']?".to_owned(),
        "[^ \t\"']+[\"']?$",
    ));
    all.push(mask(
        format!("(^|[ \t\"']){scheme}"),
        "[a-z0-9+/_~.-][a-z0-9+/_~.-][a-z0-9+/_~.-][a-z0-9+/_~.-][a-z0-9+/_~.-][a-z0-9+/_~.-][a-z0-9+/_~.-][a-z0-9+/_~.-]+=*",
    ));
    all.push(mask(
        "cookie2?[\"']?[ \t]*[:=][ \t]*[\"']?".to_owned(),
        "[^\"']+",
    ));
    all.push(Mask {
        tail: 1,
        ..mask("://[^ \t\"'<>/?#@:]*:".to_owned(), "[^ \t\"'<>/]+@")
    });
    all.push(Mask {
        tail: 1,
        ..mask(
            "jdbc:oracle:[a-z0-9]+:[^/ \t@:\"'<>]+/".to_owned(),
            "[^ \t\"'<>]+@",
        )
    });
    for (quote, value) in [("\"", "[^\"]+"), ("'", "[^']+")] {
        all.push(mask(
            format!("{ending}[\"']?[ \t]*(=>|:?=+|:)[ \t]*{quote}"),
            value,
        ));
    }
    all.push(mask(
        format!("{ending}[\"']?[ \t]*(=>|:?=+|:)[ \t]*"),
        // An equals sign belongs to what stands before it, however an engine tries.
        "[^ \t\"'<>(){}=][^ \t\"'<>]*",
    ));
    all.extend(arguments::masks());
    // `DB_PASS=…`: short names count as whole words alone, as with [`crate::redact`].
    let short = "(^|[^a-z0-9])(new|old|user|db|my|login|root|admin|proxy|ssh|ftp|smtp|ldap)?(pass|pw)[0-9]*";
    for (quote, value) in [
        ("\"", "[^\"]+"),
        ("'", "[^']+"),
        ("", "[^ \t\"'<>(){}=][^ \t\"'<>]*"),
    ] {
        all.push(mask(
            format!("{short}[\"']?[ \t]*(=>|:?=+)[ \t]*{quote}"),
            value,
        ));
    }
    // What it is the password of may stand before it: `--db-pass`.
    let option = "([a-z0-9_-]*(passw|password|passwd|passphrase|pass|pw|pwd|secret|token|api-?key)|storepass|keypass|p)";
    for (quote, value) in [
        ("\"", "[^\"]+"),
        ("'", "[^']+"),
        ("", "[^ \t\"'/-][^ \t\"']*"),
    ] {
        all.push(mask(format!("(^|[ \t\"'])--?{option}[ \t]+{quote}"), value));
    }
    all.push(mask(
        "(mysql|mysqldump|mysqladmin|mariadb|sshpass|7z)([ \t][^|;&]*)?[ \t]-p".to_owned(),
        "[^ \t\"']+",
    ));
    all.push(mask(
        "(^|[ \t\"'])(-u|--user|--proxy-user)[ \t=]*[\"']?[^ \t:\"'/]+:".to_owned(),
        "[^ \t\"']+",
    ));
    all.push(mask(
        "convertto-securestring([ \t]+-(asplaintext|force|string))*[ \t]+[\"']?".to_owned(),
        "[^ \t\"']+",
    ));
    all.push(mask(
        "(password|passwd|pwd|passwort|kennwort)[ \t]+(is|was|ist|war|lautet)[ \t]+[\"']?"
            .to_owned(),
        "[^ \t\"']+",
    ));
    all.push(mask(
        "(^|[^a-z0-9_-])".to_owned(),
        "eyj[a-z0-9_-]+[.][a-z0-9_-]+[.][a-z0-9_-]*",
    ));
    all
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::*;

    /// What a script does with a line, in the same steps.
    fn masked(line: &str) -> String {
        let expression = |text: &str| Regex::new(text).expect("an expression");
        let (stays, kept, about) = (expression(STAYS), expression(KEPT), expression(ABOUT));
        let mut line = line.to_owned();
        for mask in masks() {
            let rule = expression(&format!(
                "(?<before>{})(?<value>{})",
                mask.before, mask.value
            ));
            let after = expression(&format!("^{}", mask.after));
            let mut from = 0;
            loop {
                let low = line.to_ascii_lowercase();
                let Some(found) = rule.captures(&low[from..]) else {
                    break;
                };
                let value = found.name("value").expect("a value");
                let (start, end) = (from + value.start(), from + value.end());
                let before = &low[from..start];
                let end = end - mask.tail;
                let start = start + kept.find(&low[start..end]).map_or(0, |kept| kept.end());
                let is_kept = start == end
                    || stays.is_match(&low[start..end])
                    || about.is_match(before)
                    || !after.is_match(&low[end..]);
                if is_kept {
                    from = end.max(from + 1);
                } else {
                    line.replace_range(start..end, "‹secret›");
                    from = start + "‹secret›".len();
                }
                if from >= line.len() {
                    break;
                }
            }
        }
        line
    }

    #[test]
    fn lines() {
        let check = |line: &str, expected: &str| assert_eq!(masked(line), expected, "{line}");
        check(
            r#"<parameter name="mid.instance.password" value="hush7"/>"#,
            r#"<parameter name="mid.instance.password" value="‹secret›"/>"#,
        );
        check(
            r#"<parameter value='hu"sh7' secure="true" name='mid.proxy.password'/>"#,
            r#"<parameter value='‹secret›' secure="true" name='mid.proxy.password'/>"#,
        );
        check(
            r#"<parameter name="mid.instance.password" value="encrypted:hush7=="/>"#,
            r#"<parameter name="mid.instance.password" value="encrypted:‹secret›"/>"#,
        );
        check(
            r#"<parameter name="mid.instance.url" value="https://x.example/"/><parameter name="password" value="hush7"/>"#,
            r#"<parameter name="mid.instance.url" value="https://x.example/"/><parameter name="password" value="‹secret›"/>"#,
        );
        for kept in [
            r#"<parameter name="mid.instance.password" value=""/>"#,
            r#"<parameter name="mid.instance.password" value="YOUR_INSTANCE_PASSWORD_HERE"/>"#,
            r#"<parameter name="mid.instance.username" value="mid.user"/>"#,
            "password_file=/etc/x",
            "token_type: Bearer",
            "password = *****",
            r#"<parameter name="mid.instance.password" value="***** & *****"/>"#,
            "WWW-Authenticate: Basic realm=\"x\"",
            "mkdir -p /opt/x; ps -p - ",
            "https://x.example:8080/path@home",
            "java -cp x Main",
            "password: ${db_password}",
        ] {
            check(kept, kept);
        }
        check(
            r#"<parameter value="hush7""#,
            r#"<parameter value="‹secret›""#,
        );
        check(
            r#"  value='hush7' secure="true"/>"#,
            r#"  value='‹secret›' secure="true"/>"#,
        );
        check(
            "<ns:apiToken a='b'>hush7</ns:apiToken>",
            "<ns:apiToken a='b'>‹secret›</ns:apiToken>",
        );
        check("password=hush7 user=x", "password=‹secret› user=x");
        check("x --db-pass hush7 -u y", "x --db-pass ‹secret› -u y");
        check("x --my_app-pw 'hu sh7' y", "x --my_app-pw '‹secret›' y");
        check("DB_PASS=hush7 pw2='h 7'", "DB_PASS=‹secret› pw2='‹secret›'");
        for kept in ["encompass=1", "the tests pass: 3", "-pq hush7"] {
            check(kept, kept);
        }
        check("DB_PASSWD: 'hu sh7'", "DB_PASSWD: '‹secret›'");
        check("passphrase := \"hush7\"", "passphrase := \"‹secret›\"");
        check("password==hush7", "password==‹secret›");
        check(
            r#"{"apiKey":"hush7","a":1}"#,
            r#"{"apiKey":"‹secret›","a":1}"#,
        );
        check(
            "> Authorization: Basic aHVzaDc6eA==",
            "> Authorization: Basic ‹secret›",
        );
        check(
            "Proxy-Authorization: hush7",
            "Proxy-Authorization: ‹secret›",
        );
        check(
            "< Set-Cookie: JSESSIONID=hush7; Path=/",
            "< Set-Cookie: ‹secret›",
        );
        check(
            "https://user:hu@sh7@proxy.example:80/",
            "https://user:‹secret›@proxy.example:80/",
        );
        check(
            "java -Dx=1 -password hush7 -v",
            "java -Dx=1 -password ‹secret› -v",
        );
        check("tool -p hush7", "tool -p ‹secret›");
        check("mysql -uroot -phush7", "mysql -uroot -p‹secret›");
        check(
            "curl -u mid:hush7 https://x.example",
            "curl -u mid:‹secret› https://x.example",
        );
        check(
            "<password>hush7</password>",
            "<password>‹secret›</password>",
        );
        check("das Passwort ist hush7", "das Passwort ist ‹secret›");
        check(
            "jdbc:oracle:thin:user/hush7@//db:1521/x",
            "jdbc:oracle:thin:user/‹secret›@//db:1521/x",
        );
        check(
            r#"<parameter name="own.thing" secure="true" value="hush7"/>"#,
            r#"<parameter name="own.thing" secure="true" value="‹secret›"/>"#,
        );
        check(
            r#"<parameter value='hush7' secure = 'true' name='own.thing'/>"#,
            r#"<parameter value='‹secret›' secure = 'true' name='own.thing'/>"#,
        );
        for kept in [
            r#"<parameter name="own.thing" secure="false" value="12"/>"#,
            r#"<parameter name="own.thing" value="12"/> secure="true""#,
            r#"<parameter name="own.thing" secure="true" value=""/>"#,
        ] {
            check(kept, kept);
        }
        check("a eyJhbGciOi.eyJzdWIi.hush7 b", "a ‹secret› b");
    }

    #[test]
    fn arguments_of_programs() {
        let check = |line: &str, expected: &str| assert_eq!(masked(line), expected, "{line}");
        for line in [
            "ldapsearch -x -D cn=a,dc=b -w @ -b dc=b",
            "/usr/bin/ldapmodify -x -w@ -f a.ldif",
            "ldapadd -w \"@\"",
            "redis-cli -h a -a @ ping",
            "[\"redis-cli\",\"-a\",\"@\",\"ping\"]",
            "ExecStart=/usr/bin/redis-cli -a '@' ping",
            "sqlplus -S -L scott/@@orcl",
            "sqlplus user/@@//db:1521/x @a.sql",
            "sqlplus -M \"HTML ON\" -R 3 scott/@",
            "sqlplus \"scott/@@orcl as sysdba\"",
            "C:\\oracle\\bin\\SQLPLUS.EXE scott/@@orcl",
            "sqlplus scott/\"@\"@orcl",
            "sqlcmd -S db -U sa -P@ -Q x",
            "\"C:\\Program Files\\x\\SQLCMD.EXE\" -U sa -P @",
            "isql -U sa -P@",
            "bcp a out b.dat -U sa -P \"@\"",
            "vault login @",
            "vault login -no-print @",
            "htpasswd -cbB /etc/htpasswd me @",
            "htpasswd -nb me @",
            "htpasswd -bC 12 /etc/vault me @",
            "smbclient //srv/share -U me%@",
            "smbclient //srv/share -U 'DOM\\me%@' -c ls",
            "winexe --user=me%@ //srv cmd",
            "xfreerdp /v:srv /u:me /p:@ /f",
            "xfreerdp3 /u:me /p:\"@\" /f",
            "mosquitto_pub -h a -u b -P @ -t c",
            "openssl enc -aes-256-cbc -k @ -in a",
            "openssl rsa -in a.pem -passin pass:@ -out b.pem",
            "openssl.exe pkcs12 -passout \"pass:@\"",
        ] {
            check(
                &line.replacen('@', "Hush7-Tail", 1),
                &line.replacen('@', "‹secret›", 1),
            );
        }
        check(
            "openssl rsa -passin pass:hush7 -passout pass:hush8",
            "openssl rsa -passin pass:‹secret› -passout pass:‹secret›",
        );
        for kept in [
            "ls -a folder7 -w 80",
            "tar -a Hush7-Tail",
            "redis-cli -h host7 -n 3 ping",
            "redis-cli ping | grep -a Hush7-Tail",
            "my-redis-cli -a Hush7-Tail",
            "redis-cli.log -a Hush7-Tail",
            "ldapsearch -W -y /etc/file7 -b dc=b7",
            "sqlplus / as sysdba",
            "sqlplus /nolog @/opt/a7.sql",
            "sqlplus scott@orcl7 @a/b",
            "sqlcmd -E -S db7 -Q x",
            "the vault login failed 3 times",
            "vault login -method=userpass",
            "htpasswd -D /etc/file7 me7 x",
            "smbclient //srv7/share -U me7",
            "xfreerdp /v:srv7 /u:me7 /port:3389",
            "curl -k https://a.example/x7",
            "openssl x509 -in a7.pem -key b7.pem -noout",
            "openssl rsa -passin file:/etc/a7 -in a7.pem",
            "tests pass: 3 of 4",
        ] {
            check(kept, kept);
        }
    }
}
