//! What the form keeps in the browser's stores, so that a reload loses nothing: neither what was typed nor a payment whose outcome is open.
//!
//! In `sessionStorage`, for this tab only: the typed text and the unresolved attempt. In `localStorage`: salted hashes of the payments of the
//! last quarter of an hour. Never a token. Every store may be missing, full or forbidden; then a write answers `false` and a read nothing.

use crate::ui::platform::browser;
use crate::{
    api::Api,
    domain::{
        allocation::Order,
        draft::Draft,
        invoice::{CustomerId, InvoiceId},
    },
    submission::{Duplicate, Fingerprint, Recent, Stored, StoredAttempt},
};
use leptos::prelude::window;
use web_sys::{Storage, UrlSearchParams};

/// A draft older than this many milliseconds is of another day's business.
const DRAFT_FOR: u64 = 24 * 60 * 60 * 1000;

const RECENT: &str = "payment-form:1:recent";
const SALT: &str = "payment-form:1:salt";

/// Whose text and attempt are kept: those of one API, endpoint, customer and element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    pending: String,
    draft: String,
    /// The lock's name. It leaves the element out, so that a second form on the page finds it taken.
    pub lock: String,
}

impl Scope {
    /// The scope of a form.
    pub fn new(api: Api, endpoint: &str, customer: Option<CustomerId>, element: &str) -> Self {
        let customer = customer.map(|customer| customer.to_string()).unwrap_or_default();
        let shared = format!("payment-form:1:{}|{endpoint}|{customer}", api.name());
        let name = |what: &str| format!("{shared}|{element}{what}");
        Self { pending: name(":pending"), draft: name(":draft"), lock: shared.clone() }
    }

    /// Keeps an attempt; whether it is kept.
    pub fn keep_pending(&self, pending: &StoredAttempt) -> bool {
        write(session(), &self.pending, &pending.text())
    }

    /// Drops the attempt.
    pub fn forget_pending(&self) {
        forget(session(), &self.pending);
    }

    /// The attempt that a page before this one left unresolved.
    pub fn pending(&self) -> Option<Stored> {
        Stored::read(&session()?.get_item(&self.pending).ok()??)
    }

    /// Keeps what was typed.
    pub fn keep_draft(&self, draft: &Draft) {
        let Ok(fields) = UrlSearchParams::new() else { return };
        fields.append("time", &browser::now().to_string());
        for (name, text) in fields_of(draft) {
            fields.append(&name, &text);
        }
        write(session(), &self.draft, &String::from(fields.to_string()));
    }

    /// Whether the store keeps anything at all: it takes again what is there.
    pub fn keeps_drafts(&self) -> bool {
        let kept = session().and_then(|store| store.get_item(&self.draft).ok()?);
        write(session(), &self.draft, &kept.unwrap_or_default())
    }

    /// Drops what was typed.
    pub fn forget_draft(&self) {
        forget(session(), &self.draft);
    }

    /// What was typed before the reload, as input names and texts.
    pub fn draft(&self) -> Option<Vec<(String, String)>> {
        let fields = UrlSearchParams::new_with_str(&session()?.get_item(&self.draft).ok()??).ok()?;
        let time: u64 = fields.get("time")?.parse().ok()?;
        fields.delete("time");
        let is_young = browser::now().checked_sub(time).is_some_and(|age| age < DRAFT_FOR);
        is_young.then(|| entries(&fields))
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
    // An untouched date is left out, so that it is the day's own again when the draft is restored.
    fields.extend(draft.date.typed().map(|date| ("date".to_owned(), date.to_owned())));
    fields.push(("allocation".to_owned(), draft.order.name().to_owned()));
    fields.extend(draft.shares.iter().map(|(id, text)| (format!("share-{id}"), text.clone())));
    fields
}

/// Sets the field of an input's name. Says whether there is such an input, and a choice of that name.
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
pub fn note(fingerprint: Fingerprint) {
    let now = browser::now();
    let mut recent = recent(now);
    recent.note(fingerprint, now);
    write(local(), RECENT, &recent.text());
}

/// Forgets a payment that there is not.
pub fn unnote(fingerprint: &Fingerprint) {
    let mut recent = recent(browser::now());
    recent.forget(fingerprint);
    write(local(), RECENT, &recent.text());
}

fn recent(now: u64) -> Recent {
    let text = local().and_then(|store| store.get_item(RECENT).ok()?).unwrap_or_default();
    Recent::read(&text, now)
}

/// The salt of this browser profile, made once. Without a store there is nothing to hide and nothing to compare with.
pub fn salt() -> String {
    let kept = local().and_then(|store| store.get_item(SALT).ok()?);
    kept.unwrap_or_else(|| {
        let salt = browser::random_uuid().unwrap_or_default();
        write(local(), SALT, &salt);
        salt
    })
}

fn entries(fields: &UrlSearchParams) -> Vec<(String, String)> {
    let entry = |entry: js_sys::Array| Some((entry.get(0).as_string()?, entry.get(1).as_string()?));
    js_sys::Array::from(fields).iter().filter_map(|pair| entry(js_sys::Array::from(&pair))).collect()
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

pub(in crate::ui) fn forget(store: Option<Storage>, name: &str) {
    // What cannot be reached cannot be kept there either.
    _ = store.map(|store| store.remove_item(name));
}
