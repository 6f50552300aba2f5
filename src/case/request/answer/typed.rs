//! What a window showed where somebody ran the commands of a text one by one. The lines of an answer stand there behind a word
//! of this program's, since the commands print them; what stands between two of them is what a command printed, with prompts
//! and with what was typed.

use std::mem;

/// Before every line of the form.
pub(crate) const SIGN: &str = "waypost ";
/// With what a line is typed that prints a line of the form, in either shell; no program prints that.
const TYPED: [&str; 9] = [
    "printf 'waypost ",
    "printf '%s\\n' 'waypost ",
    "printf '\\nwaypost ",
    "echo 'waypost end ",
    "'answer 1', 'program ",
    "'waypost look ",
    "'waypost command ",
    "'waypost status ",
    "'waypost end ",
];

/// Whether the text is what a window showed.
pub(super) fn is(text: &str) -> bool {
    says(text, &["tree "])
}

/// Whether the text is from the middle of what a window showed: what says whose it is does not stand there.
pub(super) fn is_part(text: &str) -> bool {
    !is(text) && says(text, &["look ", "command ", "status ", "end "])
}

fn says(text: &str, words: &[&str]) -> bool {
    text.lines().any(|line| {
        let said = line.trim_start().strip_prefix(SIGN);
        said.is_some_and(|said| words.iter().any(|word| said.starts_with(word)))
    })
}

/// Makes lines of a window into lines of an answer.
#[derive(Default)]
pub(super) struct Window {
    begun: bool,
    /// A command is under way.
    printing: bool,
    /// Its last line was empty. One such line is printed behind every command, so that the next begins a line of its own.
    empty: bool,
    /// The machine that the prompts name.
    machine: Option<String>,
}

impl Window {
    /// The lines of the form that a line stands for.
    ///
    /// # Errors
    /// The window is of another machine from here on; a fragment.
    pub fn lines(&mut self, line: &str) -> Result<Vec<String>, String> {
        if let Some(said) = line.trim_start().strip_prefix(SIGN) {
            return Ok(self.said(said.trim_end()));
        }
        if let Some(at) = TYPED.iter().filter_map(|typed| line.find(typed)).min() {
            self.at_prompt(&line[..at])?;
            return Ok(Vec::new());
        }
        if !self.printing {
            return Ok(Vec::new());
        }
        let empty = line.trim().is_empty();
        let mut lines = Vec::new();
        if mem::replace(&mut self.empty, empty) {
            lines.push("|".to_owned());
        }
        if !empty {
            lines.push(format!("| {line}"));
        }
        Ok(lines)
    }

    fn said(&mut self, line: &str) -> Vec<String> {
        if line.starts_with("answer ") {
            self.printing = false;
            // Somebody may have run the first command twice.
            return match mem::replace(&mut self.begun, true) {
                true => Vec::new(),
                false => vec![format!("{SIGN}{line}")],
            };
        }
        if let Some(status) = line.strip_prefix("status ") {
            // A command that was broken off says nothing of how it ended.
            let ended = mem::replace(&mut self.printing, false) && status.parse::<i32>().is_ok();
            return ended.then(|| line.to_owned()).into_iter().collect();
        }
        self.printing = line.starts_with("command ");
        self.empty = false;
        vec![line.to_owned()]
    }

    /// Two windows may stand in one text, one of each machine.
    fn at_prompt(&mut self, prompt: &str) -> Result<(), String> {
        let Some(machine) = machine(prompt) else {
            return Ok(());
        };
        let known = self.machine.get_or_insert_with(|| machine.clone());
        if known.eq_ignore_ascii_case(&machine) {
            return Ok(());
        }
        Err("the prompts are of two machines".to_owned())
    }
}

/// The machine of `user@host:~$ ` or of `[host]: PS C:\>`.
fn machine(prompt: &str) -> Option<String> {
    let prompt = prompt.trim();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    let remote = prompt
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("]: PS "));
    let name = match (remote, prompt.split_once('@')) {
        (Some((name, _)), _) => name,
        (None, Some((_, rest))) => {
            let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
            &rest[..end]
        }
        (None, None) => return None,
    };
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Answer, FORM},
        TYPED,
    };

    const WINDOW: &str = "\
Last login: Fri Nov 20 10:00:00
mid@host:~$ input_agent_dir=/opt/agent
mid@host:~$ printf 'waypost %s\\n' 'answer 1' 'tree mid-down 3f2a' 'os linux' \"time $(date)\" \"input agent_dir=${input_agent_dir}\"
waypost answer 1
waypost tree mid-down 3f2a
waypost os linux
waypost time 2026-11-20T23:10:00Z
waypost input agent_dir=/opt/agent
mid@host:~$ printf '%s\\n' 'waypost look 9f2c disk mid-common/space' 'waypost command 1'; df -Pk /; printf '\\nwaypost status %s\\n' \"$?\"
waypost look 9f2c disk mid-common/space
waypost command 1
Filesystem
  end 4

waypost status 0
mid@host:~$ printf '%s\\n' 'waypost look 77aa:agent_dir config mid-common/config' 'waypost command 1'; cat x; printf '\\nwaypost status %s\\n' \"$?\"
waypost look 77aa:agent_dir config mid-common/config
waypost command 1
a

