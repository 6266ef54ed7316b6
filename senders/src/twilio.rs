//! Twilio Verify, version 2.

use std::fmt;

use http::StatusCode;
use secrecy::SecretString;
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

/// Twilio Verify, version 2, by SMS
/// ([documentation](https://www.twilio.com/docs/verify/api/verification)).
///
/// Twilio makes the code and its text, and sends the same code again within ten minutes. It permits
/// five messages and five checks of one code.
///
/// ```
/// use tower_phone_auth_senders::TwilioVerify;
///
/// let twilio = TwilioVerify::new("AC0123", "token", "VA0123456789abcdef0123456789abcdef")?;
/// let in_tests = twilio.endpoint_base("http://127.0.0.1:9400")?;
/// # let _ = in_tests;
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct TwilioVerify {
    api: Api,
    account_sid: String,
    auth_token: SecretString,
    service_sid: String,
}

impl TwilioVerify {
    /// The verifier with an account (or the SID of an API key), its token (or secret), and a Verify
    /// service. The service must have codes of six digits, which is Twilio's default.
    ///
    /// # Errors
    /// If a value has other characters than visible ASCII, or if the service is not an id.
    pub fn new(
        account_sid: impl Into<String>,
        auth_token: impl Into<String>,
        service_sid: impl Into<String>,
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            api: Api::new("https://verify.twilio.com"),
            account_sid: setting::visible("account_sid", account_sid.into())?,
            auth_token: setting::visible("auth_token", auth_token.into())?.into(),
            service_sid: setting::path_part("service_sid", service_sid.into())?,
        })
    }

    /// Calls this origin in place of `https://verify.twilio.com`, for tests. Such a verifier
    /// [is for development](NumberVerifier::is_for_development).
    ///
    /// # Errors
    /// If it is not an origin on loopback.
    pub fn endpoint_base(self, origin: impl AsRef<str>) -> Result<Self, ConfigError> {
        let api = Api::local(origin.as_ref())?;
        Ok(Self { api, ..self })
    }

    /// Posts a form to a resource of the service.
    async fn post(
        &self,
        http: &dyn HttpClient,
        resource: &str,
        form: &[(&str, &str)],
    ) -> Result<Reply, SendError> {
        let headers = Headers::default().basic(&self.account_sid, &self.auth_token)?;
        let path = format!("/v2/Services/{}/{resource}", self.service_sid);
        self.api.post(http, &path, headers, Body::form(form)).await
    }
}

impl NumberVerifier for TwilioVerify {
    fn start<'a>(
        &'a self,
        http: &'a dyn HttpClient,
        number: &'a PhoneNumber,
        language: &'a str,
    ) -> BoxFuture<'a, Result<Verification, SendError>> {
        Box::pin(async move {
            let to = number.to_string();
            let mut form = vec![("To", to.as_str()), ("Channel", "sms")];
            form.extend(locale(language).map(|locale| ("Locale", locale)));
            let reply = self.post(http, "Verifications", &form).await?;
            match (reply.status.is_success(), reply.json["sid"].as_str()) {
                (true, Some(sid)) => Verification::new(*number, sid),
                (true, None) => Err(SendError::new(SendErrorKind::Unknown).code("unreadable")),
                (false, _) => Err(error(&reply)),
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
            if !verification.is_of(number) {
                return Ok(Checked::Over);
            }
            let to = number.to_string();
            // Twilio has one verification of a number at a time, so the number names it too.
            let named = match verification.id() {
                "" => ("To", &*to),
                sid => ("VerificationSid", sid),
            };
            let form = [named, ("Code", code)];
            let reply = self.post(http, "VerificationCheck", &form).await?;
            match reply.status {
                // It was approved before, it expired, or it never began.
                StatusCode::NOT_FOUND => Ok(Checked::Over),
                status if status.is_success() => checked(&reply, number),
                _ => Err(error(&reply)),
            }
        })
    }

    fn is_for_development(&self) -> bool {
        self.api.is_local
    }
}

/// The answer to a check. A code is right only if it was approved, valid, and of this number.
fn checked(reply: &Reply, number: &PhoneNumber) -> Result<Checked, SendError> {
    let (json, to) = (&reply.json, number.to_string());
    let is_of_number = json["to"].as_str().is_none_or(|other| other == to);
    match json["status"].as_str() {
        Some("approved") if json["valid"] == true && is_of_number => Ok(Checked::Right),
        Some("approved" | "pending") => Ok(Checked::Wrong),
        Some(_) => Ok(Checked::Over),
        None => Err(SendError::new(SendErrorKind::Unknown).code("unreadable")),
    }
}

/// The error of a reply, by Twilio's `code`.
fn error(reply: &Reply) -> SendError {
    use SendErrorKind::{NumberRefused, Refused};

    let Some(code) = crate::reply::code(&reply.json["code"]) else {
        return reply.status_error();
    };
    let kind = match code.as_str() {
        "21211" | "21614" | "60200" | "60205" => NumberRefused,
        "60202" | "60203" | "60212" | "20429" => reply.busy(),
        "60410" | "60605" => Refused,
        _ => return reply.error(&code),
    };
    SendError::new(kind).code(&code)
}

/// Twilio's tag for a language, if Twilio has it. A tag that it does not know refuses the message.
fn locale(language: &str) -> Option<&'static str> {
    const KNOWN: [&str; 12] = [
        "ko", "en", "ja", "zh", "de", "fr", "es", "it", "pt", "vi", "th", "id",
    ];
    let primary = language.split(['-', '_']).next()?;
    KNOWN
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(primary))
}

/// Hides the token.
impl fmt::Debug for TwilioVerify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TwilioVerify")
            .field("account_sid", &self.account_sid)
            .field("service_sid", &self.service_sid)
            .finish_non_exhaustive()
    }
}
