//! Warns the page's developer about an endpoint that redirects, before a person pays.
//!
//! The form follows no redirect with a payment, because the first address may have acted. So the outcome of a redirected payment is unknown.
//! Frameworks redirect silently: Next removes a slash from the end of an address, Django adds one.
//!
//! The form asks each endpoint by OPTIONS, because OPTIONS changes nothing and reads nothing. Some servers answer it with 404 or 405, and
//! browsers write such an answer to the console as an error. Therefore the form asks only on loopback, where a developer works, and asks each
//! address once a page. In a browser that a program drives it asks nothing, because a test may count errors in the console.

use crate::ui::{
    platform::{browser, transport},
    state::form_state::FormState,
};
use std::cell::RefCell;

thread_local! {
    /// The addresses that were asked since the page was loaded.
    static CHECKED: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

impl FormState {
    /// Asks the server about the endpoints. The answer changes nothing in the form.
    pub(in crate::ui) fn check_endpoints(self) {
        if browser::is_automated() {
            return;
        }
        let Some(config) = self.config() else { return };
        self.spawn(async move {
            let access = config.access();
            let resolve = config.settings.resolve_endpoint.as_deref();
            for (attribute, address) in [("endpoint", Some(config.endpoint())), ("resolve-endpoint", resolve)] {
                let Some(address) = address.filter(|address| is_new(address)) else { continue };
                if !transport::is_redirected(address, &access).await {
                    continue;
                }
                // A page behind a sign-in redirects both addresses.
                let answers = match with_or_without_slash(address) {
                    Some(other) if !transport::is_redirected(&other, &access).await => format!("{attribute}=\"{other}\""),
                    _ => format!("{attribute} to the address that answers"),
                };
                browser::log_warning(&format!(
                    "{attribute} {address} is redirected, and a redirect is never followed with a payment. Set {answers}."
                ));
            }
        });
    }
}

/// True for an address that was not asked yet.
fn is_new(address: &str) -> bool {
    CHECKED.with_borrow_mut(|checked| {
        let is_new = !checked.iter().any(|known| known == address);
        if is_new {
            checked.push(address.to_owned());
        }
        is_new
    })
}

/// The address with a slash at the end of its path, or without the slash that is there; `None` where nothing of the path is left.
fn with_or_without_slash(address: &str) -> Option<String> {
    let path_end = address.find(['?', '#']).unwrap_or(address.len());
    let (path, rest) = address.split_at_checked(path_end)?;
    match path.strip_suffix('/') {
        Some(path) => (!path.is_empty()).then(|| format!("{path}{rest}")),
        None => Some(format!("{path}/{rest}")),
    }
}
