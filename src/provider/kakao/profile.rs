//! Kakao's profile (`/v2/user/me`): the user, and the four reasons for a missing phone number.

use rlibphonenumber::Region;
use serde::Deserialize;
use serde_json::Value;

use crate::provider::{PhoneClaim, Profile, claims::ProviderClaims};
use crate::{
    error::{LoginErrorKind, ProviderError},
    phone::PhoneAssurance,
};

/// The response. All members but `id` may be missing or null. Members that are not needed may have
/// any type, so that a change of them does not fail sign-ins.
#[derive(Deserialize)]
pub(super) struct Me {
    /// The user's id. It has 64 bits, which are more than a double holds.
    id: u64,
    #[serde(default)]
    /// False if the user is registered with Kakao's console setting for manual sign-up, and not
    /// linked yet.
    has_signed_up: Value,
    kakao_account: Option<Account>,
}

/// The consent items of the user's Kakao account.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Account {
    phone_number: Value,
    phone_number_needs_agreement: Value,
    name: Value,
    profile: Value,
    email: Value,
    is_email_valid: Value,
    is_email_verified: Value,
}

impl Me {
    /// The profile, with the number or the reason why there is none.
    pub(super) fn into_profile(self) -> Result<Profile, ProviderError> {
        if self.id == 0 {
            return Err(ProviderError::new(LoginErrorKind::InvalidAnswer));
        }
        let account = self.kakao_account.unwrap_or_default();
        let name = text(&account.name).or_else(|| text(&account.profile["nickname"]));
        let email = text(&account.email);
        // `is_email_valid` becomes false after the address was given to another account.
        let email_verified = account.is_email_valid == true && account.is_email_verified == true;
        let raw = phone(account, self.has_signed_up == false).map_err(ProviderError::new);
        Ok(Profile {
            proved_at: None,
            issued_at: None,
            sid: None,
            id_token: None,
            claims: ProviderClaims::default(),
            subject: self.id.to_string(),
            name,
            email,
            email_verified,
            phone: raw.map(|raw| PhoneClaim {
                raw: raw.into(),
                // Most numbers have a country code (`+82 10-...`). The region is for those without
                // one.
                region: Some(Region::KR),
                assurance: PhoneAssurance::Asserted,
                doubt: None,
            }),
        })
    }
}

/// A non-empty text.
fn text(value: &Value) -> Option<String> {
    value
        .as_str()
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// The phone number, or the reason why it is missing. `has_phone_number` is deprecated and
/// unreliable, so it is not read. A number beside `phone_number_needs_agreement: true` counts as
/// missing.
fn phone(account: Account, preregistered: bool) -> Result<String, LoginErrorKind> {
    let number = match account.phone_number {
        Value::Null => None,
        Value::String(number) => Some(number).filter(|number| !number.trim().is_empty()),
        _ => return Err(LoginErrorKind::InvalidAnswer),
    };
    let needs_agreement = match account.phone_number_needs_agreement {
        Value::Null => None,
        Value::Bool(flag) => Some(flag),
        _ => return Err(LoginErrorKind::InvalidAnswer),
    };
    match (number, needs_agreement) {
        (Some(number), None | Some(false)) => Ok(number),
        // Without automatic sign-up, the user may not be linked yet (`has_signed_up: false`). Kakao
        // then never gives the number, so asking for consent again would not help.
        _ if preregistered => Err(LoginErrorKind::Preregistered),
        (_, Some(true)) => Err(LoginErrorKind::PhoneNotShared),
        (None, Some(false)) => Err(LoginErrorKind::PhoneNotOnAccount),
        // Kakao leaves both members out if the console does not list the item.
        (None, None) => Err(LoginErrorKind::PhoneNotConfigured),
    }
}
