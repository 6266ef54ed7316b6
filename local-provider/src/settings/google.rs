use serde::Deserialize;
use serde_json::Value;

use crate::faults::CallbackIss;

/// The choices of Google's dialect.
///
/// Google's ID tokens and userinfo never have a phone number. An application asks for the scope
/// `https://www.googleapis.com/auth/user.phonenumbers.read`, and reads the number from the People
/// API at `/v1/people/me?personFields=phoneNumbers`. These settings are mostly about its answer.
///
/// In a configuration file, the section is `[google]`:
///
/// ```
/// use tower_phone_auth_local_provider::Config;
///
/// let config = Config::from_toml("[google]\nphone_verified = false")?;
/// assert_eq!(config.settings.google.phone_verified, Some(false));
/// # Ok::<_, tower_phone_auth_local_provider::ConfigError>(())
/// ```
///
/// In code, the settings are changed while the provider runs:
///
/// ```
/// use serde_json::json;
/// use tower_phone_auth_local_provider::LocalProvider;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let provider = LocalProvider::start().await?;
/// provider.configure(|settings| {
///     settings.google.legacy_issuer = true;
///     settings.google.other_numbers = vec![json!({
///         "metadata": { "source": { "type": "CONTACT", "id": "7" } },
///         "value": "010-1111-2222",
///     })];
/// });
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct GoogleSettings {
    /// Whether the `iss` of ID tokens is `accounts.google.com`, without a scheme.
    /// Default: `false`.
    pub legacy_issuer: bool,
    /// The `iss` of the callback. Default: [`CallbackIss::Off`].
    ///
    /// Google's dialect has no discovery document here, so nothing is announced in any case.
    #[serde(deserialize_with = "crate::settings::callback_iss")]
    pub callback_iss: CallbackIss,
    /// Whether the People API is switched on for the application. Default: `true`. If not, the API
    /// answers 403 with the reason `SERVICE_DISABLED`, as for an application whose operator forgot
    /// to switch it on in the console.
    pub people_api: bool,
    /// The `metadata.verified` of the person's number, or `None` to leave it out. Default: `true`.
    /// A configuration file can set `true` and `false`.
    pub phone_verified: Option<bool>,
    /// Whether the person's number has a `canonicalForm`, if it can be read. Default: `true`. With
    /// `false`, an application has only the number as the user typed it, often without a country.
    pub canonical_form: bool,
    /// The `metadata.source.type` of the person's number. Default: `ACCOUNT`; Google also has
    /// `PROFILE`, `DOMAIN_PROFILE` and, for unchecked contacts, `CONTACT`.
    pub phone_source: String,
    /// Entries of `phoneNumbers` that come before the person's own, which then is not the primary
    /// one. Default: none. They are sent as they are, so that a test can send malformed ones.
    pub other_numbers: Vec<Value>,
}

impl GoogleSettings {
    /// The `iss` of ID tokens.
    pub(crate) fn issuer(&self) -> &'static str {
        if self.legacy_issuer {
            "accounts.google.com"
        } else {
            ISSUER
        }
    }
}

impl Default for GoogleSettings {
    fn default() -> Self {
        Self {
            legacy_issuer: false,
            callback_iss: CallbackIss::default(),
            people_api: true,
            phone_verified: Some(true),
            canonical_form: true,
            phone_source: "ACCOUNT".to_owned(),
            other_numbers: Vec::new(),
        }
    }
}

/// The issuer of Google's ID tokens. An issuer is a name and no endpoint, so it is not that of the
/// loopback origin.
pub(crate) const ISSUER: &str = "https://accounts.google.com";
