//! Naver's profile (`/v1/nid/me`): a profile, or one of two forms of error, with any status.

use http::StatusCode;
use rlibphonenumber::Region;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    error::{LoginErrorKind, ProviderError},
    phone::{PhoneAssurance, Reading},
    provider::{PhoneClaim, Profile, json},
};

/// The response in all its forms: `resultcode` is the API's, `errorCode` that of the gateway in
/// front of it.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Me {
    resultcode: Value,
    #[serde(rename = "errorCode")]
    error_code: Value,
    response: Value,
}

/// The profile. Everything but `id` may be missing, because the user may leave out any item.
#[derive(Deserialize)]
struct Account {
    id: Value,
    #[serde(default)]
    mobile: Value,
    /// Not documented. Some profiles have only this one.
    #[serde(default)]
    mobile_e164: Value,
    #[serde(default)]
    name: Value,
    #[serde(default)]
    nickname: Value,
    #[serde(default)]
    email: Value,
}

/// Reads a response.
pub(crate) fn read(status: StatusCode, text: &[u8]) -> Result<Profile, ProviderError> {
    let me: Me = json::parse(text)?;
    if !status.is_success() || me.resultcode != "00" {
        return Err(refused(status, &me));
    }
    let account: Account = serde_json::from_value(me.response)
        .map_err(|_| ProviderError::new(LoginErrorKind::InvalidAnswer))?;
    account.into_profile()
}

/// The error for a refusal.
fn refused(status: StatusCode, me: &Me) -> ProviderError {
    let code = me
        .resultcode
        .as_str()
        .or_else(|| me.error_code.as_str())
        .unwrap_or_default();
    let kind = match code {
        "024" | "028" => LoginErrorKind::TokenRejected,
        _ if status == StatusCode::FORBIDDEN => LoginErrorKind::Misconfigured,
        _ => json::cause(status),
    };
    let plain = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit());
    if plain {
        ProviderError::with_code(kind, code.to_owned())
    } else {
        ProviderError::new(kind)
    }
}

impl Account {
    /// The profile, or the reason why it has no phone number.
    fn into_profile(self) -> Result<Profile, ProviderError> {
        let subject = match &self.id {
            Value::String(id) => id.clone(),
            Value::Number(id) if id.is_u64() => id.to_string(),
            _ => return Err(ProviderError::new(LoginErrorKind::InvalidAnswer)),
        };
        let text = |value: &Value| {
            value
                .as_str()
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        Ok(Profile {
            proved_at: None,
            issued_at: None,
            sid: None,
            id_token: None,
            subject,
            name: text(&self.name).or_else(|| text(&self.nickname)),
            email: text(&self.email),
            // Naver does not say whether the address is verified; it may be any contact address.
            email_verified: false,
            phone: PhoneClaim {
                raw: self.mobile()?.into(),
                region: Some(Region::KR),
                assurance: PhoneAssurance::Asserted,
                doubt: None,
            },
        })
    }

    /// The phone number. Withheld, and not configured in the console, look the same; a second
    /// request for consent tells them apart.
    fn mobile(&self) -> Result<String, ProviderError> {
        let read = |number: &str| Reading::of(number, Some(Region::KR)).ok();
        match (number(&self.mobile)?, number(&self.mobile_e164)?) {
            (Some(mobile), Some(other)) if read(other) != read(mobile) => Err(
                ProviderError::with_code(LoginErrorKind::InvalidAnswer, "mobile_differs"),
            ),
            (Some(number), _) | (None, Some(number)) => Ok(number.to_owned()),
            (None, None) => Err(ProviderError::new(LoginErrorKind::PhoneNotShared)),
        }
    }
}

/// A number that is a non-empty text.
fn number(value: &Value) -> Result<Option<&str>, ProviderError> {
    match value {
        Value::Null => Ok(None),
        Value::String(number) => Ok(Some(number.as_str()).filter(|text| !text.trim().is_empty())),
        _ => {
            let kind = LoginErrorKind::InvalidAnswer;
            Err(ProviderError::with_code(kind, "mobile_type"))
        }
    }
}
