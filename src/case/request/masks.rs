//! What a script masks before it writes, as one table for both shells: regular expressions in the words that POSIX, .NET and
//! this program's own tests share. They are for text in small letters, a line at a time.
//!
//! They hide rather too much than too little. Whoever opens an answer masks it again by the rules of [`crate::redact`], which
//! know more; what the table misses has then been in the answer's file, so it is the table that counts.

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

/// In a name.
const LETTERS: &str = "[a-z0-9_.-]*";

/// Behind a name, what makes it one about a secret: `password_file`, `token_type`.
pub(super) const ABOUT: &str = "[_.-](type|file|path|url|uri|endpoint|length|expires|expiry|expiration|expired|in|at|timeout|\
                                ttl|policy|enabled|required|provider|algorithm|reset|name|prompt|history)[\"']?[ \t]*[:=]+[ \t]*[\"']?$";

/// Values that are none, or masked already.
pub(super) const STAYS: &str = "^(true|false|yes|no|on|off|null|nil|none|undefined|n/a|empty|[(]null[)]|[*]+( & [*]+)?|‹.*›|[$][{].*[}]|\
                                [{][{].*[}][}]|<.*>|\\[.*\\]|%[a-z_]+%|your_[a-z_]+|[a-z_]+_here|changeme|changeit|replaceme)[;,]?$";

/// What says how a secret is kept; it stays.
pub(super) const KEPT: &str = "^(encrypted|encrypt|enc|cipher|crypt|aes|des|rsa|xor|sha|ssha|sha256|sha512|md5|bcrypt|scrypt|\
                               argon2|pbkdf2|base64|plain|env|file|vault|cyberark|hashicorp)::?";

/// Every rule. The order says who comes first where two would mask the same.
pub(super) fn masks() -> Vec<Mask> {
    let key = format!("{LETTERS}{NAMES}{LETTERS}");
    let mask = |before: String, value: &'static str| Mask {
        before,
        value,
        after: String::new(),
        tail: 0,
    };
    let mut all = Vec::new();
    // `<parameter name="…" value="…"/>`, in either order and with either quote.
    for (quote, value) in [("\"", "[^\"]+"), ("'", "[^']+")] {
        let named = format!("[ \t](name|key|id|property)[ \t]*=[ \t]*[\"']{key}[\"']");
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
            format!("{key}[\"']?[ \t]*(=>|:=|=|:)[ \t]*{quote}"),
            value,
        ));
    }
    all.push(mask(
        format!("{key}[\"']?[ \t]*(=>|:=|=|:)[ \t]*"),
        "[^ \t\"'<>(){}][^ \t\"'<>]*",
    ));
    let option =
        "(passw|password|passwd|passphrase|pass|pw|pwd|secret|token|api-?key|storepass|keypass|p)";
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
        check("DB_PASSWD: 'hu sh7'", "DB_PASSWD: '‹secret›'");
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
        check("a eyJhbGciOi.eyJzdWIi.hush7 b", "a ‹secret› b");
    }
}
