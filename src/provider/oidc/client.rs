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

/// The client of one OpenID provider. Its methods are in several files by topic. `request.rs` makes
/// authorization requests, `sign_in.rs` reads sign-ins, `trust.rs` verifies signatures,
/// `event_verification.rs` verifies events. `provider_client.rs` has the methods that `flow` calls.
pub(super) struct OidcClient {
    pub(super) identity: Identity,
    /// The settings, which were checked.
    pub(super) settings: Oidc,
    /// The private key, for clients that authenticate with one.
    key: Option<Arc<AssertionKey>>,
    /// The callback URL, for the client that is made of each metadata document.
    redirect_uri: String,
    /// The HTTP client with the limits of this provider.
    pub(super) http: Arc<dyn HttpClient>,
    pub(super) clock: Clock,
    /// The lowest assurance that the application accepts. If the ID token's number has it, userinfo
    /// may fail.
    pub(super) assurance: PhoneAssurance,
    /// The difference to the provider's clock, learned from ID tokens.
    pub(super) difference: Arc<ClockDifference>,
    /// Logout tokens that wait for newer keys.
    pub(super) deferred: DeferredTokens,
    /// The metadata cache, with the client that is made of them.
    pub(super) discovery: Discovery<Discovered>,
    /// The algorithms of the setting `algorithms`, if it is set.
    pub(super) pinned: Option<Vec<Algorithm>>,
    /// The key cache. It outlives a refresh of the metadata, unless `jwks_uri` changes. `None`
    /// before the first metadata.
    keys: Mutex<Option<Arc<Keys>>>,
    /// The authentication method that the provider accepted. It outlives a refresh of the metadata.
    method: Arc<LearnedMethod>,
    /// Scopes and settings that a warning has named, so that each is warned about once. The names
    /// come from the settings, so the set stays small.
    logged: Mutex<BTreeSet<String>>,
}

/// The values that come from the metadata. They are made anew with each refresh.
pub(super) struct Discovered {
    /// The checked metadata.
    pub(super) metadata: Metadata,
    /// The client with the endpoints of the metadata.
    pub(super) client: Client,
    /// `None` if the metadata have no `jwks_uri`, which is allowed only if the client secret
    /// verifies ID tokens.
    pub(super) keys: Option<Arc<Keys>>,
}

impl OidcClient {
    /// A client that knows no metadata yet. Nothing is fetched.
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

    /// The values from the metadata, which are fetched if none are cached or they are stale.
    pub(super) async fn discovered(&self) -> Result<Arc<Discovered>, ProviderError> {
        self.discovery.get(|metadata| self.discover(metadata)).await
    }

    /// Makes the client and the key cache for these metadata. Refuses metadata that lack an
    /// endpoint which the settings need, so that a sign-in fails before its code is used.
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
        // The key cache is kept if the address is the same, because a refresh of the metadata must
        // not discard keys that work.
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
    /// none, the provider's responses decide, and the method that worked is remembered.
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

    /// The private key of the client. `None` if it authenticates in another way.
    pub(super) fn key(&self) -> Option<&AssertionKey> {
        self.key.as_deref()
    }

    /// Whether this is the first warning about `name`, which is noted.
    pub(super) fn is_first_warning(&self, name: &str) -> bool {
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        logged.insert(name.to_owned())
    }

    /// The audience of client assertions. The default is the issuer, which the application has
    /// configured. The token endpoint comes from the metadata, so a hostile provider could name
    /// another provider's endpoint there, and use the assertion at that provider.
    fn audience(&self, metadata: &Metadata) -> String {
        if self.settings.assertion_names_endpoint {
            metadata.token_endpoint_name.clone()
        } else {
            self.settings.issuer.clone()
        }
    }

    /// The key cache. `None` before the metadata are known, and if the client secret verifies ID
    /// tokens, which needs no keys.
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
