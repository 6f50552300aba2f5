//! Logs as somebody pasted them. What stands there counts. That something does not stand there counts where the list of the
//! files was pasted as well, and all of their lines: otherwise it says nothing, unless the program's last start stands there
//! too. In lines that were changed on the way nothing is missing either. The commands to copy give the end of the log, so the
//! paste's end is taken for it: nothing in a piece tells whether more followed.

use crate::{
    finding::{Reason, Unknown},
    host::{
        Opened, Reply,
        printed::{Paste, content},
    },
    probe::{
        changed,
        log::{
            listed::{self, Listed},
            manual::TAIL,
            patterns::Expression,
            wanted::Wanted,
        },
        pasted::Pasted,
    },
};

/// The places of the commands to copy: that prints the hits, the end of the files, and which there are.
const HITS: usize = 0;
const END: usize = 1;
const LIST: usize = 2;

pub(super) fn read(
    wanted: &Wanted,
    pasted: &Pasted,
) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
    let text = pasted.text();
    let (piece, list) = listed::split(wanted, &text);
    let mut seen = rewritten(wanted, piece);
    if let Some(list) = list {
        if let Some(mut files) = whole(&list, piece, pasted) {
            files.splice(0..0, seen.map(|seen| unseen(wanted, &seen)));
            let beside = (!wanted.beside.is_empty()).then(|| list.beside.map(Reply::Meta));
            return Ok([Ok(Reply::Files(files))]
                .into_iter()
                .chain(beside)
                .collect());
        }
        seen = seen.or_else(|| too_many(&list, pasted));
    }
    // What the list says is no line of a log, understood or not.
    let own = [HITS, END].into_iter();
    let own = own.filter(|command| pasted.echoes(*command));
    let own: String = own.filter_map(|command| pasted.output(command)).collect();
    let piece = if pasted.echoes(LIST) { &own } else { piece };
    if let Some(error) = content::error(piece, &wanted.globs) {
        // Other files may fit.
        let why = error.err().unwrap_or_else(|| {
            Unknown::new(
                Reason::NotWhole,
                "one of the files is not there; of others nothing was pasted",
            )
        });
        return Ok(vec![Err(why)]);
    }
    let mut older = content::opened(path(wanted), String::new());
    older.content = Err(Unknown::new(
        Reason::NotWhole,
        "a piece of the log was pasted, what stands before it was not",
    ));
    let piece = Paste::untyped(piece).into_owned();
    let seen = seen.or_else(|| changed::cut_log(&piece));
    let seen = seen.map(|seen| unseen(wanted, &seen));
    let piece = content::opened(path(wanted), piece);
    let files = seen.into_iter().chain([piece, older]);
    Ok(vec![Ok(Reply::Files(files.collect()))])
}

fn path(wanted: &Wanted) -> String {
    format!("pasted: {}", wanted.globs.join(", "))
}

/// The lines as they were before they were changed on the way, which nobody saw: the last of them may be among them.
fn unseen(wanted: &Wanted, seen: &str) -> Opened {
    let mut lines = content::opened(path(wanted), String::new());
    lines.content = Err(changed::unknown(seen));
    lines
}

/// Typography that hides what is looked for.
fn rewritten(wanted: &Wanted, piece: &str) -> Option<String> {
    let patterns = wanted.patterns.iter();
    let patterns = patterns.flat_map(|pattern| [Some(&pattern.expression), pattern.near.as_ref()]);
    let sought: Vec<&Expression> = patterns.chain([wanted.start.as_ref()]).flatten().collect();
    piece.lines().find_map(|line| {
        let (typed, seen) = changed::typed(line)?;
        let hides = |sought: &&Expression| {
            sought.is_match(typed.as_bytes()) && !sought.is_match(line.as_bytes())
        };
        sought.iter().any(hides).then_some(seen)
    })
}

/// More lines than the command prints: some were broken in two.
fn too_many(list: &Listed, pasted: &Pasted) -> Option<String> {
    if !pasted.echoes(END) {
        return None;
    }
    let counts = list.files.iter().map(|(_, count)| *count);
    let printed = counts.fold(0, usize::saturating_add).min(TAIL);
    let lines = pasted.output(END)?.lines().count();
    (lines > printed).then(|| format!("{lines} lines stand there, and {printed} were printed"))
}

