//! Why a command stopped, in the words of the person who has to do something about it.

use std::fmt::Display;

/// One sentence that says what to do, and, where a tool had more to say, what it printed.
#[derive(Debug)]
pub struct Failure {
    /// The sentence; the last thing on the screen, where it is looked for.
    pub sentence: String,
    /// The tool's own output, printed above the sentence; often empty.
    pub details: String,
}

impl Failure {
    /// A failure that one sentence explains.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), details: String::new() }
    }

    /// A failure that a tool explains at length.
    pub fn with_details(sentence: impl Into<String>, details: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), details: details.into() }
    }

    /// For `map_err`: the reason that the system gave, behind what was being done.
    pub fn because<E: Display>(doing: impl Display) -> impl FnOnce(E) -> Self {
        move |reason| Self::new(format!("{doing}: {reason}"))
    }

    /// A failure that was printed where it happened, and only has to end the program with an exit code.
    pub fn already_told() -> Self {
        Self::new("")
    }

    /// Prints the details and the sentence to standard error.
    pub fn print(&self) {
        if !self.details.trim().is_empty() {
            eprintln!("\n{}", self.details.trim_end());
        }
        if !self.sentence.is_empty() {
            eprintln!("\nerror: {}", self.sentence);
        }
    }
}

/// The result of every step of a command.
pub type Result<T> = std::result::Result<T, Failure>;
