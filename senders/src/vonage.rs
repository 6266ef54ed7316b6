//! Vonage Verify, version 2.

use std::fmt;

use http::StatusCode;
use secrecy::SecretString;
use serde_json::{Value, json};
use tower_phone_auth::{
    ConfigError, PhoneNumber,
    phone_step::{Checked, NumberVerifier, SendError, SendErrorKind, Verification},
    provider::{BoxFuture, HttpClient},
};

use crate::{
    api::{Api, Body, Headers},
    reply::Reply,
    setting,
};

/// Vonage Verify, version 2, by SMS
/// ([documentation](https://developer.vonage.com/en/api/verify.v2)).
///
/// Vonage makes the code of six digits and its text. It permits three wrong codes, and one
/// verification of a number at a time: if one is running, it is resumed, and its code counts.
///
/// ```
/// use tower_phone_auth_senders::VonageVerify;
///
/// let vonage = VonageVerify::new("key", "secret", "Shop")?;
/// let in_tests = vonage.endpoint_base("http://127.0.0.1:9400")?;
/// # let _ = in_tests;
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct VonageVerify {
    api: Api,
    api_key: String,
    api_secret: SecretString,
    brand: String,
}

impl VonageVerify {
    /// The verifier with an API key, its secret, and the name of the site in the message.
    ///
    /// # Errors
    /// If the key or the secret has other characters than visible ASCII, or if the name does not
    /// have 1 to 16 characters.
    pub fn new(
        api_key: impl Into<String>,
        api_secret: impl Into<String>,
        brand: impl Into<String>,
    ) -> Result<Self, ConfigError> {
        let brand = brand.into();
        if !(1..=16).contains(&brand.chars().count()) {
            return Err(ConfigError::new(
                "brand",
                "does not have 1 to 16 characters",
                "give a short name of the site",
            ));
        }
        Ok(Self {
            api: Api::new("https://api.nexmo.com"),
            api_key: setting::visible("api_key", api_key.into())?,
            api_secret: setting::visible("api_secret", api_secret.into())?.into(),
            brand,
        })
    }

    /// Calls this origin in place of `https://api.nexmo.com`, for tests. Such a verifier
    /// [is for development](NumberVerifier::is_for_development).
    ///
    /// # Errors
    /// If it is not an origin on loopback.
    pub fn endpoint_base(self, origin: impl AsRef<str>) -> Result<Self, ConfigError> {
        let api = Api::local(origin.as_ref())?;
        Ok(Self { api, ..self })
    }

    async fn post(
        &self,
        http: &dyn HttpClient,
        path: &str,
        body: Value,
    ) -> Result<Reply, SendError> {
        let headers = Headers::default().basic(&self.api_key, &self.api_secret)?;
        self.api.post(http, path, headers, Body::Json(body)).await
    }
}

impl NumberVerifier for VonageVerify {
    fn start<'a>(
        &'a self,
        http: &'a dyn HttpClient,
        number: &'a PhoneNumber,
        language: &'a str,
    ) -> BoxFuture<'a, Result<Verification, SendError>> {
        Box::pin(async move {
            let to = number.to_string();
            let mut body = json!({
                "brand": self.brand,
                "workflow": [{ "channel": "sms", "to": to.trim_start_matches('+') }],
                // The default of Vonage is four.
                "code_length": 6,
            });
            if let Some(locale) = locale(language) {
                body["locale"] = locale.into();
            }
            let reply = self.post(http, "/v2/verify", body).await?;
            let is_running = reply.status == StatusCode::CONFLICT;
            match reply.json["request_id"].as_str() {
                // The code of the verification that is running was sent to this number.
                Some(id) if reply.status.is_success() || is_running => {
                    Verification::new(*number, id)
                }
                _ if reply.status.is_success() => {
                    Err(SendError::new(SendErrorKind::Unknown).code("unreadable"))
                }
                _ => Err(start_error(&reply)),
            }
        })
    }

    fn check<'a>(
        &'a self,
        http: &'a dyn HttpClient,
        number: &'a PhoneNumber,
        verification: &'a Verification,
        code: &'a str,
    ) -> BoxFuture<'a, Result<Checked, SendError>> {
        Box::pin(async move {
            if !verification.is_of(number) || verification.id().is_empty() {
                return Ok(Checked::Over);
            }
            // The id has letters, digits, `-` and `_` alone, so it is one segment of the path.
            let path = format!("/v2/verify/{}", verification.id());
            let reply = self.post(http, &path, json!({ "code": code })).await?;
            match reply.status {
                StatusCode::OK => Ok(completed(&reply.json)),
                StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => Ok(Checked::Wrong),
                StatusCode::NOT_FOUND | StatusCode::GONE => Ok(Checked::Over),
                StatusCode::CONFLICT => Err(SendError::new(reply.busy()).code("409")),
                _ => Err(reply.status_error()),
            }
        })
    }

    fn is_for_development(&self) -> bool {
        self.api.is_local
    }
}

/// `completed`, or `complete` as one SDK has it.
fn completed(json: &Value) -> Checked {
    match json["status"].as_str() {
        Some("completed" | "complete") => Checked::Right,
        _ => Checked::Wrong,
    }
}

/// The error of a start. 422 is about the number, because the other values were checked.
fn start_error(reply: &Reply) -> SendError {
    let code = reply.status.as_str();
    match reply.status {
        StatusCode::CONFLICT => SendError::new(reply.busy()).code(code),
        StatusCode::UNPROCESSABLE_ENTITY => SendError::new(SendErrorKind::NumberRefused).code(code),
        _ => reply.status_error(),
    }
}

/// Vonage's tag for a language. Without one, the country of the number decides.
fn locale(language: &str) -> Option<&'static str> {
    match language.split(['-', '_']).next()? {
        "ko" => Some("ko-kr"),
        "en" => Some("en-us"),
        "ja" => Some("ja-jp"),
        _ => None,
    }
}

/// Hides the secret.
impl fmt::Debug for VonageVerify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VonageVerify")
            .field("api_key", &self.api_key)
            .field("brand", &self.brand)
            .finish_non_exhaustive()
    }
}
