//! The causes of a refused sign-in.

use std::fmt;

use http::StatusCode;

use super::Fault;

/// The cause of a refused sign-in, and of a failed request to a provider.
///
/// ```
/// use tower_phone_auth::error::LoginErrorKind;
///
/// assert_eq!(LoginErrorKind::ProviderTimeout.status(), 504);
/// assert_eq!(LoginErrorKind::PhoneNotShared.to_string(), "the user did not share a phone number");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LoginErrorKind {
    /// A parameter of the callback is missing, repeated or malformed. `code`, `state` and `error`
    /// have at most 4,096 visible ASCII characters each ([RFC 6749 section
    /// 4.1.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2)).
    MalformedCallback,
    /// No sign-in with this `state` is pending in this browser. The `state` was used, is forged, or
    /// was sealed with another key.
    UnknownState,
    /// The request has no cookie of the layer. The browser blocks cookies (a private window, a
    /// content blocker, a browser inside an app), or the sign-in began in another browser.
    NoCookies,
    /// The request has cookies of the layer, but none of this sign-in. The sign-in began in another
    /// window or browser, or too many sign-ins were open at once.
    OtherWindow,
    /// The sign-in began under another host name of this site, whose cookies do not reach the
    /// callback.
    OtherHost,
    /// The sign-in took longer than 30 minutes.
    LoginExpired,
    /// The `iss` of the callback names another provider
    /// ([RFC 9207 section 2.4](https://www.rfc-editor.org/rfc/rfc9207#section-2.4)).
    IssuerMismatch,
    /// The user cancelled at the provider.
    Cancelled,
    /// The provider refused the sign-in for another reason.
    ProviderRefused,
    /// The authorization code is unknown, used or expired.
    CodeRejected,
    /// The provider does not accept the settings of this application. An operator must act.
    Misconfigured,
    /// The quota for this application or user at the provider is used up.
    RateLimited,
    /// The provider is under maintenance or has failed for the moment. Or the layer did not call
    /// it, because it failed too often or too many calls are running
    /// ([`LoginError::retry_after`](crate::error::LoginError::retry_after)).
    ProviderBusy,
    /// The provider gives no answer, or one that is not HTTP or not of the expected format.
    ProviderUnavailable,
    /// The provider did not answer in time.
    ProviderTimeout,
    /// The answer of the provider is well-formed, but lacks a required member.
    InvalidAnswer,
    /// The ID token or the signed userinfo is not valid. An operator must act; the code names the
    /// claim ([OpenID Connect Core section
    /// 3.1.3.7](https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation)).
    IdTokenRejected,
    /// The provider did not accept a token that it had just issued.
    TokenRejected,
    /// The provider refuses the account, because it is blocked, dormant or of a child.
    AccountRefused,
    /// A session was checked, and another account is signed in at the provider now
    /// ([`Builder::recheck_after`](crate::Builder::recheck_after)).
    OtherAccount,
    /// The user did not share the phone number, even when the provider asked again.
    PhoneNotShared,
    /// The provider does not give phone numbers to this application. An operator must act.
    PhoneNotConfigured,
    /// The account has no phone number.
    PhoneNotOnAccount,
    /// The user has not completed the sign-up at the provider.
    Preregistered,
    /// The phone number is not valid.
    PhoneInvalid,
    /// The assurance of the phone number is lower than the application requires.
    PhoneNotVerified,
    /// The user did not prove a number in the phone step: it took too long, had too many wrong
    /// codes, or is not known any more. The code says which
    /// ([`Builder::phone_step`](crate::Builder::phone_step)).
    PhoneNotConfirmed,
    /// The page requires a fresh sign-in, and the provider does not prove one.
    Unproved,
    /// Sign-ins succeed, but no session stays, because cookies are blocked, clocks differ, or
    /// replicas have different keys.
    Loop,
    /// Two addresses of the site, such as those with and without `www`, redirect to each other. An
    /// operator must act.
    Misdirected,
    /// The application refused the user, by its rule or its hook.
    Denied,
    /// The hook of the application did not decide in time, or failed.
    ApplicationBusy,
    /// The claims of the application cannot be kept in the session. An operator must act.
    ClaimsUnfit,
}

