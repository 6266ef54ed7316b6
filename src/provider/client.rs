//! The OAuth 2.0 client: authorization requests and the code exchange, through `oauth2`.

use std::{borrow::Cow, sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use form_urlencoded::byte_serialize;
use http::{
    Request, Response,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use oauth2::{
    AccessToken, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EndpointNotSet, EndpointSet, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, Scope, StandardRevocableToken, TokenUrl,
    basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use super::{
    Attempt, ClientAuth, Grant,
    oidc::assertion::{self, AssertionKey},
    token::{Failure, TokenAnswer, TokenError, Transport},
};
use crate::{
    clock::Clock,
    error::{ConfigError, LoginError, LoginErrorKind},
    http_client::HttpClient,
    tokens::ProviderTokens,
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
    auth: ClientAuth,
    secret: Option<SecretString>,
    pkce: bool,
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
    pub(super) client_auth: ClientAuth,
    pub(super) redirect_uri: &'a str,
    pub(super) pkce: bool,
}

impl Client {
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
            .set_auth_type(match registration.client_auth {
                ClientAuth::Basic => AuthType::BasicAuth,
                ClientAuth::Body => AuthType::RequestBody,
            });
        if let Some(secret) = registration.client_secret {
            oauth = oauth.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()));
        }
        Ok(Self {
            oauth,
            http,
            auth: registration.client_auth,
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

    fn assertion(&self) -> Option<[(&'static str, String); 2]> {
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
        attempt: Attempt<'_>,
        scopes: &[&str],
        extra: &[(&str, &str)],
    ) -> String {
        let state = CsrfToken::new(attempt.state.to_owned());
        let mut request = self.oauth.authorize_url(|| state);
        for (name, value) in extra {
            request = request.add_extra_param(*name, *value);
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

    /// The tokens for the code; `refused` reads the provider's error answer. Never repeated: a code
    /// works once.
    pub(super) async fn exchange(
        &self,
        grant: Grant<'_>,
        extra: &[(&str, &str)],
        refused: fn(&TokenError) -> LoginError,
    ) -> Result<Tokens, LoginError> {
        let code = AuthorizationCode::new(grant.code.expose_secret().to_owned());
        let mut request = self.oauth.exchange_code(code);
        for (name, value) in extra {
            request = request.add_extra_param(*name, *value);
        }
        for (name, value) in self.assertion().into_iter().flatten() {
            request = request.add_extra_param(name, value);
        }
        if self.pkce {
            request = request.set_pkce_verifier(verifier(grant.code_verifier));
        }
        let transport = Transport(Arc::clone(&self.http));
        // The error is taken apart at once: its `Debug` holds the body, and so the token.
        match request.request_async(&transport).await {
            Ok(answer) if answer.is_usable() => Ok(answer.into()),
            Err(RequestTokenError::Request(Failure::Refused(error))) => Err(refused(&error)),
            Err(RequestTokenError::Request(Failure::NoAnswer(error))) => Err(error),
            _ => Err(LoginError::new(LoginErrorKind::InvalidAnswer)),
        }
    }

    /// A form, which names the client, with its secret: for what `oauth2` has no request for.
    pub(super) async fn post<'p>(
        &self,
        endpoint: &Url,
        pairs: impl Iterator<Item = (Cow<'p, str>, Cow<'p, str>)>,
    ) -> Result<Response<Bytes>, LoginError> {
        let request = self.form(endpoint, pairs);
        let request = request.map_err(|_| LoginError::new(LoginErrorKind::InvalidAnswer))?;
        Ok(self.http.send(request).await?)
    }

    fn form<'p>(
        &self,
        endpoint: &Url,
        pairs: impl Iterator<Item = (Cow<'p, str>, Cow<'p, str>)>,
    ) -> http::Result<Request<Bytes>> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        // The id is a parameter of its own (RFC 9126 section 2.1), also where Basic repeats it.
        form.extend_pairs(pairs.filter(|(name, _)| name != "client_id"));
        form.append_pair("client_id", self.id());
        let mut request = Request::post(endpoint.as_str())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json");
        match &self.secret {
            Some(secret) if self.auth == ClientAuth::Basic => {
                request = request.header(AUTHORIZATION, basic(self.id(), secret.expose_secret()));
            }
            secret => {
                form.extend_pairs(secret.iter().map(|s| ("client_secret", s.expose_secret())));
                form.extend_pairs(self.assertion().into_iter().flatten());
            }
        }
        request.body(Bytes::from(form.finish()))
    }

    pub(super) fn id(&self) -> &str {
        self.oauth.client_id()
    }

    pub(super) fn http(&self) -> &dyn HttpClient {
        &*self.http
    }
}

/// What the token endpoint gave.
pub(super) struct Tokens {
    pub(super) access_token: AccessToken,
    pub(super) id_token: Option<SecretString>,
    /// For the application.
    pub(super) all: ProviderTokens,
}

impl From<TokenAnswer> for Tokens {
    fn from(answer: TokenAnswer) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Self {
            id_token: text(&answer.id_token).map(Into::into),
            all: ProviderTokens {
                access_token: answer.access_token.secret().clone().into(),
                refresh_token: text(&answer.refresh_token).map(Into::into),
                expires_in: seconds(&answer.expires_in),
                refresh_token_expires_in: seconds(&answer.refresh_token_expires_in),
                scope: scope(&answer.scope),
            },
            access_token: answer.access_token,
        }
    }
}

/// RFC 6749 section 3.3 has one text; some servers send a list.
fn scope(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(list) => {
            let texts: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            Some(texts.join(" "))
        }
        _ => None,
    }
}

/// A lifetime in any spelling that is a number (Naver writes `"3600"`); else it is not known.
fn seconds(value: &Value) -> Option<Duration> {
    let seconds = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    Duration::try_from_secs_f64(seconds?).ok()
}

/// RFC 6749 section 2.3.1: both are form-encoded before they are Basic.
fn basic(id: &str, secret: &str) -> String {
    let encode = |text: &str| -> String { byte_serialize(text.as_bytes()).collect() };
    let pair = format!("{}:{}", encode(id), encode(secret));
    format!("Basic {}", STANDARD.encode(pair))
}

fn verifier(secret: &SecretString) -> PkceCodeVerifier {
    PkceCodeVerifier::new(secret.expose_secret().to_owned())
}
