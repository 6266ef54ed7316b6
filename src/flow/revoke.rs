//! Revocation: sessions that end before they expire.
//!
//! Each function makes revocations and publishes them to the log that all replicas follow. A
//! session is over on this replica before the call returns. An error says that the log did not take
//! the entry yet. The follower of the log then publishes it later, so no caller repeats the call.
//!
//! A sign-out names the session by its id. The entry for "all sessions of this user" has the user's
//! subject and a time, and ends the sessions that began before. A provider's logout token ends
//! sessions by its `sid`, its `sub`, or both (OpenID Connect Back-Channel Logout section 2.4).
//!
//! | caller | ends | function |
//! |---|---|---|
//! | `POST /auth/logout` | the sessions of the request | `end_sessions` |
//! | `POST /auth/logout?everywhere` | all sessions of their users | `end_everywhere` |
//! | a sign-in | the session that it replaces | `end_replaced` |
//! | a check with the provider | the checked session | `end_checked` |
//! | a report with a `sub` alone | all sessions of the user at this provider | `end_subject` |
//! | a report with a `sid` | the sessions with this `sid` | `end_provider_session` |
//! | the application | all sessions of a user, or one | `revoke`, `revoke_session` |

use std::{error::Error, fmt, time::Duration};

use http::HeaderMap;
use tokio::time::timeout;

use super::{Flow, Registered};
use crate::{
    audit::Revoked,
    clock::UnixTime,
    error::{LoginError, LoginErrorKind},
    revocation::{LONGEST_SUBJECT, NotEverywhere, Revocation},
    session::{
        Session,
        id::{ProviderSession, SessionId},
        user::VerifiedUser,
    },
};

/// The time that a sign-in waits until the session that it replaces is revoked everywhere. The user
/// waits during this time, and the entry is published later if it does not suffice.
const PUBLISH_TIMEOUT: Duration = Duration::from_millis(300);

impl Flow {
    /// Ends all sessions of a user that began before now. If the provider named a time, the
    /// sessions end whose ID token was issued before that time by the provider's clock. A replay of
    /// an old report then ends no session that began after it.
    pub(super) async fn end_subject(
        &self,
        provider: &Registered,
        subject: &str,
        provider_time: Option<UnixTime>,
    ) -> Result<(), NotEverywhere> {
        let (now, life) = (self.config.clock.unix(), self.config.rules.life);
        let revocation = Revocation::of_subject(provider.binding, subject, now, life)
            .until_issued(provider_time);
        self.config.revocations.publish(vec![revocation]).await
    }

    /// Ends the sessions that belong to one session at the provider (OpenID Connect `sid`), also
    /// those that a sign-in still under way begins later. With a subject, sessions of that user
    /// without a `sid` end as well, because they may belong to it.
    pub(super) async fn end_provider_session(
        &self,
        provider: &Registered,
        sid: &str,
        subject: Option<&str>,
        provider_time: Option<UnixTime>,
    ) -> Result<(), NotEverywhere> {
        let (binding, life) = (provider.binding, self.config.rules.life);
        let now = self.config.clock.unix();
        // A `sid` of another form stands in no session of this layer.
        let session = ProviderSession::of(sid);
        let session = session.map(|id| Revocation::of_provider_session(binding, &id, now, life));
        let unnamed = subject.map(|subject| {
            Revocation::of_subject_without_session(binding, subject, now, life)
                .until_issued(provider_time)
        });
        // Both entries go out in one call, so that no replica sees one without the other.
        let revocations = [session, unnamed].into_iter().flatten().collect();
        self.config.revocations.publish(revocations).await
    }

    /// Ends these sessions, so that a copy of their cookies is worth nothing (OWASP ASVS 5.0,
    /// 7.4.1).
    pub(super) async fn end_sessions(&self, sessions: &[Session]) -> Result<(), NotEverywhere> {
        let revocations = sessions.iter().map(Self::of_session).collect();
        self.config.revocations.publish(revocations).await
    }

    /// The revocation of one session. It is needed until the session would have expired. Afterwards
    /// every replica drops the entry from its table.
    fn of_session(session: &Session) -> Revocation {
        let user = &session.user;
        Revocation::of_session(user.session_id(), user.facts().expires_at)
    }

    /// Ends these sessions and all others of their users. The entries are published in one batch,
    /// and after a failure those of users come first. A replica at which a session is over thus
    /// knows the entry of its user as well. A user who signs in there again stays signed in.
    pub(super) async fn end_everywhere(&self, sessions: &[Session]) -> Result<(), NotEverywhere> {
        let (now, life) = (self.config.clock.unix(), self.config.rules.life);
        let mut users: Vec<&Session> = sessions.iter().collect();
        // A second entry for the same user does no harm, so only neighbours are compared.
        users.dedup_by_key(|session| (session.binding.as_bytes(), &session.user.subject));
        let users = users.into_iter().map(|session| {
            Revocation::of_subject(session.binding, &session.user.subject, now, life)
        });
        let revocations = users.chain(sessions.iter().map(Self::of_session)).collect();
        self.config.revocations.publish(revocations).await
    }

