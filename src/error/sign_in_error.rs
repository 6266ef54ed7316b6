//! The error of the application's hook at a sign-in.

use std::{error::Error, fmt};

use super::{
    ClientError, Denied, FailedCall, LoginError, LoginErrorKind, failed_call::with_sources,
};

/// The reason why [`Builder::on_sign_in`](crate::Builder::on_sign_in) lets no session begin.
///
/// - A [`Denied`] refuses the user, with a page of 403.
/// - Any other error means that the application cannot decide now, as when its database is down.
///   The user gets 503 with `Retry-After` and a button that begins a new sign-in at the same
///   provider. The log has the error with all its sources, and the page has none of it.
///
/// It is made by `?` or `into()` of any error, and so it does not implement [`Error`] itself.
///
/// ```
/// use std::io;
/// use tower_phone_auth::{hooks::{Denied, SignIn, SignInError}, OAuthLayer};
///
/// async fn is_member(subject: &str) -> io::Result<bool> {
///     Ok(subject.len() > 3) // asks the database
/// }
///
/// async fn enter(SignIn { user, .. }: SignIn) -> Result<(), SignInError> {
///     if !is_member(&user.subject).await? {
///         return Err(Denied::new("Members only.").into());
///     }
///     Ok(())
/// }
///
/// let builder = OAuthLayer::builder().on_sign_in(enter);
/// ```
pub struct SignInError(Reason);

/// The two kinds.
enum Reason {
    Denied(Denied),
    TryLater(Box<dyn Error + Send + Sync>),
}

impl From<Denied> for SignInError {
    fn from(denied: Denied) -> Self {
        Self(Reason::Denied(denied))
    }
}

/// Any error, a boxed one, and a text.
impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for SignInError {
    fn from(error: E) -> Self {
        Self(Reason::TryLater(error.into()))
    }
}

impl From<SignInError> for LoginError {
    /// The refusal, with the whole cause for the log.
    fn from(error: SignInError) -> Self {
        match error.0 {
            Reason::Denied(denied) => Self::denied(denied),
            Reason::TryLater(error) => {
                Self::new(LoginErrorKind::ApplicationBusy).in_call(FailedCall {
                    source: Some(ClientError(with_sources(&*error))),
                    ..FailedCall::default()
                })
            }
        }
    }
}

/// Shows the error of the application.
impl fmt::Debug for SignInError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Reason::Denied(denied) => denied.fmt(f),
            Reason::TryLater(error) => error.fmt(f),
        }
    }
}
