//! [`OidcClient`]: the client of one OpenID provider, with its caches of metadata and keys.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    Oidc, Signing, UserinfoUse,
    algorithm::Algorithm,
    deferred::DeferredTokens,
    discovery::Discovery,
    keys::Keys,
    metadata::{Metadata, wrong},
    origins::Origins,
};
use crate::{
    calls::ClockDifference,
    clock::Clock,
    error::{LoginErrorKind, ProviderError},
    http_client::HttpClient,
    phone::PhoneAssurance,
    provider::{
        ClientAuth, ConnectContext, Family, Identity,
        assertion::AssertionKey,
        client::{Assertion, Client, ClientConfig},
        method::{LearnedMethod, Method},
    },
};

/// The client of one OpenID provider. Its methods stand in several files by topic: `request.rs`
/// makes authorization requests, `client.rs` reads sign-ins, `trust.rs` verifies signatures,
/// `event_verification.rs` verifies events.
pub(super) struct OidcClient {
    pub(super) identity: Identity,
    pub(super) settings: Oidc,
    /// The private key, for clients that authenticate with one.
    key: Option<Arc<AssertionKey>>,
    redirect_uri: String,
    pub(super) http: Arc<dyn HttpClient>,
    pub(super) clock: Clock,
    /// The lowest assurance that the application accepts.
    pub(super) assurance: PhoneAssurance,
    pub(super) difference: Arc<ClockDifference>,
    /// Logout tokens that wait for newer keys.
    pub(super) deferred: DeferredTokens,
    /// The metadata cache, with the client that is made of them.
    pub(super) discovery: Discovery<Discovered>,
    /// The algorithms of the setting `algorithms`, if it is set.
    pub(super) pinned: Option<Vec<Algorithm>>,
    /// The key cache. It outlives a refresh of the metadata, unless `jwks_uri` changes.
    keys: Mutex<Option<Arc<Keys>>>,
    /// The authentication method that the provider accepted.
    method: Arc<LearnedMethod>,
    /// Scopes and settings that a warning has named, so that each is warned about once.
    logged: Mutex<BTreeSet<String>>,
}

/// The values that come from the metadata. They are made anew with each refresh.
pub(super) struct Discovered {
    pub(super) metadata: Metadata,
    pub(super) client: Client,
    pub(super) keys: Option<Arc<Keys>>,
}

impl OidcClient {
    pub(super) fn new(
        settings: Oidc,
        origins: Origins,
        key: Option<Arc<AssertionKey>>,
        pinned: Option<Vec<Algorithm>>,
        context: &ConnectContext,
    ) -> Self {
        let (http, clock) = (Arc::clone(&context.http), context.clock.clone());
        Self {
            identity: settings
                .registration
                .identity(Family::OpenId, settings.issuer.clone()),
            discovery: Discovery::new(origins, context),
            method: Arc::new(LearnedMethod::new(&settings.registration.name)),
            logged: Mutex::default(),
            redirect_uri: context.redirect_uri.clone(),
            keys: Mutex::default(),
            pinned,
            settings,
            key,
            http,
            clock,
            assurance: context.assurance,
            difference: Arc::clone(&context.difference),
            deferred: DeferredTokens::default(),
        }
    }

    /// Whether the cached metadata announce the parameter `iss` of callbacks (RFC 9207).
    pub(super) fn has_announced_issuer(&self) -> bool {
        let known = self.discovery.cached();
        known.is_some_and(|known| known.metadata.sends_issuer)
    }

    /// The values from the metadata, which are fetched if necessary.
    pub(super) async fn discovered(&self) -> Result<Arc<Discovered>, ProviderError> {
        self.discovery.get(|metadata| self.discover(metadata)).await
    }

    /// Makes client and key cache for these metadata. Refuses metadata that lack an endpoint which
    /// the settings need.
    pub(super) fn discover(&self, metadata: Metadata) -> Result<Discovered, ProviderError> {
        if self.settings.userinfo == UserinfoUse::Always && metadata.userinfo_endpoint.is_none() {
            return Err(wrong("userinfo_endpoint", "an https address", "missing"));
        }
        if metadata.jwks_uri.is_none() && self.settings.signing == Signing::Keys {
            return Err(wrong("jwks_uri", "an https address", "missing"));
        }
        self.warn_of_scopes(&metadata);
        self.warn_of_settings(&metadata);
        let config = ClientConfig {
            authorization_endpoint: metadata.authorization_endpoint.clone(),
            token_endpoint: metadata.token_endpoint.clone(),
            client_id: &self.settings.registration.client_id,
            client_secret: self.settings.registration.client_secret.as_ref(),
            method: self.method(&metadata),
            redirect_uri: &self.redirect_uri,
            pkce: self.settings.pkce,
        };
        let client = Client::new(&config, Arc::clone(&self.http));
        // The key cache is kept if the address is the same: a refresh of the metadata must not
        // discard keys that work.
        let keys = metadata
            .jwks_uri
            .as_ref()
            .map(|uri| self.keys_at(uri.as_str()));
        let client = client.map_err(|_| ProviderError::new(LoginErrorKind::Misconfigured))?;
        let client = match &self.key {
            Some(key) => client.asserting(Assertion {
                key: Arc::clone(key),
                clock: self.clock.clone(),
                audience: self.audience(&metadata),
            }),
            None => client,
        };
        Ok(Discovered {
            client,
            metadata,
            keys,
        })
    }

    /// The authentication method: the setting, else the announced one. If both are announced, or
    /// none, the provider's answers decide.
    pub(super) fn method(&self, metadata: &Metadata) -> Method {
        let announced = match metadata.takes_basic() {
            true => ClientAuth::Basic,
            false => ClientAuth::Body,
        };
        match (
            self.settings.client_auth,
            &self.settings.registration.client_secret,
        ) {
            (Some(set), _) => Method::fixed(set),
            (None, Some(_)) if metadata.takes_either() => {
                Method::negotiable(announced, Arc::clone(&self.method))
            }
            (None, _) => Method::fixed(announced),
        }
    }

    pub(super) fn key(&self) -> Option<&AssertionKey> {
        self.key.as_deref()
    }

    /// Whether this is the first warning about `name`.
    pub(super) fn is_first_warning(&self, name: &str) -> bool {
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        logged.insert(name.to_owned())
    }

    /// The audience of client assertions. The issuer was configured by the application; the token
    /// endpoint comes from the metadata. A hostile provider could name another provider's endpoint
    /// there, and use the assertion at that provider.
    fn audience(&self, metadata: &Metadata) -> String {
        if self.settings.assertion_names_endpoint {
            metadata.token_endpoint_name.clone()
        } else {
            self.settings.issuer.clone()
        }
    }

    /// The key cache. `None` before the metadata are known, and if the client secret verifies ID
    /// tokens.
    pub(super) fn cached_keys(&self) -> Option<Arc<Keys>> {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.clone()
            .filter(|_| self.settings.signing == Signing::Keys)
    }

    /// The key cache for `uri`: the present one if its address is the same.
    fn keys_at(&self, uri: &str) -> Arc<Keys> {
        let mut cached = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        match &*cached {
            Some(keys) if keys.uri() == uri => Arc::clone(keys),
            _ => {
                let (http, clock) = (Arc::clone(&self.http), self.clock.clone());
                Arc::clone(cached.insert(Arc::new(Keys::new(uri.to_owned(), http, clock))))
            }
        }
    }
}
