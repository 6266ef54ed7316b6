//! Whether a user proved it recently enough for a route, and what helps if not.

use std::sync::{Arc, atomic::Ordering};

use http::Extensions;

use crate::flow::{Flow, Requirements};
use crate::{
    clock::UnixTime,
    provider::Freshness,
    session::user::{Anonymous, VerifiedUser},
};

/// What a route's `max_age` makes of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    Enough,
    /// The provider is asked for a fresh sign-in.
    AskAgain,
    /// The provider proves nothing, or did not when it was asked: asking again by itself would go in circles.
    Missing,
}

impl Flow {
    /// Evidence decides where there is any; an unproved sign-in counts only if the route says so.
    pub(crate) fn proof(&self, demand: Requirements, user: &VerifiedUser) -> Proof {
        let Some(limit) = demand.max_age else {
            return Proof::Enough;
        };
        let now = self.config.clock.unix();
        let began = UnixTime::from(user.authenticated_at);
        let enough_until = user
            .proved_at
            .map(|proved| UnixTime::from(proved).after(limit));
        match enough_until {
            Some(until) if now <= until => Proof::Enough,
            // It was too old already when the fresh sign-in came back.
            Some(until) if user.asked_afresh && began > until => Proof::Missing,
            Some(_) => Proof::AskAgain,
            None if demand.accepts_unproved => {
                if user.asked_afresh && now <= began.after(limit) {
                    Proof::Enough
                } else {
                    Proof::AskAgain
                }
            }
            None if user.asked_afresh || !self.proves_freshness(&user.provider) => Proof::Missing,
            None => Proof::AskAgain,
        }
    }

    fn proves_freshness(&self, provider: &str) -> bool {
        let provider = self.by_name(provider);
        provider.is_some_and(|known| known.client.freshness() == Freshness::Proved)
    }

    /// Whether this very layer made the user. The name's text may be another layer's as well; its place in memory is not.
    pub(crate) fn made(&self, user: &VerifiedUser) -> bool {
        let provider = self.by_name(&user.provider);
        provider.is_some_and(|known| Arc::ptr_eq(&known.name, &user.provider))
    }

    /// The user in whom `require()` believes: one of this layer's own. One line in the log says that it stands in the wrong
    /// place.
    pub(crate) fn own_user<'a>(&self, extensions: &'a Extensions) -> Option<&'a VerifiedUser> {
        let found = extensions.get::<VerifiedUser>();
        let own = found.filter(|user| self.made(user));
        if own.is_none() {
            self.warn_misplaced(found.is_some(), extensions.get::<Anonymous>().is_some());
        }
        own
    }

    fn warn_misplaced(&self, is_other_user: bool, is_public: bool) {
        let is_misplaced = is_other_user || !is_public;
        if !is_misplaced || self.misplaced.swap(true, Ordering::Relaxed) {
            return;
        }
        let prefix = self.config.prefix.as_str();
        if is_other_user {
            tracing::warn!(
                prefix,
                "require() found a user of another OAuthLayer, or one that the application put there, and treats the \
                 request as signed out: apply the layer that it was made of around its routes, inside any other OAuthLayer"
            );
        } else {
            tracing::warn!(
                prefix,
                "require() stands behind no OAuthLayer, and treats every request as signed out: apply the layer that it was \
                 made of after it, on the outermost router"
            );
        }
    }

    /// One line for each provider, not for each request.
    pub(crate) fn warn_unproved(&self, user: &VerifiedUser) {
        let Some(provider) = self.by_name(&user.provider) else {
            return;
        };
        if provider.unproved.swap(true, Ordering::Relaxed) {
            return;
        }
        let provider = &*provider.name;
        if user.proved_at.is_some() {
            tracing::warn!(
                provider,
                "a fresh sign-in was asked for, and the provider let the user in with an older proof (auth_time) than \
                 max_age allows: it did not ask the user, or max_age is shorter than its pages take; the route answers 403"
            );
        } else {
            tracing::warn!(
                provider,
                "a route asks for a fresh sign-in (max_age), and this provider does not prove one: its users get 403; \
                 use a provider whose ID tokens have auth_time (OpenID Connect; Kakao with OpenID Connect switched on), \
                 or let the route accept_unproved()"
            );
        }
    }
}
