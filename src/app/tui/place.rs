//! The places of the program, as far as keys tell them apart.

/// Where keys mean something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Trees and symptoms; letters search.
    Start,
    /// Where is the machine?
    Where,
    /// The path of a file that was gathered on the machine.
    File,
    /// What a tree from outside can do.
    Consent,
    /// A question, an instruction, a conclusion.
    Walk,
    /// Inputs; letters go into the field.
    Form,
    Transcript,
    /// Answering a step of the transcript otherwise.
    Edit,
    /// A line of text over the transcript or the walk: a note, an input.
    Line,
    /// What somebody sent is pasted for a probe.
    Paste,
    /// The report, as it would be saved.
    Report,
    /// The name of its file.
    FileName,
    /// What the case is to be called.
    Naming,
    Help,
}

impl Place {
    /// Letters are text here.
    pub fn types(self) -> bool {
        matches!(
            self,
            Place::Start
                | Place::File
                | Place::Form
                | Place::Line
                | Place::FileName
                | Place::Naming
        )
    }
}
