//! Verification of an event token's signature, and of logout tokens that wait for newer keys.
//!
//! A provider sends a logout token once. If the cached keys do not verify it, the provider may have
//! new keys that may not be fetched yet (see `budget.rs`). Such a token is deferred. The sender
//! gets 503, and a task of `flow` calls [`OidcClient::verify_deferred`] every second until
//! the keys were fetched or five minutes have passed.
//!
//! Only keys whose fetch began after the token arrived refuse a token (see `fetches.rs`).

use std::time::Duration;

use super::{
    client::OidcClient,
    deferred::DeferredToken,
    event_token::EventToken,
    keys::FetchFor,
    logout_token::{self, Scope},
    refusal::Refusal,
    trust::Signed,
};
use crate::provider::event::{EventError, VerifiedDeferred, VerifiedEvent};

/// The pause between two attempts to verify the deferred tokens. An attempt without a permitted
/// fetch costs a few signatures, and no call.
const PAUSE: Duration = Duration::from_secs(1);

impl OidcClient {
    /// Verifies the signature of an event token. `Ok` says whether the provider's ID tokens name
    /// their sessions. `fetches` is the number of key fetches that had begun when the token
    /// arrived. Only later keys refuse the token; otherwise the error is `NoKeys`.
    pub(super) async fn is_signed(
        &self,
        token: &EventToken<'_>,
        fetches: u64,
    ) -> Result<bool, EventError> {
        // The cached keys come first, because they need neither the network nor a part of the
        // budget.
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
            // Even refetched keys may be older than the token, if the fetch had begun before it
            // arrived.
            Err(refusal) if refusal.is_of_key() => Err(self.key_refusal(token, fetches, refusal)),
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// The number of key fetches that have begun. Zero before the key cache exists.
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
        // Keys that are newer than the token, or known to lack its key, refuse it for good. Without
        // the second condition, each copy of a forged token would cost a fetch.
        let refuses = || keys.fetches.are_newer_than(fetches) || keys.just_lacked(token.key_id());
        match token.verify(&set, algorithms) {
            Ok(()) => CachedCheck::Signed(discovered.metadata.names_sessions),
            Err(refusal) if refusal.is_of_key() && !refuses() => CachedCheck::NoKey,
            Err(refusal) if refusal.is_unannounced() => CachedCheck::NoAlgorithm,
            Err(refusal) => CachedCheck::Refused(refusal),
        }
    }

    /// The error for a token that no key verified. It is final if the keys are newer than the
    /// token.
    fn key_refusal(&self, token: &EventToken<'_>, fetches: u64, refusal: Refusal) -> EventError {
        match self.cached_keys() {
            Some(keys) if !keys.fetches.are_newer_than(fetches) => EventError::NoKeys,
            Some(keys) => {
                // The next token with this key id is refused without a fetch.
                keys.fetches.note_lacking(token.key_id());
                refusal.into()
            }
            // The client secret verifies tokens, and it cannot be refreshed.
            None => refusal.into(),
        }
    }

    /// The effects of a logout token with a valid signature. A token whose key is not known yet is
    /// deferred, and the error says whether a task must be started.
    pub(super) async fn verify_logout_token(
        &self,
        sent: &str,
    ) -> Result<VerifiedEvent, EventError> {
        // The times and the number of fetches are those of the arrival, also if the token waits.
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

    /// Checks the claims by the times at which the token arrived, so that a wait does not make it
    /// expire.
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

    /// Verifies the deferred tokens. One fetch serves all of them. Tokens whose keys are still
    /// missing are put back, and the result says when to try again.
    pub(super) async fn verify_deferred(&self) -> VerifiedDeferred {
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
        // Refused tokens are dropped here. Their sender got a 503 on arrival, so only the log shows
        // the refusal.
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
        // One pass tries each document once. If the keys could not be fetched for one token,
        // another attempt for the next token would fail in the same way.
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
    /// The token is wrong, whatever keys the provider has.
    Refused(Refusal),
    /// Newer keys may have signed it.
    NoKey,
    /// Newer metadata may announce its algorithm.
    NoAlgorithm,
}
