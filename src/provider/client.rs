//! The OAuth 2.0 client of one registration at one provider, built on the crate `oauth2`.
//!
//! This file makes authorization requests. `exchange.rs` sends the requests that authenticate the
//! client (token, pushed authorization and revocation requests). An `oauth2` client has one
//! authentication method from the beginning, so a `Client` holds one `oauth2` client for each of
//! the two methods.

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

/// An `oauth2` client with an authorization endpoint and a token endpoint. The type parameters
/// `EndpointSet` and `EndpointNotSet` say which endpoints it has, so that a request to a missing
/// endpoint does not compile.
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

/// A client as it is registered at one provider. For an OpenID provider, it is made anew with each
/// refresh of the metadata.
pub(super) struct Client {
    /// Sends the client secret in the `Authorization` header.
    pub(super) basic: AuthService,
    /// Sends the client secret in the body.
    pub(super) body: AuthService,
    /// The client with the limits of this provider.
    pub(super) http: Arc<dyn HttpClient>,
    /// The method by which the secret is sent.
    pub(super) method: Method,
    /// The secret once more, because `oauth2` does not give it back for requests that it has no
    /// type for. `None` for a client without a secret.
    pub(super) secret: Option<SecretString>,
    /// Whether requests carry a PKCE challenge (RFC 7636).
    pub(super) pkce: bool,
    /// Set for clients that authenticate with a private key. Such a client has no secret.
    assertion: Option<Assertion>,
}

/// The values of which client assertions are made.
pub(super) struct Assertion {
    /// The private key.
    pub(super) key: Arc<AssertionKey>,
    /// Gives the times of an assertion.
    pub(super) clock: Clock,
    /// The `aud` of an assertion. `client.rs` chooses it.
    pub(super) audience: String,
}

/// The values of which a [`Client`] is made: the client as the provider registered it, and the
/// provider's endpoints.
pub(super) struct ClientConfig<'a> {
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    pub(super) client_id: &'a str,
    pub(super) client_secret: Option<&'a SecretString>,
    pub(super) method: Method,
    /// The callback URL, which must equal the registered one (RFC 6749 section 3.1.2.3).
    pub(super) redirect_uri: &'a str,
    pub(super) pkce: bool,
}

impl Client {
    /// The client with both authentication methods.
    ///
    /// # Errors
    ///
    /// If `redirect_uri` is not a URL, which only a wrong `public_url` can cause.
    pub(super) fn new(
        config: &ClientConfig<'_>,
        http: Arc<dyn HttpClient>,
    ) -> Result<Self, ConfigError> {
        let redirect_uri = RedirectUrl::new(config.redirect_uri.to_owned());
        let redirect_uri = redirect_uri.map_err(|_| {
            let problem = format!("makes {:?}, which is no URL", config.redirect_uri);
            ConfigError::new("public_url", problem, "give another origin")
        })?;
        // Both `oauth2` clients are made now, so that the second attempt of an exchange needs no
        // error for a wrong setting.
        let oauth = |auth_type| config.client(redirect_uri.clone(), auth_type);
        Ok(Self {
            basic: oauth(AuthType::BasicAuth),
            body: oauth(AuthType::RequestBody),
            http,
            method: config.method.clone(),
            secret: config.client_secret.cloned(),
            pkce: config.pkce,
            assertion: None,
        })
    }

    /// Authenticates the client with a private key instead of a secret.
    pub(super) fn asserting(mut self, assertion: Assertion) -> Self {
        self.assertion = Some(assertion);
        self
    }

    /// The two parameters of a client assertion. `None` if the client authenticates in another way,
    /// or if the system gives no random bytes. In the second case the request goes out without an
    /// assertion, and the provider refuses it as `invalid_client`.
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

    /// The URL of an authorization request (RFC 6749 section 4.1.1), with PKCE (RFC 7636, S256) if
    /// it is on. `extra` are the parameters that `oauth2` does not know, each of which must be
    /// there once.
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
        // The second value is `state`, which is known here already.
        let (url, _) = request.url();
        url.into()
    }

    /// The client id.
    pub(super) fn id(&self) -> &str {
        self.basic.client_id()
    }

    /// The token endpoint, for the doctor.
    pub(super) fn token_endpoint(&self) -> String {
        self.basic.token_uri().url().as_str().to_owned()
    }

    pub(super) fn http(&self) -> &dyn HttpClient {
        &*self.http
    }
}

impl ClientConfig<'_> {
    /// The `oauth2` client that sends the secret in the way of `auth_type`.
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

/// The PKCE verifier in the type of `oauth2`, which cannot be cloned.
pub(super) fn verifier(secret: &SecretString) -> PkceCodeVerifier {
    PkceCodeVerifier::new(secret.expose_secret().to_owned())
}
