//! What is told of a defect of this program's own. A message that was put together may quote what was being worked on, a
//! secret too: only what stands in the source is told, and the place.

use std::{
    any::Any,
    backtrace::{Backtrace, BacktraceStatus},
    io::{self, Write},
    panic::{self, Location, PanicHookInfo},
};

/// From now on panics are told by [`message`].
pub fn watch() {
    panic::set_hook(Box::new(|info| tell(&message(info))));
}

/// Writes what is told to the standard error. A failure is of no use to anyone.
pub fn tell(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}

/// One paragraph for a person; with `RUST_BACKTRACE` the way there as well.
pub fn message(info: &PanicHookInfo<'_>) -> String {
    let mut message = said(info.payload(), info.location());
    let way = Backtrace::capture();
    if way.status() == BacktraceStatus::Captured {
        message = format!("{message}\n{way}");
    }
    message
}

fn said(payload: &dyn Any, place: Option<&Location<'_>>) -> String {
    let place = place.map_or_else(String::new, |place| format!(" at {place}"));
    let why = match payload.downcast_ref::<&'static str>() {
        Some(why) => format!(": {why}"),
        None => String::new(),
    };
    format!(
        "waypost: this program has a defect{place}{why}. What was saved is kept, and `waypost resume` goes on with it; \
         please report the place."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_being_worked_on_is_not_told() {
        let place = Location::caller();
        let literal: Box<dyn Any> = Box::new("the walk has no end");
        let told = said(literal.as_ref(), Some(place));
        assert!(told.contains("panicking.rs"), "{told}");
        assert!(told.contains(": the walk has no end."), "{told}");
        let formatted: Box<dyn Any> = Box::new("byte index 3 is in `hush7hush7`".to_owned());
        let told = said(formatted.as_ref(), Some(place));
        assert!(told.contains("panicking.rs"), "{told}");
        assert!(!told.contains("hush7"), "{told}");
    }
}
