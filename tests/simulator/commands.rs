//! Executes the machine's commands in the simulated world, as `ui/state/commands.rs` does in a browser.

use crate::{
    bugs::Bug,
    drafts::AMOUNTS,
    network::InFlight,
    tab::ELSEWHERE,
    world::{SentAttempt, Situation, World, WorldEvent},
};
use payment_form::{
    statement_feed,
    submission::{Command, Event, RECENT_FOR, RecentPayments, Resolve, RestoredAttempt, Send, State},
};
use std::rc::Rc;

impl World<'_> {
    /// Executes a command of the machine in this tab.
    pub fn execute(&mut self, tab: usize, command: Command) {
        let life = self.tabs[tab].life;
        match command {
            Command::Lock { fingerprint } => {
                let ms = self.random.between(1, 6);
                self.later(ms, WorldEvent::Lock { tab, life, fingerprint });
            }
            Command::Unlock => self.unlock(tab),
            Command::Store(pending) => {
                let is_stored = self.conditions.stores;
                if is_stored && self.bug != Some(Bug::NotStored) {
                    self.tabs[tab].is_stored_elsewhere = pending.endpoint == ELSEWHERE;
                    self.tabs[tab].stored = Some(pending.text());
                }
                self.apply(tab, Event::Stored { is_stored });
            }
            Command::Forget => {
                self.tabs[tab].stored = None;
                self.tabs[tab].sent = None;
            }
            Command::RememberPayment(fingerprint) => self.change_recent(|recent, now| recent.remember(fingerprint, now)),
            Command::ForgetPayment(fingerprint) => self.change_recent(|recent, _| recent.forget(&fingerprint)),
            Command::Timer { number, ms } => self.later(ms, WorldEvent::Timer { tab, life, number }),
            Command::Send(send) => self.send(tab, *send),
            Command::Abort { number } => {
                if self.bug != Some(Bug::GivenUpStillLeaves) {
                    self.tabs[tab].aborted.push(number);
                }
            }
            Command::Resolve(call) => self.resolve(tab, *call),
            Command::LookUp(call) => self.ask_host(tab, *call),
            Command::WarnBeforeUnload(asks) => self.tabs[tab].asks_before_leaving = asks,
            Command::Entered(state) => self.enter(tab, state),
        }
    }

    /// Sends the payment of an attempt.
    fn send(&mut self, tab: usize, send: Send) {
        let life = self.tabs[tab].life;
        let attempt = self.tabs[tab].machine.view(self.now).attempt.unwrap_or_default().to_owned();
        let (mut key, mut sent) = (send.key, send.sent);
        if self.bug == Some(Bug::NewKeyOnRetry) && self.sends.iter().any(|seen| seen.attempt == attempt) {
            key = key.map(|_| self.random.key());
            sent.key.clone_from(&key);
        }
        let is_elsewhere = match self.bug {
            Some(Bug::EchoBelievedElsewhere) => self.tabs[tab].is_elsewhere,
            _ => send.endpoint == ELSEWHERE,
        };
        self.see(tab, &attempt, key.as_deref(), &send.request.body, is_elsewhere);
        let draft = self.sends.iter().find(|seen| seen.attempt == attempt).map_or(0, |seen| seen.draft);
        let may_repeat = self.conditions.reuses_connections;
        let in_flight = InFlight {
            tab,
            life,
            number: send.number,
            is_resolve: false,
            is_elsewhere,
            key,
            attempt,
            draft,
            sent: Rc::new(sent),
            may_repeat,
        };
        self.ask(in_flight);
    }

    /// Asks the server to settle a key.
    fn resolve(&mut self, tab: usize, call: Resolve) {
        let life = self.tabs[tab].life;
        let is_elsewhere = match self.bug {
            Some(Bug::CancelledElsewhere) => self.tabs[tab].is_elsewhere,
            _ => self.sends.iter().any(|seen| seen.attempt == call.key && seen.is_elsewhere),
        };
        let in_flight = InFlight {
            tab,
            life,
            number: call.number,
            is_resolve: true,
            is_elsewhere,
            key: Some(call.key.clone()),
            attempt: call.key,
            draft: 0,
            sent: Rc::new(call.sent),
            may_repeat: self.conditions.reuses_connections,
        };
        self.dispatch(in_flight);
    }

    /// Asks the host for the record of a payment.
    fn ask_host(&mut self, tab: usize, call: Resolve) {
        let life = self.tabs[tab].life;
        let in_flight = InFlight {
            tab,
            life,
            number: call.number,
            is_resolve: true,
            is_elsewhere: false,
            key: None,
            attempt: call.key,
            draft: 0,
            sent: Rc::new(call.sent),
            may_repeat: false,
        };
        let ms = self.random.between(20, 3_000);
        self.later(ms, WorldEvent::LookUp(in_flight));
    }

    /// Tells the lists of the page that the submission has entered a state.
    fn enter(&mut self, tab: usize, state: State) {
        let is_restored = self.tabs[tab].machine.view(self.now).restored.is_some();
        let state = if self.bug == Some(Bug::BalancesMoveUnderAttempt) { State::Ready } else { state };
        self.feed(tab, statement_feed::Event::Entered { state, is_restored });
        if state == State::Rejected && self.conditions.reads_lists {
            self.feed(tab, statement_feed::Event::Refused);
        }
    }

    /// Records a send, and compares it with earlier sends of the attempt.
    fn see(&mut self, tab: usize, attempt: &str, key: Option<&str>, body: &str, is_elsewhere: bool) {
        if self.settings.persists && self.conditions.stores && self.bug != Some(Bug::NotStored) {
            let is_stored =
                self.tabs[tab].stored.as_deref().and_then(RestoredAttempt::read).is_some_and(|stored| stored.key() == attempt);
            if !is_stored {
                self.fail("a request left before its attempt was stored");
            }
        }
        if let Some(key) = key
            && key != attempt
            && self.bug != Some(Bug::NewKeyOnRetry)
        {
            self.fail("a request left under another key than its attempt's");
        }
        let others = self.tabs.iter().enumerate().filter(|(other, page)| *other != tab && page.is_open);
        let is_crossed = others.filter_map(|(_, page)| page.sent.as_deref()).any(|sent| sent != attempt);
        if is_crossed {
            self.fail("another tab's attempt was unresolved when a new key was used");
        }
        self.tabs[tab].sent = Some(attempt.to_owned());
        let draft = self.tabs[tab].draft;
        match self.sends.iter().find(|seen| seen.attempt == attempt) {
            Some(seen) if seen.is_elsewhere != is_elsewhere && self.bug != Some(Bug::EchoBelievedElsewhere) => {
                self.fail("an attempt was sent to another server than before");
            }
            Some(seen) if seen.body != body => self.fail("other bytes were sent under the same key"),
            Some(_) => self.situation(Situation::SentAgain),
            None => {
                if body != self.drafts[draft].request.body {
                    self.fail("the sent request differs from the fields");
                }
                // A different amount in another window is another payment, made on purpose.
                if self.sends.iter().any(|seen| seen.tab != tab && seen.draft % AMOUNTS != draft % AMOUNTS) {
                    self.wanted += 1;
                }
                // After a quarter of an hour no note of a closed tab's open attempt is left, and paying again is the person's own decision.
                let left = self.left.len();
                let is_remembered =
                    |attempt: &String| self.sends.iter().any(|seen| seen.attempt == *attempt && seen.at + RECENT_FOR > self.now);
                self.left.retain(is_remembered);
                self.wanted += left - self.left.len();
                if draft >= AMOUNTS {
                    self.situation(Situation::BalancesMoved);
                }
                self.sends.push(SentAttempt {
                    tab,
                    attempt: attempt.to_owned(),
                    at: self.now,
                    body: body.to_owned(),
                    draft,
                    copies: 0,
                    is_elsewhere,
                });
            }
        }
    }

    fn change_recent(&mut self, change: impl FnOnce(&mut RecentPayments, u64)) {
        if self.conditions.notes {
            let mut recent = RecentPayments::read(&self.recent, self.now);
            change(&mut recent, self.now);
            self.recent = recent.text();
        }
    }
}
