//! Defines a list that the host gives.

use crate::{api::lists::ListError, statement_feed::HostList};

/// A list that the host may give in place of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum List<T> {
    /// The host gives none: the list comes from its address.
    #[default]
    NotGiven,
    /// The entries.
    Known(Vec<T>),
    /// The host's list cannot be read; the reason is known where the list was parsed. Older entries do not count then.
    Unreadable(Option<ListError>),
}

impl<T> List<T> {
    /// The reason why the list cannot be read.
    pub fn error(&self) -> Option<&ListError> {
        match self {
            Self::Unreadable(error) => error.as_ref(),
            Self::NotGiven | Self::Known(_) => None,
        }
    }

    /// The entries, if they are known.
    pub fn entries(self) -> Option<Vec<T>> {
        match self {
            Self::Known(entries) => Some(entries),
            Self::NotGiven | Self::Unreadable(_) => None,
        }
    }
}

impl<T> From<List<T>> for HostList<T> {
    fn from(list: List<T>) -> Self {
        match list {
            List::NotGiven => Self::Absent,
            List::Known(entries) => Self::List(entries),
            List::Unreadable(_) => Self::Unreadable,
        }
    }
}
