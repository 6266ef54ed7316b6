//! Google: OpenID Connect for the user, the People API for the phone number.

use std::{fmt, sync::Arc};

use self::client::{GoogleClient, PHONE_SCOPE};
use super::brand::Brand;
use super::{
    ClientAuth, ConnectContext, Family, Provider, ProviderClient, Settings, Title,
    client::{Client, ClientConfig},
    method::Method,
    oidc::keys::Keys,
    registration::Registration,
    settings,
};
use crate::{error::ConfigError, language::Text};

mod client;
mod people;
mod risc;

/// The issuer in ID tokens (<https://accounts.google.com/.well-known/openid-configuration>).
const ISSUER: &str = "https://accounts.google.com";
/// The hosts are constants, so no metadata are fetched.
const AUTH_HOST: &str = "https://accounts.google.com";
const TOKEN_HOST: &str = "https://oauth2.googleapis.com";
const KEYS_HOST: &str = "https://www.googleapis.com";
const PEOPLE_HOST: &str = "https://people.googleapis.com";

/// Google Sign-In (OpenID Connect), with the phone number of the People API.
///
/// In the console (<https://console.cloud.google.com>), create an OAuth client for a web
/// application with `https://your.origin/auth/callback/google` as authorized redirect URI. Switch
/// the *People API* on. Add the scope `https://www.googleapis.com/auth/user.phonenumbers.read` to
/// the consent screen. The scope is sensitive. Until Google has verified the application, it shows
/// users a warning, and admits 100 of them.
///
/// To receive events about hijacked, disabled and closed accounts, register
/// `https://your.origin/auth/events/google` as receiver of Cross-Account Protection
/// (<https://developers.google.com/identity/protocols/risc>). The tokens of these events are
/// verified with the keys of Google's ID tokens. Google's RISC configuration names the same keys,
/// so that document is not fetched. A single revoked token (`token-revoked`) ends nothing here,
/// because the layer stores no tokens. See also [`Builder::on_unlink`](crate::Builder::on_unlink).
///
/// | at Google | reported here, with Cross-Account Protection |
/// |---|---|
/// | a user signs out of Google | no |
/// | all sessions of a user are revoked | yes, `sessions-revoked` |
/// | an account is disabled or closed | yes, `account-disabled`, `account-purged` |
/// | a password must be changed | yes, `account-credential-change-required` |
/// | a Workspace administrator signs a user out or suspends one | not documented, not tried |
///
/// For events that are not reported, set [`recheck_after`](crate::Builder::recheck_after) or a
/// short [`session_lifetime`](crate::Builder::session_lifetime).
///
/// Google's OpenID Connect has no phone number. The People API has the numbers that a user entered,
/// and Google confirmed some of them. A confirmed number (`metadata.verified`) is
/// [`Verified`](crate::phone::PhoneAssurance::Verified). If none is confirmed, the number is
/// [`Unverified`](crate::phone::PhoneAssurance::Unverified), which the default policy refuses.
///
/// ```
/// use tower_phone_auth::{Google, OAuthLayer, SessionKey};
///
/// let auth = OAuthLayer::builder()
///     .public_url("https://shop.example.com")
///     .session_key(SessionKey::random())
///     .provider(Google::new("client-id", "client-secret"))
///     .build()?;
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct Google {
    pub(super) registration: Registration,
    /// The setting `phone_region`, which is parsed when the layer is built.
    region: Option<String>,
    /// Further scopes of every sign-in.
    scopes: Vec<String>,
}

