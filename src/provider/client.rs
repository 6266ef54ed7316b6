//! The OAuth 2.0 client: authorization requests and the code exchange, through `oauth2`.

use std::{error::Error, fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use oauth2::{
    AccessToken, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EndpointNotSet, EndpointSet, ErrorResponse, HttpRequest, HttpResponse, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope, StandardRevocableToken,
    TokenResponse, TokenUrl,
    basic::{BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, de::IgnoredAny};

use super::{Attempt, Grant, answer};
use crate::{
    error::{ConfigError, LoginError, LoginErrorKind},
    http_client::{BoxFuture, HttpClient},
};

type OAuth = oauth2::Client<
    TokenError,
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
            Err(RequestTokenError::ServerResponse(error)) => Err(refused(&error)),
            Err(RequestTokenError::Request(Refused(error))) => Err(error),
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

/// A token answer (RFC 6749 section 5.1), of which only the access token is used: lifetimes are
/// not even read, so that none of their spellings can break a login.
#[derive(Deserialize, Serialize)]
pub(super) struct TokenAnswer {
    access_token: AccessToken,
    #[serde(deserialize_with = "bearer")]
    token_type: BasicTokenType,
}

impl TokenAnswer {
    /// RFC 6750 section 2.1 sends it in a header: visible characters only.
    fn is_usable(&self) -> bool {
        let token = self.access_token.secret();
        !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

/// RFC 6749 section 7.1: case does not matter, and an unknown type must not be used.
fn bearer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BasicTokenType, D::Error> {
    let kind = String::deserialize(deserializer)?;
    if kind.eq_ignore_ascii_case("bearer") {
        Ok(BasicTokenType::Bearer)
    } else {
        Err(serde::de::Error::custom("not a bearer token"))
    }
}

impl TokenResponse for TokenAnswer {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &self.token_type
    }

    fn expires_in(&self) -> Option<Duration> {
        None
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        None
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

impl fmt::Debug for TokenAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenAnswer")
    }
}

/// An error answer (RFC 6749 section 5.2). The description is not even read: Kakao's repeats
/// the code.
#[derive(Deserialize, Serialize)]
pub(super) struct TokenError {
    pub(super) error: String,
    /// Kakao's own: `KOE320`.
    #[serde(default)]
    pub(super) error_code: serde_json::Value,
}

impl ErrorResponse for TokenError {}

impl fmt::Debug for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenError")
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the token endpoint refused")
    }
}

/// Carries `oauth2`'s requests over our client, and evens out what providers do to answers.
struct Transport(Arc<dyn HttpClient>);

impl Transport {
    async fn carry(
        http: Arc<dyn HttpClient>,
        request: HttpRequest,
    ) -> Result<HttpResponse, Refused> {
        let response = http
            .send(request.map(Bytes::from))
            .await
            .map_err(LoginError::from)?;
        let text = answer::object(&response)?;
        let Told {
            error,
            access_token,
        } = answer::parse(text)?;
        // An error may come with 200 (Naver), success with 201: the body decides.
        let status = match (error, access_token) {
            (Some(_), None) => StatusCode::BAD_REQUEST,
            (None, Some(_)) if response.status().is_success() => StatusCode::OK,
            _ => return Err(LoginError::new(answer::cause(response.status())).into()),
        };
        let mut even = HttpResponse::new(text.to_vec());
        *even.status_mut() = status;
        let json = HeaderValue::from_static("application/json");
        even.headers_mut().insert(CONTENT_TYPE, json);
        Ok(even)
    }
}

#[derive(Deserialize)]
struct Told {
    error: Option<IgnoredAny>,
    access_token: Option<IgnoredAny>,
}

impl<'c> oauth2::AsyncHttpClient<'c> for Transport {
    type Error = Refused;
    type Future = BoxFuture<'c, Result<HttpResponse, Refused>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(Self::carry(Arc::clone(&self.0), request))
    }
}

#[derive(Debug)]
struct Refused(LoginError);

impl From<LoginError> for Refused {
    fn from(error: LoginError) -> Self {
        Self(error)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Refused {}
