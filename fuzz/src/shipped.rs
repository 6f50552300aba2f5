//! Parameters of probes as the trees that ship inside the program give them.

use waypost::{
    finding::{InputName, Os, ProbeName, Value},
    probe::Params,
    tree::{Origin, Param, Scope, load},
};

/// Where the agent lies on the made-up machine.
pub const AGENT: &str = "/opt/agent";

const TREE: &str = include_str!("../../trees/mid-server/mid-common.yaml");
const KNOWN: &str = include_str!("../../trees/mid-server/mid-parameters.txt");

/// The parameters of a probe of the trees' library, for an agent in [`AGENT`].
pub fn params(probe: &str) -> Params {
    let side_files = |_: &str| Ok(KNOWN.as_bytes().to_vec());
    let (tree, _, _) = load(
        "mid-common.yaml",
        Origin::Embedded,
        TREE.as_bytes(),
        &side_files,
    );
    let tree = tree.expect("the shipped tree can be read");
    let mut scope = Scope::new(Os::Linux);
    scope
        .inputs
        .insert(InputName::new("agent_dir"), Value::from(AGENT));
    let probe = &tree.probes[&ProbeName::new(probe)];
    probe
        .params
        .iter()
        .map(|(name, param)| (name.clone(), value(&param.value, &scope)))
        .collect()
}

fn value(param: &Param, scope: &Scope) -> Value {
    match param {
        Param::Text(text) => Value::Text(
            text.value(scope)
                .expect("it demands the agent's folder alone"),
        ),
        Param::Bool(value) => Value::Bool(*value),
        Param::Int(value) => Value::Int(*value),
        Param::List(list) => Value::List(
            list.iter()
                .map(|param| value(&param.value, scope))
                .collect(),
        ),
        Param::Map(map) => Value::Map(
            map.iter()
                .map(|(name, param)| (name.clone(), value(&param.value, scope)))
                .collect(),
        ),
        Param::PerOs(by) => by
            .get(scope.os)
            .map_or(Value::Null, |param| value(&param.value, scope)),
        Param::SideFile(lines) => Value::List(
            lines
                .iter()
                .map(|line| Value::from(line.as_str()))
                .collect(),
        ),
    }
}
