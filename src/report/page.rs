//! A report as blocks: what stands where, and in which words.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    engine::{Leads, OpenQuestion, Parcel, Place},
    finding::{Evidence, Os},
    report::{
        Check, Listed, Report, ReportStep, Turn,
        block::{Block, Line, Piece, code, plain},
        prose, verdict_words,
    },
    tree::Verdict,
};

/// The program's own words: what stands in backticks is code. Odd backticks are text.
fn said(words: &str) -> Line {
    if !words.matches('`').count().is_multiple_of(2) {
        return plain(words);
    }
    let mut line = Vec::new();
    for (at, part) in words.split('`').enumerate() {
        match at % 2 {
            0 => line.extend(plain(part)),
            _ => line.push(code(part)),
        }
    }
    line
}

/// The whole page.
pub(super) fn page(report: &Report) -> Vec<Block> {
    let mut page = Vec::new();
    verdict(report, &mut page);
    if let Some(conclusion) = &report.conclusion {
        section("Why", conclusion.because.as_deref(), &mut page);
        section("Fix", conclusion.fix.as_deref(), &mut page);
        if let Some(check) = &report.check {
            page.extend(checked(check));
        }
        section("Next", conclusion.next.as_deref(), &mut page);
        if !conclusion.withheld.is_empty() {
            heading("What to do", &mut page);
            let said = "It is shown only when this is known, since it could do harm:";
            page.push(Block::Paragraph(plain(said)));
            page.push(bullets(
                conclusion.withheld.iter().map(|open| vec![named(open)]),
            ));
        }
    }
    open(report, &mut page);
    let proofs: Vec<&ReportStep> = report.steps.iter().filter(|step| step.is_proof()).collect();
    if !proofs.is_empty() {
        heading("What it rests on", &mut page);
        page.push(bullets(proofs.into_iter().map(proof)));
    }
    if !report.turns.is_empty() {
        heading("What would change the verdict", &mut page);
        let same = report
            .turns
            .chunk_by(|turn, next| turn.question == next.question);
        page.push(bullets(same.map(|turns| {
            let question = turns.first().map(|turn| prose::line(&turn.question));
            let mut item: Vec<Block> = question.map(Block::Paragraph).into_iter().collect();
            item.push(bullets(
                turns
                    .iter()
                    .map(|turn| vec![Block::Paragraph(turned(turn))]),
            ));
            item
        })));
    }
    if !report.steps.is_empty() || !report.notes.is_empty() {
        heading("What was asked and found", &mut page);
        let here = report.notes.iter().map(|text| vec![note(text)]);
        page.push(bullets(report.steps.iter().map(step).chain(here)));
    }
    about(report, &mut page);
    page
}

fn turned(turn: &Turn) -> Line {
    let mut line = plain("If it were ");
    line.extend(strong(&turn.answer));
    line.push(Piece::Plain(": ".to_owned()));
    match &turn.leads {
        Leads::End { verdict, title } => {
            line.push(Piece::Plain(format!("{}: ", end_words(*verdict))));
            line.extend(prose::line(title));
        }
        Leads::Asks(question) => {
            line.push(Piece::Plain("the walk goes on with: ".to_owned()));
            line.extend(prose::line(question));
        }
    }
    line
}

fn verdict(report: &Report, page: &mut Vec<Block>) {
    let mut title = plain(verdict_words(report.verdict));
    title.push(Piece::Plain(": ".to_owned()));
    title.extend(prose::line(match &report.conclusion {
        Some(conclusion) => &conclusion.title,
        None => &report.problem,
    }));
    page.push(Block::Title(title));
    let called = [("Ticket", &report.ticket), ("Case", &report.title)];
    for (what, name) in called {
        let says = name.as_ref().map(|name| plain(&format!("{what}: {name}")));
        page.extend(says.map(Block::Paragraph));
    }
    let mut problem = plain("Problem: ");
    problem.extend(prose::line(&report.problem));
    page.push(Block::Paragraph(problem));
    let says = match report.verified {
        Some(true) => Some("The fix was checked: it is over."),
        Some(false) => Some("The fix was checked: it did not help."),
        None => None,
    };
    page.extend(says.map(|says| Block::Paragraph(vec![Piece::Strong(says.to_owned())])));
    if report.suspect {
        let says = "This is only a suspicion: what is open below has to be known first.";
        page.push(Block::Paragraph(plain(says)));
    } else if let Some(why) = &report.why_here {
        page.push(Block::Paragraph(plain(why)));
    }
}

