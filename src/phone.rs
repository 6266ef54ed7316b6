//! The phone number: read from what a provider sends, judged, and normalised to E.164.

use std::{fmt, num::NonZeroU64, str::FromStr};

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};
use serde::{Serialize, Serializer};

/// A valid phone number in E.164.
///
/// [`Display`](fmt::Display) gives E.164 (`+821012345678`); [`Debug`](fmt::Debug) hides all but the
/// country code and the last two digits, so that a logged struct does not leak it. Valid means that the numbering plan
/// has it (as Google's libphonenumber judges), not that somebody answers.
///
/// ```
/// use tower_phone_auth::PhoneNumber;
///
/// let phone: PhoneNumber = "+82 10-1234-5678".parse()?;
/// assert_eq!(phone.to_string(), "+821012345678");
/// assert_eq!(phone.national(), "010-1234-5678");
/// assert_eq!(phone.region().as_deref(), Some("KR"));
/// assert_eq!(format!("{phone:?}"), "PhoneNumber(+82********78)");
/// # Ok::<(), tower_phone_auth::PhoneNumberError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhoneNumber(NonZeroU64);

impl PhoneNumber {
    /// The digits as a number: E.164 has at most 15 and never a leading zero.
    pub(crate) fn digits(self) -> NonZeroU64 {
        self.0
    }

    /// Back from [`digits`](Self::digits), out of a sealed session.
    pub(crate) fn from_digits(digits: NonZeroU64) -> Self {
        Self(digits)
    }

    /// The number as it is written in its own country, such as `010-1234-5678`.
    #[must_use]
    pub fn national(&self) -> String {
        self.plan().map_or_else(
            || self.to_string(),
            |number| number.format_as(PhoneNumberFormat::National).into_owned(),
        )
    }

    /// The country or region it belongs to, as an ISO 3166-1 alpha-2 code such as `KR`; none for
    /// numbers that belong to no region (satellite, international freephone).
    #[must_use]
    pub fn region(&self) -> Option<String> {
        let region = self.plan()?.get_region_code()?;
        Some(region.as_region_str().to_string())
    }

    /// Whether the numbering plan says that it is, or can be, a mobile number.
    ///
    /// ```
    /// # use tower_phone_auth::PhoneNumber;
    /// assert!("+82 10-1234-5678".parse::<PhoneNumber>()?.is_mobile());
    /// assert!(!"+82 2-123-4567".parse::<PhoneNumber>()?.is_mobile());
    /// # Ok::<(), tower_phone_auth::PhoneNumberError>(())
    /// ```
    #[must_use]
    pub fn is_mobile(&self) -> bool {
        use rlibphonenumber::PhoneNumberType::{FixedLineOrMobile, Mobile};

        self.plan()
            .is_some_and(|number| matches!(number.get_type(), Mobile | FixedLineOrMobile))
    }

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
        // Country codes have one to three digits; two are shown, which names no person.
        let (head, tail) = digits.split_at(digits.len().min(2));
        let hidden = tail.len().saturating_sub(2);
        write!(f, "PhoneNumber(+{head}{:*<hidden$}{})", "", &tail[hidden..])
    }
}

/// As its E.164 text.
impl Serialize for PhoneNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for PhoneNumber {
    type Err = PhoneNumberError;

    /// Reads a number in international form, with its plus sign.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read(text, None)
    }
}

/// The text is no valid phone number. It does not repeat the text.
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

/// How far a phone number is vouched for. Ordered: `Unverified < Asserted < Verified`.
///
/// ```
/// use tower_phone_auth::PhoneAssurance;
///
/// assert!(PhoneAssurance::Asserted < PhoneAssurance::Verified);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PhoneAssurance {
    /// Nobody vouches for it.
    Unverified,
    /// The provider's documentation vouches for every number it hands out (Kakao, Naver).
    Asserted,
    /// The answer itself says so for this number: OpenID Connect `phone_number_verified: true`
    /// ([Core section 5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims)).
    Verified,
}

/// Loads the numbering plans, so that the first login does not wait for them.
pub(crate) fn warm_up() {
    let _ = read("+821012345678", None);
}

/// Reads `raw` as a provider wrote it; `region` is the country of numbers without a plus sign.
pub(crate) fn read(raw: &str, region: Option<Region>) -> Result<PhoneNumber, PhoneNumberError> {
    let Written {
        international,
        digits,
    } = Written::parse(raw).ok_or(PhoneNumberError)?;
    let number = if international {
        let text = format!("+{}", without_trunk_zero(&digits));
        PHONE_NUMBER_UTIL.parse(text, None)
    } else {
        let region = region.ok_or(PhoneNumberError)?;
        PHONE_NUMBER_UTIL.parse(&digits, Some(region))
    }
    .map_err(|_| PhoneNumberError)?;

    // `821012345678` without a plus is not guessed to be international.
    let guessed =
        !international && digits.trim_start_matches('0') != number.national_number.to_string();
    if guessed || !number.is_valid() {
        return Err(PhoneNumberError);
    }
    let e164 = number.format_as(PhoneNumberFormat::E164);
    let digits = e164
        .strip_prefix('+')
        .and_then(|digits| digits.parse().ok());
    digits.map(PhoneNumber).ok_or(PhoneNumberError)
}

