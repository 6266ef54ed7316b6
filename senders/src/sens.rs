//! NAVER Cloud SENS.

use std::{fmt, time::SystemTime};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::StatusCode;
use secrecy::SecretString;
use serde_json::{Value, json};
use tower_phone_auth::{
    Clock, ConfigError,
    phone_step::{CodeSender, Message, SendError, SendErrorKind},
    provider::{BoxFuture, HttpClient},
};

use crate::{
    alimtalk::AlimTalk,
    api::{Api, Body, Headers},
    hmac::tag,
    national::National,
    reply::{Reply, code},
    setting,
};

/// NAVER Cloud SENS (Simple & Easy Notification Service)
/// ([documentation](https://api.ncloud-docs.com/docs/en/sens-overview)).
///
/// Sends an SMS, or an AlimTalk message with [`alimtalk`](Self::alimtalk). The clock of the server
/// may be at most 5 minutes off.
///
/// ```
/// use tower_phone_auth::Clock;
/// use tower_phone_auth_senders::{AlimTalk, Sens};
///
/// let sens = Sens::new("access-key", "secret-key", "ncp:sms:kr:123:shop", "0212345678")?;
/// let template = AlimTalk::new("@shop", "code").text("인증번호는 #{code}입니다.");
/// let by_kakao = sens.clone().alimtalk("ncp:kkobizmsg:kr:123:shop", template)?;
/// let of_an_institution = sens.clone().government_zone();
/// let in_tests = sens.endpoint_base("http://127.0.0.1:9400")?.clock(Clock::system());
/// # let _ = (by_kakao, of_an_institution, in_tests);
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct Sens {
    api: Api,
    access_key: String,
    secret_key: SecretString,
    service: String,
    from: String,
    alimtalk: Option<(String, AlimTalk)>,
    clock: Clock,
}

impl Sens {
    /// The sender with the keys of the account, the id of the SMS service, and a registered sender
    /// number.
    ///
    /// # Errors
    /// If a key has other characters than visible ASCII, if the id is not one, or if the number is
    /// not 8 to 11 digits.
    pub fn new(
        access_key: impl Into<String>,
        secret_key: impl Into<String>,
        service_id: impl Into<String>,
        from: impl AsRef<str>,
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            api: Api::new("https://sens.apigw.ntruss.com"),
            access_key: setting::visible("access_key", access_key.into())?,
            secret_key: setting::visible("secret_key", secret_key.into())?.into(),
            service: setting::path_part("service_id", service_id.into())?,
            from: setting::sender_number(from.as_ref())?,
            alimtalk: None,
            clock: Clock::system(),
        })
    }

    /// Sends AlimTalk messages by this template, through a service of its own such as
    /// `ncp:kkobizmsg:kr:123:shop`. The template needs its [text](AlimTalk::text). Default: SMS.
    ///
    /// # Errors
    /// If the id is not one, or if the template has no text.
    pub fn alimtalk(
        self,
        service_id: impl Into<String>,
        template: AlimTalk,
    ) -> Result<Self, ConfigError> {
        if template.text.is_empty() {
            return Err(ConfigError::new(
                "alimtalk",
                "the template has no text",
                "set the approved text with AlimTalk::text",
            ));
        }
        let service = setting::path_part("service_id", service_id.into())?;
        Ok(Self {
            alimtalk: Some((service, template)),
            ..self
        })
    }

    /// Calls the zone for public institutions, `https://sens.apigw.gov-ntruss.com`.
    #[must_use]
    pub fn government_zone(self) -> Self {
        Self {
            api: Api::new("https://sens.apigw.gov-ntruss.com"),
            ..self
        }
    }

    /// Calls this origin in place of `https://sens.apigw.ntruss.com`, for tests. Such a sender
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

    /// The headers of a `POST` to this path, exactly as it is sent.
    fn headers(&self, path: &str) -> Result<Headers, SendError> {
        let since = self.clock.now().duration_since(SystemTime::UNIX_EPOCH);
        let millis = since.map_or(0, |since| since.as_millis()).to_string();
        let signed = format!("POST {path}\n{millis}\n{}", self.access_key);
        let signature = STANDARD.encode(tag(&self.secret_key, &signed));
        Headers::default()
            .with("x-ncp-apigw-timestamp", &millis)?
            .with("x-ncp-iam-access-key", &self.access_key)?
            .with("x-ncp-apigw-signature-v2", &signature)
    }

    /// The path and the body of a message.
    fn request(&self, message: &Message<'_>) -> (String, Value) {
        let number = National::of(message.number);
        match &self.alimtalk {
            Some((service, template)) if number.is_korean() => {
                let path = format!("/alimtalk/v2/services/{service}/messages");
                (path, self.alimtalk_body(template, &number, message))
            }
            _ => {
                let path = format!("/sms/v2/services/{}/messages", self.service);
                let body = json!({
                    "type": "SMS",
                    "contentType": "COMM",
                    "countryCode": number.country,
                    "from": self.from,
                    "content": message.text,
                    "messages": [{ "to": number.digits }],
                });
                (path, body)
            }
        }
    }

    fn alimtalk_body(
        &self,
        template: &AlimTalk,
        number: &National,
        message: &Message<'_>,
    ) -> Value {
        let mut one = json!({
            "countryCode": number.country,
            "to": number.digits,
            "content": template.filled_text(message),
            "useSmsFailover": template.falls_back,
        });
        if template.falls_back {
            one["failoverConfig"] = json!({
                "type": "SMS",
                "from": self.from,
                "content": message.text,
            });
        }
        json!({
            "plusFriendId": template.channel,
            "templateCode": template.template,
            "messages": [one],
        })
    }
}

