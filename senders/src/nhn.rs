//! NHN Cloud Notification.

use std::fmt;

use http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};
use tower_phone_auth::{
    ConfigError,
    phone_step::{CodeSender, Message, SendError, SendErrorKind},
    provider::{BoxFuture, HttpClient},
};

use crate::{
    alimtalk::AlimTalk,
    api::{Api, Body, Headers},
    hmac::random_hex,
    national::National,
    reply::{CREDENTIALS, Reply, SENDER, TEMPLATE, TEXT},
    setting,
};

/// NHN Cloud Notification, formerly Toast, by its queue for codes
/// ([documentation](https://docs.nhncloud.com/en/Notification/SMS/en/api-guide/)).
///
/// Sends an SMS, or an AlimTalk message with [`alimtalk`](Self::alimtalk). A text must have one of
/// the words 인증, 비밀번호, `auth`, `password` and `verif`, as the texts of the layer have.
///
/// ```
/// use tower_phone_auth_senders::{AlimTalk, Nhn};
///
/// let nhn = Nhn::new("app-key", "secret", "0212345678")?;
/// let template = AlimTalk::new("sender-key", "template-code");
/// let by_kakao = nhn.clone().alimtalk("other-app-key", "other-secret", template)?;
/// let in_tests = nhn.endpoint_base("http://127.0.0.1:9400")?;
/// # let _ = (by_kakao, in_tests);
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct Nhn {
    /// The origin of both products, for tests.
    base: Option<Api>,
    sms: Account,
    from: String,
    alimtalk: Option<(Account, AlimTalk)>,
}

/// The key and the secret of one product.
#[derive(Clone)]
struct Account {
    app_key: String,
    secret_key: SecretString,
}

impl Account {
    fn new(app_key: String, secret_key: String) -> Result<Self, ConfigError> {
        Ok(Self {
            app_key: setting::path_part("app_key", app_key)?,
            secret_key: setting::visible("secret_key", secret_key)?.into(),
        })
    }

    fn headers(&self) -> Result<Headers, SendError> {
        Headers::default().with("x-secret-key", self.secret_key.expose_secret())
    }
}

impl Nhn {
    /// The sender with the app key and the secret key of the product SMS, and a registered sender
    /// number.
    ///
    /// # Errors
    /// If the app key is not one, if the secret has other characters than visible ASCII, or if the
    /// number is not 8 to 11 digits.
    pub fn new(
        app_key: impl Into<String>,
        secret_key: impl Into<String>,
        from: impl AsRef<str>,
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            base: None,
            sms: Account::new(app_key.into(), secret_key.into())?,
            from: setting::sender_number(from.as_ref())?,
            alimtalk: None,
        })
    }

    /// Sends AlimTalk messages by this template, with the keys of the product KakaoTalk Bizmessage.
    /// Default: SMS.
    ///
    /// # Errors
    /// As [`new`](Self::new), about the keys.
    pub fn alimtalk(
        self,
        app_key: impl Into<String>,
        secret_key: impl Into<String>,
        template: AlimTalk,
    ) -> Result<Self, ConfigError> {
        let account = Account::new(app_key.into(), secret_key.into())?;
        Ok(Self {
            alimtalk: Some((account, template)),
            ..self
        })
    }

    /// Calls this origin in place of NHN Cloud's, for tests. Such a sender
    /// [is for development](CodeSender::is_for_development).
    ///
    /// # Errors
    /// If it is not an origin on loopback.
    pub fn endpoint_base(self, origin: impl AsRef<str>) -> Result<Self, ConfigError> {
        let base = Some(Api::local(origin.as_ref())?);
        Ok(Self { base, ..self })
    }

    fn api(&self, origin: &str) -> Api {
        self.base.clone().unwrap_or_else(|| Api::new(origin))
    }

    async fn send_sms(
        &self,
        http: &dyn HttpClient,
        number: National,
        text: &str,
    ) -> Result<(), SendError> {
        let recipient = if number.is_korean() {
            json!({ "recipientNo": number.digits, "countryCode": number.country })
        } else {
            let digits = format!("{}{}", number.country, number.digits);
            json!({ "internationalRecipientNo": digits })
        };
        let body = json!({
            "body": text,
            "sendNo": self.from,
            "recipientList": [recipient],
        });
        let path = format!("/sms/v3.0/appKeys/{}/sender/auth/sms", self.sms.app_key);
        let api = self.api("https://sms.api.nhncloudservice.com");
        let reply = api.post(http, &path, self.sms.headers()?, Body::Json(body));
        let reply = reply.await?;
        outcome(&reply, &reply.json["body"]["data"]["sendResultList"])
    }

    async fn send_alimtalk(
        &self,
        http: &dyn HttpClient,
        number: National,
        (account, template): (&Account, &AlimTalk),
        message: &Message<'_>,
    ) -> Result<(), SendError> {
        let variables: Map<String, Value> = template
            .filled(message)
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        let resend = match template.falls_back {
            true => json!({
                "isResend": true,
                "resendType": "SMS",
                "resendContent": message.text,
                "resendSendNo": self.from,
            }),
            false => json!({ "isResend": false }),
        };
        let body = json!({
            "senderKey": template.channel,
            "templateCode": template.template,
            "recipientList": [{
                "recipientNo": number.digits,
                "templateParameter": variables,
                "resendParameter": resend,
            }],
        });
        let headers = account.headers()?;
        let headers = headers.with("x-nc-api-idempotency-key", &random_hex()?)?;
        let path = format!("/alimtalk/v2.3/appkeys/{}/auth/messages", account.app_key);
        let api = self.api("https://kakaotalk-bizmessage.api.nhncloudservice.com");
        let reply = api.post(http, &path, headers, Body::Json(body)).await?;
        outcome(&reply, &reply.json["message"]["sendResults"])
    }
}

