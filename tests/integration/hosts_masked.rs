//! Every host of `tests/hosts/` as a recording, walked once as it is and once with its files masked as `--record` masks them:
//! what was masked has to be judged as it was before. Looks at files are all that this is about; the network is the same.

use std::{collections::BTreeMap, sync::Arc};

use waypost::{finding::TreeId, redact::Redactor, tree::Forest};

use crate::{
    hosts::{
        case::HostCase,
        checks::{conclusion, trace},
        recorded::{self, InMemory},
    },
    hosts_denied::{files, machine, values},
};

#[test]
fn masked_files_are_judged_as_they_were() {
    let forest = recorded::forest();
    let (mut walked, mut wrong) = (0, Vec::new());
    for case in HostCase::all()
        .iter()
        .filter(|case| case.expect.in_place_of.is_empty())
    {
        for walk in &case.expect.walks {
            let files = files(case);
            let masked = masked(case, &files);
            let as_it_is = came_to(&forest, case, &walk.tree, files);
            let masked = came_to(&forest, case, &walk.tree, masked);
            walked += 1;
            if as_it_is != masked {
                wrong.push(format!(
                    "{}, {}:\n{as_it_is}\nand masked:\n{masked}",
                    case.name, walk.tree
                ));
            }
        }
    }
    assert!(walked > 30, "only {walked} walks");
    assert!(
        wrong.is_empty(),
        "{} of {walked} walks:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// A password typed as it is, in the healthy host's `config.xml`.
#[test]
fn a_file_that_a_password_broke_stays_as_broken_as_it_was() {
    let forest = recorded::forest();
    let cases = HostCase::all();
    let case = cases
        .iter()
        .find(|case| case.name == "healthy")
        .expect("it is there");
    for password in [
        "hush&tail7",
        "hush<tail7",
        "hush\"tail7",
        "hush\" tail7",
        "HUSH_TAIL7",
        "hush&lt;tail7",
    ] {
        for line in [
            format!("<parameter name=\"mid.instance.password\" value=\"{password}\"/>"),
            format!("<parameter value=\"{password}\" name=\"mid.instance.password\"/>"),
            format!("<parameter name=\"mid.instance.password\" value=\"{password}/>"),
            format!("<parameter name=\"mid.instance.password\" value=“{password}”/>"),
        ] {
            let mut files = files(case);
            let (_, config) = files
                .iter_mut()
                .find(|(path, _)| path.ends_with("/config.xml"))
                .expect("it is there");
            let text = String::from_utf8_lossy(config);
            let lines = text.lines().map(|old| {
                if old.contains("mid.instance.password") {
                    &line
                } else {
                    old
                }
            });
            *config = lines.collect::<Vec<_>>().join("\n").into_bytes();
            let masked = masked(case, &files);
            for (path, content) in &masked {
                let text = String::from_utf8_lossy(content).to_lowercase();
                assert!(!text.contains("tail7"), "{path} of {line}: {text}");
            }
            let as_it_is = came_to(&forest, case, "mid-credentials", files);
            let masked = came_to(&forest, case, "mid-credentials", masked);
            assert_eq!(as_it_is, masked, "{line}");
        }
    }
}

/// Verdict, conclusion and path.
fn came_to(
    forest: &Arc<Forest>,
    case: &HostCase,
    tree: &str,
    files: BTreeMap<String, Vec<u8>>,
) -> String {
    let inputs = case.inputs(&values(case));
    let machine = machine(case, InMemory::new(files), None);
    let result = recorded::diagnose(forest, &TreeId::new(tree), inputs, &machine);
    let end = conclusion(&result).unwrap_or_default();
    format!("{} {end}\n{}", result["verdict"], trace(&result))
}

/// Files masked in one case.
fn masked(case: &HostCase, files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let mut redactor = Redactor::default();
    for secret in case.expect.secrets.values() {
        redactor.learn(secret);
    }
    files
        .iter()
        .map(|(path, content)| {
            let text = str::from_utf8(content).expect("the hosts' files are UTF-8");
            (path.clone(), redactor.text(text).into_bytes())
        })
        .collect()
}
