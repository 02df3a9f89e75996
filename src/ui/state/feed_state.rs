//! Holds the statement feed, and the values that its commands need from one step to the next.

use crate::statement_feed::{Event, Sources, StatementFeed};
use js_sys::Function;
use std::collections::VecDeque;

/// The statement feed of one form, with the events that wait for it.
#[derive(Debug)]
pub(in crate::ui) struct FeedState {
    pub feed: StatementFeed,
    queue: VecDeque<Event>,
    is_stepping: bool,
    /// The functions that resolve the promises of [`FormState::refresh_promise`](super::form_state::FormState::refresh_promise).
    pub resolvers: Vec<Function>,
}

impl FeedState {
    /// The state before the first event.
    pub fn new(sources: Sources) -> Self {
        Self { feed: StatementFeed::new(sources), queue: VecDeque::new(), is_stepping: false, resolvers: Vec::new() }
    }

    /// Puts an event into the queue. Returns `true` when the caller must process the queue, because no other caller does.
    ///
    /// [`Event::Shown`] comes before every other event. [`Event::Entered`] comes before lists that the page gave inside the event, so that
    /// the statement of a sent payment is kept.
    pub fn push(&mut self, event: Event) -> bool {
        let goes_before = |other: &Event| match event {
            Event::Shown { .. } => false,
            Event::Entered { .. } => matches!(other, Event::Shown { .. } | Event::Entered { .. }),
            _ => true,
        };
        let position = self.queue.iter().take_while(|other| goes_before(other)).count();
        self.queue.insert(position, event);
        !std::mem::replace(&mut self.is_stepping, true)
    }

    /// Takes the next event out of the queue; `None` ends the processing.
    pub fn pop(&mut self) -> Option<Event> {
        let event = self.queue.pop_front();
        self.is_stepping = event.is_some();
        event
    }
}
