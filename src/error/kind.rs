//! The causes of a refused login.

use std::fmt;

use http::StatusCode;

use super::Fault;

/// The cause of a refused login.
///
/// ```
/// use tower_phone_auth::LoginErrorKind;
///
/// assert_eq!(LoginErrorKind::ProviderTimeout.status(), 504);
/// assert_eq!(LoginErrorKind::PhoneNotShared.to_string(), "the person did not share a phone number");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LoginErrorKind {
    /// The callback's parameters are missing, repeated or not of their form: code, state and error have at most 4,096 visible ASCII
    /// characters each, and a longer code is refused here
    /// ([RFC 6749 section 4.1.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2)).
    MalformedCallback,
    /// No login with this `state` is pending in this browser: used, forged, or begun under another key.
    UnknownState,
    /// The request brings no cookie of the layer: the browser blocks cookies (a private window, a content blocker, a browser inside
    /// an app), or the login began in another browser.
    NoCookies,
    /// The browser brings cookies of the layer, and none of this login: it began in another window or browser, or too many were
    /// open at once.
    OtherWindow,
    /// The login began under another host name of this site, whose cookies do not reach the callback.
    OtherHost,
    /// The login took longer than 30 minutes.
    LoginExpired,
    /// The callback's `iss` is another provider's
    /// ([RFC 9207 section 2.4](https://www.rfc-editor.org/rfc/rfc9207#section-2.4)).
    IssuerMismatch,
    /// The person cancelled at the provider.
    Cancelled,
    /// The provider refused for a reason of its own.
    ProviderRefused,
    /// The authorization code is unknown, used or expired.
    CodeRejected,
    /// The provider does not accept this application's settings: an operator must act.
    Misconfigured,
    /// The provider's quota for this application or person is used up.
    RateLimited,
    /// The provider says that it is under maintenance, or failed for the moment; or it was not called, because it failed too
    /// often or too many calls are under way ([`LoginError::retry_after`](crate::LoginError::retry_after)).
    ProviderBusy,
    /// The provider gives no answer, or something that is none.
    ProviderUnavailable,
    /// The provider did not answer in time.
    ProviderTimeout,
    /// The provider's answer is well-formed but lacks what it must have.
    InvalidAnswer,
    /// The ID token, or signed userinfo, does not hold, and an operator must act; the code names the part
    /// ([OpenID Connect Core section 3.1.3.7](https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation)).
    IdTokenRejected,
    /// The provider did not accept the token it had just issued.
    TokenRejected,
    /// The provider withholds the account: blocked, dormant or under age.
    AccountRefused,
    /// Another account is signed in at the provider than the one of the session that was checked
    /// ([`Builder::recheck_after`](crate::Builder::recheck_after)).
    OtherAccount,
    /// The person did not share the phone number, also when asked again.
    PhoneNotShared,
    /// The provider does not hand out phone numbers to this application: an operator must act.
    PhoneNotConfigured,
    /// The account has no phone number.
    PhoneNotOnAccount,
    /// The person has not completed the sign-up at the provider.
    Preregistered,
    /// The phone number is not one that can be dialled.
    PhoneInvalid,
    /// The phone number is vouched for less than the application asks.
    PhoneNotVerified,
    /// The page wants a fresh sign-in, and the provider does not prove one.
    Unproved,
    /// Logins succeed and no session stays: cookies are blocked, clocks differ, or replicas have different keys.
    Loop,
    /// Two addresses of the site, such as those with and without `www`, lead to each other in circles: an operator must act.
    Misdirected,
    /// The application itself does not let this person in.
    Denied,
    /// The application's own hook did not decide in time.
    ApplicationBusy,
}