fn open(report: &Report, page: &mut Vec<Block>) {
    if !report.unknown_inputs.is_empty() {
        heading("Not known", page);
        let says = "What needs these could not be looked at; give one with `--input NAME=VALUE`.";
        page.push(Block::Paragraph(said(says)));
        page.push(bullets(report.unknown_inputs.iter().map(|(name, ask)| {
            let mut line = vec![code(name.as_str()), Piece::Plain(": ".to_owned())];
            line.extend(prose::line(ask));
            if report.secrets.contains(name) {
                line.extend(said(&format!(" (`--secret {name}=@FILE`)")));
            }
            vec![Block::Paragraph(line)]
        })));
    }
    if !report.open.is_empty() {
        heading("Still to be answered", page);
        page.push(bullets(report.open.iter().map(question)));
    }
    if !report.possible.named.is_empty() {
        heading("What it can still be", page);
        page.push(causes(&report.possible));
    }
}

fn question(open: &OpenQuestion) -> Vec<Block> {
    let mut item = vec![named(open)];
    if let Some(how) = &open.how {
        item.extend(prose::blocks(how));
    }
    item.extend(open.why.as_deref().map(not_seen));
    if !open.answers.is_empty() {
        let mut line = plain("Answers: ");
        for (at, answer) in open.answers.iter().enumerate() {
            if at > 0 {
                line.push(Piece::Plain(", ".to_owned()));
            }
            line.push(code(answer.as_str()));
        }
        item.push(Block::Paragraph(line));
        let answer = format!("--answer {}/{}=ANSWER", open.tree, open.node);
        item.push(Block::Paragraph(vec![
            Piece::Plain("For `waypost diagnose`: ".to_owned()),
            code(&answer),
        ]));
    }
    item
}

fn named(open: &OpenQuestion) -> Block {
    let mut line = prose::line(&open.text);
    line.push(Piece::Plain(" (".to_owned()));
    line.push(code(&format!("{}/{}", open.tree, open.node)));
    line.push(Piece::Plain(")".to_owned()));
    Block::Paragraph(line)
}

fn checked(check: &Check) -> Vec<Block> {
    let mut line = plain("To check it");
    if let Some(wait) = check.wait {
        line.push(Piece::Plain(format!(", {} later", span(wait))));
    }
    line.push(Piece::Plain(": ".to_owned()));
    if check.questions.is_empty() {
        line.push(Piece::Plain("see whether it helped.".to_owned()));
    }
    let mut blocks = vec![Block::Paragraph(line)];
    if !check.questions.is_empty() {
        blocks.push(bullets(check.questions.iter().map(|(question, wanted)| {
            let mut line = prose::line(question);
            line.push(Piece::Plain(" It helped if it is ".to_owned()));
            line.extend(strong(wanted));
            line.push(Piece::Plain(".".to_owned()));
            vec![Block::Paragraph(line)]
        })));
    }
    blocks
}

/// A span for a person, in whole units.
fn span(time: Duration) -> String {
    match time.as_secs() {
        seconds if seconds > 0 && seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        seconds => format!("{seconds} s"),
    }
}

/// A step that speaks for the verdict: what was found where, and what follows.
fn proof(step: &ReportStep) -> Vec<Block> {
    let mut item = vec![answered(step)];
    if let Some(found) = &step.found {
        let mut line = plain("Found: ");
        line.extend(prose::line(found));
        item.push(Block::Paragraph(line));
    }
    for evidence in &step.evidence {
        item.extend(place(evidence).map(|place| Block::Paragraph(vec![code(&place)])));
        item.push(Block::code(&evidence.text));
    }
    if step.more_evidence > 0 {
        let more = format!("and {} more", step.more_evidence);
        item.push(Block::Paragraph(plain(&more)));
    }
    if !step.ruled_out.named.is_empty() {
        let says = "This answer leads away from:";
        item.push(Block::Paragraph(plain(says)));
        item.push(causes(&step.ruled_out));
    }
    item
}

/// A step of the transcript.
fn step(step: &ReportStep) -> Vec<Block> {
    let mut line = Vec::new();
    if let Some(at) = step.at {
        line.push(Piece::Plain(format!("{} ", time(at))));
    }
    let Block::Paragraph(said) = answered(step) else {
        return Vec::new();
    };
    line.extend(said);
    let mut item = vec![Block::Paragraph(line)];
    if step.disagrees {
        item.push(Block::Paragraph(plain("The evidence says otherwise.")));
    }
    item.extend(step.why.as_deref().map(not_seen));
    if step.is_unknown && !step.ruled_out.named.is_empty() {
        let count = step.ruled_out.named.len() + step.ruled_out.more;
        let causes = if count == 1 { "cause" } else { "causes" };
        let says = format!("Not looked into any further: {count} {causes}.");
        item.push(Block::Paragraph(plain(&says)));
    }
    item.extend(step.notes.iter().map(|text| note(text)));
    item
}

fn answered(step: &ReportStep) -> Block {
    let mut line = if step.text.is_empty() {
        vec![code(&step.spot)]
    } else {
        prose::line(&step.text)
    };
    line.push(Piece::Plain(" ".to_owned()));
    line.extend(strong(&step.answer));
    if let Some(source) = step.source.filter(|_| !step.skipped) {
        line.push(Piece::Plain(format!(" ({})", source.name())));
    }
    Block::Paragraph(line)
}

