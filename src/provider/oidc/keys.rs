//! The provider's keys: a set as data, and the cache that fetches it anew when a token needs it.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use http::{Request, Uri};
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey,
    jwk::{Jwk, PublicKeyUse},
};
use serde_json::Value;
use tokio::sync::Mutex;

use super::super::answer;
use crate::{
    audit, calls,
    clock::{Clock, UnixTime},
    error::{LoginError, LoginErrorKind},
    http_client::HttpClient,
};

/// Keys are asked for again after this, so that a withdrawn one is not trusted for ever.
const FRESH: Duration = Duration::from_secs(60 * 60);
/// After a failure, old keys that fit serve so long before they are asked for again.
const PAUSE: Duration = Duration::from_secs(60);
/// Fetches for unknown keys: so many at once, and one more each this many seconds.
const BURST: u32 = 4;
const REFILL: Duration = Duration::from_secs(15);
/// Anybody can post an event: these are left to the logins.
const LOGINS_OWN: u32 = 2;

/// For whom keys are fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    Login,
    Event,
}

/// A key set (RFC 7517), of which only the usable keys are kept, with a hash by which a change is noticed.
#[derive(Default)]
pub(crate) struct KeySet(Vec<Key>, [u8; 32]);

struct Key {
    id: Option<String>,
    algorithm: Option<Algorithm>,
    key: DecodingKey,
}

impl KeySet {
    /// Keys of kinds, curves and uses that we do not know are passed over, as they must be.
    fn parse(text: &[u8]) -> Result<Self, LoginError> {
        let document: Value = answer::parse(text)?;
        let keys = document["keys"].as_array();
        let keys = keys.ok_or_else(|| LoginError::new(LoginErrorKind::InvalidAnswer))?;
        let print = fingerprint(keys);
        Ok(Self(keys.iter().filter_map(Key::parse).collect(), print))
    }

    /// The one key of a client secret, for providers that sign with HMAC.
    pub(crate) fn of_secret(secret: &[u8]) -> Self {
        let key = Key {
            id: None,
            algorithm: Some(Algorithm::HS256),
            key: DecodingKey::from_secret(secret),
        };
        Self(vec![key], [0; 32])
    }

    /// The keys that may have signed: by id where the token names one, by family always.
    pub(crate) fn candidates(
        &self,
        id: Option<&str>,
        algorithm: Algorithm,
    ) -> impl Iterator<Item = &DecodingKey> {
        let secret = algorithm.family() == AlgorithmFamily::Hmac;
        self.0
            .iter()
            .filter(move |key| {
                secret || id.is_none() || key.id.is_none() || key.id.as_deref() == id
            })
            .filter(move |key| key.algorithm.is_none_or(|own| own == algorithm))
            .filter(move |key| key.key.family() == algorithm.family())
            .map(|key| &key.key)
    }
}

/// The same for the same keys in any order.
fn fingerprint(keys: &[Value]) -> [u8; 32] {
    let mut texts: Vec<String> = keys.iter().map(Value::to_string).collect();
    texts.sort_unstable();
    let hash = digest(&SHA256, texts.concat().as_bytes());
    hash.as_ref().first_chunk().copied().unwrap_or_default()
}

impl Key {
    fn parse(value: &Value) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(value.clone()).ok()?;
        let signs = matches!(
            jwk.common.public_key_use,
            None | Some(PublicKeyUse::Signature)
        );
        let key = DecodingKey::from_jwk(&jwk).ok()?;
        let algorithm = match value["alg"].as_str() {
            Some(name) => Some(algorithm(name)?),
            None => None,
        };
        // A shared secret in a public set is anybody's key.
        if !signs || key.family() == AlgorithmFamily::Hmac {
            return None;
        }
        Some(Self {
            id: jwk.common.key_id,
            algorithm,
            key,
        })
    }
}

/// RFC 9864 gives EdDSA a second name, by its curve: no other curve of its is known here.
pub(super) fn algorithm(name: &str) -> Option<Algorithm> {
    match name {
        "Ed25519" => Some(Algorithm::EdDSA),
        name => name.parse().ok(),
    }
}

/// The keys at one address.
pub(crate) struct Keys {
    uri: String,
    http: Arc<dyn HttpClient>,
    clock: Clock,
    current: RwLock<Current>,
    flight: Mutex<Budget>,
}

#[derive(Clone, Default)]
struct Current {
    keys: Arc<KeySet>,
    fetched_at: Option<UnixTime>,
    attempts: u64,
    failed_at: Option<UnixTime>,
    last_error: Option<LoginError>,
}