impl CodeSender for Sens {
    fn send<'a>(
        &'a self,
        http: &'a dyn HttpClient,
        message: Message<'a>,
    ) -> BoxFuture<'a, Result<(), SendError>> {
        Box::pin(async move {
            let (path, body) = self.request(&message);
            let headers = self.headers(&path)?;
            let reply = self.api.post(http, &path, headers, Body::Json(body));
            outcome(&reply.await?)
        })
    }

    fn is_for_development(&self) -> bool {
        self.api.is_local
    }
}

/// Reads a reply. 202 alone is a success, and only if each message of AlimTalk was accepted.
fn outcome(reply: &Reply) -> Result<(), SendError> {
    if reply.status != StatusCode::ACCEPTED {
        let code = error_code(&reply.json);
        let error = reply.error(&code.unwrap_or_else(|| reply.status.as_str().to_owned()));
        let is_gateway = matches!(
            reply.status,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
        );
        // The gateway has one answer for wrong keys and for a wrong clock.
        let remedy = "check the keys of the sender, and the clock of this server (5 minutes)";
        return Err(if is_gateway {
            error.remedy(remedy)
        } else {
            error
        });
    }
    let refused = |code: &str| Err(SendError::new(SendErrorKind::Refused).code(code));
    match code(&reply.json["statusCode"]) {
        Some(status) if status == "202" => {}
        Some(status) => return refused(&status),
        None => return Err(SendError::new(SendErrorKind::Unknown).code("unreadable")),
    }
    let messages = reply.json["messages"].as_array();
    let mut codes = messages.into_iter().flatten().map(|message| {
        let status = &message["requestStatusCode"];
        code(status).unwrap_or_else(|| "unreadable".to_owned())
    });
    match codes.find(|code| code != "A000") {
        Some(code) => refused(&code),
        None => Ok(()),
    }
}

/// The code of an error, in each of the shapes of the documentation and of the gateway.
fn error_code(json: &Value) -> Option<String> {
    let first = |value: &Value| match value {
        Value::Array(list) => list.first().and_then(code),
        other => code(other),
    };
    code(&json["error"]["errorCode"])
        .or_else(|| code(&json["status"]))
        .or_else(|| code(&json["statusCode"]))
        .or_else(|| first(&json["errors"]))
        .or_else(|| first(&json["error"]))
}

/// Hides the secret.
impl fmt::Debug for Sens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sens")
            .field("access_key", &self.access_key)
            .field("service", &self.service)
            .field("alimtalk", &self.alimtalk)
            .finish_non_exhaustive()
    }
}
