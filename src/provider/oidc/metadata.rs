//! The provider's metadata (OpenID Connect Discovery 1.0) and their cache.
//!
//! The metadata are fetched at the first sign-in, not at the start, so that an application starts
//! while its provider is down. [`Metadata::parse`] checks them; [`Discovery`] caches them:
//!
//! - **Fresh** (24 hours after a fetch): used as they are.
//! - **Stale**: one caller refetches them, the others go on with the stale value. After a failure
//!   the stale value serves for another minute.
//! - **None**: callers wait for one shared fetch and share its error. A failure is not cached: the
//!   next caller fetches again.
//! - A token that does not fit fresh metadata (unknown algorithm, moved keys) may have them
//!   refetched early, limited by [`Budget`].

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::{Mutex, MutexGuard};
use url::Url;

use super::{
    algorithm::Algorithm,
    budget::{Budget, FetchFor},
    describe,
    fetch::{self, Document},
    origins::Origins,
    other_issuer,
};
use crate::provider::ConnectContext;
use crate::{
    calls::{self, Purpose},
    clock::{Clock, UnixTime},
    error::{FailedCall, LoginError, LoginErrorKind, Mismatch},
    http_client::{CallName, HttpClient, Names},
};

/// Age at which the metadata are refetched. The old ones serve until the refetch succeeds.
const FRESH: Duration = Duration::from_secs(24 * 60 * 60);
/// The pause after a failed refetch of stale metadata.
const RETRY: Duration = Duration::from_secs(60);

/// The checked metadata of a provider.
pub(super) struct Metadata {
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    pub(super) jwks_uri: Option<Url>,
    pub(super) userinfo_endpoint: Option<Url>,
    pub(super) par_endpoint: Option<Url>,
    pub(super) end_session_endpoint: Option<Url>,
    pub(super) revocation_endpoint: Option<Url>,
    pub(super) requires_par: bool,
    pub(super) supports_claims: bool,
    pub(super) sends_issuer: bool,
    /// ID tokens carry `sid` (Back-Channel Logout section 2.2).
    pub(super) names_sessions: bool,
    /// The secure ones of the announced algorithms. `None` if none is announced.
    pub(super) id_token_algorithms: Option<Vec<Algorithm>>,
    pub(super) userinfo_algorithms: Option<Vec<Algorithm>>,
    /// The token endpoint as the metadata state it, for the audience of assertions.
    pub(super) token_endpoint_name: String,
    pub(super) auth_methods: Option<Vec<String>>,
    /// All announced algorithms, for the log.
    pub(super) algorithm_names: Option<Vec<String>>,
    pub(super) challenge_methods: Option<Vec<String>>,
    pub(super) response_types: Option<Vec<String>>,
    pub(super) response_modes: Option<Vec<String>>,
    pub(super) grant_types: Option<Vec<String>>,
    /// `scopes_supported`.
    pub(super) scopes: Option<Vec<String>>,
    /// `claims_supported`.
    pub(super) claims: Option<Vec<String>>,
}

impl Metadata {
    /// Reads a metadata document. Its issuer must equal the setting exactly (Discovery section
    /// 4.3); endpoints must be absolute, and https or http on loopback. Members that are not needed
    /// may have any type.
    fn parse(document: &Value, origins: &Origins) -> Result<Self, LoginError> {
        if document["issuer"] != origins.issuer.as_str() {
            other_issuer::warn(&origins.issuer, &document["issuer"]);
            return Err(wrong(
                "issuer",
                &origins.issuer,
                &describe::text(document.get("issuer")),
            ));
        }
        // An empty text, or a value that is not a text, counts as absent.
        let endpoint = |name: &'static str| match document[name].as_str().map(str::trim) {
            None | Some("") => Ok(None),
            Some(text) => {
                let endpoint = origins.endpoint(text);
                endpoint
                    .map(Some)
                    .ok_or_else(|| wrong(name, ENDPOINT, without_query(text)))
            }
        };
        let called = |name| endpoint(name).map(|url| url.and_then(|url| origins.for_server(url)));
        let page = |name| endpoint(name).map(|url| url.and_then(|url| origins.for_browser(url)));
        let required = |name, url: Option<Url>| {
            url.ok_or_else(|| wrong(name, ENDPOINT, describe::kind(document.get(name))))
        };
        let algorithms = |name: &str| algorithms(&document[name]);
        let texts = |name: &str| texts(&document[name]);
        Ok(Self {
            authorization_endpoint: required(
                "authorization_endpoint",
                page("authorization_endpoint")?,
            )?,
            token_endpoint: required("token_endpoint", called("token_endpoint")?)?,
            jwks_uri: called("jwks_uri")?,
            userinfo_endpoint: called("userinfo_endpoint")?,
            par_endpoint: called("pushed_authorization_request_endpoint")?,
            // Sign-ins do not need these two, so a wrong value must not refuse one.
            end_session_endpoint: page("end_session_endpoint").ok().flatten(),
            revocation_endpoint: called("revocation_endpoint").ok().flatten(),
            requires_par: document["require_pushed_authorization_requests"] == true,
            supports_claims: document["claims_parameter_supported"] == true,
            sends_issuer: document["authorization_response_iss_parameter_supported"] == true,
            names_sessions: document["backchannel_logout_session_supported"] == true,
            id_token_algorithms: algorithms("id_token_signing_alg_values_supported"),
            userinfo_algorithms: algorithms("userinfo_signing_alg_values_supported"),
            auth_methods: texts("token_endpoint_auth_methods_supported"),
            algorithm_names: texts("id_token_signing_alg_values_supported"),
            challenge_methods: texts("code_challenge_methods_supported"),
            response_types: texts("response_types_supported"),
            response_modes: texts("response_modes_supported"),
            grant_types: texts("grant_types_supported"),
            scopes: texts("scopes_supported"),
            claims: texts("claims_supported"),
            token_endpoint_name: document["token_endpoint"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        })
    }

