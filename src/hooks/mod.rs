//! The functions of the application that the layer calls (hooks), and their time limit.
//!
//! A hook that does not return in time is dropped at its next `await`. The sign-in then fails, if
//! the hook was one of a sign-in. A sign-out goes on without its hook.

use std::{fmt, future::Future, sync::Arc, time::Duration};

use bytes::Bytes;
use http::Response;
use serde::{Serialize, de::DeserializeOwned};

pub use crate::error::{
    Denied, SignInError,
    refusal::{Cause, Failure, Reason},
};
pub use crate::observe::{AuthEvent, CallOutcome, EndedBy, PhoneStepEvent};
pub use crate::provider::claims::ProviderClaims;
pub use crate::session::claims::ClaimsError;
use crate::{
    error::{ConfigError, LoginError},
    http_client::BoxFuture,
    observe::Observer,
    session::{claims::ClaimsText, user::VerifiedUser},
    web::request_body::BoxError,
};

use claims::ClaimsMaker;
pub use given::{SignIn, Unlink};
pub use profile::ProviderUser;

mod call;
mod claims;
mod given;
mod profile;

/// The type of [`Builder::on_sign_in`](crate::Builder::on_sign_in). The hook may refuse the user,
/// and gives the claims of the session.
type OnSignIn = dyn Fn(SignIn) -> BoxFuture<'static, Result<ClaimsText, LoginError>> + Send + Sync;
/// The type of [`Builder::on_sign_out`](crate::Builder::on_sign_out). The hook cannot refuse.
type OnSignOut = dyn Fn(VerifiedUser) -> BoxFuture<'static, ()> + Send + Sync;
/// The type of [`Builder::on_unlink`](crate::Builder::on_unlink). After an error, the report counts
/// as not delivered, and providers that repeat reports send it again.
type OnUnlink = dyn Fn(Unlink) -> BoxFuture<'static, Result<(), BoxError>> + Send + Sync;
/// The type of [`Builder::on_failure`](crate::Builder::on_failure). `None` leaves the page to the
/// layer.
type OnFailure = dyn Fn(&Failure<'_>) -> Option<Response<Bytes>> + Send + Sync;
/// The type of [`Builder::allow`](crate::Builder::allow). The rule is synchronous, because it is
/// also applied to every request of a session.
type Allow = dyn Fn(&VerifiedUser) -> bool + Send + Sync;

/// The hooks of one layer. A hook that is not set does nothing, and permits everything. They are
/// behind `Arc`, because every clone of the service has them.
#[derive(Clone, Default)]
pub(crate) struct Hooks {
    on_profile: Option<Arc<profile::OnProfile>>,
    on_sign_in: Option<Arc<OnSignIn>>,
    claims: Option<ClaimsMaker>,
    on_sign_out: Option<Arc<OnSignOut>>,
    on_unlink: Option<Arc<OnUnlink>>,
    on_failure: Option<Arc<OnFailure>>,
    allow: Option<Arc<Allow>>,
    /// The setting `on_event`.
    observer: Observer,
    /// The setting `hook_timeout`.
    limit: Limit,
}

/// The time limit of one hook, as a type of its own for its default.
#[derive(Clone, Copy)]
struct Limit(Duration);

/// Ten seconds, which is enough for a query to a busy database, and less than the timeout of common
/// reverse proxies, such as the 60 seconds of nginx.
impl Default for Limit {
    fn default() -> Self {
        Self(Duration::from_secs(10))
    }
}

impl Hooks {
    /// Sets `hook_timeout`.
    pub(crate) fn set_limit(&mut self, limit: Duration) {
        self.limit = Limit(limit);
    }

    /// The time limit of one hook.
    pub(crate) const fn limit(&self) -> Duration {
        self.limit.0
    }

    /// Checks the settings of the hooks.
    ///
    /// # Errors
    ///
    /// If the limit is zero, since every hook would then fail.
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

    /// Sets the hook of [`Builder::on_sign_in`](crate::Builder::on_sign_in).
    pub(crate) fn set_on_sign_in<F, T, C>(&mut self, hook: F)
    where
        F: Fn(SignIn) -> T + Send + Sync + 'static,
        T: Future<Output = Result<C, SignInError>> + Send + 'static,
        C: Serialize,
    {
        // The future is boxed, so that hooks of different types have one type. A sign-in is rare,
        // and the path of a signed-in user calls no such hook.
        self.on_sign_in = Some(Arc::new(move |sign_in| {
            let entered = hook(sign_in);
            Box::pin(async { claims::written(&entered.await?) })
        }));
    }

    /// Sets the hook of [`Builder::claims`](crate::Builder::claims).
    pub(crate) fn set_claims<F, T, C>(&mut self, hook: F)
    where
        F: Fn(VerifiedUser) -> T + Send + Sync + 'static,
        T: Future<Output = Result<C, SignInError>> + Send + 'static,
        C: Serialize + DeserializeOwned,
    {
        self.claims = Some(ClaimsMaker::new(hook));
    }

    /// Sets the hook of [`Builder::on_sign_out`](crate::Builder::on_sign_out).
    pub(crate) fn set_on_sign_out<F, T>(&mut self, hook: F)
    where
        F: Fn(VerifiedUser) -> T + Send + Sync + 'static,
        T: Future<Output = ()> + Send + 'static,
    {
        self.on_sign_out = Some(Arc::new(move |user| Box::pin(hook(user))));
    }

    /// Sets the hook of [`Builder::on_unlink`](crate::Builder::on_unlink).
    pub(crate) fn set_on_unlink<F, T>(&mut self, hook: F)
    where
        F: Fn(Unlink) -> T + Send + Sync + 'static,
        T: Future<Output = Result<(), BoxError>> + Send + 'static,
    {
        self.on_unlink = Some(Arc::new(move |unlink| Box::pin(hook(unlink))));
    }

    /// Sets the hook of [`Builder::on_failure`](crate::Builder::on_failure).
    pub(crate) fn set_on_failure<F>(&mut self, hook: F)
    where
        F: Fn(&Failure<'_>) -> Option<Response<Bytes>> + Send + Sync + 'static,
    {
        self.on_failure = Some(Arc::new(hook));
    }

    /// Sets the rule of [`Builder::allow`](crate::Builder::allow).
    pub(crate) fn set_allow(
        &mut self,
        rule: impl Fn(&VerifiedUser) -> bool + Send + Sync + 'static,
    ) {
        self.allow = Some(Arc::new(rule));
    }

    /// Sets the hook of [`Builder::on_event`](crate::Builder::on_event).
    pub(crate) fn set_on_event(&mut self, hook: impl Fn(&AuthEvent<'_>) + Send + Sync + 'static) {
        self.observer = Observer::new(hook);
    }

    /// The function of the application for events.
    pub(crate) fn observer(&self) -> Observer {
        self.observer.clone()
    }

    /// Whether the rule permits this user. Without a rule, every user is permitted.
    pub(crate) fn allows(&self, user: &VerifiedUser) -> bool {
        self.allow.as_ref().is_none_or(|allow| allow(user))
    }

    /// Whether the hook [`Builder::claims`](crate::Builder::claims) is set.
    pub(crate) const fn makes_claims(&self) -> bool {
        self.claims.is_some()
    }

    /// Whether the session has claims of the type that the hook makes. True without the hook.
    pub(crate) fn reads_claims(&self, user: &VerifiedUser) -> bool {
        self.claims.as_ref().is_none_or(|maker| maker.reads(user))
    }

    /// Whether a hook is set that may give a session claims.
    pub(crate) const fn may_give_claims(&self) -> bool {
        self.on_sign_in.is_some() || self.claims.is_some()
    }

    /// Whether a hook for unlinked users is set.
    pub(crate) const fn has_unlink(&self) -> bool {
        self.on_unlink.is_some()
    }
}

/// Shows which hooks are set. Functions have no `Debug` output.
impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks")
            .field("on_profile", &self.on_profile.is_some())
            .field("on_sign_in", &self.on_sign_in.is_some())
            .field("claims", &self.claims.is_some())
            .field("on_sign_out", &self.on_sign_out.is_some())
            .field("on_unlink", &self.on_unlink.is_some())
            .field("on_failure", &self.on_failure.is_some())
            .field("allow", &self.allow.is_some())
            .field("on_event", &self.observer.is_set())
            .finish_non_exhaustive()
    }
}
