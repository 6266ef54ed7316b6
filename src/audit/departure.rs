//! Lines about browsers that are redirected to a provider.
//!
//! A departure without a later `sign_in` or `refusal` shows the operator that the user did not come
//! back. Its cause is on a page of the provider.

use super::{AUDIT_TARGET, Audit, Line, line};
use crate::observe::AuthEvent;

/// The purpose of the redirect, as `cause` of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Departure {
    /// A usual sign-in.
    SignIn,
    /// The phone number is requested once more.
    Consent,
    /// The user must authenticate again.
    Fresh,
    AnotherAccount,
    /// The provider answered that it must show a page, so it is asked again with one.
    Retry,
    /// A session is checked, without a page (`prompt=none`).
    Recheck,
    /// The user signs out at the provider too.
    SignOut,
    /// The session at the provider ends, so that another account can be chosen.
    SignOutForAnother,
}

impl Departure {
    /// Whether a sign-in begins, and is not continued or ended.
    fn begins_sign_in(self) -> bool {
        matches!(self, Self::SignIn | Self::Fresh | Self::AnotherAccount)
    }

    /// The name in the log.
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
    /// A browser is redirected to a provider. Limited, because any client can cause these lines.
    /// The query is left out, because it holds secrets of the sign-in, such as `state`.
    pub(crate) fn departure(&self, provider: &str, departure: Departure, url: &str) {
        if departure.begins_sign_in() {
            self.observer.notify(AuthEvent::SignInBegun { provider });
        }
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
