//! A refusal, as the application sees it.

use std::fmt;

use http::{HeaderMap, StatusCode};

use super::LoginError;

/// The layer refuses a login or a request: seen by [`Builder::on_failure`](crate::Builder::on_failure), which may
/// answer it.
///
/// ```
/// use tower_phone_auth::{Cause, Failure, Reason};
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
    /// What was refused, and why.
    pub cause: Cause<'a>,
    /// The status of the layer's own answer. To a gRPC call it is 200: the status of the call stands in `grpc-status`. To a visit
    /// of Inertia without a session it is 409, and to a form that is too long to be kept 413.
    pub status: StatusCode,
    /// The headers of the request, such as its `Accept-Language`.
    pub headers: &'a HeaderMap,
    /// The link that tries again or signs in, on this origin.
    pub retry: &'a str,
}

/// What was refused.
///
/// ```
/// use tower_phone_auth::{Cause, Reason};
///
/// let cause = Cause::Request(Reason::NoSession);
/// assert!(matches!(cause, Cause::Request(reason) if reason.as_str() == "no_session"));
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Cause<'a> {
    /// A login came to nothing, or a signed-in person's page visit: a page says why.
    Login(&'a LoginError),
    /// A request that is no page visit: a problem document says why
    /// ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)), or a page, where a user reads the answer to a form or in a frame.
    Request(Reason),
}

/// Why a request was refused, as the problem document's `reason` says it.
///
/// ```
/// use tower_phone_auth::Reason;
///
/// assert_eq!(Reason::StepUp.as_str(), "step_up");
/// assert_eq!(Reason::StepUp.status(), 401);
/// assert_eq!(Reason::StepUp.to_string(), "This needs a fresh sign-in.");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// Nobody is signed in.
    NoSession,
    /// The session is over.
    Expired,
    /// The session was ended: signed out, replaced, or revoked from elsewhere.
    Ended,
    /// Whether the session was ended elsewhere is not known at the moment.
    NotCaughtUp,
    /// There is a session, and the route wants a fresher login.
    StepUp,
    /// Somebody is signed in whom the application's rule does not let in.
    NotAllowed,
    /// The route wants a fresher login, and the provider does not prove one: it never says when users proved who they are
    /// (`auth_time` of [OpenID Connect](https://openid.net/specs/openid-connect-core-1_0.html#IDToken)), or it did not ask
    /// when it was told to.
    Unproved,
    /// The phone number is vouched for less than the route asks.
    TooLittleAssurance,
    /// A page of another origin made the browser send it: an unsafe method, a WebSocket handshake, or the sign-out.
    CrossSite,
}

impl Reason {
    /// Its name in the problem document, such as `no_session`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoSession => "no_session",
            Self::Expired => "expired",
            Self::Ended => "ended",
            Self::NotCaughtUp => "not_caught_up",
            Self::StepUp => "step_up",
            Self::NotAllowed => "not_allowed",
            Self::Unproved => "unproved",
            Self::TooLittleAssurance => "too_little_assurance",
            Self::CrossSite => "cross_site",
        }
    }

    /// The status that it is answered with: 401 where a login helps, 503 where waiting does, else 403.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::NoSession | Self::Expired | Self::Ended | Self::StepUp => {
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
                "This machine does not know yet which sessions were ended elsewhere. Try again."
            }
            Self::StepUp => "This needs a fresh sign-in.",
            Self::NotAllowed => "The application does not let this person in.",
            Self::Unproved => "The provider does not prove a fresh sign-in.",
            Self::TooLittleAssurance => "The phone number is not verified as this needs.",
            Self::CrossSite => "The request came from a page of another origin.",
        })
    }
}
