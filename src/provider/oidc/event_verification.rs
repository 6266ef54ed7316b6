//! Verification of an event token's signature, and of logout tokens that wait for newer keys.
//!
//! A provider sends a logout token once. If the cached keys do not verify it, the provider may have
//! new keys that may not be fetched yet (see `budget.rs`). Such a token is deferred: the sender
//! gets 503, and a task of `flow` calls [`OidcClient::verify_deferred_tokens`] every second until
//! the keys were fetched or five minutes have passed. A token is refused only by keys whose fetch
//! began after the token arrived (see `fetches.rs`).

use std::time::Duration;

use super::{
    connected::OidcClient,
    deferred::DeferredToken,
    event_token::EventToken,
    keys::FetchFor,
    logout_token::{self, Scope},
    refusal::Refusal,
    trust::Signed,
};
use crate::provider::event::{EventError, VerifiedDeferred, VerifiedEvent};

/// The pause between two attempts to verify the deferred tokens.
const PAUSE: Duration = Duration::from_secs(1);

impl OidcClient {
    /// Verifies the signature of an event token. The value is whether the provider's ID tokens name
    /// their sessions. `fetches` is the number of key fetches that had begun when the token
    /// arrived: only later keys refuse it.
    pub(super) async fn is_signed(
        &self,
        token: &EventToken<'_>,
        fetches: u64,
    ) -> Result<bool, EventError> {
        match self.verify_cached(token, fetches) {
            CachedCheck::Signed(names_sessions) => return Ok(names_sessions),
            CachedCheck::Refused(refusal) => return Err(refusal.into()),
            CachedCheck::NoKey | CachedCheck::NoAlgorithm => {}
        }
        let discovered = self.discovered().await.map_err(|_| EventError::NoKeys)?;
        let by = (FetchFor::Event, Signed::Token);
        let verified = self.verified_by(&discovered, by, |keys, algorithms| {
            token.verify(keys, algorithms)
        });
        match verified.await.map_err(|_| EventError::NoKeys)? {
            Ok(()) => Ok(discovered.metadata.names_sessions),
            Err(refusal) if refusal.is_of_key() => Err(self.key_refusal(token, fetches, refusal)),
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// The number of key fetches that have begun.
    pub(super) fn fetches(&self) -> u64 {
        let keys = self.cached_keys();
        keys.map_or(0, |keys| keys.fetches.started())
    }

    /// Verifies a token by the cached keys and metadata, without the network.
    fn verify_cached(&self, token: &EventToken<'_>, fetches: u64) -> CachedCheck {
        let (Some(discovered), Some(keys)) = (self.discovery.cached(), self.cached_keys()) else {
            return CachedCheck::NoKey;
        };
        let Some(set) = keys.fresh() else {
            return CachedCheck::NoKey;
        };
        let algorithms = self.algorithms(&discovered.metadata, Signed::Token);
        // Keys that are newer than the token, or known to lack its key, refuse it for good.
        let refuses = || keys.fetches.are_newer_than(fetches) || keys.just_lacked(token.key_id());
        match token.verify(&set, algorithms) {
            Ok(()) => CachedCheck::Signed(discovered.metadata.names_sessions),
            Err(refusal) if refusal.is_of_key() && !refuses() => CachedCheck::NoKey,
            Err(refusal) if refusal.is_unannounced() => CachedCheck::NoAlgorithm,
            Err(refusal) => CachedCheck::Refused(refusal),
        }
    }

    /// The error for a token that no key verified: final if the keys are newer than the token.
    fn key_refusal(&self, token: &EventToken<'_>, fetches: u64, refusal: Refusal) -> EventError {
        match self.cached_keys() {
            Some(keys) if !keys.fetches.are_newer_than(fetches) => EventError::NoKeys,
            Some(keys) => {
                keys.fetches.note_lacking(token.key_id());
                refusal.into()
            }
            // The client secret verifies tokens, and it cannot be refreshed.
            None => refusal.into(),
        }
    }

    /// The effects of a logout token whose signature verifies. A token whose key is not known yet
    /// is deferred.
    pub(super) async fn verify_logout_token(
        &self,
        sent: &str,
    ) -> Result<VerifiedEvent, EventError> {
        let now = self.clock.unix();
        let deferred = DeferredToken {
            times: [now, self.difference.at_provider(now)],
            since: self.clock.monotonic(),
            fetches: self.fetches(),
            key_id: None,
            token: sent.to_owned(),
        };
        let token = self.read(&deferred)?;
        let signed = self.is_signed(&token, deferred.fetches).await;
        if let Err(EventError::NoKeys) = signed {
            let key_id = token.key_id().map(str::to_owned);
            let starts_task = self.deferred.defer(DeferredToken {
                key_id,
                ..deferred.clone()
            });
            return Err(EventError::Deferred { starts_task });
        }
        self.logout_event(&token, signed?)
    }

    /// Checks the claims by the times at which the token arrived.
    fn read<'a>(&self, deferred: &'a DeferredToken) -> Result<EventToken<'a>, EventError> {
        let (issuer, client_id) = (&self.settings.issuer, &self.settings.registration.client_id);
        logout_token::read(&deferred.token, issuer, client_id, deferred.times)
    }

