//! Executes the commands of the submission machine, and reports their results to it.
//!
//! All decisions are the machine's. Commands run in their order, and events during a command wait in a queue. So no two steps of the
//! machine overlap, whatever the page does inside an event.

use crate::ui::{
    platform::{
        browser, storage, tab_lock,
        transport::{self, Call, NoAnswer},
    },
    state::{
        events::LookUp,
        form_state::{FormState, Inner},
        page::Page,
    },
};
use crate::{
    api::{
        Api,
        message::{Encoding, Request, Response, SentPayment},
    },
    statement_feed,
    submission::{Command, Event, Resolve, RestoredAttempt, Send},
};
use leptos::prelude::*;
use std::{rc::Rc, sync::Arc};
use web_sys::AbortController;

impl FormState {
    /// Restores an attempt that an earlier page left unresolved.
    pub(in crate::ui) fn resume(self) {
        let found = self.with_inner(|inner| {
            let stored = inner.commands.account.scope.attempt().filter(|_| inner.config.settings.persist)?;
            Some((stored, inner.commands.account.api, inner.config.access()))
        });
        let Some((stored, api, access)) = found.flatten() else { return };
        let stored = match stored {
            // A stored endpoint is checked by the same rule as an attribute.
            RestoredAttempt::Whole(pending) if transport::is_allowed(&pending.endpoint, &access) => {
                RestoredAttempt::Whole(pending)
            }
            stored => stored.without_body(),
        };
        let sent = match &stored {
            RestoredAttempt::Whole(pending) => api.sent(&pending.request).map(Box::new),
            RestoredAttempt::Key { .. } => None,
        };
        self.dispatch(Event::Restored { stored, sent });
    }

    /// Hands an event to the machine, and executes the commands that follow.
    pub(in crate::ui) fn dispatch(self, event: Event) {
        let is_first = self.with_inner(|Inner { commands, .. }| {
            commands.queue.push_back(event);
            !std::mem::replace(&mut commands.is_stepping, true)
        });
        if is_first != Some(true) {
            return;
        }
        while let Some(event) = self.with_inner(|Inner { commands, .. }| commands.queue.pop_front()).flatten() {
            let now = browser::now();
            let Some(mut machine) = self.machine.try_get_untracked() else { return };
            let commands = Arc::make_mut(&mut machine).apply(event, now);
            self.machine.set(machine);
            self.now.set(now);
            for command in commands {
                self.execute(command);
            }
        }
        self.with_inner(|Inner { commands, .. }| commands.is_stepping = false);
    }

    fn execute(self, command: Command) {
        match command {
            Command::Lock { fingerprint } => {
                let Some(name) = self.with_inner(|Inner { commands, .. }| commands.account.scope.lock_name().to_owned()) else {
                    return;
                };
                self.spawn(async move {
                    let lock = tab_lock::take(&name).await;
                    let granted = lock.is_some();
                    self.with_inner(|Inner { commands, .. }| commands.lock = lock);
                    let duplicate = fingerprint.filter(|_| granted).and_then(|fingerprint| storage::duplicate(&fingerprint));
                    self.dispatch(Event::Locked { granted, duplicate });
                });
            }
            Command::Unlock => drop(self.with_inner(|Inner { commands, .. }| commands.lock.take())),
            Command::Store(pending) => {
                let is_stored = self.with_inner(|Inner { commands, .. }| commands.account.scope.store_attempt(&pending));
                self.dispatch(Event::Stored { is_stored: is_stored.unwrap_or(false) });
            }
            Command::Forget => drop(self.with_inner(|Inner { commands, .. }| commands.account.scope.remove_attempt())),
            Command::RememberPayment(fingerprint) => storage::remember_payment(fingerprint),
            Command::ForgetPayment(fingerprint) => storage::forget_payment(&fingerprint),
            Command::Timer { number, ms } => browser::after(ms, move || self.dispatch(Event::Elapsed { number })),
            Command::Send(send) => self.send(send),
            Command::Abort { number } => {
                if let Some(controller) = self.take_controller(number) {
                    // No reason is given, because a page that wraps `fetch` must find an `AbortError`.
                    controller.abort();
                }
            }
            Command::Resolve(resolve) => self.resolve(*resolve),
            Command::LookUp(resolve) => self.look_up(resolve),
            Command::WarnBeforeUnload(warns) => self.warn_before_unload(warns),
            Command::Entered(state) => {
                self.feed(statement_feed::Event::Entered { state, is_restored: self.is_restored.get_untracked() });
                self.announce_state(state);
            }
        }
    }