    /// Ends the session that a sign-in replaces (OWASP ASVS 5.0, 7.2.4). If the log does not take
    /// the revocation in time, it is published later. The old session is found by the cookies of
    /// the callback. A sign-in in another browser replaces nothing.
    pub(super) async fn end_replaced(&self, headers: &HeaderMap) {
        let replaced = self.sessions(headers);
        let ended = timeout(PUBLISH_TIMEOUT, self.end_sessions(&replaced)).await;
        let complete = matches!(ended, Ok(Ok(())));
        for Session { user, .. } in &replaced {
            let id = user.session_id();
            let replaced = Revoked::Replaced(&id);
            self.config.audit.revocation(replaced, complete);
        }
    }

    /// Ends a session whose user is no longer signed in at the provider. Returns whether the log
    /// took the entry in time. Otherwise the entry is published later.
    pub(super) async fn end_checked(&self, session: &Session) -> bool {
        let ended = self.end_sessions(std::slice::from_ref(session));
        matches!(timeout(PUBLISH_TIMEOUT, ended).await, Ok(Ok(())))
    }

    /// Marks the revocations that a new session came after. `step` is the number of revocations
    /// that were known when the exchange began. Those end earlier sessions and not this one. A
    /// later revocation refuses the sign-in, because the user may have been signed out at the
    /// provider during the exchange.
    pub(super) fn note_known_revocations(
        &self,
        user: &mut VerifiedUser,
        provider: &Registered,
        step: u64,
    ) -> Result<(), LoginError> {
        let (revocations, binding) = (&self.config.revocations, provider.binding);
        // Without this mark, a user who was signed out everywhere could not sign in again within
        // the same second, because times have whole seconds.
        user.facts_mut().known = revocations.known(binding, user, step);
        if revocations.has_ended(binding, user) {
            let kind = LoginErrorKind::ProviderRefused;
            return Err(LoginError::with_code(kind, "session_ended"));
        }
        Ok(())
    }

    /// Whether the session is over, as far as this replica knows. A session whose provider the
    /// layer does not have any more counts as over.
    pub(crate) fn has_ended(&self, user: &VerifiedUser) -> bool {
        let is_over = self.config.clock.now() >= user.expires_at();
        let provider = self.by_name(&user.provider);
        is_over
            || provider.is_none_or(|known| self.config.revocations.has_ended(known.binding, user))
    }

    /// Ends all sessions of a user, for the application.
    pub(crate) async fn revoke(&self, provider: &str, subject: &str) -> Result<(), RevokeError> {
        let Some(provider) = self.by_name(provider) else {
            return Err(RevokeError::UnknownProvider(provider.to_owned()));
        };
        // Such an entry would be in the log for nothing, and the application would take it for a
        // success.
        if subject.len() > LONGEST_SUBJECT {
            return Err(RevokeError::SubjectTooLong(subject.len()));
        }
        let ended = self.end_subject(provider, subject, None).await;
        let provider = &provider.name;
        let revoked = Revoked::User { provider, subject };
        self.config.audit.revocation(revoked, ended.is_ok());
        Ok(ended?)
    }

    /// Ends one session, for the application. Its expiry is unknown, so the entry lives as long as
    /// any session can.
    pub(crate) async fn revoke_session(&self, id: SessionId) -> Result<(), NotEverywhere> {
        let (now, life) = (self.config.clock.unix(), self.config.rules.life);
        let revocation = Revocation::of_session(id, now.after(life));
        let ended = self.config.revocations.publish(vec![revocation]).await;
        let revoked = Revoked::Session(&id);
        self.config.audit.revocation(revoked, ended.is_ok());
        ended
    }

    /// The name of a user in the audit log, which may be masked.
    pub(crate) fn audit_subject(&self, provider: &str, subject: &str) -> String {
        self.config.audit.mask(provider, subject).into_string()
    }
}

/// The reason why [`OAuthLayer::revoke`](crate::OAuthLayer::revoke) did not end all sessions
/// everywhere.
///
/// ```
/// use tower_phone_auth::layer::RevokeError;
///
/// let error = RevokeError::UnknownProvider("kakoa".to_owned());
/// assert_eq!(error.to_string(), "the layer has no provider named \"kakoa\"; nothing was ended");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevokeError {
    /// The layer has no provider of this name. Nothing was ended.
    UnknownProvider(String),
    /// The subject has this many bytes. No session has a subject of more than 255, so nothing was
    /// ended.
    SubjectTooLong(usize),
    /// The sessions have ended on this replica. The other replicas learn it as soon as the log is
    /// reachable.
    NotEverywhere(NotEverywhere),
}

impl From<NotEverywhere> for RevokeError {
    fn from(error: NotEverywhere) -> Self {
        Self::NotEverywhere(error)
    }
}

impl fmt::Display for RevokeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownProvider(name) => {
                write!(
                    f,
                    "the layer has no provider named {name:?}; nothing was ended"
                )
            }
            Self::SubjectTooLong(length) => write!(
                f,
                "the subject has {length} bytes, and no session's has more than {LONGEST_SUBJECT}; nothing was ended"
            ),
            Self::NotEverywhere(error) => error.fmt(f),
        }
    }
}

/// The source of [`RevokeError::NotEverywhere`] is the error of the log.
impl Error for RevokeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NotEverywhere(error) => error.source(),
            Self::UnknownProvider(_) | Self::SubjectTooLong(_) => None,
        }
    }
}
