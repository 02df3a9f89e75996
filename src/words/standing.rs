//! Where a payment stands, in words, and what can be pressed. Every sentence is true in the mode it is said in: what is claimed depends on
//! whether the server honours keys and whether the attempt is stored.

/// How much a notice matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something is under way.
    Busy,
    /// Good to know.
    Info,
    /// Needs the person's care.
    Warning,
    /// Something did not work.
    Bad,
}

/// What a person can press in a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// Send what was reviewed.
    Confirm,
    /// Send although the same payment was sent lately.
    Insist,
    /// Send the same bytes again, under the same key.
    Retry,
    /// Ask the host's look-up.
    Check,
    /// Back to editing; with an unresolved key by the resolve call.
    Cancel,
    /// Send a new payment after checking elsewhere.
    Abandon,
}

/// What is said about where the payment stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How much it matters.
    pub tone: Tone,
    /// The main sentence.
    pub title: String,
    /// What else is true.
    pub lines: Vec<String>,
    /// What can be pressed, the safest first, with its label.
    pub presses: Vec<(Press, String)>,
}
