//! The settings and calls that end sessions before their time.

use std::{sync::Arc, time::Duration};

use super::{Builder, OAuthLayer};
use crate::{
    flow::RevokeError,
    revocation::{NotEverywhere, RevocationLog, WhenStale},
    session::{id::SessionId, user::VerifiedUser},
};

impl Builder {
    /// Where revocations go to and come from. Default: none, a revocation is known to this layer alone, and until the
    /// process ends: a copied cookie of a session that was signed out counts again after a restart with the same key.
    ///
    /// An application in one process takes a [`FileLog`](crate::FileLog); one in several processes or on several machines a
    /// `RedisLog` (feature `redis`).
    ///
    /// Layers that share a log have the same [session key](Self::session_key) and
    /// [lifetime](Self::session_lifetime). The log is followed by a task on tokio's runtime.
    ///
    /// ```
    /// use tower_phone_auth::{InProcessLog, OAuthLayer};
    ///
    /// let builder = OAuthLayer::builder().revocation_log(InProcessLog::default());
    /// ```
    pub fn revocation_log(mut self, log: impl RevocationLog) -> Self {
        self.settings.revocation.log = Some(Arc::new(log));
        self
    }

    /// How far behind the [log](Self::revocation_log) this machine may be before it is
    /// [stale](Self::when_stale). Default: 10 seconds; from one second to a day.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use tower_phone_auth::OAuthLayer;
    /// let builder = OAuthLayer::builder().max_revocation_lag(Duration::from_secs(30));
    /// ```
    pub fn max_revocation_lag(mut self, lag: Duration) -> Self {
        self.settings.revocation.max_lag = lag;
        self
    }

    /// What is done while the [log](Self::revocation_log) cannot be read. Default:
    /// [`WhenStale::ServeStale`].
    ///
    /// A machine that has just started reads the log before it judges a session: until then, requests with one get 503
    /// with `Retry-After: 1`, as long as it takes; only [`WhenStale::ServeUnread`] lets them in when the first reading
    /// has failed. [`OAuthLayer::is_ready`] says whether it has been read.
    ///
    /// ```
    /// # use tower_phone_auth::{OAuthLayer, WhenStale};
    /// let builder = OAuthLayer::builder().when_stale(WhenStale::FailClosed);
    /// ```
    pub fn when_stale(mut self, policy: WhenStale) -> Self {
        self.settings.revocation.when_stale = policy;
        self
    }
}

impl OAuthLayer {
    /// Ends every session that a person has here: what began until now no longer counts. `provider` is its name in
    /// this layer, and `subject` the person's there, both as in [`VerifiedUser`](crate::VerifiedUser).
    ///
    /// Other machines know it within a second, if there is a [log](Builder::revocation_log). A later sign-in is a new
    /// session.
    ///
    /// ```no_run
    /// # async fn example(auth: tower_phone_auth::OAuthLayer) -> Result<(), tower_phone_auth::RevokeError> {
    /// auth.revoke("kakao", "1376016924429759228").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the provider is unknown, if the subject is longer than any session's (255 bytes), or if it ended here and the other machines could not be told yet: that is being
    /// retried.
    pub async fn revoke(&self, provider: &str, subject: &str) -> Result<(), RevokeError> {
        self.flow.revoke(provider, subject).await
    }

    /// Ends one session, named by its [`session_id`](crate::VerifiedUser::session_id).
    ///
    /// ```no_run
    /// # use tower_phone_auth::{NotEverywhere, OAuthLayer, VerifiedUser};
    /// # async fn example(auth: OAuthLayer, user: VerifiedUser) -> Result<(), NotEverywhere> {
    /// auth.revoke_session(user.session_id).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If it ended here and the other machines could not be told yet: that is being retried.
    pub async fn revoke_session(&self, id: SessionId) -> Result<(), NotEverywhere> {
        self.flow.revoke_session(id).await
    }

    /// Whether the session of this user is over by now: expired, signed out or revoked, as far as this machine knows. It reads
    /// memory, without a lock.
    ///
    /// For what outlives the request that it began with, such as a WebSocket: ask now and then, and close it.
    ///
    /// ```
    /// use tower_phone_auth::{OAuthLayer, VerifiedUser};
    ///
    /// fn may_stay(auth: &OAuthLayer, user: &VerifiedUser) -> bool {
    ///     !auth.has_ended(user)
    /// }
    /// ```
    #[must_use]
    pub fn has_ended(&self, user: &VerifiedUser) -> bool {
        self.flow.has_ended(user)
    }

    /// A user as the [audit log](crate::AUDIT_TARGET) names one: the `subject` of its lines, to find those of a user whom
    /// the application knows.
    ///
    /// ```
    /// # fn example(auth: &tower_phone_auth::OAuthLayer) {
    /// println!("look for subject={}", auth.audit_subject("kakao", "1376016924429759228"));
    /// # }
    /// ```
    #[must_use]
    pub fn audit_subject(&self, provider: &str, subject: &str) -> String {
        self.flow.audit_subject(provider, subject)
    }

    /// Whether this machine can judge sessions at the moment: false until it has read the
    /// [log](Builder::revocation_log) for the first time, and while it [fails closed](WhenStale::FailClosed). True
    /// without a log. Reads memory.
    ///
    /// For a readiness probe: a load balancer then sends no request that would get 503.
    ///
    /// ```
    /// use http::StatusCode;
    /// use tower_phone_auth::OAuthLayer;
    ///
    /// fn readyz(auth: &OAuthLayer) -> StatusCode {
    ///     if auth.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
    /// }
    /// ```
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.flow.is_ready()
    }

    /// How old this machine's knowledge of the [log](Builder::revocation_log) is: the time since it last knew that it
    /// had read everything, or since it began. None without a log; below a second when all is well.
    ///
    /// For a health check or a gauge of the application's own metrics, read when they are collected. When it passes
    /// [its limit](Builder::max_revocation_lag) and when it is back, there is a `tracing` event with the field `lag_ms`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tower_phone_auth::OAuthLayer;
    ///
    /// fn is_healthy(auth: &OAuthLayer) -> bool {
    ///     auth.revocation_lag().is_none_or(|lag| lag < Duration::from_secs(10))
    /// }
    /// ```
    #[must_use]
    pub fn revocation_lag(&self) -> Option<Duration> {
        self.flow.revocation_lag()
    }
}
