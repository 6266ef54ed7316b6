//! The cache of a provider's key set.
//!
//! - **Fresh keys** (one hour after a fetch) are used as they are. A token that they do not verify
//!   causes a refetch, because providers rotate keys without notice.
//! - **Old keys** are refetched by the first caller that needs them. Other callers go on with the
//!   old keys meanwhile. If the refetch fails, the old keys serve for another minute, and so on, so
//!   that a provider that is down ends no session.
//! - **Without keys**, callers wait for one shared fetch, and share its error.
//! - One fetch runs at a time. [`Budget`] limits the fetches. Before the first success, its limit
//!   for sign-ins is larger, because nothing can be verified without keys.
//! - A fetch that failed only because its caller's deadline passed does not count for the others.

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
    error::{LoginErrorKind, ProviderError},
    http_client::{CallName, HttpClient},
};

/// Age at which keys are refetched, so that a key that the provider has withdrawn is not trusted
/// for ever.
const FRESH: Duration = Duration::from_secs(60 * 60);
/// The time for which old keys serve after a failed fetch, before the next one.
const PAUSE: Duration = Duration::from_secs(60);

/// The key cache for one address (`jwks_uri`).
pub(crate) struct Keys {
    /// The address.
    uri: String,
    http: Arc<dyn HttpClient>,
    clock: Clock,
    /// Locked for a moment only, so that readers never wait for a fetch.
    current: RwLock<Current>,
    /// Held during a fetch, so that one fetch runs at a time. The budget inside limits the fetches.
    in_flight: Mutex<Budget>,
    /// The numbers of fetches, and the key ids that the newest keys lack.
    pub(super) fetches: Fetches,
}

/// The cached keys, and the last fetches.
#[derive(Clone, Default)]
struct Current {
    /// Empty before the first success.
    keys: Arc<KeySet>,
    /// The time of the last success. `None` before the first one.
    fetched_at: Option<UnixTime>,
    /// The number of finished fetches that count for all callers.
    attempts: u64,
    /// The time of the last failure. `None` after a success.
    failed_at: Option<UnixTime>,
    /// The last fetch found no key set at this address.
    is_elsewhere: bool,
    /// The error of the last failure. It counts only as long as there are no keys.
    last_error: Option<ProviderError>,
}

impl Current {
    /// Whether the keys need no fetch yet, because they are young, or because a fetch failed a
    /// moment ago.
    fn is_fresh(&self, now: UnixTime) -> bool {
        // The failure counts also if there are no keys at all. Callers look at `fetched_at` first.
        // The next sign-in therefore asks a provider that was down at the first one.
        let fetched = self.fetched_at.is_some_and(|at| now < at.after(FRESH));
        fetched || self.failed_at.is_some_and(|at| now < at.after(PAUSE))
    }

    /// The keys, even if they are old. If there are none, the error of the last fetch.
    fn usable(self) -> Result<Arc<KeySet>, ProviderError> {
        match self.last_error {
            Some(error) if self.fetched_at.is_none() => Err(error),
            _ => Ok(self.keys),
        }
    }
}

impl Keys {
    /// An empty cache. Nothing is fetched.
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

    /// The address of the keys.
    pub(crate) fn uri(&self) -> &str {
        &self.uri
    }

    /// The cached keys, if there are any and they need no fetch.
    pub(super) fn fresh(&self) -> Option<Arc<KeySet>> {
        let known = self.current();
        let is_fresh = known.fetched_at.is_some() && known.is_fresh(self.clock.unix());
        is_fresh.then_some(known.keys)
    }

    /// Whether the key set that was fetched a few seconds ago is known to lack this key id.
    pub(super) fn just_lacked(&self, key_id: Option<&str>) -> bool {
        self.fetches.just_lacked(key_id, self.clock.monotonic())
    }

    /// Whether the last fetch found no key set here, so that newer metadata may name another
    /// address.
    pub(super) fn have_moved(&self) -> bool {
        self.current().is_elsewhere
    }

