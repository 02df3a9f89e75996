//! Checks the method of a payment: its kind, and the stored method where the kind needs one.

use super::PaymentCheck;
use crate::{
    fusebill::body::Members,
    ledger::{
        customers::{self, Customer, Method, kind_name},
        sql,
    },
};
use payment_form::domain::{invoice::MethodId, statement::StoredKind};

const METHODS: &str = "Allowable values are: Check, DirectDeposit, CreditCard, Cash, ACH, Paypal";
/// The document names Paypal among the allowable values, and not among the methods of a request. So it is refused with its own sentence.
const PAYPAL: &str = "A payment cannot be created with Paypal, only with Check, DirectDeposit, CreditCard, Cash or ACH.";

/// The kinds of methods, by the document's words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum MethodKind {
    Stored(StoredKind),
    Offline(&'static str),
}

impl MethodKind {
    const ALL: [(&'static str, Self); 5] = [
        ("CreditCard", Self::Stored(StoredKind::CreditCard)),
        ("ACH", Self::Stored(StoredKind::Ach)),
        ("Cash", Self::Offline("Cash")),
        ("Check", Self::Offline("Check")),
        ("DirectDeposit", Self::Offline("DirectDeposit")),
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Stored(kind) => kind_name(kind),
            Self::Offline(name) => name,
        }
    }
}

impl PaymentCheck<'_> {
    /// The kind of method, and the id of the stored method where the kind needs one.
    pub(super) fn method(
        &mut self,
        members: &Members<'_>,
        customer: Option<&Customer>,
    ) -> sql::Result<Option<(MethodKind, Option<MethodId>)>> {
        let named = members.word("paymentMethod", &MethodKind::ALL).flatten();
        let id = members.id("paymentMethodId", MethodId::new, &mut self.errors);
        let use_default = members.flag("useDefaultPaymentMethod", &mut self.errors);
        let Some(named) = named else {
            let is_paypal = members.word("paymentMethod", &[("Paypal", ())]).flatten().is_some();
            self.add_error("payment.PaymentMethodType", if is_paypal { PAYPAL } else { METHODS });
            return Ok(None);
        };
        let Ok(id) = id else { return Ok(None) };
        let kind = match named {
            MethodKind::Offline(_) if self.principal.is_portal() => {
                self.add_error("payment.PaymentMethodType", "A portal session can pay only with stored methods.");
                return Ok(None);
            }
            MethodKind::Offline(_) => {
                if id.is_some() {
                    self.add_error("payment.PaymentMethodId", "A stored method pays only for CreditCard and ACH.");
                }
                if use_default {
                    self.add_error("payment.UseDefaultPaymentMethod", "The default method pays only for CreditCard and ACH.");
                }
                return Ok(Some((named, None)));
            }
            MethodKind::Stored(kind) => kind,
        };
        let Some(customer) = customer else { return Ok(None) };
        let methods = customers::methods(self.ledger, customer.id)?;
        Ok(self.stored_method(&methods, kind, id, use_default).map(|method| (MethodKind::Stored(method.kind), Some(method.id))))
    }

    fn stored_method<'m>(
        &mut self,
        methods: &'m [Method],
        kind: StoredKind,
        id: Option<MethodId>,
        use_default: bool,
    ) -> Option<&'m Method> {
        let key = "payment.PaymentMethodId";
        let default = methods.iter().find(|method| method.is_default);
        let method = match (id, use_default) {
            (None, false) => {
                self.add_error(key, "A stored method is required for CreditCard and ACH.");
                return None;
            }
            (Some(id), false) => methods.iter().find(|method| method.id == id),
            (None, true) => default,
            (Some(id), true) => default.filter(|method| method.id == id),
        };
        let Some(method) = method else {
            let words = match (id, use_default) {
                (None, _) => "The customer has no default method.".to_owned(),
                (Some(id), true) => format!("{id} is not the customer's default method."),
                (Some(id), false) => format!("The customer has no stored method {id}."),
            };
            self.add_error(key, words);
            return None;
        };
        // A request for the default method need not name the right kind, because the document says that the default will be used.
        if method.kind != kind && (id.is_some() || !use_default) {
            let (is, named) = (kind_name(method.kind), kind_name(kind));
            self.add_error("payment.PaymentMethodType", format!("The stored method {} is {is}, not {named}.", method.id));
            return None;
        }
        if method.is_expired(self.today) {
            self.add_error(key, "The card has expired.");
            return None;
        }
        Some(method)
    }
}
