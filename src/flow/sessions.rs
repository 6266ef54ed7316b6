//! The sessions of a request: opened, checked, renewed and minted.
//!
//! A request of a signed-in user takes this path and no other. The cookie is opened, its times are
//! checked, and the revocations that this replica knows are looked up without a lock. A cookie that
//! does not open is ignored, because another application on the same host may use the same name.
//! Cookies do not distinguish ports (RFC 6265 section 8.5).
//!
//! | the cookies of the request | result of `session` |
//! |---|---|
//! | none, or none that opens | `NoSession` |
//! | one that has expired | `Expired` |
//! | one that was revoked, as far as this replica knows | `Ended` |
//! | a live one, and the revocation log was not read yet | `NotCaughtUp` |
//! | a live one | the session |
//!
//! The clock of another replica may be wrong. A session that is dated too far into the future
//! counts as expired, because it would outlive its lifetime otherwise.

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

/// A cookie for the response of the wrapped service. It usually holds the session sealed anew. It
/// can also be the mark that a saved form was sent (`form/mod.rs`). A renewal is rare, so it is
/// boxed, and the futures of all other requests stay small.
#[derive(Debug)]
pub(crate) struct Renewal {
    /// The whole `Set-Cookie` line, made before the wrapped service runs.
    pub(super) cookie: HeaderValue,
    /// The session of the request. It is checked once more when the response is ready.
    pub(super) id: SessionId,
}

/// The time of the last log line about a session from the future, in seconds of the monotonic
/// clock, plus one. Zero means never. An atomic number in place of a lock, because every request of
/// a signed-in user may come here.
#[derive(Debug, Default)]
pub(super) struct FutureSessions(AtomicU64);

/// The time between two log lines about sessions from the future.
const QUIET: Duration = Duration::from_secs(60 * 60);

impl FutureSessions {
    /// Logs at most one line an hour. A wrong clock affects every request, and would fill the log.
    /// Of several requests at the same moment one writes the line.
    #[cold]
    fn report(&self, session: &Session, clock: &Clock) {
        let (passed, order) = (clock.monotonic().as_secs(), Ordering::Relaxed);
        let last = self.0.load(order);
        // The stored number is one second ahead, because zero is taken for "never".
        let is_due = last == 0 || passed + 1 >= last + QUIET.as_secs();
        if is_due
            && self
                .0
                .compare_exchange(last, passed + 1, order, order)
                .is_ok()
        {
            let ahead = session.user.authenticated_at().duration_since(clock.now());
            tracing::error!(
                ahead_s = ahead.unwrap_or_default().as_secs(),
                "a session from the future: check the clocks of all replicas, one of them is wrong; the session counts as \
                 expired"
            );
        }
    }
}

/// The number of session cookies of one request that a sign-out ends. A browser holds one, or a few
/// under different paths, but a request can carry thousands. Without the limit, one request could
/// make the layer open and revoke as many as its headers hold.
const MAX: usize = 8;

impl Flow {
    /// The live session of a request, or the reason why there is none. A browser may hold several
    /// cookies of the name. The first live one counts.
    ///
    /// The session's own state is checked before the state of this replica. An expired or revoked
    /// session is refused for good, while one that cannot be checked yet gets 503. That order also
    /// holds in a replica that has just started, so that a user who signed out is not shown an
    /// outage.
    pub(super) fn session(&self, headers: &HeaderMap, now: UnixTime) -> Result<Session, Reason> {
        let mut reason = Reason::NoSession;
        for value in self.config.cookies.sessions(headers) {
            let Some(session) = self.open(value, now) else {
                continue;
            };
            if session.is_from_future {
                self.future_sessions.report(&session, &self.config.clock);
            }
            // After a session that does not count the search goes on, because the next cookie may
            // be live. A revocation outweighs an expiry as the reason.
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

    /// Whether this replica knows a revocation of the session.
    pub(super) fn was_revoked(&self, session: &Session) -> bool {
        let revocations = &self.config.revocations;
        revocations.has_ended(session.binding, &session.user)
    }

    /// Opens a session cookie. The result may be expired or revoked.
    fn open(&self, value: &[u8], now: UnixTime) -> Option<Session> {
        let Config {
            cookies,
            sealers,
            rules,
            ..
        } = &self.config;
        let provider = |binding| {
            self.by_binding(binding)
                .map(|known| Arc::clone(&known.name))
        };
        session::open(
            &sealers.session,
            cookies.session(),
            value,
            now,
            rules,
            provider,
        )
    }

    /// Whether a session cookie of the request was sealed by this layer, live or not. A cookie that
    /// does not open belongs to another application on this host and is not deleted. The times of
    /// the session are not read, because a cookie that is over is deleted too.
    pub(super) fn has_own_session(&self, headers: &HeaderMap) -> bool {
        let (config, now) = (&self.config, self.config.clock.unix());
        let name = config.cookies.session();
        let mut values = config.cookies.sessions(headers).take(MAX);
        values.any(|value| config.sealers.session.opens(name, value, now))
    }

    /// All sessions of a request that open, live or not. A saved form is offered to the user of an
    /// expired session as well, so expired ones count here.
    pub(super) fn opened<'a>(
        &'a self,
        headers: &'a HeaderMap,
        now: UnixTime,
    ) -> impl Iterator<Item = Session> + 'a {
        let values = self.config.cookies.sessions(headers);
        values.filter_map(move |value| self.open(value, now))
    }

