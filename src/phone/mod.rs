//! The phone number, and how sure it is that it belongs to the user.
//!
//! A [`PhoneNumber`] is read from the text of a provider, checked against the numbering plan, and
//! normalised to E.164. [`PhoneAssurance`] says whether the provider vouches for it.

use std::{fmt, num::NonZeroU64, str::FromStr};

use rlibphonenumber::{NumberLengthType, PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use self::{plan::LONGEST_E164, written::Written};
use crate::serde_text::TextOf;

pub use assurance::{PhoneAssurance, PhoneAssuranceError};
pub use index_key::IndexKey;

mod assurance;
mod index_key;
mod masked;
mod plan;
#[cfg(test)]
mod tests;
mod written;

/// A valid phone number in E.164.
///
/// [`Display`](fmt::Display) gives E.164 (`+821012345678`). [`Debug`](fmt::Debug) hides all but the
/// first two and the last two digits, so that a logged struct does not leak the number;
/// [`masked`](Self::masked) is the form for pages. Valid means
/// that the numbering plan has the number (by Google's libphonenumber), not that a call is
/// answered. With [`accept_possible_numbers`](crate::Builder::accept_possible_numbers), a user's
/// number may also be one of a range that the plan does not know. So may a number that is
/// deserialised, because it may be one that was stored.
///
/// ```
/// use tower_phone_auth::PhoneNumber;
///
/// let phone: PhoneNumber = "+82 10-1234-5678".parse()?;
/// assert_eq!(phone.to_string(), "+821012345678");
/// assert_eq!(phone.national(), "010-1234-5678");
/// assert_eq!(phone.region().as_deref(), Some("KR"));
/// assert_eq!(format!("{phone:?}"), "PhoneNumber(+82********78)");
/// # Ok::<(), tower_phone_auth::phone::PhoneNumberError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhoneNumber(NonZeroU64);

impl PhoneNumber {
    /// In place of the number of a user who has to prove one first. No number of one digit exists.
    pub(crate) const PLACEHOLDER: Self = Self(NonZeroU64::MIN);

    /// The digits as a number, as sessions store them. E.164 numbers have at most 15 digits and no
    /// leading zero, so the number keeps them all.
    pub(crate) fn digits(self) -> NonZeroU64 {
        self.0
    }

    /// The reverse of [`digits`](Self::digits). The digits are those of a sealed session, so they
    /// are not checked again.
    pub(crate) fn from_digits(digits: NonZeroU64) -> Self {
        Self(digits)
    }

    /// The number as it is written in its own country, such as `010-1234-5678`.
    ///
    /// ```
    /// use tower_phone_auth::PhoneNumber;
    ///
    /// let phone: PhoneNumber = "+82 10-1234-5678".parse()?;
    /// assert_eq!(phone.national(), "010-1234-5678");
    /// # Ok::<(), tower_phone_auth::phone::PhoneNumberError>(())
    /// ```
    #[must_use]
    pub fn national(&self) -> String {
        self.plan().map_or_else(
            || self.to_string(),
            |number| number.format_as(PhoneNumberFormat::National).into_owned(),
        )
    }

    /// The country or region it belongs to, as an ISO 3166-1 alpha-2 code such as `KR`. `None` for
    /// numbers without a region (satellite, international freephone), or if the region is not
    /// known.
    ///
    /// ```
    /// use tower_phone_auth::PhoneNumber;
    ///
    /// let phone: PhoneNumber = "+82 10-1234-5678".parse()?;
    /// assert_eq!(phone.region().as_deref(), Some("KR"));
    /// # Ok::<(), tower_phone_auth::phone::PhoneNumberError>(())
    /// ```
    #[must_use]
    pub fn region(&self) -> Option<String> {
        let region = self.plan()?.get_region_code()?;
        Some(region.as_region_str().to_string())
    }

    /// Whether the numbering plan says that it is, or can be, a mobile number. False for a range
    /// that the plan does not know.
    ///
    /// ```
    /// # use tower_phone_auth::PhoneNumber;
    /// assert!("+82 10-1234-5678".parse::<PhoneNumber>()?.is_mobile());
    /// assert!(!"+82 2-123-4567".parse::<PhoneNumber>()?.is_mobile());
    /// # Ok::<(), tower_phone_auth::phone::PhoneNumberError>(())
    /// ```
    #[must_use]
    pub fn is_mobile(&self) -> bool {
        use rlibphonenumber::PhoneNumberType::{FixedLineOrMobile, Mobile};

        self.plan()
            .is_some_and(|number| matches!(number.get_type(), Mobile | FixedLineOrMobile))
    }

    /// The number as libphonenumber sees it. `None` for a country code that its metadata do not
    /// have.
    fn plan(self) -> Option<rlibphonenumber::PhoneNumber> {
        PHONE_NUMBER_UTIL.parse(self.to_string(), None).ok()
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.0)
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        // The first two digits are the country code, its beginning, or a code of one digit and one
        // more digit. Such digits identify no user.
        let (head, tail) = digits.split_at(digits.len().min(2));
        let hidden = tail.len().saturating_sub(2);
        write!(f, "PhoneNumber(+{head}{:*<hidden$}{})", "", &tail[hidden..])
    }
}