    /// The effects of a logout token with a verified signature.
    fn logout_event(
        &self,
        token: &EventToken<'_>,
        names_sessions: bool,
    ) -> Result<VerifiedEvent, EventError> {
        let scope = Scope {
            names_sessions,
            ends_all: self.settings.logout_tokens_end_all,
        };
        let verified = logout_token::verified_event(token, scope)?;
        self.difference
            .report_logout_token(&self.settings.issuer, verified.at, &self.clock);
        Ok(verified)
    }

    /// Verifies the deferred tokens. One fetch serves all of them.
    pub(super) async fn verify_deferred_tokens(&self) -> VerifiedDeferred {
        let (tokens, late) = self.deferred.take(self.clock.monotonic());
        let (mut verified, mut refused, mut left) = (Vec::new(), 0, Vec::new());
        let mut refreshed = Refreshed::default();
        for deferred in tokens {
            match self.verify_one_deferred(&deferred, &mut refreshed).await {
                Ok(one) => verified.push(one),
                Err(EventError::NoKeys) => left.push(deferred),
                Err(_) => refused += 1,
            }
        }
        let continues = self.deferred.put_back(left);
        VerifiedDeferred {
            verified,
            refused,
            late,
            next: continues.then_some(PAUSE),
        }
    }

    /// Verifies one token. `refreshed` notes the documents that were fetched for an earlier token
    /// of this pass.
    async fn verify_one_deferred(
        &self,
        deferred: &DeferredToken,
        refreshed: &mut Refreshed,
    ) -> Result<VerifiedEvent, EventError> {
        let token = self.read(deferred)?;
        let done = match self.verify_cached(&token, deferred.fetches) {
            CachedCheck::Signed(names_sessions) => {
                return self.logout_event(&token, names_sessions);
            }
            CachedCheck::Refused(refusal) => return Err(refusal.into()),
            CachedCheck::NoKey => &mut refreshed.keys,
            CachedCheck::NoAlgorithm => &mut refreshed.metadata,
        };
        // If the keys could not be fetched for one token, they are not fetched for the next one in
        // the same pass.
        if std::mem::replace(done, true) {
            return Err(EventError::NoKeys);
        }
        let signed = self.is_signed(&token, deferred.fetches).await;
        self.logout_event(&token, signed?)
    }
}

/// The documents that one pass over the deferred tokens has tried to fetch.
#[derive(Default)]
struct Refreshed {
    keys: bool,
    metadata: bool,
}

/// The result of verifying a token by the cached keys and metadata.
enum CachedCheck {
    /// The signature is valid. The value is whether the provider's ID tokens name their sessions.
    Signed(bool),
    Refused(Refusal),
    /// Newer keys may have signed it.
    NoKey,
    /// Newer metadata may announce its algorithm.
    NoAlgorithm,
}