impl Google {
    /// A web client with its id and secret.
    ///
    /// ```
    /// use tower_phone_auth::Google;
    ///
    /// let google = Google::new("client-id", "client-secret");
    /// ```
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        let title = Title::Brand("Google");
        let registration = Registration::new("google", title, client_id);
        Self {
            registration: registration
                .with_brand(Brand::Google)
                .with_secret(client_secret),
            region: None,
            scopes: Vec::new(),
        }
    }

    /// The provider's name in the callback path and in `VerifiedUser::provider`. Default: `google`.
    ///
    /// ```
    /// # use tower_phone_auth::Google;
    /// let staff = Google::new("id", "secret").named("google-staff");
    /// ```
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.registration.name = name.into();
        self
    }

    /// The country, as ISO 3166-1 alpha-2 such as `KR`, of numbers that Google could not bring into
    /// international form. Default: none, such numbers are ignored.
    ///
    /// ```
    /// # use tower_phone_auth::Google;
    /// let google = Google::new("id", "secret").phone_region("KR");
    /// ```
    #[must_use]
    pub fn phone_region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// One more scope of every sign-in, for an application that calls an API of Google with the
    /// tokens of [`on_sign_in`](crate::Builder::on_sign_in). Default: none beside `openid`,
    /// `profile`, `email` and that of phone numbers.
    ///
    /// ```
    /// # use tower_phone_auth::Google;
    /// let google = Google::new("id", "secret")
    ///     .scope("https://www.googleapis.com/auth/calendar.readonly");
    /// ```
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// The text of the sign-in button, as a [`Text`] in one or more languages. The button then has
    /// a neutral design instead of Google's colours. Default: a text of this crate with Google's
    /// name.
    ///
    /// ```
    /// # use tower_phone_auth::{Google, Text};
    /// let staff = Google::new("id", "secret").titled(Text::en("Staff").ko("직원"));
    /// ```
    #[must_use]
    pub fn titled(mut self, text: impl Into<Text>) -> Self {
        self.registration.title = Title::Given(text.into());
        self.registration.brand = Brand::Other;
        self
    }

    /// An origin on loopback that replaces Google's hosts in tests; the paths stay. ID tokens keep
    /// Google's issuer. With a `public_url` elsewhere, [`Builder::build`](crate::Builder::build)
    /// refuses it; see [`Builder::allow_test_endpoints`](crate::Builder::allow_test_endpoints).
    /// Default: none.
    ///
    /// ```
    /// # use tower_phone_auth::Google;
    /// let google = Google::new("id", "secret").endpoint_base("http://127.0.0.1:9000");
    /// ```
    #[must_use]
    pub fn endpoint_base(mut self, origin: impl Into<String>) -> Self {
        self.registration.endpoint_base = Some(origin.into());
        self
    }
}

impl From<Google> for Provider {
    fn from(google: Google) -> Self {
        Self::new(google)
    }
}

impl fmt::Debug for Google {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.registration.debug("Google", f).finish_non_exhaustive()
    }
}

impl Settings for Google {
    fn registration(&self) -> &Registration {
        &self.registration
    }

    fn based_at(&mut self, origin: &str) {
        self.registration.based_at(origin);
    }

    fn connect(&self, context: &ConnectContext) -> Result<Arc<dyn ProviderClient>, ConfigError> {
        self.registration.check(
            "Google",
            "give the client id of your OAuth client at console.cloud.google.com",
        )?;
        self.registration
            .check_unasked(&self.scopes, &[PHONE_SCOPE])?;
        let at = |host, path| self.registration.endpoint(host, path);
        let config = ClientConfig {
            authorization_endpoint: at(AUTH_HOST, "/o/oauth2/v2/auth")?,
            token_endpoint: at(TOKEN_HOST, "/token")?,
            client_id: &self.registration.client_id,
            client_secret: self.registration.client_secret.as_ref(),
            method: Method::fixed(ClientAuth::Body),
            redirect_uri: &context.redirect_uri,
            pkce: true,
        };
        let keys_uri = at(KEYS_HOST, "/oauth2/v3/certs")?.into();
        Ok(Arc::new(GoogleClient {
            identity: self.registration.identity(Family::Google, ISSUER),
            client: Client::new(&config, Arc::clone(&context.http))?,
            keys: Keys::new(keys_uri, Arc::clone(&context.http), context.clock.clone()),
            revocation_endpoint: at(TOKEN_HOST, "/revoke")?.into(),
            people_endpoint: at(PEOPLE_HOST, "/v1/people/me?personFields=phoneNumbers")?.into(),
            parameters: self.registration.parameters.clone(),
            region: settings::region(self.region.as_deref())?,
            scopes: self.scopes.clone(),
            without_phone: self.registration.without_phone,
            clock: context.clock.clone(),
            difference: Arc::clone(&context.difference),
        }))
    }
}
