//! The OpenID provider, once it is known what it says of itself.

use std::sync::{Arc, Mutex, PoisonError};

use jsonwebtoken::Algorithm;
use secrecy::ExposeSecret;

use super::{
    super::{
        ClientAuth, Family, Identity, Place,
        client::{Assertion, Client, Registration},
    },
    ALGORITHMS, Oidc, Signing,
    assertion::AssertionKey,
    id_token::{Refusal, refuse},
    keys::{Asker, KeySet, Keys},
    metadata::{Discovery, Metadata},
};
use crate::{
    clock::Clock,
    error::{LoginError, LoginErrorKind},
    http_client::HttpClient,
};

pub(super) struct Connected {
    pub(super) identity: Identity,
    pub(super) settings: Oidc,
    key: Option<Arc<AssertionKey>>,
    redirect_uri: String,
    pub(super) http: Arc<dyn HttpClient>,
    pub(super) clock: Clock,
    discovery: Discovery<Discovered>,
    /// Kept while the metadata is asked for anew.
    keys: Mutex<Option<Arc<Keys>>>,
}

/// What is known once the provider was asked for its metadata.
pub(super) struct Discovered {
    pub(super) metadata: Metadata,
    pub(super) client: Client,
    pub(super) keys: Option<Arc<Keys>>,
}

impl Connected {
    pub(super) fn new(settings: Oidc, key: Option<Arc<AssertionKey>>, place: &Place) -> Self {
        let (http, clock) = (Arc::clone(&place.http), place.clock.clone());
        Self {
            identity: Identity {
                family: Family::OpenId,
                brand: settings.brand,
                title: settings.title.clone(),
                issuer: settings.issuer.clone(),
                client_id: settings.client_id.clone(),
            },
            discovery: Discovery::new(settings.issuer.clone(), place),
            redirect_uri: place.redirect_uri.clone(),
            keys: Mutex::default(),
            settings,
            key,
            http,
            clock,
        }
    }

    /// As far as the metadata are known.
    pub(super) fn has_announced_issuer(&self) -> bool {
        let known = self.discovery.at_hand();
        known.is_some_and(|known| known.metadata.sends_issuer)
    }

    pub(super) async fn discovered(&self) -> Result<Arc<Discovered>, LoginError> {
        self.discovery.get(|metadata| self.discover(metadata)).await
    }

    fn discover(&self, metadata: Metadata) -> Result<Discovered, LoginError> {
        let basic = metadata.takes_basic();
        let announced = if basic {
            ClientAuth::Basic
        } else {
            ClientAuth::Body
        };
        let registration = Registration {
            authorization_endpoint: metadata.authorization_endpoint.clone(),
            token_endpoint: metadata.token_endpoint.clone(),
            client_id: &self.settings.client_id,
            client_secret: self.settings.client_secret.as_ref(),
            client_auth: self.settings.client_auth.unwrap_or(announced),
            redirect_uri: &self.redirect_uri,
            pkce: self.settings.pkce,
        };
        let client = Client::new(registration, Arc::clone(&self.http));
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

    /// For whom a client assertion is. The issuer alone was configured here: an endpoint comes from metadata, and may be
    /// that of another server, which would take the assertion for its own.
    fn audience(&self, metadata: &Metadata) -> String {
        if self.settings.assertion_names_endpoint {
            metadata.token_endpoint.to_string()
        } else {
            self.settings.issuer.clone()
        }
    }

    fn keys_at(&self, uri: &str) -> Arc<Keys> {
        let mut kept = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some(keys) if keys.uri() == uri => Arc::clone(keys),
            _ => {
                let (http, clock) = (Arc::clone(&self.http), self.clock.clone());
                Arc::clone(kept.insert(Arc::new(Keys::new(uri.to_owned(), http, clock))))
            }
        }
    }

    /// What `verify` makes of the keys with which the provider signs.
    pub(super) async fn with_keys<T>(
        &self,
        discovered: &Discovered,
        asker: Asker,
        verify: impl Fn(&KeySet) -> Result<T, Refusal>,
    ) -> Result<Result<T, Refusal>, LoginError> {
        let secret = self.settings.client_secret.as_ref();
        match (self.settings.signing, secret, &discovered.keys) {
            (Signing::ClientSecret, Some(secret), _) => {
                let secret = secret.expose_secret().as_bytes();
                Ok(verify(&KeySet::of_secret(secret)))
            }
            (_, _, Some(keys)) => {
                keys.try_with(asker, verify, |refusal| *refusal == Refusal::Key)
                    .await
            }
            (_, _, None) => Err(refuse("jwks_uri")),
        }
    }

    pub(super) fn algorithms(&self) -> &'static [Algorithm] {
        match self.settings.signing {
            Signing::Keys => &ALGORITHMS,
            Signing::ClientSecret => &[Algorithm::HS256],
        }
    }
}
