//! The OpenID provider, once it is known what it says of itself.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    Oidc, Signing, UserinfoUse,
    algorithm::Algorithm,
    deferred::DeferredTokens,
    keys::Keys,
    metadata::{Discovery, Metadata, wrong},
    origins::Origins,
};
use crate::{
    calls::ClockDifference,
    clock::Clock,
    error::{LoginError, LoginErrorKind},
    http_client::HttpClient,
    phone::PhoneAssurance,
    provider::{
        ClientAuth, ConnectContext, Family, Identity,
        assertion::AssertionKey,
        client::{Assertion, Client, Registration},
        method::{LearnedMethod, Method},
    },
};

pub(super) struct OidcClient {
    pub(super) identity: Identity,
    pub(super) settings: Oidc,
    key: Option<Arc<AssertionKey>>,
    redirect_uri: String,
    pub(super) http: Arc<dyn HttpClient>,
    pub(super) clock: Clock,
    /// The least that a number must be worth.
    pub(super) assurance: PhoneAssurance,
    pub(super) difference: Arc<ClockDifference>,
    pub(super) deferred: DeferredTokens,
    pub(super) discovery: Discovery<Discovered>,
    /// The algorithms of the settings, if there are any.
    pub(super) pinned: Option<Vec<Algorithm>>,
    /// Kept while the metadata is asked for anew.
    keys: Mutex<Option<Arc<Keys>>>,
    /// How the client secret is sent, once that is found out.
    method: Arc<LearnedMethod>,
    /// The scopes and settings that the log has named already.
    logged: Mutex<BTreeSet<String>>,
}

/// What is known once the provider was asked for its metadata.
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
            identity: Identity {
                family: Family::OpenId,
                brand: settings.brand,
                title: settings.title.clone(),
                issuer: settings.issuer.clone(),
                client_id: settings.client_id.clone(),
            },
            discovery: Discovery::new(origins, context),
            method: Arc::new(LearnedMethod::new(&settings.name)),
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

    /// As far as the metadata are known.
    pub(super) fn has_announced_issuer(&self) -> bool {
        let known = self.discovery.cached();
        known.is_some_and(|known| known.metadata.sends_issuer)
    }

    pub(super) async fn discovered(&self) -> Result<Arc<Discovered>, LoginError> {
        self.discovery.get(|metadata| self.discover(metadata)).await
    }

    pub(super) fn discover(&self, metadata: Metadata) -> Result<Discovered, LoginError> {
        if self.settings.userinfo == UserinfoUse::Always && metadata.userinfo_endpoint.is_none() {
            return Err(wrong("userinfo_endpoint", "an https address", "missing"));
        }
        if metadata.jwks_uri.is_none() && self.settings.signing == Signing::Keys {
            return Err(wrong("jwks_uri", "an https address", "missing"));
        }
        self.warn_of_scopes(&metadata);
        self.warn_of_settings(&metadata);
        let registration = Registration {
            authorization_endpoint: metadata.authorization_endpoint.clone(),
            token_endpoint: metadata.token_endpoint.clone(),
            client_id: &self.settings.client_id,
            client_secret: self.settings.client_secret.as_ref(),
            method: self.method(&metadata),
            redirect_uri: &self.redirect_uri,
            pkce: self.settings.pkce,
        };
        let client = Client::new(&registration, Arc::clone(&self.http));
        let keys = metadata
            .jwks_uri
            .as_ref()
            .map(|uri| self.keys_at(uri.as_str()));
        let client = client.map_err(|_| LoginError::new(LoginErrorKind::Misconfigured))?;
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

    /// As set, else as announced. With either announced, an answer may tell better.
    pub(super) fn method(&self, metadata: &Metadata) -> Method {
        let announced = match metadata.takes_basic() {
            true => ClientAuth::Basic,
            false => ClientAuth::Body,
        };
        match (self.settings.client_auth, &self.settings.client_secret) {
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

    /// Whether the log has not named this yet.
    pub(super) fn is_first_warning(&self, name: &str) -> bool {
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        logged.insert(name.to_owned())
    }

    /// For whom a client assertion is. The issuer alone was configured here: an endpoint comes from metadata, and may be
    /// that of another server, which would take the assertion for its own.
    fn audience(&self, metadata: &Metadata) -> String {
        if self.settings.assertion_names_endpoint {
            metadata.token_endpoint_name.clone()
        } else {
            self.settings.issuer.clone()
        }
    }

    /// The value is `None` before the metadata are known, and if the client secret is the key.
    pub(super) fn cached_keys(&self) -> Option<Arc<Keys>> {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.clone()
            .filter(|_| self.settings.signing == Signing::Keys)
    }

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