/// Korean numbers are met as `+82 010-…`, with the trunk zero of the national form. Other
/// countries keep their zeros: in Italy it is part of the number.
fn without_trunk_zero(digits: &str) -> String {
    match digits.strip_prefix("820") {
        Some(rest) => format!("82{rest}"),
        None => digits.to_owned(),
    }
}

/// The longest text looked at: 15 digits (ITU-T E.164) with generous separators.
const LONGEST: usize = 64;

struct Written {
    international: bool,
    digits: String,
}

impl Written {
    /// Digits and a leading plus; folds full-width forms, skips separators, refuses all else
    /// (letters, masks, extensions), so that nothing is dropped silently.
    fn parse(raw: &str) -> Option<Self> {
        if raw.len() > LONGEST {
            return None;
        }
        let raw = raw.trim();
        let (international, rest) = match raw.strip_prefix(['+', '\u{ff0b}']) {
            Some(rest) => (true, rest),
            None => (false, raw),
        };
        let mut digits = String::with_capacity(rest.len());
        for character in rest.chars() {
            match character {
                '0'..='9' => digits.push(character),
                '\u{ff10}'..='\u{ff19}' => {
                    digits.push(char::from_digit(u32::from(character) - 0xff10, 10)?);
                }
                ' ' | '-' | '.' | '(' | ')' | '\u{a0}' | '\u{2010}'..='\u{2015}' | '\u{ff0d}' => {}
                _ => return None,
            }
        }
        (1..=15).contains(&digits.len()).then_some(Self {
            international,
            digits,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn korean(raw: &str) -> Option<String> {
        let number = read(raw, Some(Region::KR)).ok()?;
        Some(number.to_string())
    }

    fn all_read_as(expected: &str, written: &[&str]) {
        for raw in written {
            assert_eq!(korean(raw).as_deref(), Some(expected), "{raw}");
        }
    }

    fn all_refused(written: &[&str]) {
        for raw in written {
            assert_eq!(korean(raw), None, "{raw}");
        }
    }

    #[test]
    fn quirk_62_the_documented_kakao_form_is_read() {
        all_read_as("+821012345678", &["+82 10-1234-5678"]);
    }

    #[test]
    fn quirk_63_the_trunk_zero_after_82_is_dropped() {
        all_read_as(
            "+821012345678",
            &["+82 010-1234-5678", "+8201012345678", "+82 (0)10-1234-5678"],
        );
    }

    #[test]
    fn quirk_64_spaces_separate_as_well_as_hyphens() {
        all_read_as("+821012345678", &["+82 10 1234 5678"]);
    }

    #[test]
    fn quirk_65_national_numbers_take_the_providers_region() {
        all_read_as("+821012345678", &["010-1234-5678", "01012345678"]);
        assert!(read("010-1234-5678", None).is_err());
    }

    #[test]
    fn quirk_66_digits_without_a_plus_are_not_guessed_to_be_international() {
        all_refused(&["821012345678", "82-10-1234-5678", "16502530000"]);
    }

    #[test]
    fn quirk_67_foreign_numbers_are_read() {
        all_read_as("+16502530000", &["+1 650-253-0000"]);
        all_read_as("+14255551212", &["+1 (425) 555-1212"]);
    }

    #[test]
    fn quirk_68_old_korean_mobile_numbers_are_read() {
        all_read_as("+82112345678", &["011-234-5678"]);
    }

    #[test]
    fn quirk_69_a_landline_is_read_and_is_not_mobile() {
        let landline = read("+82 2-123-4567", None).unwrap();
        assert_eq!(landline.to_string(), "+8221234567");
        assert!(!landline.is_mobile());
    }

    #[test]
    fn quirk_70_an_extension_is_refused() {
        all_refused(&["+1 425 555 1212;ext=5678", "+1 425 555 1212 x5678"]);
    }

    #[test]
    fn quirk_71_full_width_digits_and_odd_separators_are_folded() {
        all_read_as(
            "+821012345678",
            &[
                "０１０－１２３４－５６７８",
                "\u{a0} 010\u{2011}1234\u{2011}5678 ",
                "+82\u{a0}10\u{a0}1234\u{a0}5678",
            ],
        );
        all_refused(&["٠١٠١٢٣٤٥٦٧٨", "\u{202e}010-1234-5678"]);
    }

    #[test]
    fn quirk_72_a_masked_number_is_refused() {
        all_refused(&["+82 10-****-5678", "010-XXXX-5678"]);
    }

    #[test]
    fn quirk_73_fragments_and_overlong_numbers_are_refused() {
        all_refused(&[
            "+82",
            "+",
            "",
            " ",
            "+8210123456789012",
            "+82 010-1234-56789",
        ]);
        all_refused(&[&"1".repeat(100_000), "+0", "+00000000", "++821012345678"]);
    }

    #[test]
    fn quirk_74_italy_keeps_its_leading_zero() {
        all_read_as("+390612345678", &["+39 06 1234 5678"]);
    }

    #[test]
    fn the_panic_strings_of_other_phone_parsers_are_refused() {
        all_refused(&[".;phone-context=", "+dwPAA;phone-context=AA"]);
    }

    #[test]
    fn debug_shows_at_most_four_digits() {
        for raw in ["+82 10-1234-5678", "+1 650-253-0000", "+247 62345"] {
            let Ok(number) = read(raw, None) else {
                continue;
            };
            let shown = format!("{number:?}")
                .chars()
                .filter(char::is_ascii_digit)
                .count();
            assert!(shown <= 4, "{number:?}");
        }
    }
}
