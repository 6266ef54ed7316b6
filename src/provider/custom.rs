//! Plain OAuth 2.0 with a profile reader of the application: [`CustomProvider`].

use std::{fmt, sync::Arc, time::Duration};

use secrecy::SecretString;
use url::Url;

use super::{
    AuthorizationRequest, ClientAuth, CodeExchange, ConnectContext, Credentials, Family, Identity,
    Provider, ProviderClient, Settings, SignedIn, Title,
    brand::Brand,
    client::{Client, Registration},
    endpoint, json,
    method::Method,
    outline::Outline,
    parameters::Parameters,
    read_profile::ReadProfile,
    recheck::RecheckUnsupported,
    refused::Refused,
    token::TokenError,
};
use crate::{
    error::{ConfigError, LoginError, LoginErrorKind},
    http_client::{BoxFuture, CallName},
    web::origin::{is_here, is_safe},
};

/// Any OAuth 2.0 provider, with a [reader](ReadProfile) for its profile.
///
/// Of a callback, only `code`, `state`, `error` and `iss` are read. A provider whose token endpoint
/// needs another parameter of the callback (VK ID's `device_id`) is not supported.
///
/// ```
/// # use bytes::Bytes;
/// # use http::{Request, StatusCode};
/// # use tower_phone_auth::{LoginErrorKind, Profile, ReadProfile};
/// # struct Club;
/// # impl ReadProfile for Club {
/// #     fn request(&self, _: &str) -> http::Result<Request<Bytes>> { Request::get("/").body(Bytes::new()) }
/// #     fn read(&self, _: StatusCode, _: &[u8]) -> Result<Profile, LoginErrorKind> {
/// #         Err(LoginErrorKind::InvalidAnswer)
/// #     }
/// # }
/// use tower_phone_auth::{CustomProvider, OAuthLayer, SessionKey};
///
/// let club = CustomProvider::new("club", "client-id", "client-secret", Club)
///     .endpoints("https://club.example/authorize", "https://club.example/token")
///     .titled("Sign in with Club", "클럽으로 로그인")
///     .ask_again_with("prompt", "consent");
/// let auth = OAuthLayer::new(club, "https://shop.example.com", SessionKey::random())?;
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct CustomProvider {
    name: String,
    title: Title,
    client_id: String,
    client_secret: SecretString,
    client_auth: ClientAuth,
    pub(super) parameters: Parameters,
    authorization_endpoint: String,
    token_endpoint: String,
    scopes: Vec<String>,
    again: Vec<(String, String)>,
    fresh: Vec<(String, String)>,
    pkce: bool,
    reader: Arc<dyn ReadProfile>,
    pub(super) recheck_parameters: Vec<(String, String)>,
    pub(super) timeout: Option<Duration>,
}

impl CustomProvider {
    /// A client at the provider `name`. The name is part of the callback path,
    /// `/auth/callback/{name}`.
    pub fn new(
        name: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
        reader: impl ReadProfile,
    ) -> Self {
        let name = name.into();
        Self {
            title: Title::new(format!("Sign in with {name}"), format!("{name} 로그인")),
            name,
            client_id: client_id.into(),
            client_secret: client_secret.into().into(),
            client_auth: ClientAuth::Body,
            parameters: Parameters::default(),
            authorization_endpoint: String::new(),
            token_endpoint: String::new(),
            scopes: Vec::new(),
            again: Vec::new(),
            fresh: Vec::new(),
            pkce: true,
            reader: Arc::new(reader),
            recheck_parameters: Vec::new(),
            timeout: None,
        }
    }

    /// The authorization endpoint and the token endpoint. Required: https, or http on loopback.
    #[must_use]
    pub fn endpoints(mut self, authorization: impl Into<String>, token: impl Into<String>) -> Self {
        self.authorization_endpoint = authorization.into();
        self.token_endpoint = token.into();
        self
    }

    /// The text of the sign-in button, in English and Korean. Default: `Sign in with {name}`.
    #[must_use]
    pub fn titled(mut self, english: impl Into<String>, korean: impl Into<String>) -> Self {
        self.title = Title::new(english.into(), korean.into());
        self
    }

