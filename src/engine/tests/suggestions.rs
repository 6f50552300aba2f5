//! Paths that are looked for so that one can be picked.

use crate::engine::{
    Effect, Given, Session,
    sketch::read,
    tests::{
        Drive,
        inputs::{TREE, trees},
        opening,
    },
};

#[test]
fn nothing_is_looked_for_before_the_tree_is_agreed_to() {
    let runs = |trusted| {
        let mut at_c = opening("t");
        at_c.node = Some("c".into());
        at_c.trusted = trusted;
        let drive = Drive::new(&trees(), at_c);
        assert_eq!(drive.stage(), "inputs shade dir");
        drive.runs.iter().any(|(_, name)| name == "?dir")
    };
    assert!(runs(true) && !runs(false));
}

#[test]
fn suggestions_never_lead_to_other_machines() {
    let text = TREE
        .replace(
            "['/opt/*/agent']",
            "['{{ shade }}/x', '{{ note }}/x', /opt/*]",
        )
        .replace(
            "optional: true, default: 'in {{ dir }}'",
            "optional: true, default: '//other.example/share'",
        );
    let mut given = opening("t");
    given
        .inputs
        .insert("shade".into(), Given::Text(r"\\other.example".to_owned()));
    let (_, effects) = Session::start(read(&[&text]), given);
    let globs = effects.iter().find_map(|effect| match effect {
        Effect::Suggest { globs, .. } => Some(globs.clone()),
        _ => None,
    });
    assert_eq!(globs, Some(vec!["/opt/*".to_owned()]));
}
