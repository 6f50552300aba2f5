//! A path that leads to another machine or to a device.

use crate::{
    diag::Diagnostic,
    probe::{self, ParamType},
    tree::lint::{
        rule::{Check, Rule, fixture},
        uses::{Place, each},
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
    each(view.tree, &mut |use_of| {
        let Place::Param { probe, name, .. } = use_of.place else {
            return;
        };
        let is_path = probe::kind(probe.kind).is_some_and(|kind| {
            kind.spec().params.iter().any(|param| {
                param.name == name && matches!(param.ty, ParamType::Path | ParamType::Paths)
            })
        });
        if !is_path {
            return;
        }
        let path = use_of.source().trim_start().replace('/', "\\");
        let lower = path.to_ascii_lowercase();
        let unix = use_of.source().trim_start();
        let message = if lower.starts_with("\\\\.\\")
            || lower.starts_with("\\\\?\\")
            || unix.starts_with("/dev/")
        {
            "this path leads to a device"
        } else if path.starts_with("\\\\") && !use_of.chains().is_empty() {
            "this path leads to another machine, and which one is filled in"
        } else {
            return;
        };
        out.push(
            Diagnostic::error(CODE, use_of.span(), message)
                .help("read files of the machine itself"),
        );
    });
}