    /// Makes sure that there are keys. They are fetched if there are none, or only old ones. If the
    /// provider is down, old keys stay in use. A sign-in calls this before it uses its code.
    pub(crate) async fn ready(&self, fetch_for: FetchFor) -> Result<(), ProviderError> {
        let known = self.current();
        let is_fresh = known.is_fresh(self.clock.unix()) && known.keys.len() > 0;
        // If another caller holds the lock, it is fetching, and old keys are good enough meanwhile.
        // The lock is only tried here and released at once.
        let serves = is_fresh || self.in_flight.try_lock().is_err();
        let keys = match known.fetched_at {
            Some(_) if serves => known.keys,
            _ => self.refresh(known.attempts, fetch_for).await?,
        };
        match keys.len() {
            // Without a usable key, no ID token could be verified, so the sign-in ends before its
            // code is used.
            0 => Err(refuse("no_keys").differing(keys.without_keys())),
            _ => Ok(()),
        }
    }

    /// Runs `verify` with the cached keys. `verify` runs again with refetched keys if there were
    /// none, if they are old, or if its error means that no key fits (`no_key_fits`). If the
    /// provider is down, old keys stay in use. The outer error means that there were no keys in
    /// time.
    pub(crate) async fn try_with<T, E>(
        &self,
        fetch_for: FetchFor,
        verify: impl Fn(&KeySet) -> Result<T, E>,
        no_key_fits: impl Fn(&E) -> bool,
    ) -> Result<Result<T, E>, ProviderError> {
        let known = self.current();
        if known.fetched_at.is_some() {
            let result = verify(&known.keys);
            let fits = !result.as_ref().is_err_and(&no_key_fits);
            // If the cached keys verify the token, they are used while another caller refreshes
            // them, or shortly after a failed refresh.
            if fits && (known.is_fresh(self.clock.unix()) || self.in_flight.try_lock().is_err()) {
                return Ok(result);
            }
        }
        let keys = self.refresh(known.attempts, fetch_for).await?;
        Ok(verify(&keys))
    }

    /// Fetches the keys once for all waiting callers. `seen` is the number of fetches that the
    /// caller knew. If another fetch finished meanwhile, its result is used, even if it is an
    /// error. If the budget is empty, the present keys or the error of the last fetch are returned.
    async fn refresh(&self, seen: u64, fetch_for: FetchFor) -> Result<Arc<KeySet>, ProviderError> {
        let (mut budget, waited) = match self.in_flight.try_lock() {
            Ok(budget) => (budget, false),
            Err(_) => (calls::wait(self.in_flight.lock()).await?, true),
        };
        let known = self.current();
        // An event does not fetch after it has waited, because a flood of events would hold the
        // lock, and sign-ins would wait behind it.
        if waited && fetch_for == FetchFor::Event && known.attempts == seen {
            return Err(ProviderError::new(LoginErrorKind::ProviderTimeout));
        }
        // The age of the keys counts from before the request, because the provider may have changed
        // them while its response was on the way.
        let now = self.clock.unix();
        let mut may_fetch = || match known.fetched_at {
            Some(_) => budget.spend(self.clock.monotonic(), fetch_for),
            None => budget.spend_first(self.clock.monotonic(), fetch_for),
        };
        // A different number means that another caller fetched while this one waited. Its keys, or
        // its error, serve this caller as well, and the budget is not touched.
        if known.attempts == seen && may_fetch() {
            // The number is taken before the request is sent. A token that arrives from now on is
            // not refused by these keys.
            let fetch_number = self.fetches.start();
            self.store(self.fetch().await, now, fetch_number);
        }
        self.current().usable()
    }

    /// Stores the result of a fetch. A failure leaves the keys in place. A change of the keys is
    /// written to the audit log.
    fn store(&self, fetched: Result<KeySet, Unread>, now: UnixTime, fetch_number: u64) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        // If the caller's own deadline passed, other callers may have more time, so the fetch does
        // not count for them.
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
            // The keys and their age stay, so they serve until a fetch succeeds. `failed_at` only
            // puts off the next fetch.
            Err(unread) => {
                current.is_elsewhere = unread.is_elsewhere;
                (current.last_error, current.failed_at) = (Some(unread.error), Some(now));
            }
        }
    }

    /// Fetches and reads the key set.
    async fn fetch(&self) -> Result<KeySet, Unread> {
        let Document { json, call } =
            fetch::document(&*self.http, &self.uri, CallName::Keys).await?;
        let keys = KeySet::parse(&json).map_err(|error| error.in_call(call))?;
        Ok(keys)
    }

    /// A copy of the present state, so that the lock is released at once.
    fn current(&self) -> Current {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
