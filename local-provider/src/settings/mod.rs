//! The registration of the application, and the choices that a dialect leaves open.

pub(crate) mod google;
pub(crate) mod naver;
pub(crate) mod oidc;
pub(crate) mod sms;

use std::fmt;

use http::StatusCode;
use serde::{Deserialize, Deserializer, de::Error as _};

use self::{google::GoogleSettings, naver::NaverSettings, oidc::OidcSettings, sms::SmsSettings};
use crate::{
    faults::CallbackIss,
    web::{loopback, params::Params},
};

/// The registration of the application, as the console of a real provider shows it.
///
/// In a configuration file, these fields are the section `[application]`. The dialects have
/// sections of their own:
///
/// ```
/// use tower_phone_auth_local_provider::{Config, Par};
///
/// let config = Config::from_toml(
///     r#"
///     [application]
///     client_id = "my-application"
///     redirect_uris = ["http://127.0.0.1:3000/auth/callback/oidc"]
///
///     [oidc]
///     par = "required"
///     "#,
/// )?;
/// assert_eq!(config.settings.oidc.par, Par::Required);
/// # Ok::<_, tower_phone_auth_local_provider::ConfigError>(())
/// ```
///
/// Changed through [`LocalProvider::configure`](super::LocalProvider::configure):
///
/// ```
/// use tower_phone_auth_local_provider::LocalProvider;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let provider = LocalProvider::start().await?;
/// provider.configure(|settings| {
///     settings.client_secret = None;
///     settings.consent_items.retain(|item| item != "phone_number");
/// });
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Settings {
    /// The application's key, which Kakao calls the REST API key. Default: `local-demo-app`.
    ///
    /// It is the same in every dialect. Any other `client_id` is answered with KOE101 by Kakao's
    /// dialect, with `unauthorized_client` by Naver's, and with `invalid_client` by the other two.
    /// An empty one is refused in a configuration file.
    pub client_id: String,
    /// The application's secret. Default: `lpsecret-client`.
    ///
    /// `None` is an application whose secret is switched off: a token request that still carries a
    /// `client_secret` member, even an empty one, is then refused with KOE010. In a configuration
    /// file, the empty text stands for `None`. With OpenID Connect, such an application must use
    /// PKCE. It authenticates with [`client_jwk`](crate::OidcSettings::client_jwk), or is a public
    /// client.
    #[serde(deserialize_with = "secret")]
    pub client_secret: Option<String>,
    /// Kakao's admin key, for its unlink webhook and for unlinking by id. Default:
    /// `lpsecret-admin`.
    pub admin_key: String,
    /// The registered redirect URIs, compared character by character. Default: none, which
    /// accepts every `http` and `https` URI on a loopback host, without a fragment.
    ///
    /// A request with another URI gets a page (KOE006 with Kakao), and the browser is not sent
    /// back, as RFC 6749 section 4.1.2.1 requires. Addresses for the return from a sign-out need no
    /// registration, and must be on loopback.
    pub redirect_uris: Vec<String>,
    /// Whether the application may sign users in. Default: `true`. Kakao answers KOE004 if not,
    /// Google `access_denied`, and the other two `unauthorized_client`, each on a page.
    pub login_enabled: bool,
    /// The consent items switched on for the application, by their Kakao ids. Default:
    /// `phone_number`, `profile_nickname`, `name` and `account_email`.
    ///
    /// Asking for any other item is KOE205, and the profile has no member for it. Without
    /// `phone_number`, the page has no box for the number, and no sign-in by Kakao brings one. That
    /// is the state of a new application at the real Kakao, until the item is approved.
    pub consent_items: Vec<String>,
    /// Whether OpenID Connect is on in Kakao's dialect. Default: `false`.
    ///
    /// If it is on, token answers have an `id_token` even if `openid` was not requested, as Kakao's
    /// do.
    pub kakao_oidc: bool,
    /// The status of Kakao's and Naver's error pages. Default: `400 Bad Request`.
    ///
    /// Neither provider documents the status, so a test may want to see both 400 and 200.
    #[serde(deserialize_with = "crate::settings::status")]
    pub error_page_status: StatusCode,
    /// Whether a linked person who is still signed in at the provider skips the page. Default:
    /// `false`, so that the page lets you choose a person every time.
    ///
    /// The real Kakao skips the page. It asks for consent again only if the request has `scope`. A
    /// request gets the page nevertheless by `prompt=login` or `prompt=select_account`, with Naver
    /// by `auth_type=reauthenticate`. Without this setting, only a request with `prompt=none` is
    /// answered without a page.
    pub auto_sign_in: bool,
    /// The choices of Naver's dialect.
    #[serde(skip)]
    pub naver: NaverSettings,
    /// The choices of Google's dialect.
    #[serde(skip)]
    pub google: GoogleSettings,
    /// The choices of OpenID Connect.
    #[serde(skip)]
    pub oidc: OidcSettings,
    /// The accounts at the services that send messages.
    #[serde(skip)]
    pub sms: SmsSettings,
}

