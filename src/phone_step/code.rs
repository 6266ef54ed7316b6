//! The one-time code of six digits.

use std::fmt;

use crate::phone;

/// The digits of a code.
const DIGITS: usize = 6;
/// The number of codes.
const CODES: u32 = 1_000_000;

/// A one-time code of six digits. `Debug` hides it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Code([u8; DIGITS]);

impl Code {
    /// A new code, every one as likely as every other. `None` if the system gives no random bytes.
    pub(crate) fn random() -> Option<Self> {
        // The remainder of a number below this one is as likely as every other.
        const FAIR: u32 = u32::MAX - u32::MAX % CODES;

        loop {
            let mut bytes = [0; 4];
            crate::random::fill(&mut bytes)?;
            let random = u32::from_ne_bytes(bytes);
            if random < FAIR {
                return Self::exact(&format!("{:06}", random % CODES));
            }
        }
    }

    /// Reads a code that a user typed: six digits of any script, with spaces, dashes and invisible
    /// characters around and between them. `None` for any other text.
    pub(crate) fn read(typed: &str) -> Option<Self> {
        Self::exact(&phone::digits(typed)?)
    }

    /// The code of exactly these six characters.
    fn exact(digits: &str) -> Option<Self> {
        digits.as_bytes().try_into().ok().map(Self)
    }

    /// The six digits.
    pub(crate) fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each digit at each of the six positions, in 60,000 codes. A count is a binomial variable
    /// with the mean 6,000 and the standard deviation 73, so nine deviations are never reached.
    #[test]
    fn every_digit_is_as_likely_at_every_position() {
        let mut counts = [[0_u32; 10]; DIGITS];
        for _ in 0..60_000 {
            let code = Code::random().unwrap();
            assert_eq!(code.as_str().len(), DIGITS);
            for (position, digit) in code.as_str().bytes().enumerate() {
                counts[position][usize::from(digit - b'0')] += 1;
            }
        }
        let unlikely = |count: &&u32| !(5_340..=6_660).contains(*count);
        assert_eq!(counts.iter().flatten().find(unlikely), None);
    }

    #[test]
    fn one_code_in_several_spellings_is_one_code() {
        let code = Code::exact("012345");
        for typed in [
            "012345",
            "012 345",
            "012-345",
            "０１２３４５",
            " 012345\r\n",
            "\u{200b}012345",
            "0 1 2 3 4 5",
            "٠١٢٣٤٥",
            "012–345",
        ] {
            assert!(code.is_some() && Code::read(typed) == code, "{typed:?}");
        }
    }

    #[test]
    fn other_texts_are_no_codes() {
        let long = "0".repeat(100_000);
        for typed in [
            "",
            " ",
            "12345",
            "1234567",
            "abcdef",
            "12345a",
            "+123456",
            "123456,",
            "1e5000",
            "12345\u{0}",
            "--------",
            "123456 654321",
            "tel:123456",
            "½12345",
            "①23456",
            &long,
        ] {
            assert_eq!(Code::read(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn a_code_hides_in_debug() {
        assert_eq!(format!("{:?}", Code::read("123456")), "Some(Code(..))");
    }
}