/// The files as they are on the machine, the newest first, where the list says that all of their lines stand there.
fn whole(list: &Listed, piece: &str, pasted: &Pasted) -> Option<Vec<Opened>> {
    if list.files.is_empty() {
        return piece.trim().is_empty().then(Vec::new);
    }
    if !pasted.echoes(END) {
        return None;
    }
    let lines: Vec<&str> = pasted.output(END)?.lines().collect();
    let mut told: usize = 0;
    for (_, count) in &list.files {
        told = told.checked_add(*count)?;
    }
    if told > TAIL || lines.len() != told {
        return None;
    }
    let mut rest = lines.as_slice();
    let mut files = Vec::with_capacity(list.files.len());
    for (path, count) in &list.files {
        let (own, others) = rest.split_at_checked(*count)?;
        rest = others;
        let text: String = own.iter().flat_map(|line| [line, "\n"]).collect();
        files.push(content::opened(path.clone(), text));
    }
    files.reverse();
    Some(files)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use jiff::Timestamp;
    use serde_json::json;

    use crate::{
        finding::{Judgement, Os, Value},
        probe::{Judging, Kind, Params, log::Log},
    };

    fn params() -> Params {
        let json = json!({"files": ["/m/a.log", "/m/t/*/b.log"], "beside": "/m/conf", "patterns": {"blew": "fuse"}});
        match Value::from(json) {
            Value::Map(params) => params,
            _ => panic!("parameters are a map"),
        }
    }

    /// The outcome, or why there is none.
    fn judged(text: &str) -> String {
        let replies = match Log.read(&params(), Os::Linux, text) {
            Ok(replies) => replies,
            Err(refused) => return format!("refused: {}", refused.detail),
        };
        let stop = AtomicBool::new(false);
        let judging = Judging {
            now: Timestamp::UNIX_EPOCH,
            zone: None,
            os: Os::Linux,
            stop: &stop,
        };
        match Log.judge(&params(), replies, &judging).judgement {
            Judgement::Outcome(outcome) => outcome.to_string(),
            Judgement::Unknown(unknown) => unknown.detail,
        }
    }

    /// What each of the commands printed, with the command before it.
    fn typed(hits: &str, end: &str, list: &str) -> String {
        let commands = Log.manual(&params(), Os::Linux);
        assert_eq!(commands.len(), 3);
        let all = commands.iter().zip([hits, end, list]);
        all.map(|(manual, printed)| format!("$ {}\n{printed}", manual.command))
            .collect()
    }

    const PIECE: &str = "a piece of the log was pasted, what stands before it was not";
    const LISTED: &str =
        "2 lines, 0 NUL: /m/t/1/b.log\n1 lines, 0 NUL: /m/a.log\n/m/a.log\n/m/t/1/b.log\n";
    const BESIDE: &str = "-rw-r--r-- 1 mid mid 7 Nov 20 10:00 /m/conf\n";

    /// With its last line.
    fn ended(list: &str) -> String {
        let lines = list.lines().count();
        format!("{list}{lines} lines tell of all logs of /m/a.log, /m/t/*/b.log\n")
    }

    #[test]
    fn what_does_not_stand_in_all_of_the_lines_is_not_there() {
        let list = ended(&format!("{LISTED}{BESIDE}"));
        let none = typed("", "one\ntwo\nthree\n", &list);
        assert_eq!(judged(&none), "none");
        assert_eq!(
            judged(&typed("a fuse\n", "a fuse\ntwo\nthree\n", &list)),
            "blew"
        );
        // A line is missing, was broken by a narrow window, or nobody knows what is what.
        assert_eq!(judged(&typed("", "one\nthree\n", &list)), PIECE);
        let broken = "the text was changed on the way, as it seems: 4 lines stand there, and 3 were printed; \
                      send it as a file, or as a code block";
        let found = judged(&typed("", "one\nt\nwo\nthree\n", &list));
        assert_eq!(found, format!("{broken}; {PIECE}"));
        assert_eq!(judged(&format!("one\ntwo\nthree\n{list}")), PIECE);
        assert_eq!(judged(&typed("", "one\ntwo\nthree\n", "")), PIECE);
    }

    #[test]
    fn what_the_list_says_is_no_line_of_a_log() {
        let text = typed("", "", "sh: 1: find: no fuse\n");
        assert_eq!(judged(&text), PIECE);
        let text = typed("a fuse\n", "", "sh: 1: find: not found\n");
        assert_eq!(judged(&text), "blew");
    }

    #[test]
    fn no_log_is_there_where_the_list_says_so() {
        let absent = "find: '/m/a.log': No such file or directory\n";
        let check = |list: &str, expected: &str| {
            let list = &ended(list);
            assert_eq!(judged(list), expected, "{list}");
            assert_eq!(judged(&typed("", "", list)), expected, "{list}");
        };
        check(&format!("{absent}{BESIDE}"), "missing");
        check(
            &format!("{absent}find: '/m/t/1': Permission denied\n{BESIDE}"),
            PIECE,
        );
        check(
            &format!("{absent}ls: cannot access '/m/conf': No such file or directory\n"),
            "no log is there, nor what has to stand beside it (`/m/conf`): this may be the wrong folder",
        );
        check(
            &format!("{absent}ls: cannot access '/m/conf': Permission denied\n"),
            "ls: cannot access '/m/conf': Permission denied",
        );
    }

    /// Whatever is lost of it, nothing is said to be missing that is there.
    #[test]
    fn what_is_cut_says_no_no() {
        let whole = typed(
            "a fuse\n",
            "a fuse\ntwo\nthree\n",
            &ended(&format!("{LISTED}{BESIDE}")),
        );
        let lines: Vec<&str> = whole.split_inclusive('\n').collect();
        for from in 0..lines.len() {
            for to in from + 1..=lines.len() {
                let cut = [&lines[..from], &lines[to..]].concat().concat();
                let found = judged(&cut);
                assert!(found != "none" && found != "missing", "{found}:\n{cut}");
            }
        }
    }
}
