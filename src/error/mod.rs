//! Errors of [`Builder::build`](crate::Builder::build), of sign-ins and of requests to providers.
//!
//! - [`ConfigError`] names a setting that cannot work, its value and the remedy.
//! - [`LoginError`] says why a sign-in was refused. It is in the extensions of the response.
//! - [`ProviderError`] says why a request to a provider failed, such as
//!   [`ProviderHandle::unlink`](crate::layer::ProviderHandle::unlink).

// Errors of settings, of refused sign-ins and of requests to providers.
//
// A `ConfigError` is found by `build`. A `ProviderError` is the result of a call to a provider, and
// becomes a `LoginError` if the call was part of a sign-in. Both hold their facts in `Details`.
//
// A `LoginError` carries two kinds of information. The kind, the code and the reference are for the
// application and for the page. The failed call, the provider's own words and the expected and
// found values are for the log only, because they may hold text of strangers (`FailedCall`,
// `Mismatch`).
//
// `Fault` decides the level of the log line and the links of the page. An error that only the
// browser reported is never the operator's fault, because any client can send it.

pub use config_error::ConfigError;
pub use denied::Denied;
pub(crate) use escaped::escaped;
pub(crate) use failed_call::{ClientError, FailedCall, sources};
pub(crate) use fault::Fault;
pub use kind::LoginErrorKind;
pub(crate) use login_error::KeptError;
pub use login_error::LoginError;
pub(crate) use mismatch::Mismatch;
pub use provider_error::ProviderError;
pub(crate) use quoted::{Sent, quoted};
pub(crate) use remedy::remedy;
pub use sign_in_error::SignInError;

mod config_error;
mod denied;
mod details;
mod escaped;
mod failed_call;
mod fault;
mod kind;
mod login_error;
mod mismatch;
mod provider_error;
mod quoted;
pub(crate) mod refusal;
mod remedy;
mod sign_in_error;
mod words;
