//! Naver Login with classic OAuth 2.0: <https://developers.naver.com/docs/login/api/api.md>.

use std::{fmt, sync::Arc};

use self::client::NaverClient;
use super::brand::Brand;
use super::{
    ClientAuth, ConnectContext, Family, Provider, ProviderClient, Settings, Title,
    client::{Client, ClientConfig},
    method::Method,
    registration::Registration,
};
use crate::{error::ConfigError, language::Text};

pub(super) use client::{RECHECK_UNSUPPORTED, auth_type};
pub(super) use profile::read as read_profile;

mod client;
mod profile;
mod unlink;

/// Authorization, token and revocation.
const AUTH_HOST: &str = "https://nid.naver.com";
/// The profile API.
const API_HOST: &str = "https://openapi.naver.com";

/// Naver Login (네이버 로그인).
///
/// In the console (<https://developers.naver.com/apps>), add the API *Naver Login*. Select the
/// mobile number (휴대전화번호) among the items. Register `https://your.origin/auth/callback/naver` as
/// callback URL. Before the review, only registered testers can sign in. The console alone decides
/// about the items, since Naver ignores scopes.
///
/// To receive a notice when a user unlinks the application, register
/// `https://your.origin/auth/events/naver` as the callback for it (연결 끊기 콜백 URL). The notice is
/// signed and encrypted with keys derived from the client secret (section 4.4 of
/// <https://developers.naver.com/docs/login/devguide/devguide.md>). It ends the user's sessions.
/// Naver sends each notice once. Its Base64 is documented as URL-safe, and its padding is not
/// documented, so both forms are read. See also [`Builder::on_unlink`](crate::Builder::on_unlink).
///
/// | at Naver | reported here |
/// |---|---|
/// | a user signs out of Naver | no |
/// | a user unlinks the application | yes, once |
/// | an account is disabled or closed, a password is changed | not documented |
///
/// For events that are not reported, set a [`session_lifetime`](crate::Builder::session_lifetime)
/// that you can accept. Naver has no request without a page, so rechecks do not work.
///
/// A number from Naver is [`Asserted`](crate::phone::PhoneAssurance::Asserted), because it is the
/// number of the account, and no response says whether it is verified. This client uses the
/// endpoints below `/oauth2.0/`, which document neither PKCE nor a nonce. The sealed state alone
/// binds the code to the browser. Naver also requires the state at the exchange. If the documented
/// `mobile` and the undocumented `mobile_e164` differ, the sign-in is refused.
///
/// ```
/// use tower_phone_auth::{Naver, OAuthLayer, SessionKey};
///
/// let auth = OAuthLayer::builder()
///     .public_url("https://shop.example.com")
///     .session_key(SessionKey::random())
///     .provider(Naver::new("client-id", "client-secret"))
///     .build()?;
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct Naver {
    pub(super) registration: Registration,
}

impl Naver {
    /// An application with its client id and secret. Naver always requires both.
    ///
    /// ```
    /// use tower_phone_auth::Naver;
    ///
    /// let naver = Naver::new("client-id", "client-secret");
    /// ```
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        let title = Title::Brand("NAVER");
        let registration = Registration::new("naver", title, client_id);
        Self {
            registration: registration
                .with_brand(Brand::Naver)
                .with_secret(client_secret),
        }
    }

    /// The provider's name in the callback path and in `VerifiedUser::provider`. Default: `naver`.
    ///
    /// ```
    /// # use tower_phone_auth::Naver;
    /// let second_app = Naver::new("id", "secret").named("naver-partner");
    /// ```
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.registration.name = name.into();
        self
    }

    /// The text of the sign-in button, as a [`Text`] in one or more languages. The button then has
    /// a neutral design instead of NAVER's colours. Default: a text of this crate with NAVER's
    /// name.
    ///
    /// ```
    /// # use tower_phone_auth::{Naver, Text};
    /// let staff = Naver::new("id", "secret").titled(Text::en("Staff").ko("직원"));
    /// ```
    #[must_use]
    pub fn titled(mut self, text: impl Into<Text>) -> Self {
        self.registration.title = Title::Given(text.into());
        self.registration.brand = Brand::Other;
        self
    }

    /// An origin on loopback that replaces Naver's hosts in tests; the paths stay. With a
    /// `public_url` elsewhere, [`Builder::build`](crate::Builder::build) refuses it; see
    /// [`Builder::allow_test_endpoints`](crate::Builder::allow_test_endpoints). Default: none.
    ///
    /// ```
    /// # use tower_phone_auth::Naver;
    /// let naver = Naver::new("id", "secret").endpoint_base("http://127.0.0.1:9000");
    /// ```
    #[must_use]
    pub fn endpoint_base(mut self, origin: impl Into<String>) -> Self {
        self.registration.endpoint_base = Some(origin.into());
        self
    }
}

impl From<Naver> for Provider {
    fn from(naver: Naver) -> Self {
        Self::new(naver)
    }
}

impl fmt::Debug for Naver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.registration.debug("Naver", f).finish_non_exhaustive()
    }
}

impl Settings for Naver {
    fn registration(&self) -> &Registration {
        &self.registration
    }

    fn based_at(&mut self, origin: &str) {
        self.registration.based_at(origin);
    }

    fn connect(&self, context: &ConnectContext) -> Result<Arc<dyn ProviderClient>, ConfigError> {
        self.registration.check(
            "Naver",
            "give the client id of your application at developers.naver.com",
        )?;
        let at = |host, path| self.registration.endpoint(host, path);
        let config = ClientConfig {
            authorization_endpoint: at(AUTH_HOST, "/oauth2.0/authorize")?,
            token_endpoint: at(AUTH_HOST, "/oauth2.0/token")?,
            client_id: &self.registration.client_id,
            client_secret: self.registration.client_secret.as_ref(),
            // Naver documents the parameters of the form alone.
            method: Method::fixed(ClientAuth::Body),
            redirect_uri: &context.redirect_uri,
            pkce: false,
        };
        Ok(Arc::new(NaverClient {
            identity: self.registration.identity(Family::Naver, AUTH_HOST),
            client: Client::new(&config, Arc::clone(&context.http))?,
            profile_endpoint: at(API_HOST, "/v1/nid/me")?.into(),
            revocation_endpoint: at(AUTH_HOST, "/oauth2.0/revoke")?,
            client_secret: self.registration.client_secret.clone(),
            parameters: self.registration.parameters.clone(),
            without_phone: self.registration.without_phone,
            clock: context.clock.clone(),
        }))
    }
}