impl Current {
    fn is_fresh(&self, now: UnixTime) -> bool {
        let fetched = self.fetched_at.is_some_and(|at| now < at.after(FRESH));
        fetched || self.failed_at.is_some_and(|at| now < at.after(PAUSE))
    }

    /// The keys, old ones too; with none at all, why there are none.
    fn usable(self) -> Result<Arc<KeySet>, LoginError> {
        match self.last_error {
            Some(error) if self.fetched_at.is_none() => Err(error),
            _ => Ok(self.keys),
        }
    }
}

struct Budget {
    left: u32,
    refilled_at: UnixTime,
}

impl Keys {
    pub(crate) fn new(uri: String, http: Arc<dyn HttpClient>, clock: Clock) -> Self {
        let refilled_at = clock.unix();
        Self {
            uri,
            http,
            clock,
            current: RwLock::default(),
            flight: Mutex::new(Budget {
                left: BURST,
                refilled_at,
            }),
        }
    }

    pub(crate) fn uri(&self) -> &str {
        &self.uri
    }

    /// What `verify` makes of the keys at hand; with no keys, old ones, or ones of which none fits, of
    /// keys fetched anew. A provider that is down leaves the old ones in use.
    pub(crate) async fn try_with<T, E>(
        &self,
        asker: Asker,
        verify: impl Fn(&KeySet) -> Result<T, E>,
        misses: impl Fn(&E) -> bool,
    ) -> Result<Result<T, E>, LoginError> {
        let known = self.current();
        if known.fetched_at.is_some() {
            let result = verify(&known.keys);
            let misses = result.as_ref().is_err_and(&misses);
            // Old keys that fit serve those who find another asking already, or one who just failed.
            if !misses && (known.is_fresh(self.clock.unix()) || self.flight.try_lock().is_err()) {
                return Ok(result);
            }
        }
        let keys = self.refresh(known.attempts, asker).await?;
        Ok(verify(&keys))
    }

    /// One fetch for all who wait: whoever saw fewer attempts takes what came meanwhile, be it an
    /// error.
    async fn refresh(&self, seen: u64, asker: Asker) -> Result<Arc<KeySet>, LoginError> {
        let (mut budget, waited) = match self.flight.try_lock() {
            Ok(budget) => (budget, false),
            Err(_) => (calls::wait(self.flight.lock()).await?, true),
        };
        let known = self.current();
        // Sign-ins would wait behind a flood of events.
        if waited && asker == Asker::Event && known.attempts == seen {
            return Err(LoginError::new(LoginErrorKind::ProviderTimeout));
        }
        let now = self.clock.unix();
        // Without any keys it is no forged token that makes us ask.
        let missing = known.fetched_at.is_none();
        if known.attempts == seen && (missing || budget.spend(now, asker)) {
            self.keep(self.fetch().await, now);
        }
        self.current().usable()
    }

    fn keep(&self, fetched: Result<KeySet, LoginError>, now: UnixTime) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        // One caller's time was over: others may have more.
        let shared = !matches!(&fetched, Err(error) if error.is_the_callers());
        current.attempts += u64::from(shared);
        match fetched {
            Ok(keys) => {
                if current.fetched_at.is_some() && current.keys.1 != keys.1 {
                    audit::provider_keys(&self.host(), keys.0.len());
                }
                (current.keys, current.fetched_at) = (Arc::new(keys), Some(now));
                current.failed_at = None;
            }
            Err(error) => {
                (current.last_error, current.failed_at) = (Some(error), Some(now));
            }
        }
    }

    fn host(&self) -> String {
        let uri = self.uri.parse::<Uri>().ok();
        let host = uri.as_ref().and_then(Uri::host);
        host.unwrap_or_default().to_owned()
    }

    async fn fetch(&self) -> Result<KeySet, LoginError> {
        let request = Request::get(&self.uri).body(Bytes::new());
        let request = request.map_err(|_| LoginError::new(LoginErrorKind::Misconfigured))?;
        let response = self.http.send(request).await?;
        let text = answer::object(&response)?;
        if !response.status().is_success() {
            return Err(LoginError::new(answer::cause(response.status())));
        }
        KeySet::parse(text)
    }

    fn current(&self) -> Current {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Budget {
    fn spend(&mut self, now: UnixTime, asker: Asker) -> bool {
        while self.left < BURST && now >= self.refilled_at.after(REFILL) {
            self.left += 1;
            self.refilled_at = self.refilled_at.after(REFILL);
        }
        if self.left == BURST {
            self.refilled_at = now;
        }
        let kept = match asker {
            Asker::Login => 0,
            Asker::Event => LOGINS_OWN,
        };
        let granted = self.left > kept;
        self.left -= u32::from(granted);
        granted
    }
}
