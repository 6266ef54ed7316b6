//! The settings and calls that end sessions before they expire.

use std::{sync::Arc, time::Duration};

use super::{Builder, OAuthLayer};
use crate::{
    flow::RevokeError,
    revocation::{LogChoice, NotEverywhere, RevocationLog, WhenStale},
    session::{id::SessionId, user::VerifiedUser},
};

impl Builder {
    /// The log that carries revocations to other replicas and over restarts. Default: none. A
    /// revocation is then known to this layer only, until the process ends. A copied cookie of a
    /// signed-out session is accepted again after a restart with the same key.
    ///
    /// An application with one replica uses a [`FileLog`](crate::revocation::FileLog), one with
    /// several a `RedisLog` (feature `redis`).
    ///
    /// Layers that share a log need the same [session key](Self::session_key) and
    /// [lifetime](Self::session_lifetime). A task on tokio's runtime reads the log.
    ///
    /// ```
    /// use tower_phone_auth::{revocation::InProcessLog, OAuthLayer};
    ///
    /// let builder = OAuthLayer::builder().revocation_log(InProcessLog::default());
    /// ```
    pub fn revocation_log(mut self, log: impl RevocationLog) -> Self {
        self.settings.revocation.log = LogChoice::Given(Arc::new(log));
        self
    }

    /// The age of the last complete reading of the [log](Self::revocation_log) beyond which a
    /// replica is [stale](Self::when_stale). Default: 10 seconds; from one second to a day.
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

    /// How a replica answers while it cannot read the [log](Self::revocation_log). Default:
    /// [`WhenStale::ServeStale`].
    ///
    /// A replica that has just started reads the log before it accepts a session. Until then,
    /// requests with a session get 503 with `Retry-After: 1`, however long that takes. Only
    /// [`WhenStale::ServeUnread`] accepts them after a reading has failed. [`OAuthLayer::is_ready`]
    /// says whether the log has been read.
    ///
    /// ```
    /// # use tower_phone_auth::{revocation::WhenStale, OAuthLayer};
    /// let builder = OAuthLayer::builder().when_stale(WhenStale::FailClosed);
    /// ```
    pub fn when_stale(mut self, policy: WhenStale) -> Self {
        self.settings.revocation.when_stale = policy;
        self
    }
}

impl OAuthLayer {
    /// Ends every session of a user that began before now. `provider` is the name of the provider
    /// in this layer and `subject` the user's identifier there, as in [`VerifiedUser`].
    ///
    /// With a [log](Builder::revocation_log), other replicas know it within a second. The user may
    /// sign in again.
    ///
    /// ```no_run
    /// # async fn example(auth: tower_phone_auth::OAuthLayer) -> Result<(), tower_phone_auth::layer::RevokeError> {
    /// auth.revoke("kakao", "1376016924429759228").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the provider is unknown, or if the subject has more than 255 bytes. Also if the log did
    /// not accept the revocation. The revocation is then in effect on this replica, and the layer
    /// retries.
    pub async fn revoke(&self, provider: &str, subject: &str) -> Result<(), RevokeError> {
        self.flow.revoke(provider, subject).await
    }

    /// Ends one session, named by its [`session_id`](crate::VerifiedUser::session_id).
    ///
    /// ```no_run
    /// # use tower_phone_auth::{revocation::NotEverywhere, OAuthLayer, VerifiedUser};
    /// # async fn example(auth: OAuthLayer, user: VerifiedUser) -> Result<(), NotEverywhere> {
    /// auth.revoke_session(user.session_id()).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the log did not accept the revocation. It is then in effect on this replica, and the
    /// layer retries.
    pub async fn revoke_session(&self, id: SessionId) -> Result<(), NotEverywhere> {
        self.flow.revoke_session(id).await
    }

    /// Whether the session of this user has expired or was signed out or revoked, as far as this
    /// replica knows. It reads memory, without a lock.
    ///
    /// For connections that outlive their request, such as a WebSocket, call this from time to
    /// time, and close the connection once it returns true.
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

    /// The `subject` of a user in the [audit log](crate::audit::AUDIT_TARGET), to find the lines of
    /// that user.
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

    /// Whether this replica accepts sessions at the moment. False until it has read the
    /// [log](Builder::revocation_log) for the first time, and while it [fails
    /// closed](WhenStale::FailClosed). True without a log. Reads memory.
    ///
    /// Use it in a readiness probe, so that a load balancer sends no request that would get 503.
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

    /// The age of the last complete reading of the [log](Builder::revocation_log) on this replica,
    /// or the time since its start if there was none. `None` without a log. Below a second in
    /// normal operation.
    ///
    /// For a health check or a gauge of the application's own metrics, read when they are
    /// collected. There is a `tracing` event with the field `lag_ms` when the age passes [its
    /// limit](Builder::max_revocation_lag) and when it is below again.
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
