//! Executes what the submission machine commands, and tells it what came of it.
//!
//! The machine decides; nothing here does. Commands are executed in their order, and what happens meanwhile waits in line, so that no two
//! steps of the machine ever overlap, whatever the page does inside an event of ours.

use crate::ui::{
    platform::browser::{self, Listener},
    platform::storage::{self, Scope},
    platform::tab_lock::{self, Lock},
    platform::transport::{self, Call, NoAnswer},
    state::config::Config,
    state::form_state::{Form, Kept},
    state::host::{Host, LookUp},
};
use crate::{
    api::{
        Api,
        message::{Encoding, Request, Response, Sent},
    },
    domain::invoice::CustomerId,
    submission::{Command, Event, Resolve, Send, Stored},
};
use std::{collections::VecDeque, rc::Rc, sync::Arc};
use web_sys::AbortController;

/// To whom text, attempt and outcome belong, and how their server is spoken to.
#[derive(Debug)]
pub(in crate::ui) struct Home {
    pub api: Api,
    pub customer: Option<CustomerId>,
    /// Where text and attempt are kept.
    pub scope: Scope,
    /// Where an unknown outcome is settled.
    pub resolve_endpoint: Option<String>,
}

impl Home {
    /// As it is configured now.
    pub fn new(config: &Config, host: &dyn Host) -> Self {
        Self {
            api: config.api,
            customer: config.customer,
            scope: Scope::new(config.api, &config.endpoint, config.customer, &host.name()),
            resolve_endpoint: config.resolve_endpoint.as_deref().map(|address| transport::absolute(address, &host.access())),
        }
    }
}

/// What the commands need from one step to the next.
pub(in crate::ui) struct Errands {
    /// To whom text and attempt belong. Follows the configuration, but never under an unresolved attempt.
    pub home: Home,
    lock: Option<Lock>,
    /// The sends that can still be cancelled.
    sends: Vec<(u32, AbortController)>,
    guard: Option<Listener>,
    line: VecDeque<Event>,
    is_stepping: bool,
}

impl Errands {
    /// Nothing to do yet.
    pub fn new(home: Home) -> Self {
        Self { home, lock: None, sends: Vec::new(), guard: None, line: VecDeque::new(), is_stepping: false }
    }

    /// The page is being left.
    pub fn leave(&self) {
        if let Some(lock) = &self.lock {
            lock.leave();
        }
    }
}

impl Form {
    /// Takes up an attempt that a page before this one left unresolved.
    pub(in crate::ui) fn resume(self) {
        let found = self.kept(|kept| {
            let stored = kept.errands.home.scope.pending().filter(|_| kept.config.settings.persists)?;
            Some((stored, kept.errands.home.api, Rc::clone(&kept.host)))
        });
        let Some((stored, api, host)) = found.flatten() else { return };
        let stored = match stored {
            // What is stored is as little to be trusted as an attribute.
            Stored::Whole(pending) if transport::is_allowed(&pending.endpoint, &host.access()) => Stored::Whole(pending),
            stored => stored.without_body(),
        };
        let sent = match &stored {
            Stored::Whole(pending) => api.sent(&pending.request).map(Box::new),
            Stored::Key { .. } => None,
        };
        self.dispatch(Event::Restored { stored, sent });
    }

    /// Tells the machine what happened, and does what it commands.
    pub(in crate::ui) fn dispatch(self, event: Event) {
        let is_first = self.kept(|Kept { errands, .. }| {
            errands.line.push_back(event);
            !std::mem::replace(&mut errands.is_stepping, true)
        });
        if is_first != Some(true) {
            return;
        }
        while let Some(event) = self.kept(|Kept { errands, .. }| errands.line.pop_front()).flatten() {
            let now = browser::now();
            let Some(mut machine) = self.machine.try_get_untracked() else { return };
            let commands = Arc::make_mut(&mut machine).apply(event, now);
            self.machine.set(machine);
            self.now.set(now);
            for command in commands {
                self.execute(command);
            }
        }
        self.kept(|Kept { errands, .. }| errands.is_stepping = false);
    }

