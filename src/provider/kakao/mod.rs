//! Kakao Login: <https://developers.kakao.com/docs/latest/en/kakaologin/rest-api>.

use std::{
    fmt,
    sync::{Arc, atomic::AtomicBool},
};

use secrecy::SecretString;

use self::client::KakaoClient;
use super::{
    ClientAuth, ConnectContext, Family, Provider, ProviderClient, Settings, Title,
    brand::Brand,
    client::{Client, ClientConfig},
    end_session::EndSession,
    method::Method,
    oidc::keys::Keys,
    registration::Registration,
};
use crate::{error::ConfigError, language::Text};

mod client;
mod error;
mod events;
mod profile;
mod proof;
mod revocation;
mod settings;

/// The authorization server. It is also the issuer of ID tokens.
const AUTH_HOST: &str = "https://kauth.kakao.com";
/// The API.
const API_HOST: &str = "https://kapi.kakao.com";
/// The id of the consent item. Kakao does not know the scope `phone` of OpenID Connect.
const PHONE: &str = "phone_number";

/// Kakao Login (카카오 로그인).
///
/// In the console (<https://developers.kakao.com>), switch Kakao Login on. Register
/// `https://your.origin/auth/callback/kakao` as a redirect URI. Add the consent item *phone number*
/// (카카오계정(전화번호)), which needs a business app and a review. The client id is the REST API key.
///
/// To receive events when a user unlinks the application or closes the account, register
/// `https://your.origin/auth/events/kakao`. Register it as the account status webhook (계정 상태 변경
/// 웹훅), which Kakao signs and which needs no setting here, or as the unlink webhook with
/// [`admin_key`](Self::admin_key). Either one ends the user's sessions; see also
/// [`Builder::on_unlink`](crate::Builder::on_unlink). Of the unlink webhook's parameters, only
/// `user_id` is read.
///
/// | at Kakao | reported here, with these webhooks |
/// |---|---|
/// | a user signs out of Kakao | no |
/// | a user unlinks the application, or closes the account | yes |
/// | an account is disabled, a password is changed | by the account status webhook, if sent |
///
/// For events that are not reported, set a [`session_lifetime`](crate::Builder::session_lifetime)
/// that you can accept, or with OpenID Connect [`recheck_after`](crate::Builder::recheck_after).
///
/// For routes that require a fresh sign-in
/// ([`RequireUser::max_age`](crate::layer::RequireUser::max_age)), switch OpenID Connect on in the
/// console. Kakao then sends an ID token that says when the user last authenticated (`auth_time`).
/// The token is verified with Kakao's keys; see [`openid_connect`](Self::openid_connect).
///
/// A number from Kakao is [`Asserted`](crate::phone::PhoneAssurance::Asserted). Kakao's
/// documentation says that its numbers are confirmed, but no response says so of a particular
/// number. A number with `phone_number_needs_agreement: true` counts as missing, because the user
/// did not agree to share it.
///
/// ```
/// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
///
/// let auth = OAuthLayer::builder()
///     .public_url("https://shop.example.com")
///     .session_key(SessionKey::random())
///     .provider(Kakao::new("rest-api-key", "client-secret"))
///     .build()?;
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct Kakao {
    pub(super) registration: Registration,
    /// Further consent items. Empty means those of the console.
    scopes: Vec<String>,
    pkce: bool,
    /// Proves the sender of the unlink webhook, and unlinks users by their id.
    admin_key: Option<SecretString>,
    /// The setting `logout_at_provider`.
    logs_out: bool,
    /// The setting `openid_connect`.
    openid_connect: bool,
}

