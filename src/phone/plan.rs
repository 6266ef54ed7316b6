//! The numbering plans: from the digits of a number to a number in its country, by libphonenumber.

use std::num::NonZeroU64;

use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};

use super::written::Written;

#[cfg(test)]
mod tests;

/// The most digits of a number with its country code (ITU-T E.164 section 6.2.1).
pub(super) const LONGEST_E164: usize = 15;

/// The number, if its digits are a country code and a valid national number, as in E.164. Most
/// providers send that form. libphonenumber's parser reads it as well, but takes five times as
/// long, because it also searches for extensions and trunk prefixes.
pub(super) fn in_e164(written: &Written) -> Option<NonZeroU64> {
    let digits = Some(&*written.digits).filter(|_| written.international)?;
    // No country code begins with a zero, or with another country code (ITU-T E.164 section 6.2.1).
    if digits.starts_with('0') || digits.len() > LONGEST_E164 {
        return None;
    }
    let splits = (1..=3).filter_map(|length| digits.split_at_checked(length));
    let mut codes = splits.filter_map(|(code, rest)| Some((code.parse().ok()?, rest)));
    let is_known = |code| {
        PHONE_NUMBER_UTIL
            .get_region_for_country_code(code)
            .is_some()
    };
    let (country_code, rest) = codes.find(|(code, _)| is_known(*code))?;
    // A leading zero is a trunk prefix in one country, and a part of the number in another.
    if rest.starts_with('0') {
        return None;
    }
    let number = rlibphonenumber::PhoneNumber {
        country_code,
        national_number: rest.parse().ok()?,
        ..Default::default()
    };
    number.is_valid().then(|| digits.parse().ok())?
}

/// The number in libphonenumber's form. libphonenumber drops a trunk zero after +82 (`+82 010-…`),
/// and keeps that of Italy, which is part of the number.
pub(super) fn parse(
    written: &Written,
    region: Option<Region>,
) -> Option<rlibphonenumber::PhoneNumber> {
    let digits = &written.digits;
    if written.international {
        return PHONE_NUMBER_UTIL.parse(format!("+{digits}"), None).ok();
    }
    let number = PHONE_NUMBER_UTIL.parse(digits, Some(region?)).ok()?;
    // libphonenumber reads `821012345678` with the region KR as an international number without its
    // plus sign. That is a guess, so the number is refused.
    let is_guessed = digits.trim_start_matches('0') != number.national_number.to_string();
    (!is_guessed).then_some(number)
}
