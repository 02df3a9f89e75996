//! Says who sends a request, what this principal may do, and how often.

mod cookies;
mod credentials;
mod principal;
mod rate_limit;
mod session;
pub mod token;
mod watched_file;

pub use credentials::{Credentials, Secrets, is_same_origin};
pub use principal::{Principal, Role, User};
pub use rate_limit::RateLimit;
pub use session::{Session, Sessions};
pub use token::Tokens;

use crate::error::ApiError;
use axum::extract::Request;

/// A request's principal. The middleware `admit` put it there.
///
/// # Errors
/// [`ApiError::Unauthenticated`] on a route that does not stand behind the middleware `admit`.
pub fn principal(request: &Request) -> Result<Principal, ApiError> {
    request.extensions().get().cloned().ok_or(ApiError::Unauthenticated)
}
