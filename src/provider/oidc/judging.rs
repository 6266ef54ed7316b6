//! The key that signed an event token, and the handling of a logout token whose key is not known yet.

use std::time::Duration;

use super::{
    connected::OidcClient,
    event_token::EventToken,
    kept::KeptToken,
    keys::Asker,
    logout_token::{self, Scope},
    refusal::Refusal,
    trust::Signed,
};
use crate::provider::event::{EventError, VerifiedEvent, VerifiedKept};

/// Before keys are asked for again for the tokens that are kept.
const PAUSE: Duration = Duration::from_secs(1);

impl OidcClient {
    /// Whether the provider made the token; if so, whether its ID tokens name their sessions. It is refused by keys that
    /// were read after it came, and by none before: the provider may have new ones.
    pub(super) async fn is_signed(
        &self,
        token: &EventToken<'_>,
        readings: u64,
    ) -> Result<bool, EventError> {
        match self.judged_at_hand(token, readings) {
            AtHand::Signed(names_sessions) => return Ok(names_sessions),
            AtHand::Refused(refusal) => return Err(refusal.into()),
            AtHand::NoKey | AtHand::NoAlgorithm => {}
        }
        let discovered = self.discovered().await.map_err(|_| EventError::NoKeys)?;
        let by = (Asker::Event, Signed::Token);
        let verified = self.verified_by(&discovered, by, |keys, algorithms| {
            token.verify(keys, algorithms)
        });
        match verified.await.map_err(|_| EventError::NoKeys)? {
            Ok(()) => Ok(discovered.metadata.names_sessions),
            Err(refusal) if refusal.is_of_key() => Err(self.unsigned(token, readings, refusal)),
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// As many readings of the keys have begun.
    pub(super) fn readings(&self) -> u64 {
        let keys = self.keys_at_hand();
        keys.map_or(0, |keys| keys.readings.begun())
    }

    /// Without the network.
    fn judged_at_hand(&self, token: &EventToken<'_>, readings: u64) -> AtHand {
        let (Some(discovered), Some(keys)) = (self.discovery.at_hand(), self.keys_at_hand()) else {
            return AtHand::NoKey;
        };
        let Some(set) = keys.fresh() else {
            return AtHand::NoKey;
        };
        let algorithms = self.algorithms(&discovered.metadata, Signed::Token);
        let refuses = || keys.readings.are_newer_than(readings) || keys.just_lacked(token.key_id());
        match token.verify(&set, algorithms) {
            Ok(()) => AtHand::Signed(discovered.metadata.names_sessions),
            Err(refusal) if refusal.is_of_key() && !refuses() => AtHand::NoKey,
            Err(refusal) if refusal.is_unannounced() => AtHand::NoAlgorithm,
            Err(refusal) => AtHand::Refused(refusal),
        }
    }

    fn unsigned(&self, token: &EventToken<'_>, readings: u64, refusal: Refusal) -> EventError {
        match self.keys_at_hand() {
            Some(keys) if !keys.readings.are_newer_than(readings) => EventError::NoKeys,
            Some(keys) => {
                keys.readings.lack(token.key_id());
                refusal.into()
            }
            // The client secret is the key.
            None => refusal.into(),
        }
    }

    /// The content of a logout token whose signature is verified. A token whose key is not known yet is kept.
    pub(super) async fn logged_out(&self, sent: &str) -> Result<VerifiedEvent, EventError> {
        let now = self.clock.unix();
        let kept = KeptToken {
            times: [now, self.difference.at_provider(now)],
            since: self.clock.monotonic(),
            readings: self.readings(),
            key_id: None,
            token: sent.to_owned(),
        };
        let token = self.read(&kept)?;
        let signed = self.is_signed(&token, kept.readings).await;
        if let Err(EventError::NoKeys) = signed {
            let key_id = token.key_id().map(str::to_owned);
            let begins = self.kept.keep(KeptToken {
                key_id,
                ..kept.clone()
            });
            return Err(EventError::Kept { begins });
        }
        self.means(&token, signed?)
    }

    fn read<'a>(&self, kept: &'a KeptToken) -> Result<EventToken<'a>, EventError> {
        let (issuer, client_id) = (&self.settings.issuer, &self.settings.client_id);
        logout_token::read(&kept.token, issuer, client_id, kept.times)
    }

    fn means(
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
            .of_logout_token(&self.settings.issuer, verified.at, &self.clock);
        Ok(verified)
    }

    /// Judges the tokens that are kept. What is read for one of them serves all.
    pub(super) async fn verify_kept_tokens(&self) -> VerifiedKept {
        let (tokens, late) = self.kept.take(self.clock.monotonic());
        let (mut verified, mut refused, mut left) = (Vec::new(), 0, Vec::new());
        let mut asks = Asks::default();
        for kept in tokens {
            match self.judge(&kept, &mut asks).await {
                Ok(one) => verified.push(one),
                Err(EventError::NoKeys) => left.push(kept),
                Err(_) => refused += 1,
            }
        }
        let goes_on = self.kept.put_back(left);
        VerifiedKept {
            verified,
            refused,
            late,
            next: goes_on.then_some(PAUSE),
        }
    }

    async fn judge(&self, kept: &KeptToken, asks: &mut Asks) -> Result<VerifiedEvent, EventError> {
        let token = self.read(kept)?;
        let asked = match self.judged_at_hand(&token, kept.readings) {
            AtHand::Signed(names_sessions) => return self.means(&token, names_sessions),
            AtHand::Refused(refusal) => return Err(refusal.into()),
            AtHand::NoKey => &mut asks.for_keys,
            AtHand::NoAlgorithm => &mut asks.for_algorithms,
        };
        // One that the provider cannot be asked for now makes it be asked for no other of its kind.
        if std::mem::replace(asked, true) {
            return Err(EventError::NoKeys);
        }
        let signed = self.is_signed(&token, kept.readings).await;
        self.means(&token, signed?)
    }
}

/// The request that one round sent to the provider.
#[derive(Default)]
struct Asks {
    for_keys: bool,
    for_algorithms: bool,
}

/// The verdict of the keys and metadata at hand on a token.
enum AtHand {
    /// It is the provider's. Whether its ID tokens name their sessions.
    Signed(bool),
    Refused(Refusal),
    /// Newer keys may have signed it.
    NoKey,
    /// Newer metadata may announce its algorithm.
    NoAlgorithm,
}