impl Kakao {
    /// An app with its REST API key and client secret.
    ///
    /// ```
    /// use tower_phone_auth::Kakao;
    ///
    /// let kakao = Kakao::new("rest-api-key", "client-secret");
    /// ```
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        let mut kakao = Self::without_secret(client_id);
        kakao.registration = kakao.registration.with_secret(client_secret);
        kakao
    }

    /// An app whose client secret is switched off in the console.
    ///
    /// ```
    /// use tower_phone_auth::Kakao;
    ///
    /// let kakao = Kakao::without_secret("rest-api-key");
    /// ```
    pub fn without_secret(client_id: impl Into<String>) -> Self {
        let title = Title::Brand("Kakao");
        Self {
            registration: Registration::new("kakao", title, client_id).with_brand(Brand::Kakao),
            scopes: Vec::new(),
            pkce: true,
            admin_key: None,
            logs_out: false,
            openid_connect: false,
        }
    }

    /// The provider's name in the callback path and in `VerifiedUser::provider`. Default: `kakao`.
    ///
    /// ```
    /// # use tower_phone_auth::Kakao;
    /// let second_app = Kakao::new("key", "secret").named("kakao-partner");
    /// ```
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.registration.name = name.into();
        self
    }

    /// An origin on loopback that replaces Kakao's hosts in tests; the paths stay. With a
    /// `public_url` elsewhere, [`Builder::build`](crate::Builder::build) refuses it; see
    /// [`Builder::allow_test_endpoints`](crate::Builder::allow_test_endpoints). Default: none.
    ///
    /// ```
    /// # use tower_phone_auth::Kakao;
    /// let kakao = Kakao::new("key", "secret").endpoint_base("http://127.0.0.1:9000");
    /// ```
    #[must_use]
    pub fn endpoint_base(mut self, origin: impl Into<String>) -> Self {
        self.registration.endpoint_base = Some(origin.into());
        self
    }

    /// The text of the sign-in button, as a [`Text`] in one or more languages. The button then has
    /// a neutral design instead of Kakao's colours. Default: `Login with Kakao` and `카카오
    /// 로그인`.
    ///
    /// ```
    /// use tower_phone_auth::{Kakao, Text};
    ///
    /// let title = Text::en("Start with Kakao").ko("카카오로 시작하기");
    /// let kakao = Kakao::new("rest-api-key", "client-secret").titled(title);
    /// ```
    #[must_use]
    pub fn titled(mut self, text: impl Into<Text>) -> Self {
        self.registration.title = Title::Given(text.into());
        self.registration.brand = Brand::Other;
        self
    }
}

impl From<Kakao> for Provider {
    fn from(kakao: Kakao) -> Self {
        Self::new(kakao)
    }
}

impl fmt::Debug for Kakao {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.registration
            .debug("Kakao", f)
            .field("scopes", &self.scopes)
            .field("pkce", &self.pkce)
            .finish_non_exhaustive()
    }
}

impl Settings for Kakao {
    fn registration(&self) -> &Registration {
        &self.registration
    }

    fn based_at(&mut self, origin: &str) {
        self.registration.based_at(origin);
    }

    fn connect(&self, context: &ConnectContext) -> Result<Arc<dyn ProviderClient>, ConfigError> {
        self.registration.check(
            "Kakao",
            "give the REST API key of your app at developers.kakao.com",
        )?;
        events::check(self.admin_key.as_ref())?;
        self.registration.check_unasked(&self.scopes, &[PHONE])?;
        let at = |host, path| self.registration.endpoint(host, path);
        let config = ClientConfig {
            authorization_endpoint: at(AUTH_HOST, "/oauth/authorize")?,
            token_endpoint: at(AUTH_HOST, "/oauth/token")?,
            client_id: &self.registration.client_id,
            client_secret: self.registration.client_secret.as_ref(),
            // Kakao's discovery document lists `client_secret_post` only, and Basic gets KOE010.
            method: Method::fixed(ClientAuth::Body),
            redirect_uri: &context.redirect_uri,
            pkce: self.pkce,
        };
        let end_session = EndSession {
            endpoint: at(AUTH_HOST, "/oauth/logout")?,
            client_id: self.registration.client_id.clone(),
            return_parameter: "logout_redirect_uri",
        };
        let keys_uri = at(AUTH_HOST, "/.well-known/jwks.json")?.into();
        Ok(Arc::new(KakaoClient {
            identity: self.registration.identity(Family::Kakao, AUTH_HOST),
            client: Client::new(&config, Arc::clone(&context.http))?,
            profile_endpoint: at(API_HOST, "/v2/user/me")?.into(),
            logout_endpoint: at(API_HOST, "/v1/user/logout")?.into(),
            unlink_endpoint: at(API_HOST, "/v1/user/unlink")?.into(),
            scopes: self.scopes.clone(),
            parameters: self.registration.parameters.clone(),
            end_session: self.logs_out.then_some(end_session),
            admin_key: self.admin_key.clone(),
            openid_connect: self.openid_connect,
            without_phone: self.registration.without_phone,
            sends_id_tokens: AtomicBool::new(false),
            keys: Keys::new(keys_uri, Arc::clone(&context.http), context.clock.clone()),
            clock: context.clock.clone(),
            difference: Arc::clone(&context.difference),
        }))
    }
}
