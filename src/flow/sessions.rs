//! The session of a request, and the cookie that carries it on.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue};

use super::Flow;
use crate::{
    clock::UnixTime,
    config::Config,
    session::{self, Opened, Session},
    user::VerifiedUser,
};

/// A session sealed anew, for the response.
#[derive(Debug)]
pub(crate) struct Renewal {
    cookie: HeaderValue,
    id: [u8; 16],
}

impl Flow {
    /// The session of a request. A browser may hold several cookies of the name; the first
    /// that is live counts.
    pub(super) fn session(&self, headers: &HeaderMap, now: UnixTime) -> Option<Opened> {
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
        let mut expired = None;
        for value in cookies.sessions(headers) {
            match session::open(session_sealer, name, value, now, rules, provider) {
                Some(Opened::Live(session)) if self.stub.has(&session) => {
                    expired = Some(Opened::Expired);
                }
                Some(Opened::Live(session)) => return Some(Opened::Live(session)),
                Some(Opened::Expired) => expired = Some(Opened::Expired),
                None => {}
            }
        }
        expired
    }

    pub(super) fn renewal(&self, session: &Session, now: UnixTime) -> Option<Renewal> {
        if !session.wants_renewal(self.config.rules.idle, now) {
            return None;
        }
        let cookie = self.session_cookie(session, now)?;
        Some(Renewal {
            cookie,
            id: session.id,
        })
    }

    /// The renewed cookie, unless the session was ended or replaced meanwhile.
    pub(crate) fn still_live(&self, renewal: Renewal) -> Option<HeaderValue> {
        (!self.ended.contains(&renewal.id)).then_some(renewal.cookie)
    }

    /// Ends the session that a request carries.
    pub(super) fn end(&self, headers: &HeaderMap) -> Option<Session> {
        match self.session(headers, self.config.clock.unix()) {
            Some(Opened::Live(session)) => {
                self.ended.add(session.id);
                Some(session)
            }
            _ => None,
        }
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
        self.session_cookie(&Session::new(user.clone(), binding, now)?, now)
    }

    pub(super) fn live_session(&self, headers: &HeaderMap) -> Option<Session> {
        match self.session(headers, self.config.clock.unix()) {
            Some(Opened::Live(session)) => Some(session),
            _ => None,
        }
    }

    pub(super) fn user(&self, headers: &HeaderMap) -> Option<VerifiedUser> {
        self.live_session(headers).map(|session| session.user)
    }

    pub(super) fn is_signed_in(&self, headers: &HeaderMap) -> bool {
        self.user(headers).is_some()
    }
}
