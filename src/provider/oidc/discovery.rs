//! The cache of the provider's metadata.
//!
//! The metadata are fetched at the first sign-in, not at the start, so that an application starts
//! while its provider is down.
//!
//! - **Fresh** metadata (24 hours after a fetch) are used as they are.
//! - **Stale** metadata are refetched by one caller. The others go on with the stale value. After a
//!   failure the stale value serves for another minute, so that a provider that is down delays no
//!   sign-in.
//! - **Without metadata**, callers wait for one shared fetch and share its error. The next caller
//!   fetches again, within the limit of [`Budget`].
//! - A token that does not fit fresh metadata (unknown algorithm, moved keys) may have them
//!   refetched early, limited by [`Budget`].

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use serde_json::Value;
use tokio::sync::{Mutex, MutexGuard};

use super::{
    budget::{Budget, FetchFor},
    fetch::{self, Document},
    metadata::Metadata,
    origins::Origins,
};
use crate::{
    calls::{self, Purpose},
    clock::{Clock, UnixTime},
    error::{FailedCall, LoginErrorKind, ProviderError},
    http_client::{CallName, HttpClient, Names},
    provider::ConnectContext,
};

/// Age at which the metadata are refetched. The old ones serve until the refetch succeeds.
/// Discovery gives no lifetime; a changed endpoint is rare, and moved keys cause an early refetch.
const FRESH: Duration = Duration::from_secs(24 * 60 * 60);
/// The pause after a failed refetch of stale metadata. Without it, each sign-in would wait for a
/// provider that is down.
const RETRY: Duration = Duration::from_secs(60);

/// The metadata cache. `T` is the value that the client makes of the metadata, so that it is made
/// once for each fetch.
pub(super) struct Discovery<T> {
    /// The address of the metadata, and the issuer that they must state.
    origins: Origins,
    /// Checks the hosts of the endpoints.
    names: Names,
    http: Arc<dyn HttpClient>,
    clock: Clock,
    /// Locked for a moment only, so that readers never wait for a fetch.
    current: RwLock<Current<T>>,
    /// Held during a fetch, so that one fetch runs at a time. The budget inside limits the fetches
    /// without a value, and early refetches.
    in_flight: Mutex<Budget>,
}

/// The cached value, or the error of the last fetch.
struct Current<T> {
    /// The value, and the time at which it becomes stale.
    value: Option<(Arc<T>, UnixTime)>,
    /// The number of finished fetches that count for all callers. A caller that waited compares it,
    /// to see whether another caller has fetched meanwhile.
    attempts: u64,
    /// The error of the last fetch, for callers that waited for it or may not fetch again yet.
    last_error: Option<ProviderError>,
}

impl<T> Discovery<T> {
    /// An empty cache. Nothing is fetched.
    pub(super) fn new(origins: Origins, context: &ConnectContext) -> Self {
        let (http, clock) = (Arc::clone(&context.http), context.clock.clone());
        Self {
            in_flight: Mutex::new(Budget::new(clock.monotonic())),
            names: context.names.clone(),
            origins,
            http,
            clock,
            current: RwLock::new(Current {
                value: None,
                attempts: 0,
                last_error: None,
            }),
        }
    }

    /// The cached value, which `connect` makes of the metadata. If the value is stale, one caller
    /// refreshes it. An error means that there is no value, not even a stale one.
    pub(super) async fn get(
        &self,
        connect: impl FnOnce(Metadata) -> Result<T, ProviderError>,
    ) -> Result<Arc<T>, ProviderError> {
        let (known, seen) = self.known();
        let now = self.clock.unix();
        // A fresh value is returned. With a stale one, only the caller that gets the lock goes on.
        // Without a value, every caller waits for the lock.
        let mut budget = match &known {
            Some((value, stale_from)) if now < *stale_from => return Ok(Arc::clone(value)),
            Some((value, _)) => match self.in_flight.try_lock() {
                Ok(lock) => lock,
                Err(_) => return Ok(Arc::clone(value)),
            },
            None => self.fetch_lock().await?,
        };
        let (value, attempts) = self.known();
        // Another caller finished a fetch while this one waited for the lock. Its result counts,
        // even if it is an error, because a queue of callers must not become a queue of fetches.
        if attempts != seen {
            return value
                .map(|(value, _)| value)
                .ok_or_else(|| self.last_error());
        }
        let fetch_for = match calls::purpose() {
            Purpose::Event => FetchFor::Event,
            Purpose::SignIn | Purpose::Application => FetchFor::SignIn,
        };
        // A stale value is fetched again after a pause only, so it needs no budget.
        if known.is_none() && !budget.has_first(self.clock.monotonic(), fetch_for) {
            return Err(self.last_error());
        }
        let result = self.fetch().await.and_then(connect);
        // Paid only now, because a browser that closes the connection drops the fetch with it.
        // Strangers could otherwise use up the fetches of users without any answer being stored.
        if known.is_none() {
            budget.spend_first(self.clock.monotonic(), fetch_for);
        }
        let result = result.map_err(|error| error.in_call(self.context()));
        let result = result.map(Arc::new);
        self.store(&result);
        // The stale value is better than the error of the refetch.
        match (result, known) {
            (Err(_), Some((old, _))) => Ok(old),
            (result, _) => result,
        }
    }