impl LoginErrorKind {
    /// The status that the refusal is answered with.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::MalformedCallback
            | Self::UnknownState
            | Self::NoCookies
            | Self::OtherWindow
            | Self::OtherHost
            | Self::LoginExpired
            | Self::IssuerMismatch
            | Self::CodeRejected
            | Self::Loop => StatusCode::BAD_REQUEST,
            Self::Cancelled
            | Self::ProviderRefused
            | Self::AccountRefused
            | Self::OtherAccount
            | Self::PhoneNotShared
            | Self::PhoneNotConfigured
            | Self::PhoneNotOnAccount
            | Self::Preregistered
            | Self::PhoneInvalid
            | Self::PhoneNotVerified
            | Self::Unproved
            | Self::Denied => StatusCode::FORBIDDEN,
            Self::Misconfigured
            | Self::Misdirected
            | Self::ProviderUnavailable
            | Self::InvalidAnswer
            | Self::IdTokenRejected
            | Self::TokenRejected => StatusCode::BAD_GATEWAY,
            Self::RateLimited | Self::ProviderBusy | Self::ApplicationBusy => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::ProviderTimeout => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// Whether it is about the account, so that another account of the user may be accepted.
    ///
    /// ```
    /// use tower_phone_auth::LoginErrorKind;
    ///
    /// assert!(LoginErrorKind::PhoneNotOnAccount.concerns_account());
    /// assert!(!LoginErrorKind::ProviderTimeout.concerns_account());
    /// ```
    #[must_use]
    pub fn concerns_account(self) -> bool {
        matches!(
            self,
            Self::AccountRefused
                | Self::OtherAccount
                | Self::Denied
                | Self::PhoneInvalid
                | Self::PhoneNotConfigured
                | Self::PhoneNotOnAccount
                | Self::PhoneNotShared
                | Self::PhoneNotVerified
                | Self::Preregistered
        )
    }

    /// Whether only the application's operator can mend it: settings, the registration at the provider, keys or clocks. The same
    /// kind can come of a callback that a stranger made up:
    /// [`LoginError::is_for_operator`](crate::LoginError::is_for_operator) tells these apart.
    ///
    /// ```
    /// use tower_phone_auth::LoginErrorKind;
    ///
    /// assert!(LoginErrorKind::Misconfigured.is_for_operator());
    /// assert!(LoginErrorKind::IdTokenRejected.is_for_operator());
    /// assert!(!LoginErrorKind::ProviderTimeout.is_for_operator());
    /// ```
    #[must_use]
    pub fn is_for_operator(self) -> bool {
        Fault::of(self) == Fault::Application
    }
}

impl LoginErrorKind {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::MalformedCallback => "the callback's parameters are malformed",
            Self::UnknownState => "no such login is pending in this browser",
            Self::NoCookies => "the browser sent no cookie of this site",
            Self::OtherWindow => "the login began in another window or browser",
            Self::OtherHost => "the login began under another host name",
            Self::LoginExpired => "the login took too long",
            Self::IssuerMismatch => "the callback is from another issuer",
            Self::Cancelled => "the person cancelled at the provider",
            Self::ProviderRefused => "the provider refused the login",
            Self::CodeRejected => "the provider rejected the authorization code",
            Self::Misconfigured => "the provider does not accept this application's settings",
            Self::RateLimited => "the provider's quota is used up",
            Self::ProviderBusy => "the provider is overloaded, under maintenance or has failed",
            Self::ProviderUnavailable => "the provider gives no usable answer",
            Self::ProviderTimeout => "the provider did not answer in time",
            Self::InvalidAnswer => "the provider's answer is not usable",
            Self::IdTokenRejected => "the provider's ID token does not hold",
            Self::TokenRejected => "the provider did not accept its own token",
            Self::AccountRefused => "the provider withholds this account",
            Self::OtherAccount => "another account is signed in at the provider",
            Self::PhoneNotShared => "the person did not share a phone number",
            Self::PhoneNotConfigured => "the provider hands this application no phone numbers",
            Self::PhoneNotOnAccount => "the account has no phone number",
            Self::Preregistered => "the sign-up at the provider is not completed",
            Self::PhoneInvalid => "the phone number cannot be dialled",
            Self::Unproved => "the provider does not prove a fresh sign-in",
            Self::Loop => "logins succeed and no session stays",
            Self::Misdirected => "two addresses of the site lead to each other",
            Self::Denied => "the application does not let this person in",
            Self::ApplicationBusy => "the application did not decide in time",
            Self::PhoneNotVerified => "the phone number is not verified as the application asks",
        }
    }
}

impl fmt::Display for LoginErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}
