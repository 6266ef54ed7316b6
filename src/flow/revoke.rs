//! Sessions that end before their time.

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

/// A sign-in does not wait longer until the session that it replaces has ended everywhere.
const PATIENCE: Duration = Duration::from_millis(300);

impl Flow {
    /// Ends what a user has here, all sessions up to now; or up to the time that the provider named by its own clock.
    pub(super) async fn end_subject(
        &self,
        provider: &Registered,
        subject: &str,
        told: Option<UnixTime>,
    ) -> Result<(), NotEverywhere> {
        let (now, life) = (self.config.clock.unix(), self.config.rules.life);
        let revocation =
            Revocation::of_subject(provider.binding, subject, now, life).until_issued(told);
        self.config.revocations.publish(vec![revocation]).await
    }

    /// Ends what belongs to one session at the provider (OpenID Connect `sid`), and what begins of it later; with its
    /// subject also those sessions of the user that know no `sid`, as they may belong to it.
    pub(super) async fn end_provider_session(
        &self,
        provider: &Registered,
        sid: &str,
        subject: Option<&str>,
        told: Option<UnixTime>,
    ) -> Result<(), NotEverywhere> {
        let (binding, life) = (provider.binding, self.config.rules.life);
        let now = self.config.clock.unix();
        // No session of ours says that it belongs to one of another form.
        let session = ProviderSession::of(sid);
        let session = session.map(|id| Revocation::of_provider_session(binding, &id, now, life));
        let unnamed = subject.map(|subject| {
            Revocation::of_subject_without_session(binding, subject, now, life).until_issued(told)
        });
        let revocations = [session, unnamed].into_iter().flatten().collect();
        self.config.revocations.publish(revocations).await
    }

    /// Ends these sessions, so that a copy of their cookies is worth nothing (OWASP ASVS 5.0, 7.4.1).
    pub(super) async fn end_sessions(&self, sessions: &[Session]) -> Result<(), NotEverywhere> {
        let revocations = sessions.iter().map(Self::of_session).collect();
        self.config.revocations.publish(revocations).await
    }

    fn of_session(session: &Session) -> Revocation {
        let user = &session.user;
        Revocation::of_session(user.session_id, user.expires_at.into())
    }

    /// Ends these sessions and all others of their users. A replica at which one of them is over knows the rest as well:
    /// a user who signs in there again stays signed in.
    pub(super) async fn end_everywhere(&self, sessions: &[Session]) -> Result<(), NotEverywhere> {
        let (now, life) = (self.config.clock.unix(), self.config.rules.life);
        let mut users: Vec<&Session> = sessions.iter().collect();
        users.dedup_by_key(|session| (session.binding.as_bytes(), &session.user.subject));
        let users = users.into_iter().map(|session| {
            Revocation::of_subject(session.binding, &session.user.subject, now, life)
        });
        let revocations = users.chain(sessions.iter().map(Self::of_session)).collect();
        self.config.revocations.publish(revocations).await
    }

    /// A new session in a browser ends the one before (OWASP ASVS 5.0, 7.2.4). What is not told by then is told
    /// later.
    pub(super) async fn end_replaced(&self, headers: &HeaderMap) {
        let replaced = self.sessions(headers);
        let ended = timeout(PATIENCE, self.end_sessions(&replaced)).await;
        let complete = matches!(ended, Ok(Ok(())));
        for Session { user, .. } in &replaced {
            let replaced = Revoked::Replaced(&user.session_id);
            self.config.audit.revocation(replaced, complete);
        }
    }

    /// Ends a session whose user is no longer signed in at the provider; whether that is known everywhere yet. What is not is
    /// published later.
    pub(super) async fn end_checked(&self, session: &Session) -> bool {
        let ended = self.end_sessions(std::slice::from_ref(session));
        matches!(timeout(PATIENCE, ended).await, Ok(Ok(())))
    }

    /// A session is not ended by what was known here when its sign-in took this `step`. The user may have been signed out
    /// at the provider while the sign-in was under way.
    pub(super) fn note_known_revocations(
        &self,
        user: &mut VerifiedUser,
        provider: &Registered,
        step: u64,
    ) -> Result<(), LoginError> {
        let (revocations, binding) = (&self.config.revocations, provider.binding);
        user.known = revocations.known(binding, user, step);
        if revocations.has_ended(binding, user) {
            let kind = LoginErrorKind::ProviderRefused;
            return Err(LoginError::with_code(kind, "session_ended"));
        }
        Ok(())
    }

    /// Whether the session is over, as far as this machine knows.
    pub(crate) fn has_ended(&self, user: &VerifiedUser) -> bool {
        let is_over = self.config.clock.now() >= user.expires_at;
        let provider = self.by_name(&user.provider);
        is_over
            || provider.is_none_or(|known| self.config.revocations.has_ended(known.binding, user))
    }

    pub(crate) async fn revoke(&self, provider: &str, subject: &str) -> Result<(), RevokeError> {
        let Some(provider) = self.by_name(provider) else {
            return Err(RevokeError::UnknownProvider(provider.to_owned()));
        };
        if subject.len() > LONGEST_SUBJECT {
            return Err(RevokeError::SubjectTooLong(subject.len()));
        }
        let ended = self.end_subject(provider, subject, None).await;
        let provider = &provider.name;
        let revoked = Revoked::User { provider, subject };
        self.config.audit.revocation(revoked, ended.is_ok());
        Ok(ended?)
    }

    pub(crate) async fn revoke_session(&self, id: SessionId) -> Result<(), NotEverywhere> {
        let (now, life) = (self.config.clock.unix(), self.config.rules.life);
        let revocation = Revocation::of_session(id, now.after(life));
        let ended = self.config.revocations.publish(vec![revocation]).await;
        let revoked = Revoked::Session(&id);
        self.config.audit.revocation(revoked, ended.is_ok());
        ended
    }

    /// A user as the audit log names one.
    pub(crate) fn audit_subject(&self, provider: &str, subject: &str) -> String {
        self.config.audit.mask(provider, subject).into_string()
    }
}

/// Why [`OAuthLayer::revoke`](crate::OAuthLayer::revoke) did not end everything everywhere.
///
/// ```
/// use tower_phone_auth::RevokeError;
///
/// let error = RevokeError::UnknownProvider("kakoa".to_owned());
/// assert_eq!(error.to_string(), "the layer has no provider named \"kakoa\"; nothing was ended");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevokeError {
    /// The layer has no provider of this name: nothing was ended.
    UnknownProvider(String),
    /// The subject has so many bytes, and no session's has more than 255: nothing was ended.
    SubjectTooLong(usize),
    /// It ended here, and is being told to the other machines.
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

impl Error for RevokeError {}
