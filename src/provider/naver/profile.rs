//! Naver's profile (`/v1/nid/me`). The response is a profile, or one of two forms of error, with
//! any status.

use http::StatusCode;
use rlibphonenumber::Region;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    error::{LoginErrorKind, ProviderError},
    phone::{PhoneAssurance, Reading},
    provider::{PhoneClaim, Profile, claims::ProviderClaims, json},
};

/// The response in all its forms. `resultcode` is a member of the API's responses, `errorCode` one
/// of the gateway in front of it.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Me {
    resultcode: Value,
    #[serde(rename = "errorCode")]
    error_code: Value,
    /// The profile, if `resultcode` is `"00"`.
    response: Value,
}

/// The profile. All members but `id` may be missing, because the user may leave out any item.
#[derive(Deserialize)]
struct Account {
    /// A text of up to 64 characters, or digits for applications from before May 2021.
    id: Value,
    /// In domestic notation, such as `010-1234-5678`.
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

/// Reads a response. The status alone proves nothing, because some rejections come with 200.
pub(crate) fn read(status: StatusCode, text: &[u8]) -> Result<Profile, ProviderError> {
    let me: Me = json::parse(text)?;
    if !status.is_success() || me.resultcode != "00" {
        return Err(refused(status, &me));
    }
    let claims = me.response.as_object().cloned();
    let account: Account = serde_json::from_value(me.response)
        .map_err(|_| ProviderError::new(LoginErrorKind::InvalidAnswer))?;
    Ok(Profile {
        claims: ProviderClaims::new(claims),
        ..account.into_profile()?
    })
}

/// The error for a refusal. Only a code of three digits is kept, so that no other text of the
/// provider reaches pages or logs.
fn refused(status: StatusCode, me: &Me) -> ProviderError {
    let code = me
        .resultcode
        .as_str()
        .or_else(|| me.error_code.as_str())
        .unwrap_or_default();
    let kind = match code {
        // The access token is wrong, or the request had none.
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
    /// The profile, with the number or the reason why there is none.
    fn into_profile(self) -> Result<Profile, ProviderError> {
        let subject = match &self.id {
            Value::String(id) => id.clone(),
            // Some responses have the id as a number. Both forms are the same user.
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
            claims: ProviderClaims::default(),
            subject,
            name: text(&self.name).or_else(|| text(&self.nickname)),
            email: text(&self.email),
            // Naver does not say whether the address is verified. It may be any contact address.
            email_verified: false,
            phone: self.mobile().map(|raw| PhoneClaim {
                raw: raw.into(),
                region: Some(Region::KR),
                assurance: PhoneAssurance::Asserted,
                doubt: None,
            }),
        })
    }

    /// The phone number. A number that the user withheld and one that is not configured in the
    /// console look the same. A second request for consent tells them apart. If both notations are
    /// present, they must be the same number.
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

/// A number that is a non-empty text. `None` if it is missing, null or empty. A value of another
/// type is an error, because it would hide the number.
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
