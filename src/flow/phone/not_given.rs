//! The warnings to the operator about a provider that gives the application no phone numbers, while
//! the phone step hides that from the users.

use std::sync::atomic::Ordering;

use super::begin;
use crate::{
    error::{LoginError, LoginErrorKind},
    flow::{Flow, Registered},
    provider::Family,
};

/// Warns once that the provider does not permit numbers to the application, when the step takes
/// over. The other reasons for a missing number concern one user alone.
pub(crate) fn warn(provider: &Registered, error: &LoginError) {
    if error.kind() != LoginErrorKind::PhoneNotConfigured || is_known(provider) {
        return;
    }
    let help = provider.client.identity().number_help();
    let (remedy, alternative) = (help.remedy, help.alternative);
    let (provider, code) = (&*provider.name, error.code());
    tracing::warn!(
        provider,
        code,
        remedy,
        "the provider gives this application no phone numbers, so its users prove one in the phone step: {remedy}; \
         or do not ask for the number, by {alternative}"
    );
}

/// Warns once about a reader of the application that reports a missing number as an error. Such a
/// sign-in is refused, because an error names no user who could go on to the step.
pub(crate) fn warn_of_reader(flow: &Flow, provider: &Registered, error: &LoginError) {
    let is_custom = provider.client.identity().family == Family::Custom;
    if !is_custom || !begin::takes_over(flow, error.kind()) || is_known(provider) {
        return;
    }
    let (provider, cause) = (&*provider.name, format!("{:?}", error.kind()));
    tracing::warn!(
        provider,
        cause,
        "the reader of the profile reports a missing phone number as an error, which names no user, so the phone step \
         cannot take over: return Profile::without_phone from the reader"
    );
}

/// Whether a warning was written before, which is noted.
fn is_known(provider: &Registered) -> bool {
    provider.numberless.swap(true, Ordering::Relaxed)
}
