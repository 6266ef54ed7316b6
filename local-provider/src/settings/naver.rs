use http::StatusCode;
use serde::Deserialize;

/// The choices of Naver's dialect. Behaviour of Naver that is not known is a setting.
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
    pub checks_state: bool,
    /// The token endpoint's status for wrong client credentials. Default: `401 Unauthorized`.
    ///
    /// Some applications report 200.
    #[serde(deserialize_with = "crate::settings::status")]
    pub wrong_client_status: StatusCode,
    /// How the profile refuses a token. Default: [`NaverErrors::ResultCode`].
    pub errors: NaverErrors,
}

/// A form in which Naver's profile refuses a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NaverErrors {
    /// `{"resultcode": …, "message": …}` with 401.
    #[default]
    ResultCode,
    /// `{"errorMessage": …, "errorCode": …}` with 401, as the gateway has it.
    Gateway,
    /// `{"resultcode": …, "message": …}` with 200.
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