    /// Refetches the metadata early, because `seen` did not fit a token. Returns a value that is
    /// newer than `seen`. `None` if the fetch failed or is not allowed yet.
    pub(super) async fn renew(
        &self,
        seen: &Arc<T>,
        fetch_for: FetchFor,
        connect: impl FnOnce(Metadata) -> Result<T, ProviderError>,
    ) -> Option<Arc<T>> {
        let newer = || self.cached().filter(|known| !Arc::ptr_eq(known, seen));
        if let Some(newer) = newer() {
            return Some(newer);
        }
        let mut budget = match self.in_flight.try_lock() {
            Ok(budget) => budget,
            // An event does not wait for the lock, because sign-ins would wait behind a flood of
            // events.
            Err(_) if fetch_for == FetchFor::Event => return None,
            Err(_) => calls::wait(self.in_flight.lock()).await.ok()?,
        };
        // Another caller may have refetched them during the wait.
        if let Some(newer) = newer() {
            return Some(newer);
        }
        // The budget is spent only now, so that callers who find a newer value pay nothing.
        if !budget.spend(self.clock.monotonic(), fetch_for) {
            return None;
        }
        // A failure is not stored, because the cached value still serves.
        let result = self.fetch().await.and_then(connect).map(Arc::new);
        let renewed = result.as_ref().ok().map(Arc::clone)?;
        self.store(&result);
        let host = fetch::host(&self.origins.document());
        tracing::info!(host, "the provider's metadata were fetched again");
        Some(renewed)
    }

    /// The cached value, fresh or stale, without the network.
    pub(super) fn cached(&self) -> Option<Arc<T>> {
        self.known().0.map(|(value, _)| value)
    }

    /// The address of the metadata.
    pub(super) fn document(&self) -> String {
        self.origins.document()
    }

    /// Checks a given document as a fetched one, for the doctor.
    pub(super) async fn read(&self, document: &Value) -> Result<Metadata, ProviderError> {
        let metadata = Metadata::parse(document, &self.origins)?;
        metadata.check(&self.names).await
    }

    /// Waits for the fetch under way and takes the lock. An event does not fetch after it has
    /// waited, because sign-ins would wait behind a flood of events.
    async fn fetch_lock(&self) -> Result<MutexGuard<'_, Budget>, ProviderError> {
        if let Ok(lock) = self.in_flight.try_lock() {
            return Ok(lock);
        }
        let (_, seen) = self.known();
        let lock = calls::wait(self.in_flight.lock()).await?;
        let (_, attempts) = self.known();
        if calls::purpose() == Purpose::Event && attempts == seen {
            return Err(ProviderError::new(LoginErrorKind::ProviderTimeout));
        }
        Ok(lock)
    }

    /// The cached value with the time at which it becomes stale, and the number of finished
    /// fetches.
    fn known(&self) -> (Option<(Arc<T>, UnixTime)>, u64) {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let value = current
            .value
            .as_ref()
            .map(|(value, at)| (Arc::clone(value), *at));
        (value, current.attempts)
    }

    /// The error of the last fetch. If there is none, the provider counts as
    /// unavailable.
    fn last_error(&self) -> ProviderError {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let error = current.last_error.clone();
        error.unwrap_or_else(|| ProviderError::new(LoginErrorKind::ProviderUnavailable))
    }

    /// Stores the result of a fetch. After an error, an old value stays and becomes stale again
    /// after a pause.
    fn store(&self, result: &Result<Arc<T>, ProviderError>) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        // If the caller's own deadline passed, other callers may have more time, so the fetch does
        // not count for them.
        let shared = !matches!(result, Err(error) if error.is_the_callers());
        current.attempts += u64::from(shared);
        let now = self.clock.unix();
        match (result, &mut current.value) {
            // The error of an earlier fetch stays behind a value, where it is not read.
            (Ok(value), known) => *known = Some((Arc::clone(value), now.after(FRESH))),
            (Err(_), Some((_, stale_from))) => *stale_from = now.after(RETRY),
            (Err(error), None) => current.last_error = Some(error.clone()),
        }
    }

    /// The call of an error that is found after the call, such as a missing endpoint.
    fn context(&self) -> FailedCall {
        let document = self.origins.document();
        FailedCall {
            call: Some(CallName::Metadata.as_str()),
            host: Some(fetch::host(&document).into()),
            path: Some(fetch::path(&document).into()),
            ..FailedCall::default()
        }
    }

    /// Fetches, reads and checks the metadata. The check of hosts comes last, because it may need
    /// the resolver.
    async fn fetch(&self) -> Result<Metadata, ProviderError> {
        let uri = self.origins.document();
        let document = fetch::document(&*self.http, &uri, CallName::Metadata).await;
        let Document { json, call } = document.map_err(|unread| unread.error)?;
        let metadata = match Metadata::parse(&json, &self.origins) {
            Ok(metadata) => metadata.check(&self.names).await,
            Err(error) => Err(error),
        };
        metadata.map_err(|error| error.in_call(call))
    }
}
