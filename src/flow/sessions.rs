//! The session of a request, and the cookie that carries it on.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue};

use super::Flow;
use crate::{
    clock::UnixTime,
    config::Config,
    failure::Reason,
    revocation::Trust,
    session::{self, Opened, Session},
    session_id::SessionId,
    user::VerifiedUser,
};

/// A session sealed anew, for the response: rare, and so kept out of every future's size.
#[derive(Debug)]
pub(crate) struct Renewal {
    cookie: HeaderValue,
    id: SessionId,
}

impl Flow {
    /// The session of a request, or why there is none. A browser may hold several cookies of the name; the
    /// first that is live counts.
    pub(super) fn session(&self, headers: &HeaderMap, now: UnixTime) -> Result<Session, Reason> {
        let mut reason = Reason::NoSession;
        for opened in self.opened(headers, now) {
            match opened {
                Opened::Live(session) if !self.was_revoked(&session) => {
                    return match self.config.revocations.trust(now) {
                        Trust::Full => Ok(session),
                        Trust::Starting | Trust::Closed => Err(Reason::NotCaughtUp),
                    };
                }
                Opened::Live(_) => reason = Reason::Ended,
                Opened::Expired(_) if reason == Reason::NoSession => reason = Reason::Expired,
                Opened::Expired(_) => {}
            }
        }
        Err(reason)
    }

    fn was_revoked(&self, session: &Session) -> bool {
        let revocations = &self.config.revocations;
        revocations.has_ended(session.binding, &session.user)
    }

    /// What the session cookies of a request say.
    pub(super) fn opened<'a>(
        &'a self,
        headers: &'a HeaderMap,
        now: UnixTime,
    ) -> impl Iterator<Item = Opened> + 'a {
        let Config {
            cookies,
            session_sealer,
            rules,
            ..
        } = &self.config;
        let name = cookies.session();
        let provider = |binding| {
            self.by_binding(binding)
                .map(|known| Arc::clone(&known.name))
        };
        cookies.sessions(headers).filter_map(move |value| {
            session::open(session_sealer, name, value, now, rules, provider)
        })
    }

    /// Every session that a request carries, for ending them.
    pub(super) fn sessions(&self, headers: &HeaderMap) -> Vec<Session> {
        let live = |opened| match opened {
            Opened::Live(session) if !self.was_revoked(&session) => Some(session),
            _ => None,
        };
        self.opened(headers, self.config.clock.unix())
            .filter_map(live)
            .collect()
    }

    pub(super) fn renewal(&self, session: &Session, now: UnixTime) -> Option<Box<Renewal>> {
        if !session.wants_renewal(self.config.rules.idle, now) {
            return None;
        }
        let cookie = self.session_cookie(session, now)?;
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
}
