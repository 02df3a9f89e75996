//! Injects faults on demand, for the test bench. Without the cargo feature `faults` this is an empty shell and the header
//! `X-Fault` means nothing.
//!
//! | `X-Fault` | |
//! | --- | --- |
//! | `status-<n>` | answers with this status, and does nothing |
//! | `commit-then-<n>` | does everything, and answers with this status |
//! | `commit-then-hang` | does everything, and never answers |
//! | `reject-after-late` | refuses the payment, after 1.5 s |
//! | `hold-<ms>` | begins, and works on it for so long |
//! | `abort-read`, `-checked`, `-inserted`, `-settled`, `-committed` | the process dies at this point |

use axum::{http::HeaderMap, response::Response};

/// A point within one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// The request was read.
    Read,
    /// The payment kept all rules; nothing is stored.
    Checked,
    /// The payment is inserted, in a transaction that is not committed.
    Inserted,
    /// The outcome of the payment is stored, too.
    Settled,
    /// Everything is on the disk; nobody was told.
    Committed,
}

#[cfg(feature = "faults")]
mod on_demand {
    use super::{HeaderMap, Point, Response};
    use crate::response::json;
    use std::time::Duration;

    /// The faults that a request asks for.
    #[derive(Clone, Debug, Default)]
    pub struct Fault(String);

    impl Fault {
        /// Reads the faults of a request.
        pub fn of(headers: &HeaderMap) -> Self {
            let text = headers.get("x-fault").and_then(|value| value.to_str().ok());
            Self(text.unwrap_or_default().to_owned())
        }

        /// Tells whether the request asks for any fault.
        pub fn is_asked(&self) -> bool {
            !self.0.is_empty()
        }

        fn number<T: std::str::FromStr>(&self, prefix: &str) -> Option<T> {
            self.0.strip_prefix(prefix)?.parse().ok()
        }

        /// Answers before anything is done.
        pub fn early_response(&self) -> Option<Response> {
            self.number("status-").map(|status| json(status, "{\"fault\":true}"))
        }

        /// Waits as long as the fault says.
        pub async fn delay(&self) {
            let late = (self.0 == "reject-after-late").then_some(1500);
            if let Some(milliseconds) = late.or_else(|| self.number("hold-")) {
                tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            }
        }

        /// Tells whether the payment is refused in any case.
        pub fn refuses(&self) -> bool {
            self.0 == "reject-after-late"
        }

        /// Dies, if it was asked to die here.
        pub fn reach(&self, point: Point) {
            let name = match point {
                Point::Read => "abort-read",
                Point::Checked => "abort-checked",
                Point::Inserted => "abort-inserted",
                Point::Settled => "abort-settled",
                Point::Committed => "abort-committed",
            };
            if self.0 == name {
                std::process::abort();
            }
        }

        /// Replaces the response.
        pub async fn late_response(&self, response: Response) -> Response {
            if self.0 == "commit-then-hang" {
                std::future::pending::<()>().await;
            }
            self.number("commit-then-").map_or(response, |status| json(status, "{\"fault\":true}"))
        }
    }
}

#[cfg(not(feature = "faults"))]
mod on_demand {
    use super::{HeaderMap, Point, Response};

    /// No faults: this build has no fault switches.
    #[derive(Clone, Debug, Default)]
    pub struct Fault;

    impl Fault {
        /// Reads no faults, whatever the request asks for.
        pub fn of(_: &HeaderMap) -> Self {
            Self
        }

        /// Always false: no fault is asked for.
        pub fn is_asked(&self) -> bool {
            false
        }

        /// Always `None`: no answer is replaced.
        pub fn early_response(&self) -> Option<Response> {
            None
        }

        /// No delay.
        pub async fn delay(&self) {}

        /// No refusal.
        pub fn refuses(&self) -> bool {
            false
        }

        /// Does nothing at this point.
        pub fn reach(&self, _: Point) {}

        /// The answer as it is.
        pub async fn late_response(&self, response: Response) -> Response {
            response
        }
    }
}

pub use on_demand::Fault;