fn about(report: &Report, page: &mut Vec<Block>) {
    if !report.inputs.is_empty() {
        heading("What was given", page);
        page.push(bullets(report.inputs.iter().map(|(name, value)| {
            let equals = Piece::Plain(" = ".to_owned());
            vec![Block::Paragraph(vec![
                code(name.as_str()),
                equals,
                code(value),
            ])]
        })));
    }
    if !report.replaced.is_empty() {
        heading("What was replaced", page);
        page.push(bullets(report.replaced.iter().map(|(token, sort)| {
            let sort = sort.map_or("masked when the case was written", |sort| sort.name());
            let mut line = plain(token);
            line.push(Piece::Plain(format!(": {sort}")));
            vec![Block::Paragraph(line)]
        })));
    }
    heading("Where it comes from", page);
    let os = match report.os {
        Os::Linux => "Linux",
        Os::Windows => "Windows",
        Os::Macos => "macOS",
    };
    let machine = match report.place {
        Place::Here => format!("on {os}"),
        Place::Elsewhere => format!("about somebody else's {os} machine"),
        Place::Bundle => format!("about the {os} machine of a bundle"),
    };
    let opened = format!("Opened {}, {machine}.", time(report.opened));
    let mut line = plain(&opened);
    for (at, machine) in report.machines.iter().enumerate() {
        let before = match at {
            0 => " What was sent came from ",
            _ if at + 1 == report.machines.len() => " and ",
            _ => ", ",
        };
        line.push(Piece::Plain(before.to_owned()));
        line.push(code(machine));
    }
    if !report.machines.is_empty() {
        line.push(Piece::Plain(".".to_owned()));
    }
    page.push(Block::Paragraph(line));
    page.extend(report.parcels.iter().map(collected));
    page.push(bullets(report.trees.iter().map(|tree| {
        let mut line = vec![Piece::Plain("Tree ".to_owned()), code(&tree.id)];
        line.push(Piece::Plain(", from ".to_owned()));
        line.extend(plain(&tree.origin));
        line.push(Piece::Plain(", ".to_owned()));
        line.push(code(&tree.hash));
        vec![Block::Paragraph(line)]
    })));
}

/// Which bundle evidence comes from, and how old that is.
fn collected(parcel: &Parcel) -> Block {
    let mut line = plain("The bundle ");
    line.push(code(&parcel.name));
    line.push(Piece::Plain(format!(" was collected {}", time(parcel.at))));
    if let Some(machine) = &parcel.machine {
        line.push(Piece::Plain(" on the machine ".to_owned()));
        line.push(code(machine));
    }
    line.push(Piece::Plain(".".to_owned()));
    Block::Paragraph(line)
}

fn heading(text: &str, page: &mut Vec<Block>) {
    page.push(Block::Heading(plain(text)));
}

fn section(title: &str, text: Option<&str>, page: &mut Vec<Block>) {
    if let Some(text) = text {
        heading(title, page);
        page.extend(prose::blocks(text));
    }
}

fn bullets(items: impl Iterator<Item = Vec<Block>>) -> Block {
    Block::List {
        first: None,
        items: items.collect(),
    }
}

fn causes(listed: &Listed) -> Block {
    let mut items: Vec<Vec<Block>> = listed
        .named
        .iter()
        .map(|title| vec![Block::Paragraph(prose::line(title))])
        .collect();
    if listed.more > 0 {
        let more = format!("and {} more", listed.more);
        items.push(vec![Block::Paragraph(plain(&more))]);
    }
    Block::List { first: None, items }
}

/// Emphasis lies over the whole of it; code within stays code.
fn strong(markdown: &str) -> Line {
    let emphasised = |piece| match piece {
        Piece::Plain(text) => Piece::Strong(text),
        piece => piece,
    };
    prose::line(markdown).into_iter().map(emphasised).collect()
}

fn not_seen(why: &str) -> Block {
    let mut line = plain("Could not be seen: ");
    line.extend(said(why));
    Block::Paragraph(line)
}

fn note(text: &str) -> Block {
    let mut line = plain("Note: ");
    line.extend(plain(text));
    Block::Paragraph(line)
}

fn place(evidence: &Evidence) -> Option<String> {
    let file = evidence.file.as_ref()?;
    Some(match (evidence.line, evidence.column) {
        (Some(line), Some(column)) => format!("{file}:{line}:{column}"),
        (Some(line), None) => format!("{file}:{line}"),
        _ => file.clone(),
    })
}

fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn end_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Cause => "a cause",
        Verdict::Healthy => "healthy",
        Verdict::Escalate => "to be escalated",
        Verdict::Unresolved => "unresolved",
        Verdict::NotApplicable => "not applicable",
    }
}