| b
the 'answer is whole
waypost status 1
mid@host:~$ echo 'waypost end 2'
waypost end 2
mid@host:~$ exit
";

    #[test]
    fn a_window_says_what_an_answer_says() {
        let answer = "waypost answer 1\ntree mid-down 3f2a\nos linux\ntime 2026-11-20T23:10:00Z\ninput agent_dir=/opt/agent\n\
            look 9f2c disk mid-common/space\ncommand 1\n| Filesystem\n|   end 4\nstatus 0\n\
            look 77aa:agent_dir config mid-common/config\ncommand 1\n| a\n|\n| | b\n| the 'answer is whole\nstatus 1\nend 2\n";
        let expected = Answer::read(answer).expect("an answer");
        assert!(expected.whole);
        assert!(Answer::is_one(WINDOW));
        assert_eq!(Answer::read(WINDOW), Ok(expected.clone()));
        let crlf = WINDOW.replace('\n', "\r\n");
        assert_eq!(Answer::read(&crlf), Ok(expected.clone()));
        // The first command was run once more later.
        let head = WINDOW.lines().nth(3).expect("the first line").to_owned() + "\n";
        let again = WINDOW.replace("waypost end 2\nmid", &format!("{head}waypost end 2\nmid"));
        assert_eq!(Answer::read(&again), Ok(expected));
    }

    /// What a command printed counts only where its end stands behind it.
    #[test]
    fn what_breaks_off_is_not_whole() {
        for (at, _) in WINDOW.match_indices('\n') {
            let Ok(answer) = Answer::read(&WINDOW[..=at]) else {
                continue;
            };
            let ended = WINDOW[..=at].contains("\nwaypost end 2");
            assert_eq!(answer.whole, ended, "{at}");
            let last = answer.looks.last().and_then(|look| look.printed.last());
            let open = last.is_some_and(|printed| printed.status.is_none());
            let said = |what: &str| WINDOW[..=at].matches(what).count();
            let under_way = said("\nwaypost command 1\n") > said("\nwaypost status ");
            assert_eq!(open, under_way, "{at}");
        }
    }

    /// A file need not end with a line break, and a command may be broken off.
    #[test]
    fn the_last_line_of_a_file_is_read_and_what_was_broken_off_is_not() {
        let printed = |text: &str, look: usize| {
            let answer = Answer::read(text).expect("an answer");
            answer.looks[look].printed[0].clone()
        };
        let no_break = WINDOW.replace("is whole\n\n", "is whole\n");
        assert_eq!(printed(&no_break, 1).text, printed(WINDOW, 1).text);
        let broken_off = WINDOW.replace("  end 4\n\nwaypost status 0\n", "  end 4\n^C\n");
        assert_eq!(printed(&broken_off, 0).status, None);
        assert_eq!(printed(&broken_off, 1), printed(WINDOW, 1));
    }

    #[test]
    fn what_two_windows_showed_is_no_answer() {
        let check = |from: &str, to: &str, line: usize, why: &str| {
            let text = WINDOW.replace(from, to);
            let error = Answer::read(&text).expect_err("they are two");
            let expected = format!("line {line} cannot be read: {why}");
            assert_eq!(error.to_string(), expected);
        };
        let at = WINDOW
            .lines()
            .position(|line| line.contains("echo 'waypost end"))
            .expect("an end");
        let head: Vec<&str> = WINDOW.lines().skip(3).take(5).collect();
        let again = |from: &str, to: &str| {
            let head = head.join("\n").replace(from, to);
            format!("{head}\nmid@host:~$ echo 'waypost end 2'")
        };
        let end = "mid@host:~$ echo 'waypost end 2'";
        let otherwise = "it says otherwise than before: two answers stand there";
        check(end, &again("/opt/agent", "/opt/other"), at + 5, otherwise);
        check(end, &again("3f2a", "4f2a"), at + 2, otherwise);
        let machines = "the prompts are of two machines";
        check(end, "mid@other:~$ echo 'waypost end 2'", at + 1, machines);
        // The same twice says when it was run first.
        let later = WINDOW.replace(end, &again("23:10:00Z", "23:40:00Z"));
        assert_eq!(Answer::read(&later), Answer::read(WINDOW));
        // What was set before anything was run is what counts.
        let first = "waypost answer 1\nwaypost tree mid-down 3f2a\nwaypost input agent_dir=\n";
        let set = format!("{first}{WINDOW}");
        assert_eq!(Answer::read(&set), Answer::read(WINDOW));
    }

    #[test]
    fn a_part_of_a_window_is_told_from_an_answer() {
        let check = |text: &str, expected: bool| assert_eq!(Answer::is_part(text), expected);
        let at = WINDOW
            .find("waypost look 9f2c disk mid-common/space\nw")
            .expect("a look");
        check(&WINDOW[at..], true);
        check(WINDOW, false);
        check("a waypost look\n", false);
    }

    /// The first command names the form, and where it begins in a line stands in the list.
    #[test]
    fn the_first_command_is_known_by_the_form_that_it_asks_for() {
        let typed = format!("'answer {FORM}', 'program ");
        assert!(TYPED.contains(&typed.as_str()), "{typed}");
    }

    #[test]
    fn a_line_that_cannot_be_read_is_told_by_its_place() {
        let text = WINDOW.replace("waypost os linux", "waypost os beos");
        let error = Answer::read(&text).expect_err("there is no such system");
        assert_eq!(
            error.to_string(),
            "line 6 cannot be read: there is no such system"
        );
        assert!(!Answer::is_one("a\nb waypost tree x y\n"));
    }
}
