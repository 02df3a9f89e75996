//! Finds the caller of a request, and the vendor behind this server.

use crate::{
    auth::{self, Principal},
    error::ApiError,
    response::Contract,
    state::SharedState,
    vendor::Vendor,
};
use axum::extract::Request;

/// The caller, if they may call at all.
pub(super) fn principal(contract: Contract, request: &Request) -> Result<Principal, ApiError> {
    let principal = auth::principal(request)?;
    if contract == Contract::MaiaScore && !principal.may_keep_records() {
        return Err(ApiError::Forbidden("This session keeps no records."));
    }
    Ok(principal)
}

/// The vendor behind this server.
///
/// # Errors
/// [`ApiError::NotFound`] when this server stands before no vendor.
pub(super) fn vendor(state: &SharedState) -> Result<&Vendor, ApiError> {
    state.vendor.as_ref().ok_or(ApiError::NotFound)
}
