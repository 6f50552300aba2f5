//! Which names stand for secrets: of parameters, headers' fields, attributes, elements, options.

/// Whether what stands under this name is secret.
pub(super) fn is_secret(name: &str) -> bool {
    // A name that is masked itself says nothing any more.
    if name.contains('‹') {
        return false;
    }
    let words = words(name);
    let Some(last) = words.last() else {
        return false;
    };
    // `password_file`, `token_type`, `secret.name`: something about a secret.
    const ABOUT: [&str; 24] = [
        "type",
        "file",
        "path",
        "url",
        "uri",
        "endpoint",
        "length",
        "expires",
        "expiry",
        "expiration",
        "expired",
        "in",
        "at",
        "timeout",
        "ttl",
        "policy",
        "enabled",
        "required",
        "provider",
        "algorithm",
        "reset",
        "name",
        "prompt",
        "history",
    ];
    if words.len() > 1 && ABOUT.contains(&last.as_str()) {
        return false;
    }
    let joined = words.concat();
    const PARTS: [&str; 20] = [
        "password",
        "passwd",
        "passphrase",
        "passcode",
        "passwort",
        "kennwort",
        "pwd",
        // As they are misspelt and shortened.
        "pswd",
        "pswrd",
        "psswrd",
        "passwor",
        "pasword",
        "apikey",
        "accesskey",
        "privatekey",
        "sessionid",
        "sessid",
        "storepass",
        "keypass",
        "secretkey",
    ];
    PARTS.iter().any(|part| joined.contains(part))
        || words.iter().any(|word| {
            (word.contains("secret") && !word.contains("secretar"))
                || (word.contains("token") && !word.contains("tokeniz") && word != "tokens")
                || is_short(word)
        })
        || ["community", "credential", "credentials", "creds"].contains(&last.as_str())
        || joined.ends_with("usersession")
        || joined.ends_with("sessionstore")
}

/// `pass`, `pw`, alone or glued to what they are of, with a number or without: `newpass`, `pass1`.
fn is_short(word: &str) -> bool {
    const OF: [&str; 14] = [
        "", "new", "old", "user", "db", "my", "login", "root", "admin", "proxy", "ssh", "ftp",
        "smtp", "ldap",
    ];
    let bare = word.trim_end_matches(|c: char| c.is_ascii_digit());
    ["pass", "pw"]
        .into_iter()
        .filter_map(|short| bare.strip_suffix(short))
        .any(|of| OF.contains(&of))
}

/// Lower-case words; signs and the humps of `camelCase` part them.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut low = false;
    for c in name.chars().filter(|c| !takes_no_room(*c)).take(256) {
        if !c.is_alphanumeric() {
            words.push(String::new());
            low = false;
            continue;
        }
        if c.is_uppercase() && low {
            words.push(String::new());
        }
        low = c.is_lowercase();
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Characters that are there and are not seen: blanks of no width, joiners, marks of direction and of byte order, hyphens that
/// show only where a line breaks.
pub(super) fn takes_no_room(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in [
            "password",
            "PASSWORD",
            "mid.instance.password",
            "DB_PASSWD",
            "dbPwd",
            "passphrase",
            "client_secret",
            "secret",
            "accessToken",
            "X-UserToken",
            "api_key",
            "apiKey",
            "API-KEY",
            "aws_secret_access_key",
            "JSESSIONID",
            "session id",
            "-storepass",
            "pass",
            "db.pass",
            "passwordHash",
            "wsse:Password",
            "pw",
            "$pw",
            "sysparm_pw",
            "newpass",
            "oldPass",
            "userpass",
            "pass1",
            "pw2",
            "dbpw",
            "community",
            "mid.snmp.community",
            "mid.instance.pswd",
            "mid.instance.pasword",
            "pass\u{200b}word",
            "credentials",
            "db.credential",
            "glide_user_session",
            "glide_session_store",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "",
            "username",
            "user",
            "url",
            "passed",
            "bypass",
            "compass",
            "key",
            "keystore",
            "secretary",
            "tokenizer",
            "max_tokens",
            "token_type",
            "expires_in",
            "password_file",
            "secretName",
            "mid.password.policy",
            "password_needs_reset",
            "session",
            "community.url",
            "password.community.name",
            "trespass",
            "underpass",
            "pwc",
            "pws",
            "rpw",
            "usersessions",
            "credentials.provider",
            "credential_id",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
