//! Plain OAuth 2.0 with a profile reader of the application: [`CustomProvider`].

use std::{fmt, sync::Arc};

use secrecy::SecretString;
use url::Url;

use self::client::CustomClient;
use super::{
    ClientAuth, ConnectContext, Family, Provider, ProviderClient, Settings, Title,
    client::{Client, ClientConfig},
    endpoint,
    method::Method,
    read_profile::{ReadProfile, Reader},
    registration::Registration,
};
use crate::{error::ConfigError, language::Text, web::origin::is_here};

mod authorization;
mod client;
mod exchange;

/// Any OAuth 2.0 provider, with a [reader](ReadProfile) for its profile.
///
/// Of the parameters of a callback, the layer reads `code`, `state`, `error` and `iss`. A token
/// endpoint that needs another one gets it by
/// [`exchange_with_callback`](Self::exchange_with_callback), and a reader by
/// [`ProfileContext::callback`](crate::provider::ProfileContext::callback). `examples/custom` has
/// PAYCO and VK ID.
///
/// ```
/// # use bytes::Bytes;
/// # use http::{Request, StatusCode};
/// # use tower_phone_auth::{error::LoginErrorKind, provider::{Profile, ProfileRequest}};
/// # struct Club;
/// # impl ProfileRequest for Club {
/// #     fn request(&self, _: &str) -> http::Result<Request<Bytes>> { Request::get("/").body(Bytes::new()) }
/// #     fn read(&self, _: StatusCode, _: &[u8]) -> Result<Profile, LoginErrorKind> {
/// #         Err(LoginErrorKind::InvalidAnswer)
/// #     }
/// # }
/// use tower_phone_auth::{CustomProvider, OAuthLayer, SessionKey, Text};
///
/// let club = CustomProvider::new("club", "client-id", "client-secret", Club)
///     .endpoints("https://club.example/authorize", "https://club.example/token")
///     .titled(Text::en("Sign in with Club").ko("클럽으로 로그인"))
///     .ask_again_with("prompt", "consent");
/// let auth = OAuthLayer::new(club, "https://shop.example.com", SessionKey::random())?;
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct CustomProvider {
    pub(super) registration: Registration,
    /// The method is fixed, because there are no metadata.
    client_auth: ClientAuth,
    /// Empty until `endpoints` is called, which `build` requires.
    authorization_endpoint: String,
    token_endpoint: String,
    scopes: Vec<String>,
    /// Parameters of a second request for consent to the phone number.
    again: Vec<(String, String)>,
    /// Parameters of a request that requires a fresh sign-in, or lets the user choose the account.
    fresh: Vec<(String, String)>,
    pkce: bool,
    reader: Arc<dyn Reader>,
    /// Further parameters of the code exchange. A value may be a secret.
    exchange_parameters: Vec<(String, SecretString)>,
    /// The parameters of the callback that the code exchange repeats.
    exchange_from_callback: Vec<String>,
    /// Parameters of a request without a page.
    recheck_parameters: Vec<(String, String)>,
}

impl CustomProvider {
    /// A client at the provider `name`. The name is part of the callback path,
    /// `/auth/callback/{name}`.
    ///
    /// ```
    /// # use tower_phone_auth::provider::ReadProfile;
    /// # fn example(reader: impl ReadProfile) {
    /// use tower_phone_auth::CustomProvider;
    ///
    /// let club = CustomProvider::new("club", "client-id", "client-secret", reader);
    /// # }
    /// ```
    pub fn new(
        name: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
        reader: impl ReadProfile,
    ) -> Self {
        let mut custom = Self::without_secret(name, client_id, reader);
        custom.registration = custom.registration.with_secret(client_secret);
        custom
    }

