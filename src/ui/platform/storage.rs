//! Keeps the typed text and the unresolved attempt in the browser's stores, so that they survive a reload.
//!
//! In `sessionStorage`, for this tab only: the typed text and the unresolved attempt. In `localStorage`: salted hashes of the payments of
//! the last quarter of an hour. Never a token. Every store may be missing, full or forbidden; then a write returns `false` and a read
//! returns `None`.

use crate::ui::platform::browser;
use crate::{
    api::Api,
    domain::{
        allocation::Order,
        draft::Draft,
        invoice::{CustomerId, InvoiceId},
    },
    submission::{Duplicate, EntryNames, Fingerprint, RecentPayments, RestoredAttempt, StoredAttempt, draft_text, read_draft},
};
use leptos::prelude::window;
use web_sys::Storage;

const RECENT: &str = "payment-form:1:recent";
const SALT: &str = "payment-form:1:salt";

/// The owner of a stored draft and attempt: one API, endpoint, customer and element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope(EntryNames);

impl Scope {
    /// The scope of a form.
    pub fn new(api: Api, endpoint: &str, customer: Option<CustomerId>, element: &str) -> Self {
        Self(EntryNames::new(api, endpoint, customer, element))
    }

    /// The scope of another element with the same owner.
    pub fn for_element(&self, element: &str) -> Self {
        Self(self.0.for_element(element))
    }

    /// The lock's name, which is the same for each form of the page.
    pub fn lock_name(&self) -> &str {
        &self.0.lock
    }

    /// Stores an attempt. Returns `true` when it is stored.
    pub fn store_attempt(&self, pending: &StoredAttempt) -> bool {
        write(session(), &self.0.pending, &pending.text())
    }

    /// Removes the attempt.
    pub fn remove_attempt(&self) {
        remove(session(), &self.0.pending);
    }

    /// The attempt that an earlier page left unresolved.
    pub fn attempt(&self) -> Option<RestoredAttempt> {
        RestoredAttempt::read(&session()?.get_item(&self.0.pending).ok()??)
    }

    /// Moves the attempt to another scope. Returns `false` where an attempt stands there already, or none can be stored; then nothing changes.
    pub fn move_attempt(&self, to: &Self) -> bool {
        if self == to {
            return true;
        }
        let read = |name: &str| session().and_then(|store| store.get_item(name).ok()?);
        match (read(&self.0.pending), read(&to.0.pending)) {
            (_, Some(_)) => false,
            (None, None) => true,
            (Some(text), None) => {
                let is_moved = write(session(), &to.0.pending, &text);
                if is_moved {
                    self.remove_attempt();
                }
                is_moved
            }
        }
    }

    /// Stores the draft.
    pub fn store_draft(&self, draft: &Draft) {
        let fields = fields_of(draft);
        let fields = fields.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        write(session(), &self.0.draft, &draft_text(fields, browser::now()));
    }

    /// Tells whether the store works, by writing the stored text again.
    pub fn can_store_drafts(&self) -> bool {
        let stored = session().and_then(|store| store.get_item(&self.0.draft).ok()?);
        let is_stored = write(session(), &self.0.draft, stored.as_deref().unwrap_or_default());
        if stored.is_none() {
            self.remove_draft();
        }
        is_stored
    }

    /// Moves the stored draft to another scope. Returns `false` where there is none, or it already stands there.
    pub fn move_draft(&self, to: &Self) -> bool {
        let text = session().filter(|_| self != to).and_then(|store| store.get_item(&self.0.draft).ok()?);
        let is_moved = text.is_some_and(|text| write(session(), &to.0.draft, &text));
        if is_moved {
            self.remove_draft();
        }
        is_moved
    }

    /// Removes the stored draft.
    pub fn remove_draft(&self) {
        remove(session(), &self.0.draft);
    }

    /// The draft before the reload, as input names and texts.
    pub fn draft(&self) -> Option<Vec<(String, String)>> {
        read_draft(&session()?.get_item(&self.0.draft).ok()??, browser::now())
    }
}

/// The draft as input names and texts: the `value` property and the stored text.
pub fn fields_of(draft: &Draft) -> Vec<(String, String)> {
    let texts = [
        ("amount", &draft.amount),
        ("amountDue", &draft.amount_due),
        ("dueDate", &draft.due_date),
        ("paymentMethod", &draft.method),
        ("reference", &draft.reference),
    ];
    let mut fields: Vec<_> = texts.into_iter().map(|(name, text)| (name.to_owned(), text.clone())).collect();
    // An untouched date is left out, so that a restored draft shows the new day.
    fields.extend(draft.date.typed().map(|date| ("date".to_owned(), date.to_owned())));
    fields.push(("allocation".to_owned(), draft.order.name().to_owned()));
    fields.extend(draft.shares.iter().map(|(id, text)| (format!("share-{id}"), text.clone())));
    fields
}

/// Sets the field of an input's name. Returns `false` when no input has this name, or no choice has this value.
pub fn set_field(draft: &mut Draft, name: &str, text: String) -> bool {
    match name {
        "amount" | "amountPaid" => draft.amount = text,
        "amountDue" => draft.amount_due = text,
        "dueDate" => draft.due_date = text,
        "date" => draft.date = text.into(),
        "paymentMethod" => draft.method = text,
        "reference" => draft.reference = text,
        "allocation" => match Order::parse(&text) {
            Some(order) => draft.order = order,
            None => return false,
        },
        _ => match name.strip_prefix("share-").and_then(InvoiceId::parse) {
            Some(id) => _ = draft.shares.insert(id, text),
            None => return false,
        },
    }
    true
}

/// The same payment, where it was sent from this browser lately.
pub fn duplicate(fingerprint: &Fingerprint) -> Option<Duplicate> {
    let now = browser::now();
    recent(now).duplicate(fingerprint, now)
}

/// Remembers a payment as sent now.
pub fn remember_payment(fingerprint: Fingerprint) {
    let now = browser::now();
    let mut recent = recent(now);
    recent.remember(fingerprint, now);
    write(local(), RECENT, &recent.text());
}

/// Forgets a payment after the server said that it does not exist.
pub fn forget_payment(fingerprint: &Fingerprint) {
    let mut recent = recent(browser::now());
    recent.forget(fingerprint);
    write(local(), RECENT, &recent.text());
}

fn recent(now: u64) -> RecentPayments {
    let text = local().and_then(|store| store.get_item(RECENT).ok()?).unwrap_or_default();
    RecentPayments::read(&text, now)
}

/// The salt of this browser profile, made once. Without a store it is not kept, and neither are hashes.
pub fn salt() -> String {
    let stored = local().and_then(|store| store.get_item(SALT).ok()?);
    stored.unwrap_or_else(|| {
        let salt = browser::random_uuid().unwrap_or_default();
        write(local(), SALT, &salt);
        salt
    })
}

pub(in crate::ui) fn session() -> Option<Storage> {
    window().session_storage().ok()?
}

pub(in crate::ui) fn local() -> Option<Storage> {
    window().local_storage().ok()?
}

pub(in crate::ui) fn write(store: Option<Storage>, name: &str, text: &str) -> bool {
    store.is_some_and(|store| store.set_item(name, text).is_ok())
}

pub(in crate::ui) fn remove(store: Option<Storage>, name: &str) {
    // A failure is ignored, because an unreachable store holds no text.
    _ = store.map(|store| store.remove_item(name));
}
