//! A browser that is sent to a provider.

use super::{AUDIT_TARGET, Audit, Line, line};

/// Why it is sent there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Departure {
    SignIn,
    /// The phone number is asked for once more.
    Consent,
    /// The user has to prove it again.
    Fresh,
    AnotherAccount,
    /// The provider said that it must show a page.
    Retry,
    /// A session is checked without a page.
    Recheck,
    SignOut,
    /// The session at the provider ends, so that another account can be chosen.
    SignOutForAnother,
}

impl Departure {
    fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Consent => "consent",
            Self::Fresh => "fresh",
            Self::AnotherAccount => "another_account",
            Self::Retry => "retry",
            Self::Recheck => "recheck",
            Self::SignOut => "sign_out",
            Self::SignOutForAnother => "sign_out_for_another",
        }
    }
}

impl Audit {
    /// Any client can cause these lines, so their number is limited. The query holds secrets of the attempt, and is left out.
    pub(crate) fn departure(&self, provider: &str, departure: Departure, url: &str) {
        if !self.allows(Line::Departure(departure)) {
            return;
        }
        let cause = departure.as_str();
        line!(
            INFO,
            "departure",
            provider,
            cause,
            "the browser is sent to the provider"
        );
        let url = url.split(['?', '#']).next().unwrap_or_default();
        line!(
            DEBUG,
            "departure_url",
            provider,
            cause,
            url,
            "the address of the provider, without its query"
        );
    }
}
