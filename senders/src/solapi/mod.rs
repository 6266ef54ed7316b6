//! Solapi, formerly CoolSMS.

mod date;
mod outcome;

use std::fmt;

use secrecy::SecretString;
use serde_json::{Map, Value, json};
use tower_phone_auth::{
    Clock, ConfigError,
    phone_step::{CodeSender, Message, SendError},
    provider::{BoxFuture, HttpClient},
};

use crate::{
    alimtalk::AlimTalk,
    api::{Api, Body, Headers},
    hmac::{hex, random_hex, tag},
    national::National,
    setting,
};

/// Solapi (formerly CoolSMS), by `POST /messages/v4/send`
/// ([documentation](https://developers.solapi.com/references/messages/sendSimpleMessage)).
///
/// Sends an SMS, or an AlimTalk message with [`alimtalk`](Self::alimtalk). The clock of the server
/// may be at most 15 minutes off.
///
/// ```
/// use tower_phone_auth::Clock;
/// use tower_phone_auth_senders::{AlimTalk, Solapi};
///
/// let solapi = Solapi::new("NCS0123456789", "secret", "0212345678")?;
/// let by_kakao = solapi.clone().alimtalk(AlimTalk::new("KA01PF0123", "KA01TP0123"));
/// let in_tests = solapi.endpoint_base("http://127.0.0.1:9400")?.clock(Clock::system());
/// # let _ = (by_kakao, in_tests);
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct Solapi {
    api: Api,
    api_key: String,
    api_secret: SecretString,
    from: String,
    alimtalk: Option<AlimTalk>,
    clock: Clock,
}

impl Solapi {
    /// The sender with an API key, its secret, and a registered sender number.
    ///
    /// # Errors
    /// If the key or the secret has other characters than visible ASCII, or if the number is not 8
    /// to 11 digits. Hyphens are accepted.
    pub fn new(
        api_key: impl Into<String>,
        api_secret: impl Into<String>,
        from: impl AsRef<str>,
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            api: Api::new("https://api.solapi.com"),
            api_key: setting::visible("api_key", api_key.into())?,
            api_secret: setting::visible("api_secret", api_secret.into())?.into(),
            from: setting::sender_number(from.as_ref())?,
            alimtalk: None,
            clock: Clock::system(),
        })
    }

    /// Sends AlimTalk messages by this template. Default: SMS.
    #[must_use]
    pub fn alimtalk(self, template: AlimTalk) -> Self {
        Self {
            alimtalk: Some(template),
            ..self
        }
    }

    /// Calls this origin in place of `https://api.solapi.com`, for tests. Such a sender
    /// [is for development](CodeSender::is_for_development).
    ///
    /// # Errors
    /// If it is not an origin on loopback.
    pub fn endpoint_base(self, origin: impl AsRef<str>) -> Result<Self, ConfigError> {
        let api = Api::local(origin.as_ref())?;
        Ok(Self { api, ..self })
    }

    /// Replaces the clock that dates signatures. Default: the system's.
    #[must_use]
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// The `Authorization` header. `salt` must be another one for each request.
    fn authorization(&self, salt: &str) -> String {
        let date = date::iso_8601(self.clock.now());
        let signature = hex(tag(&self.api_secret, &format!("{date}{salt}")).as_ref());
        let key = &self.api_key;
        format!("HMAC-SHA256 apiKey={key}, date={date}, salt={salt}, signature={signature}")
    }

    /// The member `message` of the body.
    fn message(&self, message: &Message<'_>) -> Value {
        let number = National::of(message.number);
        let template = self.alimtalk.as_ref().filter(|_| number.is_korean());
        let mut body = json!({ "to": number.digits, "from": self.from });
        if !number.is_korean() {
            body["country"] = number.country.into();
        }
        match template {
            None => {
                body["type"] = "SMS".into();
                body["text"] = message.text.into();
            }
            Some(template) => {
                let variables: Map<String, Value> = template
                    .filled(message)
                    .map(|(name, value)| (format!("#{{{name}}}"), value.into()))
                    .collect();
                body["type"] = "ATA".into();
                body["kakaoOptions"] = json!({
                    "pfId": template.channel,
                    "templateId": template.template,
                    "variables": variables,
                    "disableSms": !template.falls_back,
                });
            }
        }
        body
    }
}

impl CodeSender for Solapi {
    fn send<'a>(
        &'a self,
        http: &'a dyn HttpClient,
        message: Message<'a>,
    ) -> BoxFuture<'a, Result<(), SendError>> {
        Box::pin(async move {
            let authorization = self.authorization(&random_hex()?);
            let headers = Headers::default().with("authorization", &authorization)?;
            let body = Body::Json(json!({ "message": self.message(&message) }));
            let reply = self.api.post(http, "/messages/v4/send", headers, body);
            outcome::of(&reply.await?)
        })
    }

    fn is_for_development(&self) -> bool {
        self.api.is_local
    }
}

/// Hides the secret.
impl fmt::Debug for Solapi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Solapi")
            .field("api_key", &self.api_key)
            .field("alimtalk", &self.alimtalk)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    /// The vector was computed with another implementation of HMAC.
    #[test]
    fn the_signature_is_over_date_and_salt() {
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_323_045);
        let solapi = Solapi::new("test-key", "test-secret", "02-1234-5678").expect("settings");
        let solapi = solapi.clock(Clock::new(move || at));
        assert_eq!(
            solapi.authorization("0123456789abcdef0123456789abcdef"),
            "HMAC-SHA256 apiKey=test-key, date=2026-01-02T03:04:05Z, \
             salt=0123456789abcdef0123456789abcdef, \
             signature=357d3fa2526b5709c4cb76dfec9b8bf05ae96024fdd968a415c718de09037728"
        );
    }
}
