//! Keeps one list, its origin, and the state of its request.

use super::event::HostList;

/// A list and its origin.
#[derive(Clone, Debug, Default)]
enum Entries<T> {
    #[default]
    Absent,
    /// From the page.
    Host(Vec<T>),
    /// From the page, but unreadable. An older list does not count then.
    Unreadable,
    /// From the address, at this time.
    Read(Vec<T>, u64),
}

/// One list of the statement, and the request for it.
#[derive(Clone, Debug)]
pub(super) struct FeedList<T> {
    entries: Entries<T>,
    /// True when the answer of the current round is awaited.
    is_awaited: bool,
    /// True when the request of the current round failed.
    has_failed: bool,
    /// True when the page gave the list in the current task.
    is_just_given: bool,
}

impl<T> Default for FeedList<T> {
    fn default() -> Self {
        Self { entries: Entries::Absent, is_awaited: false, has_failed: false, is_just_given: false }
    }
}

impl<T: Clone> FeedList<T> {
    /// The list, if there is a readable one.
    pub fn list(&self) -> Option<&Vec<T>> {
        match &self.entries {
            Entries::Host(list) | Entries::Read(list, _) => Some(list),
            Entries::Absent | Entries::Unreadable => None,
        }
    }

    /// Tells whether the page gave the list, readable or not.
    pub fn is_given(&self) -> bool {
        matches!(self.entries, Entries::Host(_) | Entries::Unreadable)
    }

    /// Tells whether the page gave a list that cannot be read.
    pub fn is_unreadable(&self) -> bool {
        matches!(self.entries, Entries::Unreadable)
    }

    /// The time at which the list was read from its address.
    pub fn read_at(&self) -> Option<u64> {
        if let Entries::Read(_, at) = self.entries { Some(at) } else { None }
    }

    pub fn is_awaited(&self) -> bool {
        self.is_awaited
    }

    pub fn has_failed(&self) -> bool {
        self.has_failed
    }

    /// Tells whether the newest list is missing. The caller asks only after the round has ended.
    pub fn is_missing(&self) -> bool {
        self.is_awaited || self.has_failed || self.is_unreadable()
    }

    pub fn is_just_given(&self) -> bool {
        self.is_just_given
    }

    /// Sets the page's list, or drops it where the page takes it back. An answer under way is older than the page's list, so the feed no
    /// longer awaits it.
    pub fn set_host_list(&mut self, list: HostList<T>) {
        match list {
            HostList::Absent if !self.is_given() => {}
            HostList::Absent => self.entries = Entries::Absent,
            HostList::List(list) => self.entries = Entries::Host(list),
            HostList::Unreadable => self.entries = Entries::Unreadable,
        }
        self.is_just_given = self.is_given();
        self.is_awaited = false;
        self.has_failed = false;
    }

    /// Notes that the task in which the page gave the list is over.
    pub fn end_task(&mut self) {
        self.is_just_given = false;
    }

    /// Begins a round; `is_awaited` is true when it requests this list.
    pub fn begin(&mut self, is_awaited: bool) {
        self.is_awaited = is_awaited;
        self.has_failed = false;
    }

    /// Takes the answer of the current round.
    pub fn answer(&mut self, list: Option<Vec<T>>, now: u64) {
        self.is_awaited = false;
        match list {
            Some(list) => self.entries = Entries::Read(list, now),
            None => self.has_failed = true,
        }
    }

    /// Drops a list of another customer or another address, and its request.
    pub fn drop_outdated(&mut self, is_other_customer: bool, is_other_address: bool) {
        let is_gone = match self.entries {
            Entries::Absent => false,
            Entries::Read(..) => is_other_address,
            Entries::Host(_) | Entries::Unreadable => is_other_customer && !self.is_just_given,
        };
        if is_gone {
            self.entries = Entries::Absent;
        }
        self.begin(false);
    }
}