impl LoginErrorKind {
    /// The status of the response.
    ///
    /// ```
    /// use http::StatusCode;
    /// use tower_phone_auth::error::LoginErrorKind;
    ///
    /// assert_eq!(LoginErrorKind::ProviderTimeout.status(), StatusCode::GATEWAY_TIMEOUT);
    /// ```
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
            | Self::PhoneNotConfirmed
            | Self::Unproved
            | Self::Denied => StatusCode::FORBIDDEN,
            Self::Misconfigured
            | Self::Misdirected
            | Self::ProviderUnavailable
            | Self::InvalidAnswer
            | Self::IdTokenRejected
            | Self::TokenRejected => StatusCode::BAD_GATEWAY,
            Self::RateLimited | Self::ProviderBusy | Self::ApplicationBusy | Self::ClaimsUnfit => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::ProviderTimeout => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// Whether the cause is the account, so that another account of the user may be accepted.
    ///
    /// ```
    /// use tower_phone_auth::error::LoginErrorKind;
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
                | Self::PhoneNotConfirmed
                | Self::PhoneNotConfigured
                | Self::PhoneNotOnAccount
                | Self::PhoneNotShared
                | Self::PhoneNotVerified
                | Self::Preregistered
        )
    }

    /// Whether only the operator of the application can remove the cause, by settings, the
    /// registration at the provider, keys or clocks. A forged callback can cause some of these
    /// kinds as well: [`LoginError::is_for_operator`](crate::error::LoginError::is_for_operator) is
    /// false then.
    ///
    /// ```
    /// use tower_phone_auth::error::LoginErrorKind;
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
    /// The kind in words, for `Display` and the log.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::MalformedCallback => "the callback's parameters are malformed",
            Self::UnknownState => "no such sign-in is pending in this browser",
            Self::NoCookies => "the browser sent no cookie of this site",
            Self::OtherWindow => "the sign-in began in another window or browser",
            Self::OtherHost => "the sign-in began under another host name",
            Self::LoginExpired => "the sign-in took too long",
            Self::IssuerMismatch => "the callback is from another issuer",
            Self::Cancelled => "the user cancelled at the provider",
            Self::ProviderRefused => "the provider refused the sign-in",
            Self::CodeRejected => "the provider rejected the authorization code",
            Self::Misconfigured => "the provider does not accept this application's settings",
            Self::RateLimited => "the provider's quota is used up",
            Self::ProviderBusy => "the provider is overloaded, under maintenance or has failed",
            Self::ProviderUnavailable => "the provider gives no usable answer",
            Self::ProviderTimeout => "the provider did not answer in time",
            Self::InvalidAnswer => "the provider's answer is not usable",
            Self::IdTokenRejected => "the provider's ID token is not valid",
            Self::TokenRejected => "the provider did not accept its own token",
            Self::AccountRefused => "the provider withholds this account",
            Self::OtherAccount => "another account is signed in at the provider",
            Self::PhoneNotShared => "the user did not share a phone number",
            Self::PhoneNotConfigured => "the provider hands this application no phone numbers",
            Self::PhoneNotOnAccount => "the account has no phone number",
            Self::Preregistered => "the sign-up at the provider is not completed",
            Self::PhoneInvalid => "the phone number cannot be dialled",
            Self::PhoneNotConfirmed => "the user proved no phone number",
            Self::Unproved => "the provider does not prove a fresh sign-in",
            Self::Loop => "sign-ins succeed and no session stays",
            Self::Misdirected => "two addresses of the site lead to each other",
            Self::Denied => "the application does not admit this user",
            Self::ApplicationBusy => "the application did not decide in time",
            Self::ClaimsUnfit => "the application's claims cannot be kept in the session",
            Self::PhoneNotVerified => "the phone number is not verified as the application asks",
        }
    }
}

impl fmt::Display for LoginErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}
