//! A secret can be tested, compared and found empty; nothing shows its text.

use super::{
    Template, environment,
    tests::{holds, scope},
};
use crate::diag::Span;

#[test]
fn a_secret_is_tested() {
    let yes = |source: &str| assert_eq!(holds(source), Ok(true), "{source}");
    let no = |source: &str| assert_eq!(holds(source), Ok(false), "{source}");
    yes("password == 'hunter2'");
    yes("'hunter2' == password");
    no("password != 'hunter2'");
    no("password == 'other'");
    yes("password is matches('^hunter')");
    yes("password is startingwith('hunt') and password is string");
    yes("found.secret is startingwith('encrypted:') and not found.secret is base64");
    yes("password and not no_password");
    yes("no_password == '' and password != no_password");
    yes("password is defined");
    // A list is searched as `==` compares.
    yes("'hunter2' in [password]");
    yes("password in ['admin', 'hunter2']");
    no("'admin' in [password]");
    no("password in ['admin', 'changeme']");
    yes("password not in ['admin']");
}

/// Of a secret that was written down only its token is left: unknown is never no.
#[test]
fn a_forgotten_secret_is_not_known() {
    let yes = |source: &str| assert_eq!(holds(source), Ok(true), "{source}");
    let no = |source: &str| assert_eq!(holds(source), Ok(false), "{source}");
    let unknown = |source: &str| assert!(holds(source).is_err(), "{source}");
    yes("forgotten");
    yes("forgotten is defined");
    yes("forgotten == forgotten");
    yes("forgotten in [forgotten]");
    yes("forgotten is startingwith('encrypted:')");
    yes("forgotten is startingwith('enc')");
    no("forgotten is startingwith('cyberark::')");
    unknown("forgotten is startingwith('encrypted:AbC')");
    unknown("forgotten == 'hunter2'");
    unknown("forgotten != 'hunter2'");
    unknown("forgotten == password");
    unknown("password != forgotten");
    unknown("forgotten in ['hunter2', password]");
    unknown("'hunter2' not in [forgotten]");
    unknown("forgotten is matches('x')");
    unknown("forgotten is endingwith('x')");
    unknown("forgotten is base64");
}

#[test]
fn nothing_gets_at_a_secrets_text() {
    let mut sources = vec![
        "password ~ ''".to_owned(),
        "[password] | join(',')".to_owned(),
        "password[0]".to_owned(),
        "password[0:3]".to_owned(),
        "[password]".to_owned(),
        "{'a': password}".to_owned(),
        "dict(a=password) | items | string".to_owned(),
        "[password, 'x'] | sort | first".to_owned(),
        "'h' in password".to_owned(),
        "password in 'hunter2 and more'".to_owned(),
        "password < 'i'".to_owned(),
        "password + 'x'".to_owned(),
        "password * 2".to_owned(),
        "'%s' % password".to_owned(),
        "password.value".to_owned(),
        "[password] | map('upper') | first".to_owned(),
        "'x' | replace('x', password)".to_owned(),
        "{password: 1}".to_owned(),
        "password | version".to_owned(),
        "password | default('x')".to_owned(),
        "password if true else ''".to_owned(),
    ];
    sources.extend(
        environment::FILTERS
            .iter()
            .map(|filter| format!("password | {filter}")),
    );
    for source in sources {
        let (template, mistake) = Template::parse(format!("{{{{ {source} }}}}"), Span::default());
        assert_eq!(mistake, None, "{source}");
        for shown in [
            template
                .value(&scope())
                .unwrap_or_else(|error| error.message),
            template
                .render(&scope())
                .map_or_else(|error| error.message, |rendered| rendered.markdown),
        ] {
            let plain = shown
                .to_lowercase()
                .replace(|c: char| !c.is_alphanumeric(), "");
            assert!(
                !plain.contains("hunt") && !plain.contains("retnuh"),
                "{source}: {shown}"
            );
        }
        // One bit may be told, the length never.
        assert_ne!(template.value(&scope()).as_deref(), Ok("7"), "{source}");
    }
}
