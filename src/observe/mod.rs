//! Events for the metrics of the application: one typed value for each thing that happens.
//!
//! An event is made only if the application set [`Builder::on_event`](crate::Builder::on_event).
//! Events hold no personal data, and their texts are from small sets, so that they can be labels of
//! metrics. They are not limited in number, unlike the lines of the audit log.

use std::{fmt, sync::Arc, time::Duration};

use http::StatusCode;

pub use self::phone::PhoneStepEvent;
use crate::error::LoginErrorKind;

mod phone;

/// An event, as [`Builder::on_event`](crate::Builder::on_event) gets it.
///
/// ```
/// use tower_phone_auth::hooks::AuthEvent;
///
/// fn label<'a>(event: &AuthEvent<'a>) -> Option<&'a str> {
///     match event {
///         AuthEvent::SignedIn { provider, .. } => Some(provider),
///         _ => None,
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthEvent<'a> {
    /// A browser is sent to a provider to sign in. A redirect that asks again for the phone number,
    /// or without a page, is no further start.
    #[non_exhaustive]
    SignInBegun {
        /// The provider's name in the layer, such as `kakao`.
        provider: &'a str,
    },
    /// A call to a provider has ended.
    #[non_exhaustive]
    ProviderCalled {
        /// The provider's name in the layer.
        provider: &'a str,
        /// The call: `metadata`, `keys`, `pushed_request`, `token`, `profile`, `revocation`, or
        /// `other` for one of the application's own profile reader.
        call: &'static str,
        /// The time from the request to the end of the response, the wait for a free call included.
        duration: Duration,
        /// The end of the call.
        outcome: CallOutcome,
    },
    /// A sign-in was refused, or a signed-in user may not open a page.
    #[non_exhaustive]
    Refused {
        /// The provider's name in the layer, if one was chosen.
        provider: Option<&'a str>,
        /// The cause.
        kind: LoginErrorKind,
    },
    /// A session began.
    #[non_exhaustive]
    SignedIn {
        /// The provider's name in the layer.
        provider: &'a str,
    },
    /// A step of the [phone step](crate::Builder::phone_step).
    #[non_exhaustive]
    PhoneStep {
        /// The provider's name in the layer.
        provider: &'a str,
        /// The step.
        event: PhoneStepEvent,
    },
    /// A session was sealed anew, because half of its idle time has passed, its key was replaced,
    /// or its claims were made anew.
    #[non_exhaustive]
    Renewed {
        /// The provider's name in the layer.
        provider: &'a str,
    },
    /// A session ended before its time, or all sessions of a user. A session that expires has no
    /// event, because no request may come that shows it.
    #[non_exhaustive]
    Ended {
        /// The cause.
        by: EndedBy,
        /// Whether all sessions of the user ended.
        everywhere: bool,
    },
    /// The age of the last complete reading of the revocation log has passed
    /// [its limit](crate::Builder::max_revocation_lag), or is below it again.
    #[non_exhaustive]
    Stale {
        /// Whether the age is above the limit now.
        is_stale: bool,
        /// The age.
        lag: Duration,
    },
}

/// The end of a call to a provider.
///
/// ```
/// use tower_phone_auth::hooks::CallOutcome;
///
/// assert_eq!(CallOutcome::TimedOut.as_str(), "timed_out");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallOutcome {
    /// The provider answered with this status.
    Answered(StatusCode),
    /// There was no answer in time.
    TimedOut,
    /// The call was not made, because too many were under way or the endpoint had failed before.
    NotMade,
    /// There was no connection, or no answer that could be read.
    Failed,
}

impl CallOutcome {
    /// A name for a label: the class of the status, such as `2xx`, or `timed_out`, `not_made`,
    /// `failed`.
    ///
    /// ```
    /// use http::StatusCode;
    /// use tower_phone_auth::hooks::CallOutcome;
    ///
    /// assert_eq!(CallOutcome::Answered(StatusCode::OK).as_str(), "2xx");
    /// assert_eq!(CallOutcome::TimedOut.as_str(), "timed_out");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answered(status) => match status.as_u16() / 100 {
                1 => "1xx",
                2 => "2xx",
                3 => "3xx",
                4 => "4xx",
                _ => "5xx",
            },
            Self::TimedOut => "timed_out",
            Self::NotMade => "not_made",
            Self::Failed => "failed",
        }
    }
}

/// The cause of the end of a session.
///
/// ```
/// use tower_phone_auth::hooks::EndedBy;
///
/// assert_eq!(EndedBy::SignOut.as_str(), "sign_out");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EndedBy {
    /// The user signed out.
    SignOut,
    /// A new sign-in in the same browser.
    NewSignIn,
    /// The application, by [`OAuthLayer::revoke`](crate::OAuthLayer::revoke) or
    /// [`revoke_session`](crate::OAuthLayer::revoke_session).
    Application,
    /// A report of the provider.
    Provider,
    /// A [check](crate::Builder::recheck_after) with the provider that did not pass.
    Recheck,
}

impl EndedBy {
    /// A name for a label, such as `sign_out`.
    ///
    /// ```
    /// use tower_phone_auth::hooks::EndedBy;
    ///
    /// assert_eq!(EndedBy::SignOut.as_str(), "sign_out");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignOut => "sign_out",
            Self::NewSignIn => "new_sign_in",
            Self::Application => "application",
            Self::Provider => "provider",
            Self::Recheck => "recheck",
        }
    }
}

/// The type of [`Builder::on_event`](crate::Builder::on_event).
type OnEvent = dyn Fn(&AuthEvent<'_>) + Send + Sync;

/// The function of the application for events, if it set one. Each part of the layer that has
/// events holds a clone.
#[derive(Clone, Default)]
pub(crate) struct Observer(Option<Arc<OnEvent>>);

impl Observer {
    pub(crate) fn new(hook: impl Fn(&AuthEvent<'_>) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(hook)))
    }

    /// Whether the application set a function.
    pub(crate) const fn is_set(&self) -> bool {
        self.0.is_some()
    }

    /// Gives an event to the function of the application.
    pub(crate) fn notify(&self, event: AuthEvent<'_>) {
        if let Some(hook) = &self.0 {
            hook(&event);
        }
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Observer({})", self.is_set())
    }
}
