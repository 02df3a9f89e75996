//! Holds the values that the commands of the submission machine need from one step to the next.

use crate::ui::{
    platform::{storage::Scope, tab_lock::Lock, transport},
    state::settings::Config,
};
use crate::{api::Api, domain::invoice::CustomerId, submission::Event};
use leptos::prelude::*;
use std::collections::VecDeque;
use web_sys::AbortController;

/// The owner of draft, attempt and outcome, and the addresses of its server.
#[derive(Debug)]
pub(in crate::ui) struct Account {
    pub api: Api,
    pub customer: Option<CustomerId>,
    /// The name that distinguishes this form from the others of the page.
    pub element: String,
    /// The names of the stored draft and attempt.
    pub scope: Scope,
    /// The address that settles an unknown outcome.
    pub resolve_endpoint: Option<String>,
}

impl Account {
    /// Makes the account of a configuration.
    pub fn new(config: &Config, element: &str) -> Self {
        let settings = &config.settings;
        Self {
            api: settings.api,
            customer: config.customer,
            element: element.to_owned(),
            scope: Scope::new(settings.api, config.endpoint(), config.customer, element),
            resolve_endpoint: settings.resolve_endpoint.as_deref().map(|address| transport::absolute(address, &config.access())),
        }
    }
}

/// The values that the commands need from one step to the next.
pub(in crate::ui) struct CommandState {
    /// The owner of draft and attempt. Follows the configuration, but never under an unresolved attempt.
    pub account: Account,
    pub lock: Option<Lock>,
    /// The sends that can still be cancelled, by their number.
    pub sends: Vec<(u32, AbortController)>,
    /// The listener that asks before the page is left.
    pub unload_listener: Option<WindowListenerHandle>,
    pub queue: VecDeque<Event>,
    pub is_stepping: bool,
}

impl CommandState {
    /// The state before the first command.
    pub fn new(account: Account) -> Self {
        Self { account, lock: None, sends: Vec::new(), unload_listener: None, queue: VecDeque::new(), is_stepping: false }
    }

    /// Notes that the page is being left.
    pub fn leave(&self) {
        if let Some(lock) = &self.lock {
            lock.leave();
        }
    }
}

impl Drop for CommandState {
    fn drop(&mut self) {
        if let Some(listener) = self.unload_listener.take() {
            listener.remove();
        }
    }
}
