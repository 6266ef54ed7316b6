//! The side at fault for a refused login. It decides the level of the line and the links of the page.

use super::LoginErrorKind as K;

/// At whose place it is mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The application's operator must act: settings, registration, keys or clocks.
    Application,
    /// A service that the login needs failed, and trying again may help.
    Provider,
    /// The user decided so, or can mend it in their account.
    User,
    /// The browser alone brought the news, and a browser can bring anything.
    Browser,
}

impl Fault {
    pub(crate) fn of(kind: K) -> Self {
        match kind {
            K::Misconfigured | K::Misdirected | K::PhoneNotConfigured | K::IdTokenRejected => {
                Self::Application
            }
            K::RateLimited
            | K::ProviderBusy
            | K::ProviderUnavailable
            | K::ProviderTimeout
            | K::ProviderRefused
            | K::InvalidAnswer
            | K::TokenRejected
            // The application's own hook is such a service.
            | K::ApplicationBusy => Self::Provider,
            K::Cancelled
            | K::AccountRefused
            | K::OtherAccount
            | K::PhoneNotShared
            | K::PhoneNotOnAccount
            | K::Preregistered
            | K::PhoneInvalid
            | K::PhoneNotVerified
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

    /// The same where the browser alone brought the news.
    pub(crate) fn by_browser(self) -> Self {
        match self {
            Self::User => Self::User,
            Self::Application | Self::Provider | Self::Browser => Self::Browser,
        }
    }
}
