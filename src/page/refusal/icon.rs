//! The line icon above the heading of a refusal. It shows at a glance whether the user cancelled,
//! the account is the cause, waiting helps, or something is broken.

use crate::error::LoginErrorKind as Kind;

/// The icon as SVG, 40 px high. Screen readers skip it, because the heading says the same.
pub(super) fn of(kind: Kind) -> &'static str {
    match kind {
        Kind::Cancelled | Kind::ProviderRefused => include_str!("cancelled.svg"),
        Kind::LoginExpired
        | Kind::CodeRejected
        | Kind::RateLimited
        | Kind::ProviderBusy
        | Kind::ProviderUnavailable
        | Kind::ProviderTimeout
        | Kind::InvalidAnswer
        | Kind::TokenRejected
        | Kind::ApplicationBusy
        | Kind::PhoneNotConfirmed => include_str!("time.svg"),
        // Only the operator can help.
        Kind::PhoneNotConfigured => include_str!("fault.svg"),
        _ if kind.concerns_account() => include_str!("account.svg"),
        _ => include_str!("fault.svg"),
    }
}
