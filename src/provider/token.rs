//! Token responses, and the transport that carries the requests of the crate `oauth2` over this
//! crate's HTTP client.
//!
//! `oauth2` expects responses as RFC 6749 section 5 defines them. Providers differ. Naver sends
//! errors with status 200. Others send a success with 201, lifetimes as text, or JSON with another
//! content type. [`Transport`] decides by the body what a response is, and passes only a plain
//! success to `oauth2`. Every error becomes a [`TokenError`] before `oauth2` sees it.

use std::{error::Error, fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use oauth2::{
    AccessToken, HttpRequest, HttpResponse, RefreshToken, Scope, TokenResponse,
    basic::BasicTokenType,
};
use serde::{Deserialize, Deserializer, Serialize, de::IgnoredAny};
use serde_json::Value;

use super::{json, oauth_error};
use crate::{
    error::{FailedCall, ProviderError},
    http_client::{BoxFuture, CallName, HttpClient},
};

/// A token response (RFC 6749 section 5.1). Members that are not needed may have any type, because
/// a lifetime in another form must not fail a sign-in. `issued.rs` reads them.
#[derive(Deserialize, Serialize)]
pub(super) struct TokenAnswer {
    pub(super) access_token: AccessToken,
    #[serde(deserialize_with = "bearer")]
    token_type: BasicTokenType,
    #[serde(default)]
    pub(super) id_token: Value,
    #[serde(default)]
    pub(super) scope: Value,
    #[serde(default)]
    pub(super) refresh_token: Value,
    #[serde(default)]
    pub(super) expires_in: Value,
    #[serde(default)]
    pub(super) refresh_token_expires_in: Value,
}

impl TokenAnswer {
    /// Whether the access token fits into a header (RFC 6750 section 2.1), which visible ASCII
    /// characters do.
    pub(super) fn is_usable(&self) -> bool {
        let token = self.access_token.secret();
        !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

/// Accepts the token type `Bearer` in any case. A client must not use a token of an unknown type
/// (RFC 6749 section 7.1).
fn bearer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BasicTokenType, D::Error> {
    let kind = String::deserialize(deserializer)?;
    if kind.eq_ignore_ascii_case("bearer") {
        Ok(BasicTokenType::Bearer)
    } else {
        Err(serde::de::Error::custom("not a bearer token"))
    }
}

/// `oauth2` requires these methods. The optional members are read from the fields instead, because
/// their types are not certain.
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

/// Shows no token.
impl fmt::Debug for TokenAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenAnswer")
    }
}

/// An error response (RFC 6749 section 5.2). The description decides only the choice of the
/// authentication method, and is shown to no user, because Kakao's repeats the code.
pub(super) struct TokenError {
    pub(super) status: StatusCode,
    error: Value,
    error_description: Value,
    /// A member of Kakao's responses.
    error_code: Value,
    /// For the log.
    call: FailedCall,
}

impl TokenError {
    /// The error at a provider that has no error codes of its own.
    pub(super) fn standard(&self) -> ProviderError {
        oauth_error::refused(self.name(), self.status)
    }

    /// Reads the error response of another endpoint that authenticates the client. `Err` if `text`
    /// states no error.
    pub(super) fn read(response: &Response<Bytes>, text: &[u8]) -> Result<Self, ProviderError> {
        let (status, call) = (response.status(), json::call(response));
        let body: TokenBody = json::parse(text).map_err(|error| error.in_call(call.clone()))?;
        let missing = || ProviderError::new(json::cause(status)).in_call(call.clone());
        Ok(Self {
            status,
            error: body.error.ok_or_else(missing)?,
            error_description: body.error_description,
            error_code: body.error_code,
            call,
        })
    }

    /// The error that `read` makes of this response, with the call for the log.
    pub(super) fn refusal(&self, read: impl FnOnce(&Self) -> ProviderError) -> ProviderError {
        read(self).in_call(self.call.clone())
    }

    /// Drops the error name if it repeats one of `secrets`, because the name is logged.
    pub(super) fn without(mut self, secrets: &[&str]) -> Self {
        /// Shorter secrets are not looked for, because they may be parts of ordinary words.
        const LETTERS: usize = 8;

        // A provider may repeat a secret with other punctuation, so only letters and digits are
        // compared.
        let letters = |text: &str| {
            text.chars()
                .filter(char::is_ascii_alphanumeric)
                .collect::<String>()
        };
        let name = letters(self.name());
        let mut secrets = secrets.iter().map(|secret| letters(secret));
        if secrets.any(|secret| secret.len() >= LETTERS && name.contains(&secret)) {
            self.error = Value::Null;
        }
        self
    }

    /// The text beside the name. Empty if there is none.
    pub(super) fn description(&self) -> &str {
        self.error_description.as_str().unwrap_or_default()
    }

    /// The registered name, such as `invalid_grant`. Empty if it is missing, or not a text.
    pub(super) fn name(&self) -> &str {
        self.error.as_str().unwrap_or_default()
    }

    /// Kakao's own code, such as `KOE320`. Empty at other providers.
    pub(super) fn code(&self) -> &str {
        self.error_code.as_str().unwrap_or_default()
    }
}

/// The HTTP client in the form that `oauth2` wants.
pub(super) struct Transport(pub(super) Arc<dyn HttpClient>);

impl Transport {
    /// Sends a token request and sorts its response into success, error response and no usable
    /// answer.
    async fn carry(
        http: Arc<dyn HttpClient>,
        request: HttpRequest,
    ) -> Result<HttpResponse, Failure> {
        let mut request = request.map(Bytes::from);
        request.extensions_mut().insert(CallName::Token);
        let response = http.send(request).await.map_err(ProviderError::from)?;
        // Only an error needs the call, which reads the whole body for the log.
        let (status, call) = (response.status(), || json::call(&response));
        let text = match json::object(&response) {
            // A 4xx without JSON is still a refusal, and not a provider that is down.
            Err(_) if status.is_client_error() => return Err(unnamed(status, call())),
            text => text?,
        };
        let body = json::parse::<TokenBody>(text);
        // The status does not decide, because an error may come with 200 (Naver), and a success
        // with 201.
        match body.map_err(|error| error.in_call(call()))? {
            TokenBody {
                error: Some(error),
                access_token: None,
                error_code,
                error_description,
            } => Err(Failure::Refused(Box::new(TokenError {
                status,
                error,
                error_description,
                error_code,
                call: call(),
            }))),
            TokenBody {
                error: None,
                access_token: Some(_),
                ..
            } if status.is_success() => Ok(success(text)),
            _ if status.is_client_error() => Err(unnamed(status, call())),
            _ => Err(ProviderError::new(json::cause(status))
                .in_call(call())
                .into()),
        }
    }
}

/// A success in the form that `oauth2` requires, with status 200 and this content type.
fn success(text: &[u8]) -> HttpResponse {
    let mut response = HttpResponse::new(text.to_vec());
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

/// The members that distinguish a success from an error. A response with both, or with neither, is
/// not usable.
#[derive(Deserialize)]
struct TokenBody {
    error: Option<Value>,
    #[serde(default)]
    error_code: Value,
    #[serde(default)]
    error_description: Value,
    access_token: Option<IgnoredAny>,
}

impl<'c> oauth2::AsyncHttpClient<'c> for Transport {
    type Error = Failure;
    type Future = BoxFuture<'c, Result<HttpResponse, Failure>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(Self::carry(Arc::clone(&self.0), request))
    }
}

/// The two ways in which a token request fails. Only a refusal may be followed by a second attempt,
/// because otherwise the code may have been used.
pub(super) enum Failure {
    /// No response, or one that is neither a success nor an error.
    NoAnswer(ProviderError),
    /// An error response with a name.
    Refused(Box<TokenError>),
}

/// The failure for a 4xx without an error name. It is a `NoAnswer`, so that no second attempt
/// follows.
fn unnamed(status: StatusCode, call: FailedCall) -> Failure {
    oauth_error::refused("", status).in_call(call).into()
}

impl From<ProviderError> for Failure {
    fn from(error: ProviderError) -> Self {
        Self::NoAnswer(error)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the token endpoint gave no token")
    }
}

impl Error for Failure {}
