//! How sure a phone number is.

use std::{error::Error, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::serde_text::TextOf;

/// How reliable a phone number is. Ordered:
/// `Unverified < Asserted < Verified < Confirmed < Identified`.
///
/// `Display`, [`FromStr`] and serde use the names of [`as_str`](Self::as_str).
///
/// ```
/// use tower_phone_auth::phone::PhoneAssurance;
///
/// assert!(PhoneAssurance::Asserted < PhoneAssurance::Verified);
/// assert_eq!("verified".parse(), Ok(PhoneAssurance::Verified));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PhoneAssurance {
    /// The provider says nothing about the number, or says that it is not verified.
    Unverified,
    /// The number of the account, without a flag that it is verified (Kakao, Naver, Telegram), or the
    /// application says that the provider verifies its numbers
    /// ([`Oidc::phone_asserted`](crate::Oidc::phone_asserted)).
    Asserted,
    /// The answer of the provider says that this number is verified: OpenID Connect
    /// `phone_number_verified: true` ([Core section
    /// 5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims)), or
    /// `metadata.verified` of Google's People API.
    Verified,
    /// The user returned a one-time code that was sent to the number. The [phone
    /// step](crate::Builder::phone_step) gives this assurance, and a
    /// [`ReadProfile`](crate::provider::ReadProfile) may.
    Confirmed,
    /// Identity verification ties the number to a person, such as the one of the Korean carriers
    /// (본인인증). No provider of this crate gives this assurance; a
    /// [`ReadProfile`](crate::provider::ReadProfile) may.
    Identified,
}

impl PhoneAssurance {
    /// All values, the lowest first.
    const ALL: [Self; 5] = [
        Self::Unverified,
        Self::Asserted,
        Self::Verified,
        Self::Confirmed,
        Self::Identified,
    ];

    /// The name in lower case: `unverified`, `asserted`, `verified`, `confirmed` or `identified`.
    /// It stays the same in later versions.
    ///
    /// ```
    /// use tower_phone_auth::phone::PhoneAssurance;
    ///
    /// assert_eq!(PhoneAssurance::Asserted.as_str(), "asserted");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unverified => "unverified",
            Self::Asserted => "asserted",
            Self::Verified => "verified",
            Self::Confirmed => "confirmed",
            Self::Identified => "identified",
        }
    }
}

impl fmt::Display for PhoneAssurance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Reads the name in lower case, as [`as_str`](PhoneAssurance::as_str) writes it.
impl FromStr for PhoneAssurance {
    type Err = PhoneAssuranceError;

    fn from_str(name: &str) -> Result<Self, PhoneAssuranceError> {
        let known = Self::ALL.into_iter().find(|one| one.as_str() == name);
        known.ok_or(PhoneAssuranceError)
    }
}

/// Serialises as the name.
impl Serialize for PhoneAssurance {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Reads the name.
impl<'de> Deserialize<'de> for PhoneAssurance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        TextOf::new("the name of an assurance", str::parse).of(deserializer)
    }
}

/// The error of parsing a text that is not the name of a [`PhoneAssurance`].
///
/// ```
/// use tower_phone_auth::phone::PhoneAssurance;
///
/// let error = "Verified".parse::<PhoneAssurance>().unwrap_err();
/// assert_eq!(error.to_string(), "not one of unverified, asserted, verified, confirmed and identified");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PhoneAssuranceError;

impl fmt::Display for PhoneAssuranceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not one of unverified, asserted, verified, confirmed and identified")
    }
}

impl Error for PhoneAssuranceError {}
