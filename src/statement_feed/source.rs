//! Keeps one list, where it came from, and whether its address was asked.

use super::event::Given;

/// A list and where it came from.
#[derive(Clone, Debug, Default)]
enum Entries<T> {
    #[default]
    Nothing,
    /// From the page.
    Given(Vec<T>),
    /// From the page, and not readable. An older list is not to be trusted then.
    Unreadable,
    /// From the address, at this time.
    Read(Vec<T>, u64),
}

/// One list of the statement, and the request for it.
#[derive(Clone, Debug)]
pub(super) struct Source<T> {
    entries: Entries<T>,
    /// Whether the answer of the present round is awaited.
    is_awaited: bool,
    /// Whether the present round had no list for an answer.
    has_failed: bool,
    /// Whether the page gave the list in this very task.
    is_just_given: bool,
}

impl<T> Default for Source<T> {
    fn default() -> Self {
        Self { entries: Entries::Nothing, is_awaited: false, has_failed: false, is_just_given: false }
    }
}

impl<T: Clone> Source<T> {
    /// The list, where one can be read.
    pub fn list(&self) -> Option<&Vec<T>> {
        match &self.entries {
            Entries::Given(list) | Entries::Read(list, _) => Some(list),
            Entries::Nothing | Entries::Unreadable => None,
        }
    }

    /// Whether the page gave the list, readable or not.
    pub fn is_given(&self) -> bool {
        matches!(self.entries, Entries::Given(_) | Entries::Unreadable)
    }

    /// Whether the page gave a list that cannot be read.
    pub fn is_unreadable(&self) -> bool {
        matches!(self.entries, Entries::Unreadable)
    }

    /// When the list was read from its address.
    pub fn read_at(&self) -> Option<u64> {
        if let Entries::Read(_, at) = self.entries { Some(at) } else { None }
    }

    pub fn is_awaited(&self) -> bool {
        self.is_awaited
    }

    pub fn has_failed(&self) -> bool {
        self.has_failed
    }

    pub fn is_just_given(&self) -> bool {
        self.is_just_given
    }

    /// Takes the page's list, or loses it where the page takes it back. An answer that is on its way is older, so it is not awaited any more.
    pub fn give(&mut self, given: Given<T>) {
        match given {
            Given::Nothing if !self.is_given() => {}
            Given::Nothing => self.entries = Entries::Nothing,
            Given::List(list) => self.entries = Entries::Given(list),
            Given::Unreadable => self.entries = Entries::Unreadable,
        }
        self.is_just_given = self.is_given();
        self.is_awaited = false;
        self.has_failed = false;
    }

    /// The task in which the page gave the list is over.
    pub fn end_task(&mut self) {
        self.is_just_given = false;
    }

    /// Begins a round, in which the address is asked or is not.
    pub fn begin(&mut self, is_awaited: bool) {
        self.is_awaited = is_awaited;
        self.has_failed = false;
    }

    /// Takes the answer of the present round.
    pub fn answer(&mut self, list: Option<Vec<T>>, now: u64) {
        self.is_awaited = false;
        match list {
            Some(list) => self.entries = Entries::Read(list, now),
            None => self.has_failed = true,
        }
    }

    /// Drops what belongs to another customer or another address, and awaits no answer of it.
    pub fn move_on(&mut self, is_other_customer: bool, is_other_address: bool) {
        let is_gone = match self.entries {
            Entries::Nothing => false,
            Entries::Read(..) => is_other_address,
            Entries::Given(_) | Entries::Unreadable => is_other_customer && !self.is_just_given,
        };
        if is_gone {
            self.entries = Entries::Nothing;
        }
        self.begin(false);
    }
}
