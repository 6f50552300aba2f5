//! Passwords on the command lines of programs that are known by their names: what the program's own rule for them knows, as
//! far as it can be told on a line in small letters.

use super::Mask;

/// What begins a program's name.
const BEGINS: &str = "(^|[^a-z0-9_.@%-])";
/// What stands between two arguments, also where they are a list of texts in quotes.
const NEXT: &str = "[\"']?[ \t,]+";
/// Options before the first argument, some with a number or a text.
const OPTIONS: &str = "([ \t]+-[a-z]+([ \t]+([0-9.]+|\"[^\"]*\"))?)*";

pub(super) fn masks() -> Vec<Mask> {
    let mask = |before: String, value: &'static str| Mask {
        before,
        value,
        after: String::new(),
        tail: 0,
    };
    let mut all = vec![mask(
        // Before what knows the option by its name alone, and masks what says where the password is, too.
        format!("-pass(in|out)?{NEXT}[\"']?pass:"),
        "[^ \t\"']+",
    )];
    // What may stand between a program's name and the option.
    let within = format!("([.]exe)?{NEXT}([^|;]*[ \t\"'])?");
    let known = [
        format!(
            "(ldapsearch|ldapmodify|ldapadd|ldapdelete|ldapcompare|ldapwhoami){within}-w[\"']?[ \t,]*"
        ),
        format!("redis-cli{within}-a{NEXT}"),
        format!("openssl{within}-k{NEXT}"),
        format!("mosquitto_(pub|sub){within}-p{NEXT}"),
        format!("(sqlcmd|isql|osql|bcp){within}-p[\"']?[ \t,]*"),
        format!("(xfreerdp|wlfreerdp)3?{within}/g?p:"),
        format!("(smbclient|winexe|rpcclient){within}(-u|--user)[\"']?[ \t,=]*[\"']?[^ \t%\"']+%"),
    ];
    let known = format!("{BEGINS}({})", known.join("|"));
    for (quote, value) in [
        ("\"", "[^\"]+"),
        ("'", "[^']+"),
        ("", "[^ \t\"'-][^ \t\"']*"),
    ] {
        all.push(mask(format!("{known}{quote}"), value));
    }
    // `user/PASSWORD@database`: an `@` may be part of the password.
    let slash = format!(
        "{BEGINS}(sqlplus|sqlldr|expdp|impdp)([.]exe)?[\"']?{OPTIONS}[ \t,]+[\"']?(userid=)?[a-z0-9_$#.]+/[\"']?"
    );
    all.push(Mask {
        tail: 1,
        ..mask(slash.clone(), "[^ \t\"']+@")
    });
    all.push(Mask {
        after: "([ \t\"'@,;|&)]|$)".to_owned(),
        ..mask(slash, "[^ \t\"'@]+")
    });
    // What is no word of a sentence: `vault login failed`.
    all.push(mask(
        format!(
            "{BEGINS}vault([.]exe)?{NEXT}[\"']?login([\"']?[ \t,]+[\"']?-[^ \t]*)*{NEXT}[\"']?(token=)?"
        ),
        "[a-z_.-]*[0-9][^ \t\"']*",
    ));
    let htpasswd = format!("{BEGINS}htpasswd([.]exe)?[\"']?{OPTIONS}[ \t]+-[a-z]*");
    let word = "[^ \t]+[ \t]+";
    for (letters, words) in [("(nb|b[a-z]*n)", 1), ("b", 2)] {
        all.push(mask(
            format!(
                "{htpasswd}{letters}[a-z]*[ \t]+([0-9]+[ \t]+)?{}[\"']?",
                word.repeat(words)
            ),
            "[^ \t\"']+",
        ));
    }
    all
}
