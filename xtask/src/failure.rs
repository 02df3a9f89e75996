//! Defines failures: a sentence for the person who must act, and the tool's output.

use std::fmt::Display;

/// One sentence with the next step, and the output of a tool where there is any.
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

    /// For `map_err`: joins the action and the system's reason.
    pub fn because<E: Display>(doing: impl Display) -> impl FnOnce(E) -> Self {
        move |reason| Self::new(format!("{doing}: {reason}"))
    }

    /// A failure that was printed where it happened, and only has to end the program with an exit code.
    pub fn already_printed() -> Self {
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
