//! What is kept by invoice: shares as typed, and shares as pinned.

use super::invoice::InvoiceId;

/// A small map from invoices to something, in the order of their ids.
///
/// A sorted list, and not the standard library's tree: a person types a handful of shares, and in the browser each tree that a form uses weighs
/// as much as a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByInvoice<V>(Vec<(InvoiceId, V)>);

impl<V> Default for ByInvoice<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V> ByInvoice<V> {
    fn place(&self, id: InvoiceId) -> Result<usize, usize> {
        self.0.binary_search_by_key(&id, |(other, _)| *other)
    }

    /// What is kept for an invoice.
    pub fn get(&self, id: InvoiceId) -> Option<&V> {
        self.0.get(self.place(id).ok()?).map(|(_, value)| value)
    }

    /// Keeps this for an invoice, in place of what was kept for it.
    pub fn insert(&mut self, id: InvoiceId, value: V) {
        match self.place(id) {
            Ok(place) => {
                if let Some((_, kept)) = self.0.get_mut(place) {
                    *kept = value;
                }
            }
            Err(place) => self.0.insert(place, (id, value)),
        }
    }

    /// Forgets what is kept for an invoice.
    pub fn remove(&mut self, id: InvoiceId) {
        self.0.retain(|(other, _)| *other != id);
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// For how many invoices something is kept.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The invoices with what is kept for each, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (InvoiceId, &V)> {
        self.0.iter().map(|(id, value)| (*id, value))
    }
}

impl<V> FromIterator<(InvoiceId, V)> for ByInvoice<V> {
    /// Of several values for one invoice the last is kept.
    fn from_iter<I: IntoIterator<Item = (InvoiceId, V)>>(pairs: I) -> Self {
        let mut all = Self::default();
        for (id, value) in pairs {
            all.insert(id, value);
        }
        all
    }
}

impl<V, const N: usize> From<[(InvoiceId, V); N]> for ByInvoice<V> {
    fn from(pairs: [(InvoiceId, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}
