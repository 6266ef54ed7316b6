//! From the claims of ID token and userinfo to a [`Profile`]. Both are verified before they come
//! here.

use std::borrow::Cow;

use rlibphonenumber::Region;
use serde_json::{Map, Value};

use super::describe;
use crate::provider::{PhoneClaim, Profile, claims::ProviderClaims};
use crate::{
    error::{LoginErrorKind, ProviderError},
    phone::{self, PhoneAssurance},
    session::id::ProviderSession,
};

#[cfg(test)]
mod tests;

/// The rules by which one provider's claims are read, from the settings.
#[derive(Clone, Debug)]
pub(crate) struct ClaimRules {
    /// The claim with the phone number.
    pub(crate) claim: Cow<'static, str>,
    /// The country of numbers without a country code. `None` refuses such numbers.
    pub(crate) region: Option<Region>,
    /// Numbers have a country code and no plus sign.
    pub(crate) lacks_plus: bool,
    /// The text `"true"` counts as true, as AWS Cognito sends it.
    pub(crate) string_booleans: bool,
    /// The assurance of a number without `phone_number_verified`.
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

/// The phone number in the ID token, without userinfo. It decides whether userinfo is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct IdTokenPhone {
    /// The ID token also has the flag `phone_number_verified`.
    pub(super) is_complete: bool,
    /// The assurance that the ID token alone gives the number.
    pub(super) assurance: PhoneAssurance,
}

/// The claims of one source.
type ClaimSet = Map<String, Value>;

impl ClaimRules {
    /// The profile of `subject`. If ID token and userinfo both have a phone number, they must
    /// agree, because otherwise neither can be trusted. `missing` makes the error if neither has
    /// one.
    pub(super) fn profile(
        &self,
        subject: String,
        id_token: &ClaimSet,
        userinfo: Option<&ClaimSet>,
        missing: impl FnOnce() -> ProviderError,
    ) -> Result<Profile, ProviderError> {
        // Userinfo comes first, because it is the newer of the two and usually has more.
        let sources: Vec<&ClaimSet> = userinfo.into_iter().chain([id_token]).collect();
        let text = |name: &str| {
            let values = sources
                .iter()
                .filter_map(|claims| claims.get(name)?.as_str());
            values.map(str::to_owned).find(|text| !text.is_empty())
        };
        // The flag must come from the same source as the address, because it is about that address.
        let email = sources
            .iter()
            .find(|claims| claims.get("email").is_some_and(Value::is_string));
        let email_verified = email.and_then(|claims| self.boolean(claims.get("email_verified")));
        Ok(Profile {
            proved_at: None,
            issued_at: None,
            sid: session(id_token),
            id_token: None,
            claims: ProviderClaims::new(sources.iter().copied().cloned()),
            subject,
            phone: self
                .phone(&sources)
                .and_then(|phone| phone.ok_or_else(missing)),
            name: text("name").or_else(|| text("nickname")),
            email: text("email"),
            email_verified: email_verified == Some(true),
        })
    }

    /// The phone number of these claims without any other source. `None` if they have no number. An
    /// error if the claim has another type.
    pub(super) fn phone_in(
        &self,
        claims: &ClaimSet,
    ) -> Result<Option<IdTokenPhone>, ProviderError> {
        let flag = self.flag(claims);
        let (assurance, _) = self.worth(&[flag]);
        Ok(self.number(claims)?.map(|_| IdTokenPhone {
            is_complete: flag.is_some(),
            assurance,
        }))
    }

    /// The phone number of both sources together. `None` if neither has one.
    fn phone(&self, sources: &[&ClaimSet]) -> Result<Option<PhoneClaim>, ProviderError> {
        // Two notations of one number agree, so they are compared as numbers.
        let mut first: Option<&str> = None;
        for claims in sources {
            match (self.number(claims)?, first) {
                (Some(raw), Some(first)) if !self.is_same(first, raw) => {
                    let kind = LoginErrorKind::InvalidAnswer;
                    return Err(ProviderError::with_code(kind, "phone_number_differs"));
                }
                (Some(raw), None) => first = Some(raw),
                (_, _) => {}
            }
        }
        // Both sources describe the same subject of the same issuer, so that one may hold the
        // number and the other one the flag.
        let flags: Vec<Option<bool>> = sources.iter().map(|claims| self.flag(claims)).collect();
        let (assurance, doubt) = self.worth(&flags);
        Ok(first.map(|raw| PhoneClaim {
            raw: self.with_plus(raw).into(),
            region: self.region,
            assurance,
            doubt,
        }))
    }

    /// The assurance by the flags of both sources. One `false` outweighs every `true`. If the
    /// number is not verified, the second value is the reason, for the log.
    fn worth(&self, flags: &[Option<bool>]) -> (PhoneAssurance, Option<&'static str>) {
        if flags.contains(&Some(false)) {
            (PhoneAssurance::Unverified, Some("flag_false"))
        } else if flags.contains(&Some(true)) {
            (PhoneAssurance::Verified, None)
        } else {
            (self.without_flag, Some("no_flag"))
        }
    }

    /// The flag `phone_number_verified`. `None` if there is none.
    fn flag(&self, claims: &ClaimSet) -> Option<bool> {
        self.boolean(claims.get("phone_number_verified"))
    }

    /// The text of the number claim. Null and empty text count as missing, although Core section
    /// 5.3.2 requires servers to omit such claims.
    fn number<'a>(&self, claims: &'a ClaimSet) -> Result<Option<&'a str>, ProviderError> {
        match claims.get(&*self.claim) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => {
                let kind = LoginErrorKind::InvalidAnswer;
                let wanted = format!("a text in {}", self.claim);
                let mismatch = describe::private(claims, &self.claim, &wanted);
                Err(ProviderError::with_code(kind, "phone_number_type").differing(mismatch))
            }
        }
    }

    /// Whether two texts are the same number, possibly in different notations. Texts that cannot be
    /// read are compared as they are.
    fn is_same(&self, a: &str, b: &str) -> bool {
        let read = |raw| phone::Reading::of(&self.with_plus(raw), self.region).ok();
        a == b || (read(a).is_some() && read(a) == read(b))
    }

    /// The number with a plus sign, if this provider leaves the sign out.
    fn with_plus(&self, raw: &str) -> String {
        let plus = if self.lacks_plus && !raw.starts_with('+') {
            "+"
        } else {
            ""
        };
        format!("{plus}{raw}")
    }

    /// A boolean claim. `None` if it is missing or null. Any value other than `true` is `false`,
    /// because a value of another type must not raise the assurance.
    fn boolean(&self, value: Option<&Value>) -> Option<bool> {
        match value? {
            Value::Null => None,
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => Some(self.string_booleans && text == "true"),
            _ => Some(false),
        }
    }
}

/// The `sid` of a logout token (Back-Channel Logout section 2.1). `None` if it is missing, or has a
/// length that no session here stores.
pub(super) fn sid(claims: &ClaimSet) -> Option<&str> {
    let sid = claims.get("sid").and_then(Value::as_str);
    sid.filter(|sid| ProviderSession::of(sid).is_some())
}

/// The `sid` of an ID token. Its length is checked later, when the session is sealed. Null counts
/// as missing. A value of another type is logged and dropped, because it must not fail the sign-in.
pub(super) fn session(id_token: &ClaimSet) -> Option<String> {
    match id_token.get("sid")? {
        Value::Null => None,
        Value::String(sid) => Some(sid.clone()),
        _ => {
            tracing::warn!(
                "the ID token's sid is not a text and cannot be kept, so a logout token with it \
                 does not end this session"
            );
            None
        }
    }
}
