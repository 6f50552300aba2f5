//! A path that leads to another machine or to a device.

use crate::{
    diag::Diagnostic,
    probe::{self, ParamType},
    tree::{
        InputType, PerOs, Template,
        lint::{
            rule::{Check, Rule, fixture},
            uses::{Place, Use, params},
            view::View,
        },
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
    for input in view.tree.inputs.values() {
        if matches!(input.ty, InputType::Directory | InputType::File) {
            let globs = input.suggest.iter().flat_map(PerOs::values).flatten();
            out.extend(globs.filter_map(suggests_away));
        }
    }
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
    let message = match leads(use_of.source())? {
        Leads::Device => "this path leads to a device",
        Leads::Machine if use_of.chains().is_empty() => return None,
        Leads::Machine => "this path leads to another machine, and which one is filled in",
    };
    Some(Diagnostic::error(CODE, use_of.span(), message).help("read files of the machine itself"))
}

/// The same for a glob of suggestions. It is listed before anybody chose a path, so it names no other machine at all.
fn suggests_away(glob: &Template) -> Option<Diagnostic> {
    let message = match leads(&glob.source)? {
        Leads::Device => "this path leads to a device",
        Leads::Machine => "this path leads to another machine",
    };
    Some(Diagnostic::error(CODE, glob.span, message).help("suggest paths of the machine itself"))
}

/// Where a path leads that does not stay among the machine's own files.
enum Leads {
    Device,
    Machine,
}

fn leads(path: &str) -> Option<Leads> {
    let path = path.trim_start();
    let windows = path.replace('/', "\\");
    if windows.starts_with("\\\\.\\") || windows.starts_with("\\\\?\\") || path.starts_with("/dev/")
    {
        Some(Leads::Device)
    } else if windows.starts_with("\\\\") {
        Some(Leads::Machine)
    } else {
        None
    }
}
