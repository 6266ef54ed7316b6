//! Numbers in the form that Korean services take: digits, with the country code apart.

use tower_phone_auth::PhoneNumber;

/// A number, split after its country code.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct National {
    /// The country code, such as `82`.
    pub(crate) country: String,
    /// The digits after it. A Korean number has its zero: `01012345678`.
    pub(crate) digits: String,
}

impl National {
    pub(crate) fn of(number: &PhoneNumber) -> Self {
        let e164 = number.to_string();
        let e164 = e164.trim_start_matches('+');
        if let Some(rest) = e164.strip_prefix("82") {
            return Self {
                country: "82".to_owned(),
                digits: format!("0{rest}"),
            };
        }
        let (country, digits) = e164.split_at(country_code_length(e164).min(e164.len()));
        Self {
            country: country.to_owned(),
            digits: digits.to_owned(),
        }
    }

    /// Whether the number is a Korean one. AlimTalk reaches no other.
    pub(crate) fn is_korean(&self) -> bool {
        self.country == "82"
    }
}

/// The length of the country code. No code begins with another one (ITU-T E.164.D, the list of
/// assigned codes).
fn country_code_length(e164: &str) -> usize {
    match e164.as_bytes() {
        [b'1' | b'7', ..] => 1,
        [b'2', b'0' | b'7', ..]
        | [b'3', b'0'..=b'4' | b'6' | b'9', ..]
        | [b'4', b'0' | b'1' | b'3'..=b'9', ..]
        | [b'5', b'1'..=b'8', ..]
        | [b'6', b'0'..=b'6', ..]
        | [b'8', b'1' | b'2' | b'4' | b'6', ..]
        | [b'9', b'0'..=b'5' | b'8', ..] => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::National;

    #[test]
    fn korean_numbers_have_one_zero_and_others_their_country_apart() {
        for (number, country, digits) in [
            ("+82 10-1234-5678", "82", "01012345678"),
            ("+82 010-1234-5678", "82", "01012345678"),
            ("+1 425-555-1212", "1", "4255551212"),
            ("+49 171 1234567", "49", "1711234567"),
            ("+39 312 345 6789", "39", "3123456789"),
            ("+7 912 345-67-89", "7", "9123456789"),
            ("+36 20 123 4567", "36", "201234567"),
            ("+852 5123 4567", "852", "51234567"),
        ] {
            let national = National::of(&number.parse().expect(number));
            let expected = [country, digits];
            assert_eq!([&national.country, &national.digits], expected, "{number}");
        }
    }
}
