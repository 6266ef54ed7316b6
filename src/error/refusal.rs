//! A refusal, as `on_failure` sees it.
//!
//! A refusal of a page visit is a [`LoginError`] and answered with a page. A refusal of any other
//! request is a [`Reason`] and answered with a problem document, because a script reads it.

use std::fmt;

use http::{HeaderMap, StatusCode};

use super::LoginError;

/// A refused sign-in or request, as [`Builder::on_failure`](crate::Builder::on_failure) gets it.
/// The hook may return a response of its own.
///
/// ```
/// use tower_phone_auth::hooks::{Cause, Failure, Reason};
///
/// fn is_worth_an_alarm(failure: &Failure<'_>) -> bool {
///     match failure.cause {
///         Cause::Login(error) => error.is_for_operator(),
///         Cause::Request(reason) => reason == Reason::CrossSite,
///         _ => false,
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Failure<'a> {
    /// The cause.
    pub cause: Cause<'a>,
    /// The status of the layer's own response. It is 200 for a gRPC call, whose status is in
    /// `grpc-status`; 409 for a visit of Inertia without a session; 413 for a form that is too long
    /// to be saved.
    pub status: StatusCode,
    /// The headers of the request, such as its `Accept-Language`.
    pub headers: &'a HeaderMap,
    /// The link that tries again or signs in. It is on this origin.
    pub retry: &'a str,
}

/// The cause of a refusal.
///
/// ```
/// use tower_phone_auth::hooks::{Cause, Reason};
///
/// let cause = Cause::Request(Reason::NoSession);
/// assert!(matches!(cause, Cause::Request(reason) if reason.as_str() == "no_session"));
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Cause<'a> {
    /// A sign-in failed, or a signed-in user may not visit a page. The response is a page.
    Login(&'a LoginError),
    /// A request that is not a page visit was refused. The response is a problem document ([RFC
    /// 9457](https://www.rfc-editor.org/rfc/rfc9457)), or a page if a user reads it, as after a
    /// form or in a frame.
    Request(Reason),
}

/// The reason of a refused request, as in `reason` of the problem document.
///
/// ```
/// use tower_phone_auth::hooks::Reason;
///
/// assert_eq!(Reason::StepUp.as_str(), "step_up");
/// assert_eq!(Reason::StepUp.status(), 401);
/// assert_eq!(Reason::StepUp.to_string(), "This needs a fresh sign-in.");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The request has no session.
    NoSession,
    /// The session has expired.
    Expired,
    /// The user signed out, the session was replaced by another sign-in, or it was revoked.
    Ended,
    /// This replica does not know at the moment whether the session was revoked on another one.
    NotCaughtUp,
    /// The route requires a fresher sign-in than that of the session.
    StepUp,
    /// The application's data in the session ([`Builder::claims`](crate::Builder::claims)) were
    /// old. The response has the session with new ones, so the same request passes when it comes
    /// again.
    Claims,
    /// The rule of the application ([`Builder::allow`](crate::Builder::allow)) refuses the user.
    NotAllowed,
    /// The route requires a fresher sign-in, and the provider does not prove one. The provider
    /// sends no `auth_time` ([OpenID Connect Core section
    /// 2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken)), or it did not
    /// authenticate the user again although it was asked to.
    Unproved,
    /// The assurance of the phone number is lower than the route requires.
    TooLittleAssurance,
    /// A page of another origin sent the request. It has an unsafe method, or is a WebSocket
    /// handshake or a sign-out.
    CrossSite,
}

impl Reason {
    /// The name in the problem document, such as `no_session`.
    ///
    /// ```
    /// use tower_phone_auth::hooks::Reason;
    ///
    /// assert_eq!(Reason::NoSession.as_str(), "no_session");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoSession => "no_session",
            Self::Expired => "expired",
            Self::Ended => "ended",
            Self::NotCaughtUp => "not_caught_up",
            Self::StepUp => "step_up",
            Self::Claims => "claims",
            Self::NotAllowed => "not_allowed",
            Self::Unproved => "unproved",
            Self::TooLittleAssurance => "too_little_assurance",
            Self::CrossSite => "cross_site",
        }
    }

    /// The status of the response: 401 if a sign-in or the session of the response helps, 503 if
    /// waiting helps, else 403.
    ///
    /// ```
    /// use http::StatusCode;
    /// use tower_phone_auth::hooks::Reason;
    ///
    /// assert_eq!(Reason::CrossSite.status(), StatusCode::FORBIDDEN);
    /// ```
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::NoSession | Self::Expired | Self::Ended | Self::StepUp | Self::Claims => {
                StatusCode::UNAUTHORIZED
            }
            Self::NotCaughtUp => StatusCode::SERVICE_UNAVAILABLE,
            Self::NotAllowed | Self::Unproved | Self::TooLittleAssurance | Self::CrossSite => {
                StatusCode::FORBIDDEN
            }
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSession => "There is no session.",
            Self::Expired => "The session has expired.",
            Self::Ended => "The session was ended.",
            Self::NotCaughtUp => {
                "This server does not know yet which sessions were ended elsewhere. Try again."
            }
            Self::StepUp => "This needs a fresh sign-in.",
            Self::Claims => "The session has new data now. Send the request again.",
            Self::NotAllowed => "The application does not admit this user.",
            Self::Unproved => "The provider does not prove a fresh sign-in.",
            Self::TooLittleAssurance => "The phone number is not verified as this needs.",
            Self::CrossSite => "The request came from a page of another origin.",
        })
    }
}