    /// One more scope. Default: none.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// A parameter that makes the provider ask for the phone number a second time. Default: none.
    #[must_use]
    pub fn ask_again_with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.again.push((name.into(), value.into()));
        self
    }

    /// A parameter that makes the provider ask for the password again, even with a session there.
    /// For routes with [`RequireUser::max_age`](crate::RequireUser::max_age). Default: none.
    ///
    /// Plain OAuth 2.0 has no response that proves a fresh sign-in, so such routes answer 403
    /// unless they [accept it unproved](crate::RequireUser::accept_unproved). A name that is also
    /// set by [`ask_again_with`](Self::ask_again_with) is sent once, with both values and a space
    /// between them.
    ///
    /// ```
    /// # use tower_phone_auth::{CustomProvider, ReadProfile};
    /// # fn club(club: impl ReadProfile) -> CustomProvider {
    /// CustomProvider::new("club", "client-id", "client-secret", club)
    ///     .endpoints("https://club.example/authorize", "https://club.example/token")
    ///     .fresh_with("prompt", "login")
    /// # }
    /// ```
    #[must_use]
    pub fn fresh_with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fresh.push((name.into(), value.into()));
        self
    }

    /// Sends the client credentials by Basic authentication. Default: in the body.
    #[must_use]
    pub fn client_secret_basic(mut self) -> Self {
        self.client_auth = ClientAuth::Basic;
        self
    }

    /// Leaves PKCE out. Default: off. A provider without PKCE ignores its parameters.
    #[must_use]
    pub fn without_pkce(mut self) -> Self {
        self.pkce = false;
        self
    }
}

impl From<CustomProvider> for Provider {
    fn from(custom: CustomProvider) -> Self {
        Self::new(custom)
    }
}

impl fmt::Debug for CustomProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomProvider")
            .field("name", &self.name)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

impl Settings for CustomProvider {
    fn name(&self) -> &str {
        &self.name
    }

    fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    fn local_setting(&self) -> Option<&'static str> {
        let here = Url::parse(&self.token_endpoint).is_ok_and(|url| is_here(&url));
        here.then_some("endpoints")
    }

    fn connect(&self, context: &ConnectContext) -> Result<Arc<dyn ProviderClient>, ConfigError> {
        let secret = Some(&self.client_secret);
        Credentials {
            provider: "OAuth 2.0",
            id: &self.client_id,
            secret,
        }
        .check("give the client id that the provider registered")?;
        self.parameters.check()?;
        let authorization_endpoint = endpoint::parse_safe(&self.authorization_endpoint)?;
        let registration = Registration {
            token_endpoint: endpoint::parse_safe(&self.token_endpoint)?,
            client_id: &self.client_id,
            client_secret: secret,
            method: Method::fixed(self.client_auth),
            redirect_uri: &context.redirect_uri,
            pkce: self.pkce,
            authorization_endpoint: authorization_endpoint.clone(),
        };
        Ok(Arc::new(CustomClient {
            identity: Identity {
                family: Family::Custom,
                brand: Brand::Other,
                title: self.title.clone(),
                issuer: authorization_endpoint.origin().ascii_serialization(),
                client_id: self.client_id.clone(),
            },
            client: Client::new(&registration, Arc::clone(&context.http))?,
            settings: self.clone(),
        }))
    }
}

/// The client of one custom provider.
struct CustomClient {
    identity: Identity,
    client: Client,
    settings: CustomProvider,
}

impl CustomClient {
    /// The parameters that this sign-in needs, each name once (RFC 6749 section 3.1).
    fn extra(&self, attempt: &AuthorizationRequest<'_>) -> Vec<(&str, String)> {
        let asks = attempt.fresh || attempt.another_account;
        let fresh = self.settings.fresh.iter().filter(|_| asks);
        let again = self.settings.again.iter();
        let again = again.filter(|_| attempt.asks_for_phone);
        let recheck_parameters = self.settings.recheck_parameters.iter();
        let recheck_parameters = recheck_parameters.filter(|_| attempt.recheck.is_some());
        let mut extra: Vec<(&str, String)> = Vec::new();
        for (name, value) in fresh.chain(again).chain(recheck_parameters) {
            match extra.iter_mut().find(|(known, _)| known == name) {
                Some((_, values)) => *values = format!("{values} {value}"),
                None => extra.push((name, value.clone())),
            }
        }
        extra
    }