    /// Checks that the endpoints which this server calls do not lead into an internal network. The
    /// browser opens the others.
    async fn check(mut self, names: &Names) -> Result<Self, LoginError> {
        let called = [
            ("token_endpoint", Some(&self.token_endpoint)),
            ("jwks_uri", self.jwks_uri.as_ref()),
            ("userinfo_endpoint", self.userinfo_endpoint.as_ref()),
            (
                "pushed_authorization_request_endpoint",
                self.par_endpoint.as_ref(),
            ),
        ];
        for (name, endpoint) in called {
            if let Some(endpoint) = endpoint
                && !names.admits(endpoint).await
            {
                let host = endpoint.host_str().unwrap_or_default();
                return Err(wrong(name, "a host that this provider may have", host));
            }
        }
        if let Some(endpoint) = &self.revocation_endpoint
            && !names.admits(endpoint).await
        {
            self.revocation_endpoint = None;
        }
        Ok(self)
    }

    /// Whether `client_secret_basic` is accepted, which is the default of Discovery section 3.
    pub(super) fn takes_basic(&self) -> bool {
        self.takes("client_secret_basic")
    }

    /// Whether both methods of sending the secret are announced, or none: the metadata do not say
    /// then which one this client is registered for.
    pub(super) fn takes_either(&self) -> bool {
        self.takes("client_secret_basic") && self.takes("client_secret_post")
    }

    /// Whether an authentication method is announced. Without a list, every method counts as
    /// announced.
    fn takes(&self, method: &str) -> bool {
        let methods = self.auth_methods.as_ref();
        methods.is_none_or(|methods| methods.iter().any(|known| known == method))
    }

    pub(super) fn lists_scope(&self, scope: &str) -> bool {
        let scopes = self.scopes.as_ref();
        scopes.is_some_and(|scopes| scopes.iter().any(|known| known == scope))
    }
}

/// The secure algorithms of a list. An empty list counts as none (RFC 8414 section 3.2 forbids it).
fn algorithms(announced: &Value) -> Option<Vec<Algorithm>> {
    let names = texts(announced)?;
    let sound = names.iter().filter_map(|name| Algorithm::sound(name));
    (!names.is_empty()).then(|| sound.collect())
}

/// The texts of a list. `None` if the value is not a list.
fn texts(list: &Value) -> Option<Vec<String>> {
    let texts = list.as_array()?.iter().filter_map(Value::as_str);
    Some(texts.map(str::to_owned).collect())
}

const ENDPOINT: &str = "an https address without fragment";

/// The error for metadata that are unusable because of this member.
pub(super) fn wrong(part: &'static str, expected: &str, found: &str) -> LoginError {
    let mismatch = Mismatch::new(expected, found);
    LoginError::with_code(LoginErrorKind::Misconfigured, part).differing(mismatch)
}

fn without_query(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or_default()
}

