//! The accounts at the services that send messages.

use std::fmt;

use serde::Deserialize;

/// The accounts of the application at Solapi and Twilio Verify.
///
/// In a configuration file, the section is `[sms]`:
///
/// ```
/// use tower_phone_auth_local_provider::Config;
///
/// let config = Config::from_toml("[sms]\nsenders = [\"0311234567\"]")?;
/// assert_eq!(config.settings.sms.senders, ["0311234567"]);
/// # Ok::<_, tower_phone_auth_local_provider::ConfigError>(())
/// ```
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct SmsSettings {
    /// The API key at Solapi. Default: `local-solapi-key`.
    pub solapi_api_key: String,
    /// The API secret at Solapi, which signs requests. Default: `lpsecret-solapi`.
    pub solapi_api_secret: String,
    /// The registered sender numbers, digits alone. Default: `0212345678`. Solapi answers 200 with
    /// the code 1062 to another one.
    pub senders: Vec<String>,
    /// The account at Twilio, the user name of Basic authentication. Default: `AC` and 32 zeros.
    pub twilio_account_sid: String,
    /// The password of Basic authentication at Twilio. Default: `lpsecret-twilio`.
    pub twilio_auth_token: String,
    /// The Verify service in the path. Default: `VA` and 32 zeros.
    pub twilio_service_sid: String,
}

impl Default for SmsSettings {
    fn default() -> Self {
        Self {
            solapi_api_key: "local-solapi-key".to_owned(),
            solapi_api_secret: "lpsecret-solapi".to_owned(),
            senders: vec!["0212345678".to_owned()],
            twilio_account_sid: format!("AC{:032}", 0),
            twilio_auth_token: "lpsecret-twilio".to_owned(),
            twilio_service_sid: format!("VA{:032}", 0),
        }
    }
}

impl fmt::Debug for SmsSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmsSettings")
            .field("solapi_api_key", &self.solapi_api_key)
            .field("senders", &self.senders)
            .field("twilio_account_sid", &self.twilio_account_sid)
            .field("twilio_service_sid", &self.twilio_service_sid)
            .finish_non_exhaustive()
    }
}
