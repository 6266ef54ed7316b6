//! Kakao Login: <https://developers.kakao.com/docs/latest/en/kakaologin/rest-api>.

use std::{
    fmt,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use secrecy::SecretString;

use self::client::KakaoClient;
use super::{
    ClientAuth, ConnectContext, Credentials, Family, Identity, Provider, ProviderClient, Settings,
    Title,
    brand::Brand,
    client::{Client, Registration},
    end_session::EndSession,
    endpoint,
    method::Method,
    oidc::keys::Keys,
    parameters::Parameters,
};
use crate::error::ConfigError;

mod client;
mod error;
mod events;
mod profile;
mod proof;
mod revocation;

const AUTH_HOST: &str = "https://kauth.kakao.com";
const API_HOST: &str = "https://kapi.kakao.com";
/// The id of the consent item. Kakao does not know the scope `phone` of OpenID Connect.
const PHONE: &str = "phone_number";

/// Kakao Login (카카오 로그인).
///
/// In the console (<https://developers.kakao.com>): switch Kakao Login on; register
/// `https://your.origin/auth/callback/kakao` as a redirect URI; add the consent item *phone number*
/// (카카오계정(전화번호)), which needs a business app and a review. The client id is the REST API key.
///
/// To receive events when a user unlinks the application or closes the account, register
/// `https://your.origin/auth/events/kakao`: as the account status webhook (계정 상태 변경 웹훅, signed by
/// Kakao, without a setting here), or as the unlink webhook with [`admin_key`](Self::admin_key).
/// Either one ends the user's sessions; see also [`Builder::on_unlink`](crate::Builder::on_unlink).
/// Of the unlink webhook's parameters, only `user_id` is read.
///
/// | at Kakao | reported here, with these webhooks |
/// |---|---|
/// | a user signs out of Kakao | no |
/// | a user unlinks the application, or closes the account | yes |
/// | an account is disabled, a password is changed | by the account status webhook, if Kakao sends it |
///
/// For events that are not reported, set a [`session_lifetime`](crate::Builder::session_lifetime)
/// that you can accept, or with OpenID Connect [`recheck_after`](crate::Builder::recheck_after).
///
/// For routes that require a fresh sign-in ([`RequireUser::max_age`](crate::RequireUser::max_age)),
/// switch OpenID Connect on in the console. Kakao then sends an ID token that says when the user
/// last authenticated (`auth_time`). It is verified with Kakao's keys; see
/// [`openid_connect`](Self::openid_connect).
///
/// A number from Kakao is [`Asserted`](crate::PhoneAssurance::Asserted): the documentation vouches
/// for all numbers, and no response says so of a single one. A number with
/// `phone_number_needs_agreement: true` was not agreed to and counts as missing.
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
    name: String,
    title: Title,
    brand: Brand,
    client_id: String,
    client_secret: Option<SecretString>,
    scopes: Vec<String>,
    pkce: bool,
    admin_key: Option<SecretString>,
    logs_out: bool,
    openid_connect: bool,
    endpoint_base: Option<String>,
    pub(super) timeout: Option<Duration>,
    pub(super) parameters: Parameters,
}

