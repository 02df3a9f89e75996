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
    /// Resolve the promises of those who await a refresh.
    pub resolvers: Vec<Function>,
}

impl FeedState {
    /// The state before the first event.
    pub fn new(sources: Sources) -> Self {
        Self { feed: StatementFeed::new(sources), queue: VecDeque::new(), is_stepping: false, resolvers: Vec::new() }
    }

    /// Puts an event into the queue. Returns whether the caller is to step, because nobody does yet.
    ///
    /// The answer to a shown statement comes before every other event. A state of the submission comes before what the page gave on the way to
    /// it, so that the statement of a payment that was just sent is held back from such a list.
    pub fn push(&mut self, event: Event) -> bool {
        let goes_before = |other: &Event| match event {
            Event::Shown { .. } => false,
            Event::Entered { .. } => matches!(other, Event::Shown { .. } | Event::Entered { .. }),
            _ => true,
        };
        let place = self.queue.iter().take_while(|other| goes_before(other)).count();
        self.queue.insert(place, event);
        !std::mem::replace(&mut self.is_stepping, true)
    }

    /// Takes the next event out of the queue. Where there is none, the steps are over.
    pub fn pop(&mut self) -> Option<Event> {
        let event = self.queue.pop_front();
        self.is_stepping = event.is_some();
        event
    }
}