    /// Takes the controller that can cancel a send.
    fn take_controller(self, number: u32) -> Option<AbortController> {
        let take = |Inner { commands, .. }: &mut Inner| {
            let index = commands.sends.iter().position(|(other, _)| *other == number)?;
            Some(commands.sends.swap_remove(index).1)
        };
        self.with_inner(take).flatten()
    }

    fn page_and_api(self) -> Option<(Rc<Page>, Api)> {
        self.with_inner(|inner| (Rc::clone(&inner.page), inner.commands.account.api))
    }

    fn send(self, send: Box<Send>) {
        let Some((page, api)) = self.page_and_api() else { return };
        let controller = AbortController::new().ok();
        let signal = controller.as_ref().map(AbortController::signal);
        if let Some(controller) = controller {
            self.with_inner(|Inner { commands, .. }| commands.sends.push((send.number, controller)));
        }
        let Some(access) = self.config().map(|config| config.access()) else { return };
        self.spawn(async move {
            let body = (send.request.encoding.content_type(), send.request.body.as_str());
            let call = Call { url: &send.endpoint, body: Some(body), key: send.key.as_deref(), signal: signal.as_ref() };
            let answer = transport::exchange(&call, &access, &page.authorization).await;
            drop(self.take_controller(send.number));
            self.answered(send.number, api, answer.map(|answer| answer.response), &send.sent);
        });
    }

    fn resolve(self, resolve: Resolve) {
        // The address is always there, because the machine gives this command only for attempts with a resolve endpoint.
        let url = self.with_inner(|Inner { commands, .. }| commands.account.resolve_endpoint.clone()).flatten();
        // A key has letters, digits, hyphens and underscores only, so no character needs an escape.
        let request = Request { encoding: Encoding::Json, body: format!("{{\"key\":\"{}\"}}", resolve.key) };
        let Resolve { number, sent, .. } = resolve;
        self.send(Box::new(Send { number, endpoint: url.unwrap_or_default(), key: None, request, sent }));
    }

    fn look_up(self, resolve: Box<Resolve>) {
        let Some((page, api)) = self.page_and_api() else { return };
        self.spawn(async move {
            let number = resolve.number;
            let expected = &resolve.sent.expected;
            let wanted = LookUp { attempt: resolve.key.clone(), reference: expected.reference.clone(), amount: expected.amount };
            match (page.look_up)(wanted).await {
                Ok(Some(record)) => {
                    let response = Response { status: 200, body: record.into_bytes(), ..Response::default() };
                    self.answered(number, api, Ok(response), &resolve.sent);
                }
                Ok(None) => self.dispatch(Event::NotFound { number }),
                Err(reason) => {
                    browser::log_error(&reason);
                    self.dispatch(Event::Failed { number });
                }
            }
        });
    }

    fn answered(self, number: u32, api: Api, answer: Result<Response, NoAnswer>, sent: &SentPayment) {
        let event = match answer {
            Ok(response) => {
                let echo = response.key.as_deref().map(|key| key.trim_matches('"'));
                let echoed = echo.is_some() && echo == sent.key.as_deref();
                Event::Answered { number, echoed, outcome: api.decode(&response, sent) }
            }
            Err(NoAnswer::Lost) => Event::Failed { number },
            Err(NoAnswer::NotSent(reason)) => {
                browser::log_error(&reason);
                Event::NotSent { number }
            }
        };
        self.dispatch(event);
    }

    fn warn_before_unload(self, warns: bool) {
        let listener = warns.then(|| window_event_listener_untyped("beforeunload", |event| event.prevent_default()));
        let before =
            self.with_inner(|Inner { commands, .. }| std::mem::replace(&mut commands.unload_listener, listener)).flatten();
        if let Some(before) = before {
            before.remove();
        }
        if warns {
            self.tick();
        }
    }

    /// Updates the sentences that count seconds, as long as an attempt is unresolved.
    fn tick(self) {
        browser::after(1000, move || {
            if self.machine.try_get_untracked().is_some_and(|machine| machine.state().is_unresolved()) {
                self.now.set(browser::now());
                self.tick();
            }
        });
    }
}