impl Kakao {
    /// An app with its REST API key and client secret.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        Self {
            client_secret: Some(client_secret.into().into()),
            ..Self::without_secret(client_id)
        }
    }

    /// An app whose client secret is switched off in the console.
    pub fn without_secret(client_id: impl Into<String>) -> Self {
        Self {
            name: "kakao".to_owned(),
            title: Title::new("Sign in with Kakao", "카카오로 로그인"),
            brand: Brand::Kakao,
            client_id: client_id.into(),
            client_secret: None,
            scopes: Vec::new(),
            pkce: true,
            admin_key: None,
            logs_out: false,
            openid_connect: false,
            endpoint_base: None,
            timeout: None,
            parameters: Parameters::default(),
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
        self.name = name.into();
        self
    }

    /// One more consent item of every sign-in, such as `account_email`. Default: none, so that
    /// Kakao asks for the items of the console. An item that the console does not list ends at
    /// Kakao's page KOE205.
    ///
    /// ```
    /// # use tower_phone_auth::Kakao;
    /// let kakao = Kakao::new("key", "secret").scope("account_email");
    /// ```
    #[must_use]
    pub fn scope(mut self, item: impl Into<String>) -> Self {
        self.scopes.push(item.into());
        self
    }

    /// Leaves PKCE ([RFC 7636](https://www.rfc-editor.org/rfc/rfc7636)) out. Default: off, since
    /// Kakao's discovery document announces S256. Only for a gateway in between that refuses it.
    ///
    /// ```
    /// # use tower_phone_auth::Kakao;
    /// let kakao = Kakao::new("key", "secret").without_pkce();
    /// ```
    #[must_use]
    pub fn without_pkce(mut self) -> Self {
        self.pkce = false;
        self
    }

    /// The app's primary admin key, which Kakao's unlink webhook (연결 해제 웹훅) carries. Default: none,
    /// and the webhook is refused.
    ///
    /// Register `{public_url}/auth/events/kakao` as its URL, GET or POST. The key is the only proof
    /// that the webhook comes from Kakao. Security events are signed and need no setting.
    ///
    /// ```
    /// # use tower_phone_auth::Kakao;
    /// let kakao = Kakao::new("key", "secret").admin_key("primary-admin-key");
    /// ```
    #[must_use]
    pub fn admin_key(mut self, key: impl Into<String>) -> Self {
        self.admin_key = Some(key.into().into());
        self
    }

    /// Declares that OpenID Connect is on in the console (OpenID Connect 활성화), so that Kakao proves
    /// fresh sign-ins for [`RequireUser::max_age`](crate::RequireUser::max_age). Default: it counts
    /// as on after the first sign-in with an ID token, anew in each process.
    ///
    /// Kakao then sends an ID token with every sign-in, except after a second request for consent
    /// that does not ask for `openid`. With this setting, the first such request of a process asks
    /// for it as well. If OpenID Connect is off in the console, that request ends at Kakao's page
    /// KOE205.
    ///
    /// ```
    /// # use tower_phone_auth::Kakao;
    /// let kakao = Kakao::new("key", "secret").openid_connect();
    /// ```
    #[must_use]
    pub fn openid_connect(mut self) -> Self {
        self.openid_connect = true;
        self
    }

    /// Signs users out of their Kakao account as well when they sign out here: `POST /auth/logout`
    /// from a page leads to Kakao's own logout page
    /// (<https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#logout-of-service-and-kakaoaccount>).
    /// Default: off, users stay signed in at Kakao.
    ///
    /// Register `{public_url}/auth/logout/done` as logout redirect URI, or Kakao shows its page
    /// KOE007. The session here ends first. If one of your pages has a `form-action` in its
    /// Content-Security-Policy, allow `https://kauth.kakao.com` there.
    ///
    /// ```
    /// # use tower_phone_auth::Kakao;
    /// let kakao = Kakao::new("key", "secret").logout_at_provider();
    /// ```
    #[must_use]
    pub fn logout_at_provider(mut self) -> Self {
        self.logs_out = true;
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
        self.endpoint_base = Some(origin.into());
        self
    }

    /// The label of its button where users choose a provider, in English and Korean, in place of "Sign in with Kakao".
    /// The button then has no brand colours.
    #[must_use]
    pub fn titled(mut self, english: impl Into<String>, korean: impl Into<String>) -> Self {
        self.title = Title::new(english.into(), korean.into());
        self.brand = Brand::Other;
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
        f.debug_struct("Kakao")
            .field("name", &self.name)
            .field("client_id", &self.client_id)
            .field("scopes", &self.scopes)
            .field("pkce", &self.pkce)
            .finish_non_exhaustive()
    }
}

impl Settings for Kakao {
    fn name(&self) -> &str {
        &self.name
    }

    fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    fn local_setting(&self) -> Option<&'static str> {
        self.endpoint_base.as_ref().map(|_| "endpoint_base")
    }

    fn connect(&self, context: &ConnectContext) -> Result<Arc<dyn ProviderClient>, ConfigError> {
        Credentials {
            provider: "Kakao",
            id: &self.client_id,
            secret: self.client_secret.as_ref(),
        }
        .check("give the REST API key of your app at developers.kakao.com")?;
        events::check(self.admin_key.as_ref())?;
        self.parameters.check()?;
        let at = |host, path| endpoint::at(host, self.endpoint_base.as_deref(), path);
        let registration = Registration {
            authorization_endpoint: at(AUTH_HOST, "/oauth/authorize")?,
            token_endpoint: at(AUTH_HOST, "/oauth/token")?,
            client_id: &self.client_id,
            client_secret: self.client_secret.as_ref(),
            method: Method::fixed(ClientAuth::Body),
            redirect_uri: &context.redirect_uri,
            pkce: self.pkce,
        };
        let end_session = EndSession {
            endpoint: at(AUTH_HOST, "/oauth/logout")?,
            client_id: self.client_id.clone(),
            return_parameter: "logout_redirect_uri",
        };
        let keys_uri = at(AUTH_HOST, "/.well-known/jwks.json")?.into();
        Ok(Arc::new(KakaoClient {
            identity: Identity {
                family: Family::Kakao,
                brand: self.brand,
                title: self.title.clone(),
                issuer: AUTH_HOST.to_owned(),
                client_id: self.client_id.clone(),
            },
            client: Client::new(&registration, Arc::clone(&context.http))?,
            profile_endpoint: at(API_HOST, "/v2/user/me")?.into(),
            logout_endpoint: at(API_HOST, "/v1/user/logout")?.into(),
            unlink_endpoint: at(API_HOST, "/v1/user/unlink")?.into(),
            scopes: self.scopes.clone(),
            parameters: self.parameters.clone(),
            end_session: self.logs_out.then_some(end_session),
            admin_key: self.admin_key.clone(),
            openid_connect: self.openid_connect,
            sends_id_tokens: AtomicBool::new(false),
            keys: Keys::new(keys_uri, Arc::clone(&context.http), context.clock.clone()),
            clock: context.clock.clone(),
            difference: Arc::clone(&context.difference),
        }))
    }
}
