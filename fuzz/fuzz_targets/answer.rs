//! What a script wrote, or somebody in its name.
//!
//! Holds: an answer that is read keeps within its bounds; without its last line it is not whole, and says nothing else.

#![no_main]

use libfuzzer_sys::fuzz_target;
use waypost::case::request::Answer;

fuzz_target!(|text: &str| {
    let Ok(answer) = Answer::read(text) else {
        return;
    };
    assert!(Answer::is_one(text));
    let printed: usize = answer
        .looks
        .iter()
        .flat_map(|look| &look.printed)
        .map(|printed| printed.text.len())
        .sum();
    assert!(printed <= text.len() + 1, "nothing is made up");
    for look in &answer.looks {
        assert!(!look.probes.is_empty());
    }
    // In a window the next line shows that a command ended, the last one too.
    let window = text.contains("waypost tree ");
    if answer.whole
        && !window
        && let Some((before, _)) = text.trim_end().rsplit_once('\n')
        && let Ok(cut) = Answer::read(before)
        && !cut.whole
    {
        assert_eq!(cut.looks, answer.looks);
        assert_eq!(cut.inputs, answer.inputs);
    }
});
