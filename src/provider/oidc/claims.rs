//! What the claims say of a person, from the ID token and from userinfo.

use std::borrow::Cow;

use rlibphonenumber::Region;
use serde_json::{Map, Value};

use super::describe;
use crate::provider::{PhoneClaim, Profile};
use crate::{
    error::{LoginError, LoginErrorKind},
    phone::{self, PhoneAssurance},
    session::id::ProviderSession,
};

/// How one provider's claims are to be read.
#[derive(Clone, Debug)]
pub(crate) struct ClaimRules {
    /// The claim that holds the number.
    pub(crate) claim: Cow<'static, str>,
    /// The country of numbers that are written without one.
    pub(crate) region: Option<Region>,
    /// Numbers come with their country code and without the plus sign.
    pub(crate) lacks_plus: bool,
    /// `"true"` counts as true, as at AWS Cognito.
    pub(crate) string_booleans: bool,
    /// What a number without `phone_number_verified` is worth.
    pub(crate) without_flag: PhoneAssurance,
}

impl Default for ClaimRules {
    fn default() -> Self {
        Self {
            claim: Cow::Borrowed("phone_number"),
            region: None,
            lacks_plus: false,
            string_booleans: false,
            without_flag: PhoneAssurance::Unverified,
        }
    }
}

/// The number in one source alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct IdTokenPhone {
    /// The flag is there as well.
    pub(super) is_complete: bool,
    pub(super) assurance: PhoneAssurance,
}

type ClaimSet = Map<String, Value>;

impl ClaimRules {
    /// The profile of `subject`. A phone number that both sources give must be the same one; `missing` says why there is
    /// none.
    pub(super) fn profile(
        &self,
        subject: String,
        id_token: &ClaimSet,
        userinfo: Option<&ClaimSet>,
        missing: impl FnOnce() -> LoginError,
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
            sid: session(id_token),
            id_token: None,
            subject,
            phone: self.phone(&sources)?.ok_or_else(missing)?,
            name: text("name").or_else(|| text("nickname")),
            email: text("email"),
            email_verified: email_verified == Some(true),
        })
    }

    /// What the number in this source is worth without any other source. None if it has no number.
    pub(super) fn phone_in(&self, claims: &ClaimSet) -> Result<Option<IdTokenPhone>, LoginError> {
        let flag = self.flag(claims);
        let (assurance, _) = self.worth(&[flag]);
        Ok(self.number(claims)?.map(|_| IdTokenPhone {
            is_complete: flag.is_some(),
            assurance,
        }))
    }

    fn phone(&self, sources: &[&ClaimSet]) -> Result<Option<PhoneClaim>, LoginError> {
        let mut first: Option<&str> = None;
        for claims in sources {
            match (self.number(claims)?, first) {
                (Some(raw), Some(first)) if !self.is_same(first, raw) => {
                    let kind = LoginErrorKind::InvalidAnswer;
                    return Err(LoginError::with_code(kind, "phone_number_differs"));
                }
                (Some(raw), None) => first = Some(raw),
                (_, _) => {}
            }
        }
        // Both sources are of one issuer and one subject: the flag may be in the one and the number in the other.
        let flags: Vec<Option<bool>> = sources.iter().map(|claims| self.flag(claims)).collect();
        let (assurance, doubt) = self.worth(&flags);
        Ok(first.map(|raw| PhoneClaim {
            raw: self.with_plus(raw).into(),
            region: self.region,
            assurance,
            doubt,
        }))
    }

    /// A single false outweighs every true. A number that is not verified has the reason beside it.
    fn worth(&self, flags: &[Option<bool>]) -> (PhoneAssurance, Option<&'static str>) {
        if flags.contains(&Some(false)) {
            (PhoneAssurance::Unverified, Some("flag_false"))
        } else if flags.contains(&Some(true)) {
            (PhoneAssurance::Verified, None)
        } else {
            (self.without_flag, Some("no_flag"))
        }
    }

    fn flag(&self, claims: &ClaimSet) -> Option<bool> {
        self.boolean(claims.get("phone_number_verified"))
    }

    /// Null and empty are missing (Core section 5.3.2 asks to leave such claims out).
    fn number<'a>(&self, claims: &'a ClaimSet) -> Result<Option<&'a str>, LoginError> {
        match claims.get(&*self.claim) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => {
                let kind = LoginErrorKind::InvalidAnswer;
                let wanted = format!("a text in {}", self.claim);
                let mismatch = describe::private(claims, &self.claim, &wanted);
                Err(LoginError::with_code(kind, "phone_number_type").differing(mismatch))
            }
        }
    }

    fn is_same(&self, a: &str, b: &str) -> bool {
        let read = |raw| phone::Reading::of(&self.with_plus(raw), self.region).ok();
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

/// The session at the provider (Back-Channel Logout section 2.1): any text of a length that can be kept.
pub(super) fn sid(claims: &ClaimSet) -> Option<&str> {
    let sid = claims.get("sid").and_then(Value::as_str);
    sid.filter(|sid| ProviderSession::of(sid).is_some())
}

/// The same at sign-in, where it is judged later. Null is missing.
pub(super) fn session(id_token: &ClaimSet) -> Option<String> {
    match id_token.get("sid")? {
        Value::Null => None,
        Value::String(sid) => Some(sid.clone()),
        _ => {
            tracing::warn!(
                "the ID token's sid is no text and cannot be kept: a logout token with it does not end this session"
            );
            None
        }
    }
}
