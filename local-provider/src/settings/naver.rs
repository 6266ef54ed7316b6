use http::StatusCode;
use serde::Deserialize;

/// The choices of Naver's dialect. Behaviour of Naver that is not known is a setting.
///
/// In a configuration file, the section is `[naver]`:
///
/// ```
/// use tower_phone_auth_local_provider::{Config, NaverErrors};
///
/// let config = Config::from_toml("[naver]\nitems = [\"mobile\"]\nerrors = \"gateway\"")?;
/// assert_eq!(config.settings.naver.items, ["mobile"]);
/// assert_eq!(config.settings.naver.errors, NaverErrors::Gateway);
/// # Ok::<_, tower_phone_auth_local_provider::ConfigError>(())
/// ```
///
/// In code, the settings are changed while the provider runs:
///
/// ```
/// use tower_phone_auth_local_provider::{LocalProvider, NaverErrors};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let provider = LocalProvider::start().await?;
/// provider.configure(|settings| {
///     settings.naver.mobile_e164 = false;
///     settings.naver.errors = NaverErrors::Ok;
/// });
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct NaverSettings {
    /// The profile's items that are switched on for the application, beside the identifier.
    /// Default: `nickname`, `name`, `email` and `mobile`.
    ///
    /// The application cannot choose among them in a request, because Naver ignores `scope`. An
    /// item that the account does not have is missing in the profile.
    pub items: Vec<String>,
    /// Whether a profile with `mobile` also has `mobile_e164`. Default: `true`.
    ///
    /// Naver sends that member without documenting it.
    pub mobile_e164: bool,
    /// Whether an authorize request without `state` is refused. Default: `false`.
    ///
    /// Naver documents `state` as required, and accepts a request without it.
    pub requires_state: bool,
    /// Whether the exchange of a code needs the `state` of its authorize request. Default: `true`.
    /// Naver ignores `redirect_uri` there and has no PKCE, so `false` leaves a code bound to the
    /// application alone.
    pub checks_state: bool,
    /// The token endpoint's status for wrong client credentials. Default: `401 Unauthorized`.
    ///
    /// Some applications report 200.
    #[serde(deserialize_with = "crate::settings::status")]
    pub wrong_client_status: StatusCode,
    /// How the profile refuses a token. Default: [`NaverErrors::ResultCode`].
    pub errors: NaverErrors,
}

/// A form in which Naver's profile refuses a token. The code is `028` for a request without an
/// `Authorization` header, and `024` for a token that is not valid.
///
/// ```
/// # use tower_phone_auth_local_provider::{LocalProvider, NaverErrors};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let provider = LocalProvider::start().await?;
/// provider.configure(|settings| settings.naver.errors = NaverErrors::Gateway);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NaverErrors {
    /// `{"resultcode": …, "message": …}` with 401.
    #[default]
    ResultCode,
    /// `{"errorMessage": …, "errorCode": …}` with 401, as the gateway has it.
    Gateway,
    /// `{"resultcode": …, "message": …}` with 200, so that only the body shows the error.
    Ok,
}

impl Default for NaverSettings {
    fn default() -> Self {
        let items = ["nickname", "name", "email", "mobile"];
        Self {
            items: items.map(str::to_owned).to_vec(),
            mobile_e164: true,
            requires_state: false,
            checks_state: true,
            wrong_client_status: StatusCode::UNAUTHORIZED,
            errors: NaverErrors::default(),
        }
    }
}