/// Serialises as the E.164 text.
impl Serialize for PhoneNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Reads a text like [`FromStr`], and also a number of a range that the numbering plan does not
/// know, if its length is right. A stored number stays readable when the plan changes.
impl<'de> Deserialize<'de> for PhoneNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = |text: &str| Reading::of(text, None).map(|reading| reading.possible);
        TextOf::new("a phone number in international form", read).of(deserializer)
    }
}

impl FromStr for PhoneNumber {
    type Err = PhoneNumberError;

    /// Reads a number in international form, with its plus sign, or as a `tel` URI
    /// ([RFC 3966](https://www.rfc-editor.org/rfc/rfc3966#section-3)).
    ///
    /// Spaces, dashes, dots, slashes, brackets and invisible characters separate digits. Letters,
    /// masks, extensions and second numbers are refused, because a digit that is dropped silently
    /// gives another number.
    ///
    /// ```
    /// use tower_phone_auth::PhoneNumber;
    ///
    /// for text in ["+49 (0)171/1234567", "\u{202a}+49 171 1234567\u{202c}", "tel:+49-171-1234567"] {
    ///     assert_eq!(text.parse::<PhoneNumber>()?.to_string(), "+491711234567");
    /// }
    /// assert!("+49 171 1234567 ext. 2".parse::<PhoneNumber>().is_err());
    /// # Ok::<(), tower_phone_auth::phone::PhoneNumberError>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read(text, None)
    }
}

/// The error of parsing a text that is not a valid phone number. It does not contain the text.
///
/// ```
/// use tower_phone_auth::PhoneNumber;
///
/// let error = "+82 10-****-5678".parse::<PhoneNumber>().unwrap_err();
/// assert_eq!(error.to_string(), "not a valid phone number in international form");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PhoneNumberError;

impl fmt::Display for PhoneNumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a valid phone number in international form")
    }
}

impl std::error::Error for PhoneNumberError {}

/// Loads the numbering plans, so that the first sign-in does not wait for them.
pub(crate) fn warm_up() {
    let _ = read("+821012345678", None);
}

/// Reads a number as a provider wrote it. `region` is the country of numbers without a plus sign;
/// without a region, such a number is an error.
pub(crate) fn read(raw: &str, region: Option<Region>) -> Result<PhoneNumber, PhoneNumberError> {
    Reading::of(raw, region)?.valid().ok_or(PhoneNumberError)
}

/// The digits of a text that has only digits and separators. `None` for another text.
pub(crate) fn digits(raw: &str) -> Option<String> {
    Written::digits(raw)
}

/// A number with a length that its country has.
///
/// A new range of numbers is in use before it is in the metadata of libphonenumber. The settings
/// decide whether a number that is only possible is accepted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The number, whether or not the plan knows its range.
    pub(crate) possible: PhoneNumber,
    /// Whether the plan knows the range.
    is_valid: bool,
}

impl Reading {
    /// Reads a number.
    ///
    /// # Errors
    /// If the text is not a number, or if its length is wrong for its country.
    pub(crate) fn of(raw: &str, region: Option<Region>) -> Result<Self, PhoneNumberError> {
        let written = Written::parse(raw).ok_or(PhoneNumberError)?;
        if let Some(digits) = plan::in_e164(&written) {
            let (possible, is_valid) = (PhoneNumber(digits), true);
            return Ok(Self { possible, is_valid });
        }
        let number = plan::parse(&written, region).ok_or(PhoneNumberError)?;
        let is_valid = number.is_valid();
        let is_possible = number.is_possible_with_reason() == Ok(NumberLengthType::IsPossible);
        let e164 = number.format_as(PhoneNumberFormat::E164);
        let digits = e164
            .strip_prefix('+')
            .filter(|digits| digits.len() <= LONGEST_E164)
            .and_then(|digits| digits.parse().ok());
        match digits {
            Some(digits) if is_valid || is_possible => Ok(Self {
                possible: PhoneNumber(digits),
                is_valid,
            }),
            _ => Err(PhoneNumberError),
        }
    }

    /// The number, if the plan knows its range.
    pub(crate) fn valid(self) -> Option<PhoneNumber> {
        self.is_valid.then_some(self.possible)
    }
}
