//! Gives the problems, the receipt and the status of the submission as the components draw them.

use crate::ui::{
    platform::browser,
    state::{basis::Basis, draft_check::refusals, form_state::FormState},
};
use crate::{
    domain::{
        amount::Reading,
        balance_change::Change,
        invoice::InvoiceId,
        money::Currency,
        problem::Problem,
        receipt::{Difference, Receipt},
    },
    submission::{Notice, State},
    words::{
        Phrase, Words, en,
        format::MoneyFormat,
        status::{Status, Tone},
    },
};
use leptos::prelude::*;
use rust_decimal::Decimal;
use std::{collections::BTreeMap, sync::Arc};

/// The most changed balances and shares that the notice lists one by one.
const CHANGES_MAX: usize = 12;

/// A recorded payment as the receipt shows it.
#[derive(Clone, Debug)]
pub struct ReceiptView {
    /// The record.
    pub receipt: Receipt,
    /// Every way in which the record differs from the preview.
    pub differences: Vec<Difference>,
    /// The currency that was paid in.
    pub currency: Currency,
    /// The format of amounts in this currency.
    pub money: MoneyFormat,
    /// The day and time of the record in the person's time zone, where the record tells a time.
    pub moment: Option<String>,
    /// The balances that the payment was divided over; empty where an earlier page sent it.
    pub balances: BTreeMap<InvoiceId, Decimal>,
}

/// The format is not compared, because within one rendering the record's currency decides it.
impl PartialEq for ReceiptView {
    fn eq(&self, other: &Self) -> bool {
        self.receipt == other.receipt && self.differences == other.differences
    }
}

/// The problems on the screen: the server's until their field is edited, and the check's from the first press on Pay.
pub(super) fn shown_problems(form: FormState, words: &Words) -> Arc<[Problem]> {
    let edited = form.edited.get();
    let mut problems = form.machine.with(|machine| refusals(machine, &edited));
    problems.retain(|problem| !words.shown_problem(problem).is_empty());
    if form.has_pressed_pay.get() {
        problems.extend_from_slice(form.checked.get().problems());
    }
    problems.into()
}

/// The server's record, once there is one. Its amounts stay in the currency of the payment, even if the lists change to another.
pub(super) fn receipt(form: FormState, basis: &Basis) -> Option<Arc<ReceiptView>> {
    let machine = form.machine.get();
    if machine.state() != State::Recorded {
        return None;
    }
    let view = machine.view(0);
    let receipt = view.receipt?;
    let sent = view.differences.iter().find_map(|difference| match difference {
        Difference::Field { name: "currency", sent, .. } => Some(sent.as_str()),
        _ => None,
    });
    let own = basis.terms.currency;
    let currency = sent.or(receipt.currency.as_deref()).and_then(Currency::from_code).unwrap_or(own);
    let other =
        form.with_inner(|inner| (currency != own).then(|| inner.language.words(&inner.config.locale(), currency).0)).flatten();
    let money = other.as_ref().unwrap_or(&basis.words).money_format().clone();
    let differences = view.differences.to_vec();
    let moment = form.with_inner(|inner| inner.language.moment(&inner.config.locale(), receipt.date.as_deref()?)).flatten();
    let balances = form.with_inner(|inner| inner.paid_balances.clone()).unwrap_or_default();
    Some(Arc::new(ReceiptView { receipt: receipt.clone(), differences, currency, money, moment, balances }))
}

/// The status of the submission in words; `None` before the first press.
pub(in crate::ui) fn status(form: FormState, words: &Words) -> Option<Status> {
    let plain = |tone, phrase, lines| Some(Status { tone, title: words.text(phrase).to_owned(), lines, buttons: Vec::new() });
    if form.is_busy_before_sending.get() {
        return plain(Tone::Busy, en::REREADING, Vec::new());
    }
    let (machine, changed, is_unchecked) = (form.machine.get(), form.changed.get(), form.unchecked.get());
    let mut view = machine.view(form.now.get());
    // The offline notice ends when the browser is online again.
    view.notice = view.notice.filter(|notice| *notice != Notice::Offline || !browser::is_online());
    if view.is_cancelled && view.notice.is_none() && !form.edited.get().is_empty() {
        return None;
    }
    if let Some(sent) = view.restored {
        let amount = Some(sent.amount).filter(|amount| !amount.is_zero());
        let mut status = words.status(&view, amount);
        // While a request is under way, the title alone is shown.
        if let Some(status) = status.as_mut().filter(|status| status.tone != Tone::Busy) {
            let mut lines = words.sent(sent);
            lines.append(&mut status.lines);
            status.lines = lines;
        }
        return status;
    }
    let amount = form.checked.with_untracked(|checked| match checked.amount {
        Reading::Number(value) => Some(value),
        _ => None,
    });
    let status = words.status(&view, amount);
    if status.is_none() && is_unchecked {
        return plain(Tone::Warning, en::BALANCES_UNCHECKED, Vec::new());
    }
    if status.is_some() || changed.is_empty() {
        return status;
    }
    let title = if form.is_paid_up() { en::BALANCES_GONE } else { en::BALANCES_CHANGED };
    plain(Tone::Warning, title, change_lines(words, &changed))
}

/// Writes one line for each changed balance, then for each changed share. An invoice that is gone has no line about its share.
fn change_lines(words: &Words, changed: &[(Phrase, Change)]) -> Vec<String> {
    let mut lines: Vec<(InvoiceId, bool, String)> = Vec::new();
    for (phrase, change) in changed {
        let line = words.change(*phrase, change);
        let is_share = *phrase == en::SHARE_CHANGED;
        match lines.iter_mut().find(|(invoice, ..)| is_share && *invoice == change.invoice) {
            Some((_, true, sentence)) => {
                sentence.push(' ');
                sentence.push_str(&line);
            }
            Some((_, false, _)) => {}
            None => lines.push((change.invoice, change.after.is_some(), line)),
        }
    }
    let more = lines.len().saturating_sub(CHANGES_MAX);
    let mut lines: Vec<String> = lines.into_iter().take(CHANGES_MAX).map(|(.., line)| line).collect();
    if more > 0 {
        lines.push(format!("+ {}", words.number(more)));
    }
    lines
}