    async fn signed_in(&self, exchange: CodeExchange<'_>) -> Result<SignedIn, LoginError> {
        let tokens = self
            .client
            .exchange(exchange, &[], TokenError::standard)
            .await?;
        let reader = &self.settings.reader;
        let request = reader.request(tokens.access_token.secret());
        let mut request = request.map_err(|_| LoginError::new(LoginErrorKind::InvalidAnswer))?;
        let uri = Url::parse(&request.uri().to_string());
        if !uri.is_ok_and(|uri| is_safe(&uri)) {
            return Err(LoginError::new(LoginErrorKind::Misconfigured));
        }
        request.extensions_mut().insert(CallName::Profile);
        let response = self.client.http().send(request).await?;
        let failed = |kind| LoginError::new(kind).in_call(json::call(&response));
        if response.status().is_redirection() {
            return Err(failed(LoginErrorKind::ProviderUnavailable));
        }
        let read = reader.read(response.status(), response.body());
        Ok((read.map_err(failed)?, tokens.all))
    }
}

impl ProviderClient for CustomClient {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The issuer is not known. The provider's own callback path keeps providers apart (RFC 9700
    /// section 4.4.2).
    fn is_issuer(&self, _: &str) -> bool {
        true
    }

    fn authorization_url<'a>(
        &'a self,
        attempt: AuthorizationRequest<'a>,
    ) -> BoxFuture<'a, Result<String, LoginError>> {
        let scopes = self.scopes(attempt.asks_for_phone);
        let extra = self.extra(&attempt);
        let extra: Vec<_> = extra
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let extra = self.settings.parameters.joined(&extra, &attempt);
        let url = self.client.authorization_url(attempt, &scopes, extra);
        Box::pin(async { Ok(url) })
    }

    fn scopes(&self, _: bool) -> Vec<&str> {
        self.settings.scopes.iter().map(String::as_str).collect()
    }

    /// Only the reader knows the address of the profile.
    fn outline(&self) -> Outline {
        Outline::new([(CallName::Token, self.client.token_endpoint())])
    }

    fn rechecks(&self) -> Result<(), RecheckUnsupported> {
        if !self.settings.recheck_parameters.is_empty() {
            return Ok(());
        }
        Err(RecheckUnsupported {
            problem: "has no parameter for a request without a page",
            remedy: "name it by recheck_with(), as in recheck_with(\"prompt\", \"none\"), or leave \
                     recheck_after out",
        })
    }

    fn sign_in<'a>(
        &'a self,
        exchange: CodeExchange<'a>,
    ) -> BoxFuture<'a, Result<SignedIn, Refused>> {
        Box::pin(async move { Ok(self.signed_in(exchange).await?) })
    }
}

impl CustomProvider {
    /// A parameter that makes the provider answer without a page, and refuse if it would have to
    /// show one. For [`Builder::recheck_after`](crate::Builder::recheck_after). Default: none;
    /// `recheck_after` is then refused.
    ///
    /// The provider must use the errors of [OpenID Connect Core section
    /// 3.1.2.6](https://openid.net/specs/openid-connect-core-1_0.html#AuthError), such as
    /// `login_required`.
    ///
    /// ```
    /// # use tower_phone_auth::{CustomProvider, ReadProfile};
    /// # fn club(club: impl ReadProfile) -> CustomProvider {
    /// CustomProvider::new("club", "client-id", "client-secret", club)
    ///     .endpoints("https://club.example/authorize", "https://club.example/token")
    ///     .recheck_with("prompt", "none")
    /// # }
    /// ```
    #[must_use]
    pub fn recheck_with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.recheck_parameters.push((name.into(), value.into()));
        self
    }
}