impl CodeSender for Nhn {
    fn send<'a>(
        &'a self,
        http: &'a dyn HttpClient,
        message: Message<'a>,
    ) -> BoxFuture<'a, Result<(), SendError>> {
        Box::pin(async move {
            let number = National::of(message.number);
            match &self.alimtalk {
                Some((account, template)) if number.is_korean() => {
                    let by = (account, template);
                    self.send_alimtalk(http, number, by, &message).await
                }
                _ => self.send_sms(http, number, message.text).await,
            }
        })
    }

    fn is_for_development(&self) -> bool {
        self.base.is_some()
    }
}

/// Reads a reply, which has the status 200 for a refusal too. The header and the entry of each
/// recipient must say success.
fn outcome(reply: &Reply, entries: &Value) -> Result<(), SendError> {
    let unreadable = || SendError::new(SendErrorKind::Unknown).code("unreadable");
    let header = &reply.json["header"];
    let Some(code) = header["resultCode"].as_i64() else {
        return Err(match reply.status {
            StatusCode::OK => unreadable(),
            _ => reply.status_error(),
        });
    };
    if code != 0 {
        return Err(refused(code, reply));
    }
    let entries = entries.as_array().filter(|entries| !entries.is_empty());
    let Some(entries) = entries.filter(|_| header["isSuccessful"] == true) else {
        return Err(unreadable());
    };
    for entry in entries {
        match entry["resultCode"].as_i64() {
            Some(0) => {}
            Some(code) => return Err(refused(code, reply)),
            None => return Err(unreadable()),
        }
    }
    Ok(())
}

/// A `resultCode` other than 0.
fn refused(code: i64, reply: &Reply) -> SendError {
    use SendErrorKind::{Misconfigured, NumberRefused, Refused, Unknown};

    let (kind, remedy) = match code {
        -2019 => (NumberRefused, None),
        -1002..=-1000 => (Misconfigured, Some(CREDENTIALS)),
        -1004 => (
            Misconfigured,
            Some("permit the address of this server in the console of NHN Cloud"),
        ),
        -1003 | -2312 | -2313 => (Misconfigured, Some(SENDER)),
        -2015 | -2023 => (Misconfigured, Some(TEXT)),
        -1028 | -3010 | -3005 | -3003 => (Misconfigured, Some(TEMPLATE)),
        -8000 => (
            Misconfigured,
            Some("put one of the words 인증, auth, verif and password into the message"),
        ),
        -2052 | -2053 => (reply.busy(), None),
        // With the idempotency key of a request that was taken before, or an error of the system.
        -1005 | -9999 => (Unknown, None),
        _ => (Refused, None),
    };
    let error = SendError::new(kind).code(&code.to_string());
    match remedy {
        Some(remedy) => error.remedy(remedy),
        None => error,
    }
}

/// Hides the keys, of which the app key is a part of the address.
impl fmt::Debug for Nhn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let template = self.alimtalk.as_ref().map(|(_, template)| template);
        f.debug_struct("Nhn")
            .field("alimtalk", &template)
            .finish_non_exhaustive()
    }
}