    /// A client without a secret, at a provider where PKCE alone binds the code.
    ///
    /// ```
    /// # use tower_phone_auth::provider::ReadProfile;
    /// # fn example(reader: impl ReadProfile) {
    /// use tower_phone_auth::CustomProvider;
    ///
    /// let club = CustomProvider::without_secret("club", "client-id", reader);
    /// # }
    /// ```
    pub fn without_secret(
        name: impl Into<String>,
        client_id: impl Into<String>,
        reader: impl ReadProfile,
    ) -> Self {
        let name = name.into();
        let title = Title::Name(name.clone());
        Self {
            registration: Registration::new(name, title, client_id),
            client_auth: ClientAuth::Body,
            authorization_endpoint: String::new(),
            token_endpoint: String::new(),
            scopes: Vec::new(),
            again: Vec::new(),
            fresh: Vec::new(),
            pkce: true,
            reader: Arc::new(reader),
            exchange_parameters: Vec::new(),
            exchange_from_callback: Vec::new(),
            recheck_parameters: Vec::new(),
        }
    }

    /// The authorization endpoint and the token endpoint. Required. Each must be https, or http on
    /// loopback.
    ///
    /// ```
    /// # use tower_phone_auth::CustomProvider;
    /// # fn example(club: CustomProvider) {
    /// let club = club.endpoints("https://club.example/authorize", "https://club.example/token");
    /// # }
    /// ```
    #[must_use]
    pub fn endpoints(mut self, authorization: impl Into<String>, token: impl Into<String>) -> Self {
        self.authorization_endpoint = authorization.into();
        self.token_endpoint = token.into();
        self
    }

    /// The text of the sign-in button, as a [`Text`] in one or more languages. Default: `Sign in
    /// with {name}` and `{name} 로그인`.
    ///
    /// ```
    /// use tower_phone_auth::{CustomProvider, Text};
    /// # fn example(club: CustomProvider) {
    /// let club = club.titled(Text::en("Sign in with Club").ko("클럽으로 로그인"));
    /// # }
    /// ```
    #[must_use]
    pub fn titled(mut self, text: impl Into<Text>) -> Self {
        self.registration.title = Title::Given(text.into());
        self
    }

    /// One more scope. Default: none.
    ///
    /// ```
    /// # use tower_phone_auth::CustomProvider;
    /// # fn example(club: CustomProvider) {
    /// let club = club.scope("phone");
    /// # }
    /// ```
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// Sends the client credentials by Basic authentication ([RFC 6749 section
    /// 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)). Default: in the body.
    ///
    /// ```
    /// # use tower_phone_auth::CustomProvider;
    /// # fn example(club: CustomProvider) {
    /// let club = club.client_secret_basic();
    /// # }
    /// ```
    #[must_use]
    pub fn client_secret_basic(mut self) -> Self {
        self.client_auth = ClientAuth::Basic;
        self
    }

    /// Leaves PKCE ([RFC 7636](https://www.rfc-editor.org/rfc/rfc7636)) out. Default: PKCE is used,
    /// because a provider without PKCE ignores its parameters.
    ///
    /// ```
    /// # use tower_phone_auth::CustomProvider;
    /// # fn example(club: CustomProvider) {
    /// let club = club.without_pkce();
    /// # }
    /// ```
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
        self.registration
            .debug("CustomProvider", f)
            .finish_non_exhaustive()
    }
}

impl Settings for CustomProvider {
    fn registration(&self) -> &Registration {
        &self.registration
    }

    fn local_setting(&self) -> Option<&'static str> {
        let here = Url::parse(&self.token_endpoint).is_ok_and(|url| is_here(&url));
        here.then_some("endpoints")
    }

    fn connect(&self, context: &ConnectContext) -> Result<Arc<dyn ProviderClient>, ConfigError> {
        self.registration.check(
            "OAuth 2.0",
            "give the client id that the provider registered",
        )?;
        self.check_exchange()?;
        let authorization_endpoint = endpoint::parse_safe(&self.authorization_endpoint)?;
        let config = ClientConfig {
            token_endpoint: endpoint::parse_safe(&self.token_endpoint)?,
            client_id: &self.registration.client_id,
            client_secret: self.registration.client_secret.as_ref(),
            method: Method::fixed(self.client_auth),
            redirect_uri: &context.redirect_uri,
            pkce: self.pkce,
            authorization_endpoint: authorization_endpoint.clone(),
        };
        Ok(Arc::new(CustomClient {
            identity: self.registration.identity(
                Family::Custom,
                authorization_endpoint.origin().ascii_serialization(),
            ),
            client: Client::new(&config, Arc::clone(&context.http))?,
            settings: self.clone(),
        }))
    }
}
