//! Simulates a person who wants one payment: impatient, with several tabs, sometimes signed out, but honest.

use crate::{
    bugs::Bug,
    drafts::AMOUNTS,
    tab::{Tab, settings_at},
    world::{Situation, World, WorldEvent},
};
use payment_form::{
    statement_feed::{self, PayButton},
    submission::{Event, Intent, Notice, RestoredAttempt, State},
};

/// Longer than the server keeps a key.
const A_MONTH: u64 = 31 * 24 * 60 * 60 * 1000;

impl World<'_> {
    /// Does one thing, and means to do another later.
    pub fn act(&mut self) {
        if self.conditions.presses == 0 {
            return;
        }
        self.conditions.presses -= 1;
        let pause = match self.random.below(10) {
            0..5 => self.random.between(5, 1_500),
            5..8 => self.random.between(1_500, 30_000),
            8 => self.random.between(30_000, 130_000),
            _ => self.random.between(600_000, 900_000),
        };
        self.later(pause, WorldEvent::Person);
        let open: Vec<usize> = (0..self.tabs.len()).filter(|tab| self.tabs[*tab].is_open).collect();
        let tab = self.random.pick(&open);
        match self.random.below(26) {
            0..7 => self.press_pay(tab, &open),
            7..14 => self.press_something(tab),
            14 => self.edit(tab),
            15..18 => self.reload(tab),
            18 => self.open_tab(tab),
            19 => self.close(tab, &open),
            20 => self.signed_out = true,
            21 => self.signed_out = false,
            22 => self.press_what_is_not_offered(tab),
            23 => self.move_host(tab),
            24 if self.random.chance(50) => self.move_balances(),
            24 => self.renew_lists(tab),
            _ => self.sleep_a_month(),
        }
    }

    /// Pays: one click or two, here or in every window at once.
    fn press_pay(&mut self, tab: usize, open: &[usize]) {
        if self.is_content {
            return;
        }
        let tabs = if self.random.chance(25) { open } else { &[tab][..] };
        let clicks = if self.random.chance(30) { 2 } else { 1 };
        for tab in tabs.iter().flat_map(|tab| std::iter::repeat_n(*tab, clicks)) {
            self.submit(tab);
        }
    }

    fn submit(&mut self, tab: usize) {
        let page = &self.tabs[tab];
        let view = page.machine.view(self.now);
        if page.state == State::Reviewing {
            return self.press_with(tab, PayButton::Confirm, true);
        }
        let is_asked = matches!(view.notice, Some(Notice::Duplicate(_)));
        let insists = is_asked && self.random.chance(30);
        let breaks_in = match self.bug {
            Some(Bug::NoClickGuard) => page.state == State::Submitting,
            Some(Bug::EditWhileUnknown) => page.state == State::Unknown,
            _ => false,
        };
        if breaks_in {
            // The bug: the form forgets that it sent an attempt.
            self.tabs[tab].stored = None;
            self.load(tab);
        }
        let button = if insists { PayButton::Insist } else { PayButton::Pay };
        let online = self.random.chance(95);
        if button.fits(self.tabs[tab].state) {
            self.press_with(tab, button, online);
        } else {
            // A press that races with a redraw.
            self.send_pressed(tab, button, online);
        }
    }

    /// Sends the person's payment, or opens the review.
    pub fn send_pressed(&mut self, tab: usize, button: PayButton, online: bool) {
        if button == PayButton::Confirm {
            return self.apply(tab, Event::Confirm { online });
        }
        let insists = button == PayButton::Insist;
        let is_editing_allowed = self.tabs[tab].machine.view(self.now).may_submit;
        let draft = &self.drafts[self.tabs[tab].draft];
        let intent = Intent {
            key: self.random.key(),
            endpoint: self.tabs[tab].endpoint(self.bug).into(),
            request: draft.request.clone(),
            sent: draft.sent.clone(),
            fingerprint: draft.fingerprint(self.tabs[tab].endpoint(self.bug), self.bug),
            insists,
        };
        self.apply(tab, Event::Submit { intent: Box::new(intent), online });
        if insists && is_editing_allowed && online {
            self.wanted += 1;
        }
    }

    /// Presses one of the buttons that are there, once or twice.
    fn press_something(&mut self, tab: usize) {
        let view = self.tabs[tab].machine.view(self.now);
        let mut offered = Vec::new();
        if view.may_retry {
            offered.extend([0, 0, 0]);
        }
        if view.may_cancel {
            offered.push(1);
        }
        if view.may_check {
            offered.extend([2, 2]);
        }
        if view.may_abandon {
            offered.extend([3, 3]);
        }
        if offered.is_empty() {
            return;
        }
        let press = self.random.pick(&offered);
        for _ in 0..if self.random.chance(30) { 2 } else { 1 } {
            self.press(tab, press);
        }
    }

    fn press(&mut self, tab: usize, press: u64) {
        match press {
            0 => {
                let online = self.random.chance(95);
                self.apply(tab, Event::Retry { online });
            }
            1 => self.apply(tab, Event::Cancel),
            2 => self.apply(tab, Event::Check),
            _ => {
                let was_unresolved = self.tabs[tab].state.is_unresolved();
                self.apply(tab, Event::Abandon);
                if was_unresolved && self.tabs[tab].state == State::Ready {
                    self.situation(Situation::Abandoned);
                    self.wanted += 1;
                }
            }
        }
    }

    /// A script of the page, or a race between a click and a redraw.
    fn press_what_is_not_offered(&mut self, tab: usize) {
        match self.random.below(6) {
            press @ 0..4 => self.press(tab, press),
            4 => self.apply(tab, Event::Reset),
            _ => {
                let number = self.random.below(20) as u32;
                // A timer that does not exist, or one that runs out early: a browser may be as late or early as it likes.
                self.apply(tab, Event::Elapsed { number });
            }
        }
    }

    fn edit(&mut self, tab: usize) {
        if !self.tabs[tab].machine.view(self.now).is_locked {
            // A page that gives its list gives the present one.
            if !self.conditions.reads_lists {
                self.renew_lists(tab);
            }
            self.tabs[tab].draft = self.random_draft(tab);
        }
    }

    /// A random amount over the shown balances.
    fn random_draft(&mut self, tab: usize) -> usize {
        let amount = self.random.below(AMOUNTS as u64) as usize;
        amount + self.tabs[tab].lists.shown.unwrap_or_default() * AMOUNTS
    }

    /// Somebody else pays some of the same invoices. The page may hear of it.
    fn move_balances(&mut self) {
        self.has_somebody_else_paid = true;
        self.note(|_| "somebody else pays".into());
        for tab in 0..self.tabs.len() {
            if self.tabs[tab].is_open && self.random.chance(50) {
                self.renew_lists(tab);
            }
        }
    }

    /// The host switches to the other server and to another payment. An open attempt stays with its server.
    fn move_host(&mut self, tab: usize) {
        if self.tabs.len() > 1 {
            return;
        }
        self.has_moved = true;
        self.situation(Situation::Elsewhere);
        let page = &mut self.tabs[tab];
        page.is_elsewhere = !page.is_elsewhere;
        let settings = settings_at(self.settings, page.is_elsewhere);
        page.machine.configure(settings);
        self.note(|world| format!("the host goes elsewhere: {}", world.tabs[tab].is_elsewhere));
        if self.bug != Some(Bug::ReviewOutlivesItsConfiguration) {
            self.feed(tab, statement_feed::Event::Withdrawn);
            self.apply(tab, Event::Edited);
        }
        if !self.tabs[tab].state.is_unresolved() {
            self.tabs[tab].draft = self.random_draft(tab);
        }
    }

    /// Reloads, unless the form warns that the attempt would be lost.
    fn reload(&mut self, tab: usize) {
        let view = self.tabs[tab].machine.view(self.now);
        let is_unresolved = view.state.is_unresolved();
        if is_unresolved && !view.is_reload_safe {
            return;
        }
        let before = view.attempt.filter(|_| is_unresolved && self.was_sent(tab)).map(str::to_owned);
        let is_cut = self.random.chance(2) && self.tabs[tab].stored.is_some();
        if is_cut {
            self.truncate_stored(tab);
        }
        self.load(tab);
        let view = self.tabs[tab].machine.view(self.now);
        if before.is_some() && view.attempt != before.as_deref() {
            self.fail("an unresolved attempt was lost in a reload");
        }
    }

    /// Tells whether the attempt on screen was ever sent; before that no attempt is stored.
    fn was_sent(&self, tab: usize) -> bool {
        let attempt = self.tabs[tab].attempt.as_deref();
        self.sends.iter().any(|seen| Some(seen.attempt.as_str()) == attempt)
    }

    /// The stored text is cut off somewhere behind the key.
    fn truncate_stored(&mut self, tab: usize) {
        let start = 100;
        let text = self.tabs[tab].stored.take().unwrap_or_default();
        let end = self.random.between(start, text.len().max(start as usize + 1) as u64) as usize;
        self.tabs[tab].stored = Some(text.chars().take(end).collect());
    }

    /// Duplicates the tab, whose session is copied; or opens a fresh one.
    ///
    /// Without a store for recent payments there is one tab only, because a second tab could not know that the first has just paid.
    fn open_tab(&mut self, tab: usize) {
        if self.tabs.len() >= 3 || !self.conditions.notes || self.has_moved {
            return;
        }
        let (stored, draft) =
            if self.random.chance(60) { (self.tabs[tab].stored.clone(), self.tabs[tab].draft) } else { (None, 0) };
        self.tabs.push(Tab::new(self.settings, stored, draft));
        self.load(self.tabs.len() - 1);
    }

    /// Closes a tab. With an unresolved attempt the page asks first; who goes on all the same is warned by the recent payments.
    fn close(&mut self, tab: usize, open: &[usize]) {
        if open.len() < 2 {
            return;
        }
        if self.tabs[tab].state.is_unresolved() {
            let attempt = self.tabs[tab].attempt.clone();
            self.left.extend(attempt);
        }
        self.note(|_| format!("tab {tab} closes"));
        self.unlock(tab);
        self.tabs[tab].is_open = false;
    }

    fn sleep_a_month(&mut self) {
        if self.is_quiet() && self.random.chance(20) {
            self.now += A_MONTH;
            self.note(|_| "a month passes".into());
            for tab in &mut self.tabs {
                tab.busy_since = tab.busy_since.map(|_| self.now);
                tab.lists.rereading_since = tab.lists.rereading_since.map(|_| self.now);
            }
        }
    }

    /// The faults have ended and late messages have arrived: an open outcome needs at most three presses.
    pub fn finish(&mut self) {
        let mut order: Vec<usize> = (0..self.tabs.len()).filter(|tab| self.tabs[*tab].is_open).collect();
        order.sort_by_key(|tab| self.lock != Some((*tab, self.tabs[*tab].life)));
        for tab in order {
            for _ in 0..3 {
                let wait = self.tabs[tab].machine.view(self.now).wait_seconds;
                self.now += wait * 1000;
                let view = self.tabs[tab].machine.view(self.now);
                let (may_retry, may_cancel, may_check) = (view.may_retry, view.may_cancel, view.may_check);
                match () {
                    () if !view.state.is_unresolved() => break,
                    () if may_retry => self.apply(tab, Event::Retry { online: true }),
                    () if may_cancel => self.apply(tab, Event::Cancel),
                    () if may_check => self.apply(tab, Event::Check),
                    () => break,
                }
                self.drain();
            }
            let page = &self.tabs[tab];
            let view = page.machine.view(self.now);
            // No way is left if the bytes are lost without a resolve call, or if the key is too old.
            let has_way = self.protects(view.attempt.unwrap_or_default())
                && view.honours_keys
                && !view.is_key_stale
                && (view.request.is_some() || self.settings.resolves);
            let is_whole = page
                .stored
                .as_deref()
                .and_then(RestoredAttempt::read)
                .is_none_or(|stored| matches!(stored, RestoredAttempt::Whole(_)));
            let is_elsewhere = self.lock.is_some_and(|owner| owner != (tab, page.life));
            if view.state.is_unresolved() && has_way && !is_elsewhere && (is_whole || self.settings.resolves) {
                self.fail("the outcome is still open three presses after everything works again");
            }
        }
    }
}
