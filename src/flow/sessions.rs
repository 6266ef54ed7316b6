//! The session of a request, and the cookie that carries it on.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use http::{HeaderMap, HeaderValue};

use super::Flow;
use crate::{
    clock::{Clock, UnixTime},
    config::Config,
    error::refusal::Reason,
    revocation::Readiness,
    session::{self, Session, id::SessionId, user::VerifiedUser},
};

/// A cookie for the response, as long as its session lives; mostly the session sealed anew. It is rare, and so kept out of every
/// future's size.
#[derive(Debug)]
pub(crate) struct Renewal {
    pub(super) cookie: HeaderValue,
    pub(super) id: SessionId,
}

/// When a session from the future was last told of, in seconds of the monotonic clock, plus one.
#[derive(Debug, Default)]
pub(super) struct FutureSessions(AtomicU64);

/// Between two lines about sessions from the future.
const QUIET: Duration = Duration::from_secs(60 * 60);

impl FutureSessions {
    /// One line an hour, however many requests bring them.
    #[cold]
    fn report(&self, session: &Session, clock: &Clock) {
        let (passed, order) = (clock.monotonic().as_secs(), Ordering::Relaxed);
        let last = self.0.load(order);
        let is_due = last == 0 || passed + 1 >= last + QUIET.as_secs();
        if is_due
            && self
                .0
                .compare_exchange(last, passed + 1, order, order)
                .is_ok()
        {
            let ahead = session.user.authenticated_at.duration_since(clock.now());
            tracing::error!(
                ahead_s = ahead.unwrap_or_default().as_secs(),
                "a session from the future: check clocks; it counts as over. A clock of this machine or of another \
                 one is wrong"
            );
        }
    }
}

/// As many cookies of one name are looked at where sessions are ended.
const MOST: usize = 8;

impl Flow {
    /// The session of a request, or why there is none. A browser may hold several cookies of the name; the
    /// first that is live counts.
    pub(super) fn session(&self, headers: &HeaderMap, now: UnixTime) -> Result<Session, Reason> {
        let mut reason = Reason::NoSession;
        for value in self.config.cookies.sessions(headers) {
            let Some(session) = self.open(value, now) else {
                continue;
            };
            if session.is_from_future {
                self.future_sessions.report(&session, &self.config.clock);
            }
            if session.is_over {
                if reason == Reason::NoSession {
                    reason = Reason::Expired;
                }
            } else if self.was_revoked(&session) {
                reason = Reason::Ended;
            } else {
                return match self.config.revocations.readiness() {
                    Readiness::Ready => Ok(session),
                    Readiness::CatchingUp | Readiness::Stale => Err(Reason::NotCaughtUp),
                };
            }
        }
        Err(reason)
    }

    pub(super) fn was_revoked(&self, session: &Session) -> bool {
        let revocations = &self.config.revocations;
        revocations.has_ended(session.binding, &session.user)
    }

    /// What a session cookie says.
    fn open(&self, value: &[u8], now: UnixTime) -> Option<Session> {
        let Config {
            cookies,
            session_sealer,
            rules,
            ..
        } = &self.config;
        let provider = |binding| {
            self.by_binding(binding)
                .map(|known| Arc::clone(&known.name))
        };
        session::open(
            session_sealer,
            cookies.session(),
            value,
            now,
            rules,
            provider,
        )
    }

    /// Whether a session cookie of the request is of this layer, live or not. Any other is another application's on this host,
    /// as cookies know no ports, and is not deleted.
    pub(super) fn has_own_session(&self, headers: &HeaderMap) -> bool {
        let (config, now) = (&self.config, self.config.clock.unix());
        let name = config.cookies.session();
        let mut values = config.cookies.sessions(headers).take(MOST);
        values.any(|value| config.session_sealer.opens(name, value, now))
    }

    /// What all of a request's say, live or not.
    pub(super) fn opened<'a>(
        &'a self,
        headers: &'a HeaderMap,
        now: UnixTime,
    ) -> impl Iterator<Item = Session> + 'a {
        let values = self.config.cookies.sessions(headers);
        values.filter_map(move |value| self.open(value, now))
    }

    /// The sessions that a request carries, for ending them; each once, and no more than a browser ever holds.
    pub(super) fn sessions(&self, headers: &HeaderMap) -> Vec<Session> {
        let mut sessions: Vec<Session> = Vec::new();
        let live = self
            .opened(headers, self.config.clock.unix())
            .filter(|session| !session.is_over && !self.was_revoked(session));
        for session in live.take(MOST) {
            let id = session.user.session_id;
            if sessions.iter().all(|known| known.user.session_id != id) {
                sessions.push(session);
            }
        }
        sessions
    }

    pub(super) fn renewal(&self, session: &Session, now: UnixTime) -> Option<Box<Renewal>> {
        if !session.wants_renewal(self.config.rules.idle, now) {
            return None;
        }
        let cookie = self.session_cookie(session, now)?;
        if session.is_of_old_key() {
            self.config.audit.old_session_key(&session.user.session_id);
        }
        Some(Box::new(Renewal {
            cookie,
            id: session.user.session_id,
        }))
    }

    /// The renewed cookie, unless the session was ended or replaced meanwhile.
    pub(crate) fn still_live(&self, renewal: &Renewal) -> Option<HeaderValue> {
        let has_ended = self.config.revocations.has_session(&renewal.id);
        (!has_ended).then(|| renewal.cookie.clone())
    }

    /// The cookie lives as long as the session can.
    pub(super) fn session_cookie(&self, session: &Session, now: UnixTime) -> Option<HeaderValue> {
        let Config {
            cookies,
            session_sealer,
            ..
        } = &self.config;
        let name = cookies.session();
        let value = session.seal(session_sealer, name, now)?;
        let left = session
            .user
            .expires_at
            .duration_since(now.into())
            .unwrap_or_default();
        cookies.set(name, &value, left)
    }

    /// A session that no login made, for an application's own tests.
    #[cfg(feature = "test-util")]
    pub(crate) fn mint(&self, user: &VerifiedUser) -> Option<HeaderValue> {
        let binding = self.by_name(&user.provider)?.binding;
        let now = self.config.clock.unix();
        self.session_cookie(&Session::new(user.clone(), binding, now), now)
    }

    pub(super) fn live_session(&self, headers: &HeaderMap) -> Option<Session> {
        self.session(headers, self.config.clock.unix()).ok()
    }

    pub(super) fn user(&self, headers: &HeaderMap) -> Option<VerifiedUser> {
        self.live_session(headers).map(|session| session.user)
    }

    pub(super) fn is_signed_in(&self, headers: &HeaderMap) -> bool {
        self.user(headers).is_some()
    }

    /// Whether this session is live and the request's own.
    pub(super) fn brings(&self, session: &SessionId, headers: &HeaderMap) -> bool {
        self.user(headers)
            .is_some_and(|user| user.session_id == *session)
    }
}
