//! What `waypost collect` wrote on the host, opened elsewhere.

use super::Walked;
use crate::hosts::{case::HostCase, laid_out::LaidOut};

pub fn walk(case: &HostCase, laid_out: &LaidOut, tree: &str) -> Result<Walked, String> {
    let file = laid_out.at("host.bundle").display().to_string();
    let mut collect = ["collect", tree, "-o", &file].map(str::to_owned).to_vec();
    collect.extend(laid_out.machine(case));
    let (_, error, code) = laid_out.run(&collect)?;
    if code != 0 {
        return Err(format!("collect: exit code {code}: {error}"));
    }
    let diagnose = ["diagnose", "--bundle", &file, "--format", "json"];
    let (json, error, code) = laid_out.run(&diagnose.map(str::to_owned))?;
    match (code, serde_json::from_str(&json)) {
        (0 | 1 | 3, Ok(result)) => Ok(Walked::of(&result)),
        _ => Err(format!("exit code {code}: {error}")),
    }
}
