//! The digits of a number as it is written.
//!
//! Providers write one number in many ways. The separators are those of Google's libphonenumber and
//! similar characters. libphonenumber itself is not used for this step, because it drops text that
//! it does not know, and a dropped digit gives the number of another person.

use rlibphonenumber::PHONE_NUMBER_UTIL;

/// The longest text that is read, in bytes: 17 digits with many separators, some of three bytes.
const LONGEST: usize = 128;
/// The 15 digits of the longest number (ITU-T E.164 section 6.2.1), with two more for a trunk
/// prefix in brackets.
const MOST_DIGITS: usize = 17;

/// The digits of a text, before the numbering plan is asked.
pub(super) struct Written {
    /// The text began with a plus sign, so the digits begin with the country code.
    pub(super) international: bool,
    /// The digits, in ASCII.
    pub(super) digits: String,
}

impl Written {
    /// Reads digits, a leading plus and separators. `None` for a text with anything else (letters,
    /// masks, extensions), because dropping it would give another number.
    pub(super) fn parse(raw: &str) -> Option<Self> {
        if raw.len() > LONGEST {
            return None;
        }
        let number = without_scheme(raw.trim_matches(is_separator));
        match number.split_once(";phone-context=") {
            None => Self::plain(number),
            Some((number, context)) => Self::plain(number)?.within(&Self::plain(context)?),
        }
    }

    /// Reads digits and separators alone, without a plus sign.
    pub(super) fn digits(raw: &str) -> Option<String> {
        let is_short = raw.len() <= LONGEST;
        let written = is_short.then(|| Self::plain(raw)).flatten()?;
        (!written.international).then_some(written.digits)
    }

    /// A local number of a `tel` URI, in the country of its context (RFC 3966 section 5.1.5).
    /// `None` for a context that is a domain, because it names no country.
    fn within(self, context: &Self) -> Option<Self> {
        let digits = format!("{}{}", context.digits, self.digits);
        let is_whole = context.international && !self.international && digits.len() <= MOST_DIGITS;
        is_whole.then_some(Self {
            international: true,
            digits,
        })
    }

    /// Reads a text without scheme and parameters.
    fn plain(text: &str) -> Option<Self> {
        let text = text.trim_start_matches(is_separator);
        let (international, rest) = match text.strip_prefix(['+', '\u{ff0b}']) {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        // Decimal digits of every script.
        let digits = PHONE_NUMBER_UTIL.normalize_digits_only(rest);
        let written = rest.chars().filter(|character| !is_separator(*character));
        let is_one = written.count() == digits.len() && (1..=MOST_DIGITS).contains(&digits.len());
        is_one.then_some(Self {
            international,
            digits,
        })
    }
}

/// The text without `tel:`. The scheme is case-insensitive (RFC 3986 section 3.1).
fn without_scheme(text: &str) -> &str {
    const TEL: &str = "tel:";

    match text.split_at_checked(TEL.len()) {
        Some((scheme, number)) if scheme.eq_ignore_ascii_case(TEL) => number,
        _ => text,
    }
}

/// Whether the character only separates or formats digits.
#[rustfmt::skip]
const fn is_mark(character: char) -> bool {
    matches!(
        character,
        // Dashes, and characters that are used as dashes.
        '-' | '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{2e3a}' | '\u{2e3b}' | '\u{301c}' | '\u{30fc}'
        | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' | '\u{ff70}'
        // Full stops, slashes, brackets, tildes.
        | '.' | '\u{ff0e}' | '/' | '\u{ff0f}'
        | '(' | ')' | '[' | ']' | '\u{ff08}' | '\u{ff09}' | '\u{ff3b}' | '\u{ff3d}'
        | '~' | '\u{2053}' | '\u{223c}' | '\u{ff5e}'
        // Invisible characters: the soft hyphen, marks of direction, joiners, spaces without width.
        | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    )
}

/// Whether the character may stand between digits.
fn is_separator(character: char) -> bool {
    character.is_whitespace() || is_mark(character)
}
