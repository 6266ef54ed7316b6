//! What the claims say of a person, from the ID token and from userinfo.

use rlibphonenumber::Region;
use serde_json::{Map, Value};

use super::super::{PhoneClaim, Profile};
use crate::{
    error::{LoginError, LoginErrorKind},
    phone::{self, PhoneAssurance},
};

/// How one provider's claims are to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    /// The country of numbers that are written without one.
    pub(crate) region: Option<Region>,
    /// Numbers come with their country code and without the plus sign.
    pub(crate) lacks_plus: bool,
    /// `"true"` counts as true, as at AWS Cognito.
    pub(crate) string_booleans: bool,
    /// What a number without `phone_number_verified` is worth.
    pub(crate) without_flag: PhoneAssurance,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            region: None,
            lacks_plus: false,
            string_booleans: false,
            without_flag: PhoneAssurance::Unverified,
        }
    }
}

type ClaimSet = Map<String, Value>;

impl Reading {
    /// The profile of `subject`. A phone number that both sources give must be the same one.
    pub(crate) fn profile(
        &self,
        subject: String,
        id_token: &ClaimSet,
        userinfo: Option<&ClaimSet>,
    ) -> Result<Profile, LoginError> {
        let sources: Vec<&ClaimSet> = userinfo.into_iter().chain([id_token]).collect();
        let text = |name: &str| {
            let values = sources
                .iter()
                .filter_map(|claims| claims.get(name)?.as_str());
            values.map(str::to_owned).find(|text| !text.is_empty())
        };
        // The flag of the source that gave the address, not of the other one.
        let email = sources
            .iter()
            .find(|claims| claims.get("email").is_some_and(Value::is_string));
        let email_verified = email.and_then(|claims| self.boolean(claims.get("email_verified")));
        Ok(Profile {
            proved_at: None,
            issued_at: None,
            sid: sid(id_token).map(str::to_owned),
            logout_hint: None,
            subject,
            phone: self.phone(&sources)?,
            name: text("name").or_else(|| text("nickname")),
            email: text("email"),
            email_verified: email_verified == Some(true),
        })
    }

    fn phone(&self, sources: &[&ClaimSet]) -> Result<PhoneClaim, LoginError> {
        let mut found: Option<(&str, Vec<Option<bool>>)> = None;
        for claims in sources {
            let Some(raw) = number(claims)? else { continue };
            let flag = self.boolean(claims.get("phone_number_verified"));
            match &mut found {
                Some((first, _)) if !self.is_same(first, raw) => {
                    let kind = LoginErrorKind::InvalidAnswer;
                    return Err(LoginError::with_code(kind, "phone_number_differs"));
                }
                Some((_, flags)) => flags.push(flag),
                None => found = Some((raw, vec![flag])),
            }
        }
        let (raw, flags) = found.ok_or_else(|| LoginError::new(LoginErrorKind::PhoneNotShared))?;
        let assurance = if flags.contains(&Some(false)) {
            PhoneAssurance::Unverified
        } else if flags.contains(&Some(true)) {
            PhoneAssurance::Verified
        } else {
            self.without_flag
        };
        Ok(PhoneClaim {
            raw: self.with_plus(raw).into(),
            region: self.region,
            assurance,
        })
    }

    fn is_same(&self, a: &str, b: &str) -> bool {
        let read = |raw| phone::read(&self.with_plus(raw), self.region).ok();
        a == b || (read(a).is_some() && read(a) == read(b))
    }

    fn with_plus(&self, raw: &str) -> String {
        let plus = if self.lacks_plus && !raw.starts_with('+') {
            "+"
        } else {
            ""
        };
        format!("{plus}{raw}")
    }

    /// Only a true that is true: a non-empty text is none. Anything else that is there is false.
    fn boolean(&self, value: Option<&Value>) -> Option<bool> {
        match value? {
            Value::Null => None,
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => Some(self.string_booleans && text == "true"),
            _ => Some(false),
        }
    }
}

/// The session at the provider (Back-Channel Logout section 2.1), unless it is too long to be kept.
pub(super) fn sid(claims: &ClaimSet) -> Option<&str> {
    let sid = claims.get("sid").and_then(Value::as_str);
    sid.filter(|sid| (1..=LONGEST_SID).contains(&sid.len()))
        .filter(|sid| sid.bytes().all(|byte| byte.is_ascii_graphic()))
}

const LONGEST_SID: usize = 128;

/// Null and empty are missing (Core section 5.3.2 asks to leave such claims out).
fn number(claims: &ClaimSet) -> Result<Option<&str>, LoginError> {
    match claims.get("phone_number") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(LoginError::new(LoginErrorKind::InvalidAnswer)),
    }
}
