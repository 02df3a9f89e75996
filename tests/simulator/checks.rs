//! Checks the invariants after every step of a schedule.

use crate::{drafts::AMOUNTS, world::World};
use payment_form::submission::State;

impl World<'_> {
    pub fn check(&mut self) {
        let found = self.find_double().or_else(|| self.find_lie());
        if let Some(found) = found {
            self.fail(found);
        }
    }

    /// Finds an attempt that was paid twice.
    fn find_double(&self) -> Option<&'static str> {
        // The browser or a proxy may repeat a request on a server that ignores keys: the limit of the promise.
        let excused: usize = self.sends.iter().filter(|seen| !self.protects(&seen.attempt)).map(|seen| seen.copies).sum();
        if self.server.rows.len() > self.wanted + excused {
            return Some("paid twice");
        }
        let is_doubled = |attempt: &str| self.server.rows.iter().filter(|row| row.attempt == attempt).count() > 1;
        self.sends
            .iter()
            .any(|seen| self.protects(&seen.attempt) && is_doubled(&seen.attempt))
            .then_some("one attempt paid twice")
    }

    /// Finds a false statement of the form.
    fn find_lie(&self) -> Option<&'static str> {
        for (tab, page) in self.tabs.iter().enumerate().filter(|(_, page)| page.is_open) {
            if self.waits_too_long(tab) {
                return Some("a press waits for lists longer than the timeout");
            }
            if page.asks_before_leaving != page.state.is_unresolved() {
                return Some("leaving does not ask as it should");
            }
            // The page wakes up at once: the deadline is a timer of its own.
            if page.busy_since.is_some_and(|since| self.now > since + self.settings.timeout + 1_000) {
                return Some("busy for longer than the timeout");
            }
            let Some(attempt) = page.attempt.as_deref() else { continue };
            let rows = self.server.rows.iter().filter(|row| row.attempt == attempt);
            let copies = self.sends.iter().find(|seen| seen.attempt == attempt).map_or(0, |seen| seen.copies);
            match page.state {
                State::Recorded => {
                    let view = page.machine.view(self.now);
                    let id = view.receipt.map(|receipt| receipt.id.as_str()).unwrap_or_default();
                    let count = rows.clone().count();
                    let is_one = count == 1 || (!self.protects(attempt) && (1..=1 + copies).contains(&count));
                    if !is_one || !rows.map(|row| row.id.to_string()).any(|row| row == id) {
                        return Some("told of a record that is not there");
                    }
                    if !view.differences.is_empty() {
                        return Some("told of differences that are not there");
                    }
                }
                // A server that ignores keys may have paid one copy of a request and refused the other: a limit of the promise.
                State::Rejected if (self.protects(attempt) || copies == 0) && rows.clone().count() > 0 => {
                    return Some("told that there is no payment though there is");
                }
                // The form cannot know of such a copy either if the server did not look at the key. So "held" keeps the key, and makes no
                // statement about the payment.
                State::Held if copies == 0 && rows.clone().count() > 0 => {
                    return Some("told to try again though there is a payment");
                }
                _ => {}
            }
            // The typed draft stays, and is sent again.
            if page.state.is_unresolved() {
                let view = page.machine.view(self.now);
                // The balances of an earlier page's attempt are unknown.
                let is_what_was_sent =
                    |draft: usize| view.request.is_none_or(|request| request.body == self.drafts[draft].request.body);
                let is_kept = match view.restored {
                    None => is_what_was_sent(page.draft),
                    Some(_) => {
                        (0..self.drafts.len()).any(|draft| draft % AMOUNTS == page.draft % AMOUNTS && is_what_was_sent(draft))
                    }
                };
                if !view.is_locked || !is_kept {
                    return Some("the pending request differs from the fields");
                }
            }
        }
        None
    }

    /// Checks the invariants at the end of a schedule.
    pub fn check_end(&mut self) {
        self.check();
        let is_stuck = self.tabs.iter().any(|page| page.is_open && matches!(page.state, State::Submitting | State::Resolving));
        if is_stuck && self.violation.is_none() {
            self.fail("busy although nothing is under way");
        }
    }
}
