//! The OAuth 2.0 client: one registration at one provider, and its authorization requests, through `oauth2`.

use std::sync::Arc;

use oauth2::{
    AuthType, AuthUrl, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, StandardRevocableToken, TokenUrl,
    basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse},
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{
    AuthorizationRequest,
    assertion::{self, AssertionKey},
    method::Method,
    parameters::Extra,
    token::TokenAnswer,
};
use crate::{clock::Clock, error::ConfigError, http_client::HttpClient};

type AuthService = oauth2::Client<
    BasicErrorResponse,
    TokenAnswer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// One registered client at one provider.
pub(super) struct Client {
    /// The secret goes into the header.
    pub(super) basic: AuthService,
    /// The secret goes into the body.
    pub(super) body: AuthService,
    pub(super) http: Arc<dyn HttpClient>,
    pub(super) method: Method,
    pub(super) secret: Option<SecretString>,
    pub(super) pkce: bool,
    assertion: Option<Assertion>,
}

/// How a client proves itself with a key of its own.
pub(super) struct Assertion {
    pub(super) key: Arc<AssertionKey>,
    pub(super) clock: Clock,
    pub(super) audience: String,
}

/// What a client is made of.
pub(super) struct Registration<'a> {
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    pub(super) client_id: &'a str,
    pub(super) client_secret: Option<&'a SecretString>,
    pub(super) method: Method,
    pub(super) redirect_uri: &'a str,
    pub(super) pkce: bool,
}

impl Client {
    pub(super) fn new(
        registration: &Registration<'_>,
        http: Arc<dyn HttpClient>,
    ) -> Result<Self, ConfigError> {
        let redirect_uri = RedirectUrl::new(registration.redirect_uri.to_owned());
        let redirect_uri = redirect_uri.map_err(|_| {
            let problem = format!("makes {:?}, which is no URL", registration.redirect_uri);
            ConfigError::new("public_url", problem, "give another origin")
        })?;
        let oauth = |auth_type| registration.client(redirect_uri.clone(), auth_type);
        Ok(Self {
            basic: oauth(AuthType::BasicAuth),
            body: oauth(AuthType::RequestBody),
            http,
            method: registration.method.clone(),
            secret: registration.client_secret.cloned(),
            pkce: registration.pkce,
            assertion: None,
        })
    }

    /// Proves itself with a key of its own.
    pub(super) fn asserting(mut self, assertion: Assertion) -> Self {
        self.assertion = Some(assertion);
        self
    }

    pub(super) fn assertion(&self) -> Option<[(&'static str, String); 2]> {
        let Assertion {
            key,
            clock,
            audience,
        } = self.assertion.as_ref()?;
        let signed = key.sign(self.id(), audience, clock.unix())?;
        let kind = assertion::TYPE.to_owned();
        Some([
            ("client_assertion_type", kind),
            ("client_assertion", signed),
        ])
    }

    pub(super) fn authorization_url(
        &self,
        attempt: AuthorizationRequest<'_>,
        scopes: &[&str],
        extra: Extra<'_>,
    ) -> String {
        let state = CsrfToken::new(attempt.state.to_owned());
        let mut request = self.basic.authorize_url(|| state);
        for (name, value) in extra {
            request = request.add_extra_param(name, value);
        }
        for scope in scopes {
            request = request.add_scope(Scope::new((*scope).to_owned()));
        }
        if self.pkce {
            let verifier = verifier(attempt.code_verifier);
            let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
            request = request.set_pkce_challenge(challenge);
        }
        let (url, _) = request.url();
        url.into()
    }

    pub(super) fn id(&self) -> &str {
        self.basic.client_id()
    }

    pub(super) fn token_endpoint(&self) -> String {
        self.basic.token_uri().url().as_str().to_owned()
    }

    pub(super) fn http(&self) -> &dyn HttpClient {
        &*self.http
    }
}

impl Registration<'_> {
    fn client(&self, redirect_uri: RedirectUrl, auth_type: AuthType) -> AuthService {
        let oauth = oauth2::Client::new(ClientId::new(self.client_id.to_owned()))
            .set_auth_uri(AuthUrl::from_url(self.authorization_endpoint.clone()))
            .set_token_uri(TokenUrl::from_url(self.token_endpoint.clone()))
            .set_redirect_uri(redirect_uri)
            .set_auth_type(auth_type);
        match self.client_secret {
            Some(secret) => {
                oauth.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()))
            }
            None => oauth,
        }
    }
}

pub(super) fn verifier(secret: &SecretString) -> PkceCodeVerifier {
    PkceCodeVerifier::new(secret.expose_secret().to_owned())
}
