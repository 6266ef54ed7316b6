//! The side that can solve the cause of a refused sign-in.
//!
//! The fault decides the level of the log line and the links of the page. An alarm on ERROR
//! lines is of use only if the operator can do something.

use super::LoginErrorKind as K;

/// The side that can solve the cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The operator of the application, by settings, registration, keys or clocks.
    Application,
    /// A service that the sign-in needs has failed. Trying again may help.
    Provider,
    /// The user, who decided so or can change the account. Logged without a warning.
    User,
    /// Only the browser reported the error. Any client can send that, so it is no reason for an
    /// alarm.
    Browser,
}

impl Fault {
    /// The fault of a kind, before it is known who reported the error.
    pub(crate) fn of(kind: K) -> Self {
        match kind {
            K::Misconfigured
            | K::Misdirected
            | K::PhoneNotConfigured
            | K::IdTokenRejected
            | K::ClaimsUnfit => {
                Self::Application
            }
            K::RateLimited
            | K::ProviderBusy
            | K::ProviderUnavailable
            | K::ProviderTimeout
            | K::ProviderRefused
            | K::InvalidAnswer
            | K::TokenRejected
            // The hook of the application is such a service.
            | K::ApplicationBusy => Self::Provider,
            K::Cancelled
            | K::AccountRefused
            | K::OtherAccount
            | K::PhoneNotShared
            | K::PhoneNotOnAccount
            | K::Preregistered
            | K::PhoneInvalid
            | K::PhoneNotVerified
            | K::PhoneNotConfirmed
            | K::Denied => Self::User,
            K::MalformedCallback
            | K::UnknownState
            | K::NoCookies
            | K::OtherWindow
            | K::OtherHost
            | K::LoginExpired
            | K::IssuerMismatch
            | K::CodeRejected
            | K::Unproved
            | K::Loop => Self::Browser,
        }
    }

    /// The fault of an error that only the browser reported. The fault is the browser's. A fault of
    /// the user stays one, because the page for it remains right.
    pub(crate) fn by_browser(self) -> Self {
        match self {
            Self::User => Self::User,
            Self::Application | Self::Provider | Self::Browser => Self::Browser,
        }
    }
}