/// The metadata cache. Waiting callers share one fetch and its error; a failure is not cached
/// beyond them. `T` is the value that the client makes of the metadata.
pub(super) struct Discovery<T> {
    origins: Origins,
    names: Names,
    http: Arc<dyn HttpClient>,
    clock: Clock,
    current: RwLock<Current<T>>,
    /// Held during a fetch. The budget limits early refetches.
    in_flight: Mutex<Budget>,
}

struct Current<T> {
    /// The value, and the time at which it becomes stale.
    value: Option<(Arc<T>, UnixTime)>,
    attempts: u64,
    last_error: Option<LoginError>,
}

impl<T> Discovery<T> {
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

    /// The cached value, which `connect` makes of the metadata. When it is stale, one caller
    /// refreshes it (not right after a failure); the others keep using the stale value.
    pub(super) async fn get(
        &self,
        connect: impl FnOnce(Metadata) -> Result<T, LoginError>,
    ) -> Result<Arc<T>, LoginError> {
        let (known, seen) = self.known();
        let now = self.clock.unix();
        let _lock = match &known {
            Some((value, stale_from)) if now < *stale_from => return Ok(Arc::clone(value)),
            Some((value, _)) => match self.in_flight.try_lock() {
                Ok(lock) => lock,
                Err(_) => return Ok(Arc::clone(value)),
            },
            None => self.fetch_lock().await?,
        };
        let (value, attempts) = self.known();
        if attempts != seen {
            return value
                .map(|(value, _)| value)
                .ok_or_else(|| self.last_error());
        }
        let result = self.fetch().await.and_then(connect);
        let result = result.map_err(|error| error.in_call(self.context()));
        let result = result.map(Arc::new);
        self.store(&result);
        match (result, known) {
            (Err(_), Some((old, _))) => Ok(old),
            (result, _) => result,
        }
    }

    /// Refetches the metadata early, because `seen` did not fit a token. Returns the newer value.
    /// `None` if the fetch failed or is not allowed yet.
    pub(super) async fn renew(
        &self,
        seen: &Arc<T>,
        fetch_for: FetchFor,
        connect: impl FnOnce(Metadata) -> Result<T, LoginError>,
    ) -> Option<Arc<T>> {
        let newer = || self.cached().filter(|known| !Arc::ptr_eq(known, seen));
        if let Some(newer) = newer() {
            return Some(newer);
        }
        let mut budget = match self.in_flight.try_lock() {
            Ok(budget) => budget,
            // An event does not wait for the lock: sign-ins would wait behind a flood of events.
            Err(_) if fetch_for == FetchFor::Event => return None,
            Err(_) => calls::wait(self.in_flight.lock()).await.ok()?,
        };
        if let Some(newer) = newer() {
            return Some(newer);
        }
        if !budget.spend(self.clock.monotonic(), fetch_for) {
            return None;
        }
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
    pub(super) async fn read(&self, document: &Value) -> Result<Metadata, LoginError> {
        let metadata = Metadata::parse(document, &self.origins)?;
        metadata.check(&self.names).await
    }

    /// Waits for the fetch under way and takes the lock. An event does not fetch after it has
    /// waited: sign-ins would wait behind a flood of events.
    async fn fetch_lock(&self) -> Result<MutexGuard<'_, Budget>, LoginError> {
        if let Ok(lock) = self.in_flight.try_lock() {
            return Ok(lock);
        }
        let (_, seen) = self.known();
        let lock = calls::wait(self.in_flight.lock()).await?;
        let (_, attempts) = self.known();
        if calls::purpose() == Purpose::Event && attempts == seen {
            return Err(LoginError::new(LoginErrorKind::ProviderTimeout));
        }
        Ok(lock)
    }

    /// The cached value with its expiry, and the number of finished fetches.
    fn known(&self) -> (Option<(Arc<T>, UnixTime)>, u64) {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let value = current
            .value
            .as_ref()
            .map(|(value, at)| (Arc::clone(value), *at));
        (value, current.attempts)
    }

    /// The error of the fetch for which the caller waited.
    fn last_error(&self) -> LoginError {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let error = current.last_error.as_ref().map(LoginError::of_another);
        error.unwrap_or_else(|| LoginError::new(LoginErrorKind::ProviderUnavailable))
    }

    /// Stores the result of a fetch.
    fn store(&self, result: &Result<Arc<T>, LoginError>) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        // The caller's own deadline passed; other callers may have more time.
        let shared = !matches!(result, Err(error) if error.is_the_callers());
        current.attempts += u64::from(shared);
        let now = self.clock.unix();
        match (result, &mut current.value) {
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

    async fn fetch(&self) -> Result<Metadata, LoginError> {
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
