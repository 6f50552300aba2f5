//! The trees that ship inside the program. A test holds this list against the folder `trees/`.

/// A file under `trees/`: its path there, and its text.
pub struct EmbeddedFile {
    pub path: &'static str,
    pub text: &'static str,
}

macro_rules! embedded {
    ($($path:literal),* $(,)?) => {
        &[$(EmbeddedFile { path: $path, text: include_str!(concat!("../../trees/", $path)) }),*]
    };
}

/// Every embedded file, side files too.
pub static FILES: &[EmbeddedFile] = embedded![];
