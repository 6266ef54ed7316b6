//! The freshness of a sign-in, for routes with `max_age`.
//!
//! The proof is the `auth_time` of a verified ID token. A request to authenticate the user again
//! (`max_age` or `prompt=login`, OpenID Connect Core section 3.1.2.1) proves nothing, because a
//! provider may ignore it and a user may remove it from the address.
//!
//! | the session has | the provider was asked again | result |
//! |---|---|---|
//! | a proof within `max_age` | | [`Proof::Enough`] |
//! | an older proof | no, or it was fresh then | [`Proof::AskAgain`] |
//! | a proof that was too old at once | yes | [`Proof::Missing`] |
//! | no proof, and the route needs one | no, and the provider gives proofs | [`Proof::AskAgain`] |
//! | no proof, and the route needs one | yes, or the provider gives none | [`Proof::Missing`] |
//! | no proof, and the route needs none | yes, within `max_age` | [`Proof::Enough`] |
//! | no proof, and the route needs none | no, or longer ago | [`Proof::AskAgain`] |

use std::sync::{Arc, atomic::Ordering};

use crate::{
    flow::{Flow, Requirements},
    provider::Freshness,
    session::user::VerifiedUser,
};

/// The result of comparing a sign-in with a route's `max_age`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// The sign-in is fresh enough.
    Enough,
    /// A fresh sign-in may help.
    AskAgain,
    /// The provider proves nothing, or did not when it was asked. A further redirect would go in
    /// circles.
    Missing,
}

impl Flow {
    /// Compares a sign-in with the requirements. If the session has a proof, the proof decides. A
    /// sign-in without proof counts only if the route accepts it.
    pub(crate) fn proof(&self, requirements: &Requirements, user: &VerifiedUser) -> Proof {
        let Some(limit) = requirements.max_age else {
            return Proof::Enough;
        };
        let now = self.config.clock.unix();
        let facts = user.facts();
        let (began, asked_afresh) = (facts.authenticated_at, facts.asked_afresh);
        let enough_until = facts.proved_at.map(|proved| proved.after(limit));
        match enough_until {
            Some(until) if now <= until => Proof::Enough,
            // The proof was too old already when the fresh sign-in came back.
            Some(until) if asked_afresh && began > until => Proof::Missing,
            Some(_) => Proof::AskAgain,
            // Without a proof, the time of the sign-in counts, if the provider was asked to
            // authenticate the user then.
            None if requirements.accepts_unproved => {
                if asked_afresh && now <= began.after(limit) {
                    Proof::Enough
                } else {
                    Proof::AskAgain
                }
            }
            // A provider that sends no `auth_time` would send none the next time either.
            None if asked_afresh || !self.proves_freshness(&user.provider) => Proof::Missing,
            None => Proof::AskAgain,
        }
    }

    /// Whether the provider's ID tokens have `auth_time`.
    fn proves_freshness(&self, provider: &str) -> bool {
        let provider = self.by_name(provider);
        provider.is_some_and(|known| known.client.freshness() == Freshness::Proved)
    }

    /// Whether this very layer made the user. Another layer may have a provider of the same name,
    /// but not the same allocation.
    pub(crate) fn made(&self, user: &VerifiedUser) -> bool {
        let provider = self.by_name(&user.provider);
        provider.is_some_and(|known| Arc::ptr_eq(&known.name, &user.provider))
    }

    /// Logs one line for each provider, not for each request. The two lines have different
    /// remedies, depending on whether the provider sent a proof at all.
    pub(crate) fn warn_unproved(&self, user: &VerifiedUser) {
        let Some(provider) = self.by_name(&user.provider) else {
            return;
        };
        if provider.unproved.swap(true, Ordering::Relaxed) {
            return;
        }
        let provider = &*provider.name;
        if user.facts().proved_at.is_some() {
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
