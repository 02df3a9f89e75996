//! Grants presses on the buttons that pay, or tells why a payment is not sent.

use super::{NoticeKind, StatementFeed};
use crate::{
    domain::{
        balance_change::{changes, share_changes},
        check::Checked,
        statement::{ListState, Statement},
    },
    statement_feed::event::{BalanceNotice, Command, Load, PayButton},
    submission::State,
};

impl StatementFeed {
    pub(super) fn on_shown(
        &mut self,
        before: &Checked,
        after: &Checked,
        has_currency: bool,
        now: u64,
        commands: &mut Vec<Command>,
    ) {
        let Some(previous) = self.previous.take() else { return };
        if self.load == Load::Ready && !has_currency {
            commands.push(Command::Warn("no invoice tells the currency: set the attribute `currency`.".into()));
        }
        self.decide(&previous, before, after, now, commands);
        self.announce_ready(has_currency, commands);
    }

    /// Grants the waiting press, or tells the person why the payment is not sent. A review ends for the same reasons.
    fn decide(&mut self, previous: &Statement, before: &Checked, after: &Checked, now: u64, commands: &mut Vec<Command>) {
        let is_reviewed = self.state == State::Reviewing;
        let button = self.waiting_press;
        if button.is_none() && !is_reviewed {
            return;
        }
        // A lost list counts as unchecked, because balances cannot be compared with it.
        let is_lost = self.statement.list_state() == ListState::Missing && previous.list_state() != ListState::Missing;
        let (mut balances, mut shares) = (Vec::new(), Vec::new());
        if !is_lost {
            balances = changes(previous, &self.statement);
            if let (Some(before), Some(after)) = (&before.allocation, &after.allocation) {
                shares = share_changes(before, after);
            }
        }
        let has_changed = !balances.is_empty() || !shares.is_empty();
        let is_unpayable = after.payment.is_err();
        if is_lost || has_changed || is_unpayable {
            self.end_press(commands);
            if is_reviewed {
                commands.push(Command::EndReview);
            }
            if has_changed {
                self.set_notice(BalanceNotice::Changed { balances, shares }, commands);
            }
            if is_lost && button.is_some() {
                self.notify_unchecked(now, commands);
            } else if is_unpayable && !is_lost {
                commands.push(Command::ShowProblems);
            }
            return;
        }
        let Some(button) = button else { return };
        match self.load {
            // The page gave one list, and the requested one has not arrived.
            Load::Loading => {}
            Load::Failed => {
                self.end_press(commands);
                self.notify_unchecked(now, commands);
            }
            Load::Ready | Load::Refused => {
                self.end_press(commands);
                commands.push(Command::Grant(button));
            }
        }
    }

    fn notify_unchecked(&mut self, now: u64, commands: &mut Vec<Command>) {
        self.unchecked_at = Some(now);
        self.set_notice(BalanceNotice::Unchecked, commands);
    }

    pub(super) fn press(&mut self, button: PayButton, is_payable: bool, online: bool, now: u64, commands: &mut Vec<Command>) {
        if self.is_busy() || !button.fits(self.state) {
            return;
        }
        self.set_notice(BalanceNotice::None, commands);
        if !is_payable {
            commands.push(Command::ShowProblems);
            return;
        }
        // Offline no list can be read, and the submission machine shows the notice about it.
        if online && self.is_stale(now) {
            self.waiting_press = Some(button);
            commands.push(Command::SetRereading(true));
            self.read_again(commands);
        } else {
            commands.push(Command::Grant(button));
        }
    }

    pub(super) fn enter(&mut self, state: State, is_restored: bool, commands: &mut Vec<Command>) {
        (self.state, self.is_restored) = (state, is_restored);
        if self.waiting_press.is_some_and(|button| !button.fits(state)) {
            self.end_press(commands);
        }
        if self.is_held_back && !self.keeps_statement() {
            self.update_statement(commands);
        }
        if state == State::Recorded {
            // The payment changed the balances, so the next press waits for lists that were read after it.
            self.shown_read_at = self.shown_read_at.map(|time| time.map(|_| 0));
            self.unchecked_at = None;
        }
    }

    pub(super) fn end_press(&mut self, commands: &mut Vec<Command>) {
        if self.waiting_press.take().is_some() {
            commands.push(Command::SetRereading(false));
        }
    }

    pub(super) fn set_notice(&mut self, notice: BalanceNotice, commands: &mut Vec<Command>) {
        let kind = match &notice {
            BalanceNotice::None => NoticeKind::None,
            BalanceNotice::Changed { .. } => NoticeKind::Changed,
            BalanceNotice::Unchecked => NoticeKind::Unchecked,
        };
        let before = std::mem::replace(&mut self.notice, kind);
        if (before, kind) != (NoticeKind::None, NoticeKind::None) {
            commands.push(Command::SetNotice(notice));
        }
    }

    /// Tells the page that the form is usable, as soon as the currency is known: without it the form has no fields.
    pub(super) fn announce_ready(&mut self, has_currency: bool, commands: &mut Vec<Command>) {
        let waits = self.state == State::Ready && self.load == Load::Loading && !has_currency;
        if self.is_ready_awaited && !waits {
            self.is_ready_awaited = false;
            commands.push(Command::AnnounceReady);
        }
    }
}