    /// The live sessions of a request, each once, for a sign-out that ends them. A replica that has
    /// not read the revocation log counts them as well, because a sign-out must always be possible.
    pub(super) fn sessions(&self, headers: &HeaderMap) -> Vec<Session> {
        let mut sessions: Vec<Session> = Vec::new();
        let live = self
            .opened(headers, self.config.clock.unix())
            .filter(|session| !session.is_over && !self.was_revoked(session));
        for session in live.take(MAX) {
            let id = session.user.session_id();
            if sessions.iter().all(|known| known.user.session_id() != id) {
                sessions.push(session);
            }
        }
        sessions
    }

    /// The session sealed anew, once half of the idle time has passed, or if its key is retired.
    /// `None` if neither holds, which is the case for almost every request. A new cookie with every
    /// response would cost bytes and keep every response out of caches. A renewal near the end of
    /// the idle time could miss the user's next visit.
    pub(super) fn renewal(&self, session: &Session, now: UnixTime) -> Option<Box<Renewal>> {
        if !session.wants_renewal(self.config.rules.idle, now) {
            return None;
        }
        let cookie = self.session_cookie(session, now)?;
        if session.has_retired_key() {
            self.config
                .audit
                .old_session_key(&session.user.session_id());
        }
        self.config.audit.renewal(&session.user.provider);
        Some(Box::new(Renewal {
            cookie,
            id: session.user.session_id(),
        }))
    }

    /// The renewed cookie for the response. It is left out if the session was ended while the
    /// application handled the request, because the cookie would undo the sign-out. A sign-out
    /// revokes by the session's id, so only the id is looked up.
    pub(crate) fn still_live(&self, renewal: &Renewal) -> Option<HeaderValue> {
        let has_ended = self.config.revocations.has_session(&renewal.id);
        (!has_ended).then(|| renewal.cookie.clone())
    }

    /// The cookie of a session. It lives in the browser as long as the session can. `None` if
    /// sealing fails.
    pub(super) fn session_cookie(&self, session: &Session, now: UnixTime) -> Option<HeaderValue> {
        let Config {
            cookies, sealers, ..
        } = &self.config;
        let name = cookies.session();
        let value = session.seal(&sealers.session, name, now)?;
        // A renewed cookie does not prolong the session, so its `Max-Age` shrinks with each
        // renewal.
        let left = session
            .user
            .expires_at()
            .duration_since(now.into())
            .unwrap_or_default();
        cookies.set(name, &value, left)
    }

    /// A session cookie for an application's tests, without a sign-in. `None` if the layer has no
    /// provider of the user's name.
    #[cfg(feature = "test-util")]
    pub(crate) fn mint(&self, user: &VerifiedUser) -> Option<HeaderValue> {
        let binding = self.by_name(&user.provider)?.binding;
        let now = self.config.clock.unix();
        self.session_cookie(&Session::new(user.clone(), binding, now), now)
    }

    /// The live session of a request, if any. The reason of a refusal is dropped, for callers that
    /// only ask whether a user is signed in.
    pub(super) fn live_session(&self, headers: &HeaderMap) -> Option<Session> {
        self.session(headers, self.config.clock.unix()).ok()
    }

    /// The user of the live session.
    pub(super) fn user(&self, headers: &HeaderMap) -> Option<VerifiedUser> {
        self.live_session(headers).map(|session| session.user)
    }

    /// Whether the request has a live session.
    pub(super) fn is_signed_in(&self, headers: &HeaderMap) -> bool {
        self.user(headers).is_some()
    }

    /// Whether the request carries this session and it is live. A browser that signed in again
    /// since has another session, and gets `false`.
    pub(super) fn has_session(&self, session: &SessionId, headers: &HeaderMap) -> bool {
        self.user(headers)
            .is_some_and(|user| user.session_id() == *session)
    }
}
