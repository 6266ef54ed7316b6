//! The provider's metadata (OpenID Connect Discovery), fetched when first needed.

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

/// Metadata is asked for again after this; until it is answered, the old one serves.
const FRESH: Duration = Duration::from_secs(24 * 60 * 60);
/// While the old one serves, nobody waits for a provider that is down more often than this.
const RETRY: Duration = Duration::from_secs(60);

/// What a provider says of itself, checked.
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
    /// ID tokens say which session at the provider they belong to (Back-Channel Logout section
    /// 2.2).
    pub(super) names_sessions: bool,
    /// The sound ones of the announced algorithms. None if nothing is announced.
    pub(super) id_token_algorithms: Option<Vec<Algorithm>>,
    pub(super) userinfo_algorithms: Option<Vec<Algorithm>>,
    /// As written: the audience of assertions that name it.
    pub(super) token_endpoint_name: String,
    pub(super) auth_methods: Option<Vec<String>>,
    /// As announced, sound or not.
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
    /// The issuer is compared to the letter (Discovery section 4.3); endpoints are absolute and
    /// https, or http on this machine. What we do not need may have any type.
    fn parse(document: &Value, origins: &Origins) -> Result<Self, LoginError> {
        if document["issuer"] != origins.issuer.as_str() {
            other_issuer::warn(&origins.issuer, &document["issuer"]);
            return Err(wrong(
                "issuer",
                &origins.issuer,
                &describe::text(document.get("issuer")),
            ));
        }
        // An endpoint that is empty or no text is as absent.
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
            // Nobody needs them to sign in, so that wrong ones keep nobody from it.
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

    /// The endpoints that this server calls must be where this provider may have some; the others are for browsers.
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

    /// Discovery section 3: `client_secret_basic` if nothing is announced.
    pub(super) fn takes_basic(&self) -> bool {
        self.takes("client_secret_basic")
    }

    /// Both ways to send a secret are announced, or nothing is: which one this client is registered for is not known.
    pub(super) fn takes_either(&self) -> bool {
        self.takes("client_secret_basic") && self.takes("client_secret_post")
    }

    fn takes(&self, method: &str) -> bool {
        let methods = self.auth_methods.as_ref();
        methods.is_none_or(|methods| methods.iter().any(|known| known == method))
    }

    pub(super) fn lists_scope(&self, scope: &str) -> bool {
        let scopes = self.scopes.as_ref();
        scopes.is_some_and(|scopes| scopes.iter().any(|known| known == scope))
    }
}

/// The sound ones. A list without names announces nothing (RFC 8414 section 3.2 forbids it).
fn algorithms(announced: &Value) -> Option<Vec<Algorithm>> {
    let names = texts(announced)?;
    let sound = names.iter().filter_map(|name| Algorithm::sound(name));
    (!names.is_empty()).then(|| sound.collect())
}

/// The texts of a list. None if it is no list.
fn texts(list: &Value) -> Option<Vec<String>> {
    let texts = list.as_array()?.iter().filter_map(Value::as_str);
    Some(texts.map(str::to_owned).collect())
}

const ENDPOINT: &str = "an https address without fragment";

/// The metadata cannot be used because of this part.
pub(super) fn wrong(part: &'static str, expected: &str, found: &str) -> LoginError {
    let mismatch = Mismatch::new(expected, found);
    LoginError::with_code(LoginErrorKind::Misconfigured, part).differing(mismatch)
}

fn without_query(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or_default()
}

/// Fetches metadata once for all who wait, and keeps it. A failure is told to those who waited
/// for it, and kept from nobody else.
pub(super) struct Discovery<T> {
    origins: Origins,
    names: Names,
    http: Arc<dyn HttpClient>,
    clock: Clock,
    current: RwLock<Current<T>>,
    /// For reading them before they are old.
    in_flight: Mutex<Budget>,
}

struct Current<T> {
    /// With the time from which it is asked for again.
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

    /// What `connect` made of the metadata. Who finds it old asks for it anew, one at a time and not right
    /// after a failure; everybody else goes on with the old.
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

    /// What `connect` made of newer metadata than those `seen`, which did not fit what the provider sent. None if there are
    /// none, or if they were asked for too often.
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
            // Sign-ins would wait behind a flood of events.
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
        tracing::info!(host, "the provider's metadata were read again");
        Some(renewed)
    }

    /// What is known, old or not: without the network.
    pub(super) fn cached(&self) -> Option<Arc<T>> {
        self.known().0.map(|(value, _)| value)
    }

    /// The address of the metadata.
    pub(super) fn document(&self) -> String {
        self.origins.document()
    }

    /// These metadata, as those that are fetched.
    pub(super) async fn read(&self, document: &Value) -> Result<Metadata, LoginError> {
        let metadata = Metadata::parse(document, &self.origins)?;
        metadata.check(&self.names).await
    }

    /// Waits for a fetch under way. An event does not then fetch once more itself: sign-ins would wait behind a flood of
    /// them.
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

    fn known(&self) -> (Option<(Arc<T>, UnixTime)>, u64) {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let value = current
            .value
            .as_ref()
            .map(|(value, at)| (Arc::clone(value), *at));
        (value, current.attempts)
    }

    fn last_error(&self) -> LoginError {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let error = current.last_error.as_ref().map(LoginError::of_another);
        error.unwrap_or_else(|| LoginError::new(LoginErrorKind::ProviderUnavailable))
    }

    fn store(&self, result: &Result<Arc<T>, LoginError>) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        // One caller's time was over: others may have more.
        let shared = !matches!(result, Err(error) if error.is_the_callers());
        current.attempts += u64::from(shared);
        let now = self.clock.unix();
        match (result, &mut current.value) {
            (Ok(value), known) => *known = Some((Arc::clone(value), now.after(FRESH))),
            (Err(_), Some((_, stale_from))) => *stale_from = now.after(RETRY),
            (Err(error), None) => current.last_error = Some(error.clone()),
        }
    }

    /// For what the metadata lack, which is found after the call.
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