    fn execute(self, command: Command) {
        match command {
            Command::Lock { fingerprint } => {
                let Some(name) = self.kept(|Kept { errands, .. }| errands.home.scope.lock.clone()) else { return };
                self.spawn(async move {
                    let lock = tab_lock::take(&name).await;
                    let granted = lock.is_some();
                    self.kept(|Kept { errands, .. }| errands.lock = lock);
                    let duplicate = fingerprint.filter(|_| granted).and_then(|fingerprint| storage::duplicate(&fingerprint));
                    self.dispatch(Event::Locked { granted, duplicate });
                });
            }
            Command::Unlock => drop(self.kept(|Kept { errands, .. }| errands.lock.take())),
            Command::Store(pending) => {
                let kept = self.kept(|Kept { errands, .. }| errands.home.scope.keep_pending(&pending));
                self.dispatch(Event::Stored { kept: kept.unwrap_or(false) });
            }
            Command::Forget => drop(self.kept(|Kept { errands, .. }| errands.home.scope.forget_pending())),
            Command::Note(fingerprint) => storage::note(fingerprint),
            Command::Unnote(fingerprint) => storage::unnote(&fingerprint),
            Command::Timer { number, ms } => browser::after(ms, move || self.dispatch(Event::Elapsed { number })),
            Command::Send(send) => self.send(send),
            Command::Abort { number } => {
                if let Some(controller) = self.controller(number) {
                    // Without a reason: a page that wraps `fetch` must find an `AbortError` there.
                    controller.abort();
                }
            }
            Command::Resolve(resolve) => self.resolve(*resolve),
            Command::LookUp(resolve) => self.look_up(resolve),
            Command::GuardLeaving(guards) => self.guard_leaving(guards),
            Command::Entered(state) => {
                self.take_held_back(state);
                self.entered(state);
            }
        }
    }

    /// What an open attempt is spoken of in.
    fn api(self) -> Option<Api> {
        self.kept(|Kept { errands, .. }| errands.home.api)
    }

    /// What can cancel a send that is on its way. It is not kept any more.
    fn controller(self, number: u32) -> Option<AbortController> {
        let take = |Kept { errands, .. }: &mut Kept| {
            let place = errands.sends.iter().position(|(other, _)| *other == number)?;
            Some(errands.sends.swap_remove(place).1)
        };
        self.kept(take).flatten()
    }

    fn send(self, send: Box<Send>) {
        let Some((host, api)) = self.host().zip(self.api()) else { return };
        let controller = AbortController::new().ok();
        let signal = controller.as_ref().map(AbortController::signal);
        if let Some(controller) = controller {
            self.kept(|Kept { errands, .. }| errands.sends.push((send.number, controller)));
        }
        self.spawn(async move {
            let body = (send.request.encoding.content_type(), send.request.body.as_str());
            let call = Call { url: &send.endpoint, body: Some(body), key: send.key.as_deref(), signal: signal.as_ref() };
            let answer = transport::exchange(&call, &*host).await.map(|answer| answer.response);
            drop(self.controller(send.number));
            self.answered(send.number, api, answer, &send.sent);
        });
    }

    fn resolve(self, resolve: Resolve) {
        // The machine asks for this only where the attempt was made with such an address.
        let url = self.kept(|Kept { errands, .. }| errands.home.resolve_endpoint.clone()).flatten();
        // A key is letters, digits, hyphens and underscores: nothing to escape.
        let body = ["{\"key\":\"", &resolve.key, "\"}"].concat();
        let request = Request { encoding: Encoding::Json, body };
        let Resolve { number, sent, .. } = resolve;
        self.send(Box::new(Send { number, endpoint: url.unwrap_or_default(), key: None, request, sent }));
    }

    fn look_up(self, resolve: Box<Resolve>) {
        let Some((host, api)) = self.host().zip(self.api()) else { return };
        self.spawn(async move {
            let number = resolve.number;
            let expected = &resolve.sent.expected;
            let wanted = LookUp { attempt: resolve.key.clone(), reference: expected.reference.clone(), amount: expected.amount };
            match host.look_up(wanted).await {
                Ok(Some(record)) => {
                    let response = Response { status: 200, body: record.into_bytes(), ..Response::default() };
                    self.answered(number, api, Ok(response), &resolve.sent);
                }
                Ok(None) => self.dispatch(Event::NotFound { number }),
                Err(reason) => {
                    browser::tell_developer(&reason);
                    self.dispatch(Event::Failed { number });
                }
            }
        });
    }

    fn answered(self, number: u32, api: Api, answer: Result<Response, NoAnswer>, sent: &Sent) {
        let event = match answer {
            Ok(response) => {
                let echo = response.key.as_deref().map(|key| key.trim_matches('"'));
                let echoed = echo.is_some() && echo == sent.key.as_deref();
                Event::Answered { number, echoed, outcome: api.decode(&response, sent) }
            }
            Err(NoAnswer::Lost) => Event::Failed { number },
            Err(NoAnswer::NotSent(reason)) => {
                browser::tell_developer(&reason);
                Event::NotSent { number }
            }
        };
        self.dispatch(event);
    }

    fn guard_leaving(self, guards: bool) {
        self.kept(|Kept { errands, .. }| {
            errands.guard = guards.then(|| browser::on_window("beforeunload", |event| event.prevent_default()));
        });
        if guards {
            self.tick();
        }
    }

    /// Lets the sentences that speak of seconds grow older, as long as something is unresolved.
    fn tick(self) {
        browser::after(1000, move || {
            if self.machine.try_get_untracked().is_some_and(|machine| machine.state().is_unresolved()) {
                self.now.set(browser::now());
                self.tick();
            }
        });
    }
}
