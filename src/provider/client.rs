//! The OAuth 2.0 client: authorization requests and the code exchange, through `oauth2`.

use std::sync::Arc;

use oauth2::{
    AccessToken, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EndpointNotSet, EndpointSet, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, Scope, StandardRevocableToken, TokenUrl,
    basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse},
};
use secrecy::{ExposeSecret, SecretString};

use super::{
    Attempt, Grant,
    token::{Failure, TokenAnswer, TokenError, Transport},
};
use crate::{
    error::{ConfigError, LoginError, LoginErrorKind},
    http_client::HttpClient,
};

type OAuth = oauth2::Client<
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
    oauth: OAuth,
    http: Arc<dyn HttpClient>,
    pkce: bool,
}

/// What a client is made of.
pub(super) struct Registration<'a> {
    pub(super) authorization_endpoint: url::Url,
    pub(super) token_endpoint: url::Url,
    pub(super) client_id: &'a str,
    pub(super) client_secret: Option<&'a SecretString>,
    pub(super) redirect_uri: &'a str,
    pub(super) pkce: bool,
}

impl Client {
    /// Credentials go into the body of the token request: never into a URL, never as Basic.
    pub(super) fn new(
        registration: Registration<'_>,
        http: Arc<dyn HttpClient>,
    ) -> Result<Self, ConfigError> {
        let redirect_uri = RedirectUrl::new(registration.redirect_uri.to_owned());
        let redirect_uri = redirect_uri.map_err(|_| {
            let problem = format!("makes {:?}, which is no URL", registration.redirect_uri);
            ConfigError::new("public_url", problem, "give another origin")
        })?;
        let mut oauth = oauth2::Client::new(ClientId::new(registration.client_id.to_owned()))
            .set_auth_uri(AuthUrl::from_url(registration.authorization_endpoint))
            .set_token_uri(TokenUrl::from_url(registration.token_endpoint))
            .set_redirect_uri(redirect_uri)
            .set_auth_type(AuthType::RequestBody);
        if let Some(secret) = registration.client_secret {
            oauth = oauth.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()));
        }
        Ok(Self {
            oauth,
            http,
            pkce: registration.pkce,
        })
    }

    pub(super) fn authorization_url(&self, attempt: Attempt<'_>, scopes: &[&str]) -> String {
        let state = CsrfToken::new(attempt.state.to_owned());
        let mut request = self
            .oauth
            .authorize_url(|| state)
            .add_extra_param("nonce", attempt.nonce);
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

    /// The access token for the code; `refused` reads the provider's error answer. Never
    /// repeated: a code works once.
    pub(super) async fn exchange(
        &self,
        grant: Grant<'_>,
        refused: fn(&TokenError) -> LoginError,
    ) -> Result<AccessToken, LoginError> {
        let code = AuthorizationCode::new(grant.code.expose_secret().to_owned());
        let mut request = self.oauth.exchange_code(code);
        if self.pkce {
            request = request.set_pkce_verifier(verifier(grant.code_verifier));
        }
        let transport = Transport(Arc::clone(&self.http));
        // The error is taken apart at once: its `Debug` holds the body, and so the token.
        match request.request_async(&transport).await {
            Ok(answer) if answer.is_usable() => Ok(answer.access_token),
            Err(RequestTokenError::Request(Failure::Refused(error))) => Err(refused(&error)),
            Err(RequestTokenError::Request(Failure::NoAnswer(error))) => Err(error),
            _ => Err(LoginError::new(LoginErrorKind::InvalidAnswer)),
        }
    }

    pub(super) fn http(&self) -> &dyn HttpClient {
        &*self.http
    }
}

fn verifier(secret: &SecretString) -> PkceCodeVerifier {
    PkceCodeVerifier::new(secret.expose_secret().to_owned())
}
