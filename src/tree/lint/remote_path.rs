//! A path that leads to another machine or to a device.

use crate::{
    diag::Diagnostic,
    probe::{self, ParamType},
    tree::lint::{
        rule::{Check, Rule, fixture},
        uses::{Place, Use, params},
        view::View,
    },
};

const CODE: &str = "remote-path";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "a path leads to a device, or to another machine by something that is filled in",
    why: "Opening `\\\\host\\share` sends the user's Windows login to that host, and reading a device can hang or change it.",
    bad: fixture!("remote-path", "bad"),
    good: fixture!("remote-path", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    for probe in view.tree.probes.values() {
        let Some(kind) = probe::kind(probe.kind) else {
            continue;
        };
        let is_path = |name: &str| {
            let mut params = kind.spec().params.iter();
            params.any(|param| {
                param.name == name && matches!(param.ty, ParamType::Path | ParamType::Paths)
            })
        };
        params(probe, &mut |use_of| {
            if matches!(use_of.place, Place::Param { name, .. } if is_path(name)) {
                out.extend(leads_away(&use_of));
            }
        });
    }
}

/// What is wrong with where a path leads, if anything.
fn leads_away(use_of: &Use<'_>) -> Option<Diagnostic> {
    let path = use_of.source().trim_start();
    if !path.starts_with(['\\', '/']) {
        return None;
    }
    let windows = path.replace('/', "\\");
    let message = if windows.starts_with("\\\\.\\")
        || windows.starts_with("\\\\?\\")
        || path.starts_with("/dev/")
    {
        "this path leads to a device"
    } else if windows.starts_with("\\\\") && !use_of.chains().is_empty() {
        "this path leads to another machine, and which one is filled in"
    } else {
        return None;
    };
    Some(Diagnostic::error(CODE, use_of.span(), message).help("read files of the machine itself"))
}
