//! Names the state of a payment, and the notice beside it.

use super::duplicate::Duplicate;

/// The state of a payment. The element's other two states, `loading` and `crashed`, need no machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum State {
    /// No payment is sent.
    #[default]
    Ready,
    /// The person reviews what will be sent.
    Reviewing,
    /// Sent, and waiting.
    Submitting,
    /// A resolve call or a look-up is on its way.
    Resolving,
    /// The payment is recorded.
    Recorded,
    /// The server decided that there is no payment.
    Rejected,
    /// The last request was refused before the payment logic.
    Held,
    /// The payment may or may not exist.
    Unknown,
}

impl State {
    /// All states.
    pub const ALL: [Self; 8] = [
        Self::Ready,
        Self::Reviewing,
        Self::Submitting,
        Self::Resolving,
        Self::Recorded,
        Self::Rejected,
        Self::Held,
        Self::Unknown,
    ];

    /// The name that hosts, tests and stylesheets rely on.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Reviewing => "reviewing",
            Self::Submitting => "submitting",
            Self::Resolving => "resolving",
            Self::Recorded => "recorded",
            Self::Rejected => "rejected",
            Self::Held => "held",
            Self::Unknown => "unknown",
        }
    }

    /// Tells whether a key is used and not resolved: leaving asks, fields are locked, a reset is refused.
    pub fn is_unresolved(self) -> bool {
        matches!(self, Self::Submitting | Self::Resolving | Self::Held | Self::Unknown)
    }
}

/// A notice beside the state: the reason why the last press did not send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Not sent: the browser is offline.
    Offline,
    /// Not sent: another tab or form is paying.
    Elsewhere,
    /// Not sent: the same payment was sent a short while ago. The person may insist.
    Duplicate(Duplicate),
    /// Not sent: the request could not be made.
    NotSent,
    /// Not sent: the page changed the configuration during the review.
    Withdrawn,
    /// The look-up found nothing, which proves nothing.
    NotFound,
    /// The resolve call or look-up did not give an answer.
    CheckFailed,
}
