//! The hooks of the application, each with a time limit.

use std::{
    fmt,
    future::Future,
    sync::Arc,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::Response;
use tower::BoxError;

pub use crate::error::{
    Denied,
    refusal::{Cause, Failure, Reason},
};
use crate::{
    error::{ConfigError, LoginError, LoginErrorKind},
    http_client::BoxFuture,
    provider::tokens::ProviderTokens,
    session::user::VerifiedUser,
};

/// A sign-in, as [`Builder::on_sign_in`](crate::Builder::on_sign_in) gets it before the session
/// begins.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SignIn {
    /// The verified user.
    pub user: VerifiedUser,
    /// The provider's tokens. The layer does not keep them; the hook may.
    pub tokens: ProviderTokens,
}

/// A notice of the provider that a user unlinked this application or closed the account, as
/// [`Builder::on_unlink`](crate::Builder::on_unlink) gets it after the user's sessions have ended.
#[derive(Clone)]
#[non_exhaustive]
pub struct Unlink {
    /// The name of the provider in this layer, such as `kakao`.
    pub provider: Arc<str>,
    /// The provider's identifier of the user.
    pub subject: Arc<str>,
    /// When the user did that: the time in the notice, or the time of the request if the notice has
    /// none. Never in the future. A record of the user that the application made later belongs to a
    /// new link and must be kept.
    pub at: SystemTime,
}

/// Hides the subject, which may be a phone number.
impl fmt::Debug for Unlink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unlink")
            .field("provider", &self.provider)
            .finish_non_exhaustive()
    }
}

type OnSignIn = dyn Fn(SignIn) -> BoxFuture<'static, Result<(), Denied>> + Send + Sync;
type OnSignOut = dyn Fn(VerifiedUser) -> BoxFuture<'static, ()> + Send + Sync;
type OnUnlink = dyn Fn(Unlink) -> BoxFuture<'static, Result<(), BoxError>> + Send + Sync;
type OnFailure = dyn Fn(&Failure<'_>) -> Option<Response<Bytes>> + Send + Sync;
type Allow = dyn Fn(&VerifiedUser) -> bool + Send + Sync;

/// The hooks of one layer. A hook that is not set does nothing.
#[derive(Clone, Default)]
pub(crate) struct Hooks {
    on_sign_in: Option<Arc<OnSignIn>>,
    on_sign_out: Option<Arc<OnSignOut>>,
    on_unlink: Option<Arc<OnUnlink>>,
    on_failure: Option<Arc<OnFailure>>,
    allow: Option<Arc<Allow>>,
    limit: Limit,
}

#[derive(Clone, Copy)]
struct Limit(Duration);

impl Default for Limit {
    fn default() -> Self {
        Self(Duration::from_secs(10))
    }
}

impl Hooks {
    pub(crate) fn set_limit(&mut self, limit: Duration) {
        self.limit = Limit(limit);
    }

    /// The time limit of one hook.
    pub(crate) const fn limit(&self) -> Duration {
        self.limit.0
    }

    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        if self.limit.0.is_zero() {
            let remedy = "give the time that a hook may take";
            return Err(ConfigError::new(
                "hook_timeout",
                "is zero, so no hook could answer",
                remedy,
            ));
        }
        Ok(())
    }

    pub(crate) fn set_on_sign_in<F, T>(&mut self, hook: F)
    where
        F: Fn(SignIn) -> T + Send + Sync + 'static,
        T: Future<Output = Result<(), Denied>> + Send + 'static,
    {
        self.on_sign_in = Some(Arc::new(move |sign_in| Box::pin(hook(sign_in))));
    }

    pub(crate) fn set_on_sign_out<F, T>(&mut self, hook: F)
    where
        F: Fn(VerifiedUser) -> T + Send + Sync + 'static,
        T: Future<Output = ()> + Send + 'static,
    {
        self.on_sign_out = Some(Arc::new(move |user| Box::pin(hook(user))));
    }

    pub(crate) fn set_on_unlink<F, T>(&mut self, hook: F)
    where
        F: Fn(Unlink) -> T + Send + Sync + 'static,
        T: Future<Output = Result<(), BoxError>> + Send + 'static,
    {
        self.on_unlink = Some(Arc::new(move |unlink| Box::pin(hook(unlink))));
    }

    pub(crate) fn set_on_failure<F>(&mut self, hook: F)
    where
        F: Fn(&Failure<'_>) -> Option<Response<Bytes>> + Send + Sync + 'static,
    {
        self.on_failure = Some(Arc::new(hook));
    }

    pub(crate) fn set_allow(
        &mut self,
        rule: impl Fn(&VerifiedUser) -> bool + Send + Sync + 'static,
    ) {
        self.allow = Some(Arc::new(rule));
    }

    pub(crate) fn allows(&self, user: &VerifiedUser) -> bool {
        self.allow.as_ref().is_none_or(|allow| allow(user))
    }

    pub(crate) async fn sign_in(
        &self,
        user: &VerifiedUser,
        tokens: ProviderTokens,
    ) -> Result<(), LoginError> {
        if !self.allows(user) {
            return Err(LoginError::new(LoginErrorKind::Denied));
        }
        let Some(hook) = &self.on_sign_in else {
            return Ok(());
        };
        let sign_in = SignIn {
            user: user.clone(),
            tokens,
        };
        match tokio::time::timeout(self.limit.0, hook(sign_in)).await {
            Ok(result) => result.map_err(LoginError::denied),
            Err(_) => Err(LoginError::new(LoginErrorKind::ApplicationBusy)),
        }
    }

    /// The user is signed out even if the hook takes too long.
    pub(crate) async fn sign_out(&self, user: VerifiedUser) {
        if let Some(hook) = &self.on_sign_out
            && tokio::time::timeout(self.limit.0, hook(user))
                .await
                .is_err()
        {
            tracing::error!("the sign-out hook took too long and was left");
        }
    }

    pub(crate) const fn has_unlink(&self) -> bool {
        self.on_unlink.is_some()
    }

    /// Whether the hook succeeded in time. The text of its error is not logged, because it may hold
    /// personal data.
    pub(crate) async fn unlink(&self, unlink: Unlink) -> bool {
        let Some(hook) = &self.on_unlink else {
            return true;
        };
        match tokio::time::timeout(self.limit.0, hook(unlink)).await {
            Ok(Ok(())) => return true,
            Ok(Err(_)) => tracing::error!("the unlink hook failed"),
            Err(_) => tracing::error!("the unlink hook took longer than hook_timeout and was left"),
        }
        false
    }

    pub(crate) fn failure(&self, failure: &Failure<'_>) -> Option<Response<Bytes>> {
        self.on_failure.as_ref()?(failure)
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks")
            .field("on_sign_in", &self.on_sign_in.is_some())
            .field("on_sign_out", &self.on_sign_out.is_some())
            .field("on_unlink", &self.on_unlink.is_some())
            .field("on_failure", &self.on_failure.is_some())
            .field("allow", &self.allow.is_some())
            .finish_non_exhaustive()
    }
}