impl Settings {
    /// A client secret in which every character that a form encoder may forget occurs.
    ///
    /// A client that answers KOE010 with this secret and not with the default one does not encode
    /// its form.
    pub const AWKWARD_SECRET: &'static str = "lpsecret-a+b/c=d&e%20f g";

    /// Whether a consent item is switched on for the application.
    pub(crate) fn asks_for(&self, item: &str) -> bool {
        self.consent_items
            .iter()
            .any(|configured| configured == item)
    }

    /// Whether the request names this application.
    pub(crate) fn knows(&self, params: &Params) -> bool {
        params.value("client_id") == Some(self.client_id.as_str())
    }

    /// Whether the redirect URI is registered. Compared character by character (RFC 9700 section
    /// 4.1.3); without a list, any page on loopback is accepted.
    pub(crate) fn redirects_to(&self, uri: &str) -> bool {
        if self.redirect_uris.is_empty() {
            return loopback::is_page(uri);
        }
        self.redirect_uris
            .iter()
            .any(|registered| registered == uri)
    }
}

impl Default for Settings {
    fn default() -> Self {
        let items = ["phone_number", "profile_nickname", "name", "account_email"];
        Self {
            client_id: "local-demo-app".to_owned(),
            client_secret: Some("lpsecret-client".to_owned()),
            admin_key: "lpsecret-admin".to_owned(),
            redirect_uris: Vec::new(),
            login_enabled: true,
            consent_items: items.map(str::to_owned).to_vec(),
            kakao_oidc: false,
            error_page_status: StatusCode::BAD_REQUEST,
            auto_sign_in: false,
            naver: NaverSettings::default(),
            google: GoogleSettings::default(),
            oidc: OidcSettings::default(),
            sms: SmsSettings::default(),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("client_id", &self.client_id)
            .field("redirect_uris", &self.redirect_uris)
            .field("login_enabled", &self.login_enabled)
            .field("consent_items", &self.consent_items)
            .field("kakao_oidc", &self.kakao_oidc)
            .field("error_page_status", &self.error_page_status)
            .field("auto_sign_in", &self.auto_sign_in)
            .field("naver", &self.naver)
            .field("google", &self.google)
            .field("oidc", &self.oidc)
            .field("sms", &self.sms)
            .finish_non_exhaustive()
    }
}

/// A status by its number.
pub(crate) fn status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<StatusCode, D::Error> {
    let number = u16::deserialize(deserializer)?;
    StatusCode::from_u16(number)
        .map_err(|_| D::Error::custom(format!("{number} is not an HTTP status, such as 400")))
}

/// The client secret. TOML has no null, so the empty text stands for none.
fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let secret = String::deserialize(deserializer)?;
    Ok(Some(secret).filter(|secret| !secret.is_empty()))
}

/// `true` or `false`. The other values are faults, which a file cannot set.
pub(crate) fn callback_iss<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<CallbackIss, D::Error> {
    Ok(match bool::deserialize(deserializer)? {
        true => CallbackIss::On,
        false => CallbackIss::Off,
    })
}
