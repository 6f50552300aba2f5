//! Moments of a case, made up: instructions, ends, commands to run by hand.

use std::time::Duration;

use crate::{
    app::tui::{
        model::{Proof, Scene, scene::Copyable},
        view::tests::stages::{config_line, scene, spot, text},
    },
    engine::{ConclusionStage, DoStage, Ended, OpenQuestion, Phase, Stage},
    finding::{Evidence, Source, TreeId},
    probe,
    tree::{NodeId, Verdict},
};

pub fn instruction() -> DoStage {
    DoStage {
        spot: spot("start-service"),
        text: text("Start the MID Server service"),
        steps: Some(text(
            "1. Run `/opt/servicenow/mid/agent/bin/mid.sh start`.\n2. Wait two minutes.\n\n   ```\n   tail -f /opt/servicenow/mid/agent/logs/agent0.log.0\n   ```",
        )),
        caution: Some(text(
            "Not while an upgrade is under way or half done: that leaves a broken install behind.",
        )),
        why: Some(text("Nothing in the logs speaks against it.")),
        unable: false,
        given: None,
        withheld: Vec::new(),
        looking: Vec::new(),
        sources: Vec::new(),
    }
}

pub fn open_question() -> OpenQuestion {
    OpenQuestion {
        tree: TreeId::new("mid-down"),
        node: NodeId::new("proxy-used"),
        text: "Does the MID Server go through a **proxy**?".to_owned(),
        answers: Vec::new(),
        how: Some("Read the `mid.proxy` lines of `config.xml`.".to_owned()),
        why: None,
        input: None,
    }
}

pub fn cause(phase: Phase) -> ConclusionStage {
    ConclusionStage {
        spot: spot("network-blocked"),
        generation: 0,
        verdict: Verdict::Cause,
        suspect: false,
        ended: Ended::Concluded,
        title: text("A firewall or proxy blocks the MID Server's way to the instance"),
        because: Some(text(
            "The MID Server opens outbound HTTPS connections to its instance only; this one cannot be opened.",
        )),
        fix: Some(text(
            "1. Ask the network team to allow `example.service-now.com` by name, not by address.\n2. Run `/opt/servicenow/mid/agent/bin/mid.sh restart`.",
        )),
        next: None,
        withheld: Vec::new(),
        open: Vec::new(),
        suspects: Vec::new(),
        phase,
        wait: Some(Duration::from_secs(120)),
        looking: Vec::new(),
        sources: vec!["KB0597538".to_owned()],
    }
}

pub fn concluded(stage: ConclusionStage) -> Scene {
    let hostile = Evidence {
        before: vec!["2026-11-20 02:58:11 SEVERE *** ERROR ***".to_owned()],
        ..Evidence::line(
            "/opt/servicenow/mid/agent/logs/agent0.log.0",
            1204,
            "2026-11-20 02:58:11 (ECCSender.1) connect timed out when posting to \u{1b}[31mhttps://example.service-now.com/MIDServerRequestProcessor.do\u{1b}[0m",
        )
    };
    let proof = |question: &str, answer: Option<&str>, evidence: Vec<Evidence>| Proof {
        question: question.to_owned(),
        answer: answer.map(str::to_owned),
        source: Source::Observed,
        disagrees: false,
        evidence,
    };
    Scene {
        proof: vec![
            proof(
                "Is the MID Server service running on its host?",
                Some("It is running"),
                Vec::new(),
            ),
            proof(
                "Is `config.xml` filled in correctly?",
                Some("Yes"),
                vec![config_line()],
            ),
            proof(
                "Can the host open a connection to `example.service-now.com`?",
                Some("No"),
                vec![hostile],
            ),
        ],
        commands: vec![Copyable {
            text: "/opt/servicenow/mid/agent/bin/mid.sh restart".to_owned(),
            safe: true,
        }],
        ..scene(Stage::Conclusion(Box::new(stage)))
    }
}

pub fn manual() -> Vec<probe::Manual> {
    vec![
        probe::Manual::new(
            "grep -n parameter '/opt/servicenow/mid/agent/config.xml'",
            "The parameters, with their line numbers.",
        ),
        probe::Manual::new(
            "Get-Content -LiteralPath 'C:\\Program Files\\ServiceNow\\東京 MID Server\\agent\\config.xml' | Select-String -Pattern 'parameter' -CaseSensitive:$false",
            "",
        ),
    ]
}
