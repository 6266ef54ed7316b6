//! The key that signed an event token, and the handling of a logout token whose key is not known yet.

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

/// Before keys are asked for again for the tokens that are deferred.
const PAUSE: Duration = Duration::from_secs(1);

impl OidcClient {
    /// Whether the provider made the token; if so, whether its ID tokens name their sessions. It is refused by keys that
    /// were read after it came, and by none before: the provider may have new ones.
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

    /// As many fetches of the keys have begun.
    pub(super) fn fetches(&self) -> u64 {
        let keys = self.cached_keys();
        keys.map_or(0, |keys| keys.fetches.started())
    }

    /// Without the network.
    fn verify_cached(&self, token: &EventToken<'_>, fetches: u64) -> CachedCheck {
        let (Some(discovered), Some(keys)) = (self.discovery.cached(), self.cached_keys()) else {
            return CachedCheck::NoKey;
        };
        let Some(set) = keys.fresh() else {
            return CachedCheck::NoKey;
        };
        let algorithms = self.algorithms(&discovered.metadata, Signed::Token);
        let refuses = || keys.fetches.are_newer_than(fetches) || keys.just_lacked(token.key_id());
        match token.verify(&set, algorithms) {
            Ok(()) => CachedCheck::Signed(discovered.metadata.names_sessions),
            Err(refusal) if refusal.is_of_key() && !refuses() => CachedCheck::NoKey,
            Err(refusal) if refusal.is_unannounced() => CachedCheck::NoAlgorithm,
            Err(refusal) => CachedCheck::Refused(refusal),
        }
    }

    fn key_refusal(&self, token: &EventToken<'_>, fetches: u64, refusal: Refusal) -> EventError {
        match self.cached_keys() {
            Some(keys) if !keys.fetches.are_newer_than(fetches) => EventError::NoKeys,
            Some(keys) => {
                keys.fetches.note_lacking(token.key_id());
                refusal.into()
            }
            // The client secret is the key.
            None => refusal.into(),
        }
    }

    /// The content of a logout token whose signature is verified. A token whose key is not known yet is deferred.
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

    fn read<'a>(&self, deferred: &'a DeferredToken) -> Result<EventToken<'a>, EventError> {
        let (issuer, client_id) = (&self.settings.issuer, &self.settings.client_id);
        logout_token::read(&deferred.token, issuer, client_id, deferred.times)
    }

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

    /// Judges the tokens that are deferred. What is read for one of them serves all.
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
        // One that the provider cannot be asked for now makes it be asked for no other of its kind.
        if std::mem::replace(done, true) {
            return Err(EventError::NoKeys);
        }
        let signed = self.is_signed(&token, deferred.fetches).await;
        self.logout_event(&token, signed?)
    }
}

/// The request that one round sent to the provider.
#[derive(Default)]
struct Refreshed {
    keys: bool,
    metadata: bool,
}

/// The verdict of the keys and metadata at hand on a token.
enum CachedCheck {
    /// It is the provider's. Whether its ID tokens name their sessions.
    Signed(bool),
    Refused(Refusal),
    /// Newer keys may have signed it.
    NoKey,
    /// Newer metadata may announce its algorithm.
    NoAlgorithm,
}
