//! The provider's keys: the cache that fetches its set anew when a token needs it.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use tokio::sync::Mutex;

pub(crate) use super::budget::FetchFor;
use super::{
    budget::Budget,
    fetch::{self, Document, Unread},
    fetches::Fetches,
    id_token::refuse,
    key_set::KeySet,
};
use crate::{
    audit, calls,
    clock::{Clock, UnixTime},
    error::{LoginError, LoginErrorKind},
    http_client::{CallName, HttpClient},
};

/// Keys are asked for again after this, so that a withdrawn one is not trusted for ever.
const FRESH: Duration = Duration::from_secs(60 * 60);
/// After a failure, old keys that fit serve so long before they are asked for again.
const PAUSE: Duration = Duration::from_secs(60);

/// The keys at one address.
pub(crate) struct Keys {
    uri: String,
    http: Arc<dyn HttpClient>,
    clock: Clock,
    current: RwLock<Current>,
    in_flight: Mutex<Budget>,
    pub(super) fetches: Fetches,
}

#[derive(Clone, Default)]
struct Current {
    keys: Arc<KeySet>,
    fetched_at: Option<UnixTime>,
    attempts: u64,
    failed_at: Option<UnixTime>,
    /// The last attempt found that there are no keys at this address.
    is_elsewhere: bool,
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
            Some(error) if self.fetched_at.is_none() => Err(error.of_another()),
            _ => Ok(self.keys),
        }
    }
}

impl Keys {
    pub(crate) fn new(uri: String, http: Arc<dyn HttpClient>, clock: Clock) -> Self {
        Self {
            in_flight: Mutex::new(Budget::new(clock.monotonic())),
            current: RwLock::default(),
            fetches: Fetches::default(),
            uri,
            http,
            clock,
        }
    }

    pub(crate) fn uri(&self) -> &str {
        &self.uri
    }

    /// The keys at hand, if they are not to be asked for again.
    pub(super) fn fresh(&self) -> Option<Arc<KeySet>> {
        let known = self.current();
        let is_fresh = known.fetched_at.is_some() && known.is_fresh(self.clock.unix());
        is_fresh.then_some(known.keys)
    }

    /// Whether keys that were read a moment ago are known to lack the one with this id.
    pub(super) fn just_lacked(&self, key_id: Option<&str>) -> bool {
        self.fetches.just_lacked(key_id, self.clock.monotonic())
    }

    /// Whether there are no keys at this address any more, and those at hand are old.
    pub(super) fn have_moved(&self) -> bool {
        self.current().is_elsewhere
    }

    /// Fetches the keys if there are none, or old ones. A provider that is down leaves the old ones in use.
    pub(crate) async fn ready(&self, fetch_for: FetchFor) -> Result<(), LoginError> {
        let known = self.current();
        let is_fresh = known.is_fresh(self.clock.unix()) && known.keys.len() > 0;
        let serves = is_fresh || self.in_flight.try_lock().is_err();
        let keys = match known.fetched_at {
            Some(_) if serves => known.keys,
            _ => self.refresh(known.attempts, fetch_for).await?,
        };
        match keys.len() {
            0 => Err(refuse("no_keys").differing(keys.without_keys())),
            _ => Ok(()),
        }
    }

    /// What `verify` makes of the keys at hand; with no keys, old ones, or ones of which none fits, of
    /// keys fetched anew. A provider that is down leaves the old ones in use.
    pub(crate) async fn try_with<T, E>(
        &self,
        fetch_for: FetchFor,
        verify: impl Fn(&KeySet) -> Result<T, E>,
        misses: impl Fn(&E) -> bool,
    ) -> Result<Result<T, E>, LoginError> {
        let known = self.current();
        if known.fetched_at.is_some() {
            let result = verify(&known.keys);
            let misses = result.as_ref().is_err_and(&misses);
            // Old keys that fit serve those who find another asking already, or one who just failed.
            if !misses && (known.is_fresh(self.clock.unix()) || self.in_flight.try_lock().is_err())
            {
                return Ok(result);
            }
        }
        let keys = self.refresh(known.attempts, fetch_for).await?;
        Ok(verify(&keys))
    }

    /// One fetch for all who wait: whoever saw fewer attempts takes what came meanwhile, be it an
    /// error.
    async fn refresh(&self, seen: u64, fetch_for: FetchFor) -> Result<Arc<KeySet>, LoginError> {
        let (mut budget, waited) = match self.in_flight.try_lock() {
            Ok(budget) => (budget, false),
            Err(_) => (calls::wait(self.in_flight.lock()).await?, true),
        };
        let known = self.current();
        // Sign-ins would wait behind a flood of events.
        if waited && fetch_for == FetchFor::Event && known.attempts == seen {
            return Err(LoginError::new(LoginErrorKind::ProviderTimeout));
        }
        let now = self.clock.unix();
        // Without any keys it is no forged token that makes us ask.
        let missing = known.fetched_at.is_none();
        let may_ask = |budget: &mut Budget| budget.spend(self.clock.monotonic(), fetch_for);
        if known.attempts == seen && (missing || may_ask(&mut budget)) {
            let fetch_number = self.fetches.start();
            self.store(self.fetch().await, now, fetch_number);
        }
        self.current().usable()
    }

    fn store(&self, fetched: Result<KeySet, Unread>, now: UnixTime, fetch_number: u64) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        // One caller's time was over: others may have more.
        let shared = !matches!(&fetched, Err(unread) if unread.error.is_the_callers());
        current.attempts += u64::from(shared);
        match fetched {
            Ok(keys) => {
                if current.fetched_at.is_some() && !current.keys.is_same_as(&keys) {
                    audit::provider_keys(&fetch::host(&self.uri), keys.len());
                }
                (current.keys, current.fetched_at) = (Arc::new(keys), Some(now));
                (current.failed_at, current.is_elsewhere) = (None, false);
                self.fetches
                    .brought_keys(fetch_number, self.clock.monotonic());
            }
            Err(unread) => {
                current.is_elsewhere = unread.is_elsewhere;
                (current.last_error, current.failed_at) = (Some(unread.error), Some(now));
            }
        }
    }

    async fn fetch(&self) -> Result<KeySet, Unread> {
        let Document { json, call } =
            fetch::document(&*self.http, &self.uri, CallName::Keys).await?;
        let keys = KeySet::parse(&json).map_err(|error| error.in_call(call))?;
        Ok(keys)
    }

    fn current(&self) -> Current {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
