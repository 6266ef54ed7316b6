//! Phone numbers, compared with a second library: numbers that both accept are equal.

use phonenumber::Mode;
use tower_phone_auth::PhoneNumber;

pub fn target(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let Ok(number) = text.parse::<PhoneNumber>() else {
        return;
    };
    let e164 = number.to_string();
    assert!(is_e164(&e164), "{e164:?} is not E.164");
    assert_eq!(e164.parse(), Ok(number), "{e164} is read again");
    let hidden = format!("{number:?}");
    assert!(!hidden.contains(&e164[3..]), "Debug shows the number");
    check_digits(text, &e164);
    compare(text, &e164);
}

fn is_e164(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (2..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0')
}

/// No digit is invented or reordered. Only digits after the country code are dropped: a trunk
/// prefix, such as the 1 of North America, or a carrier code, such as the 082 of Korea.
fn check_digits(text: &str, e164: &str) {
    /// libphonenumber adds digits here. Mobile numbers of Argentina get a 9 in place of a 15 behind the
    /// area, and local numbers of Madagascar, San Marino and Norfolk Island their only area code.
    const REWRITTEN: [&str; 4] = ["+54", "+261", "+378", "+672"];
    /// The shortest accepted subscriber numbers have fewer digits, so they are compared whole.
    const LAST: usize = 6;
    /// The plus sign and the longest country code, which may have a trunk prefix behind it.
    const COUNTRY: usize = 4;

    if REWRITTEN.iter().any(|country| e164.starts_with(country)) {
        return;
    }
    // The context of a `tel` URI follows the number and contains its first digits (RFC 3966 section
    // 5.1.5).
    let (number, context) = text.split_once(";phone-context=").unwrap_or((text, ""));
    let written = context.chars().chain(number.chars()).filter_map(digit);
    let written: String = written.collect();
    let mut rest = written.chars();
    for digit in e164[1..].chars() {
        assert!(
            rest.any(|written| written == digit),
            "{text:?} was read as {e164}"
        );
    }
    let last = e164.len().saturating_sub(LAST).max(COUNTRY);
    let last = e164.get(last..).unwrap_or_default();
    assert!(written.ends_with(last), "{text:?} was read as {e164}");
}

/// A decimal digit of any script: Unicode has ten of each in a row.
fn digit(character: char) -> Option<char> {
    let zero = ZEROS.iter().rev().find(|zero| **zero <= character)?;
    char::from_digit(u32::from(character) - u32::from(*zero), 10)
}

/// The zeros of the scripts (general category Nd), in order.
#[rustfmt::skip]
const ZEROS: [char; 66] = [
    '0', '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}', '\u{be6}',
    '\u{c66}', '\u{ce6}', '\u{d66}', '\u{de6}', '\u{e50}', '\u{ed0}', '\u{f20}', '\u{1040}', '\u{1090}',
    '\u{17e0}', '\u{1810}', '\u{1946}', '\u{19d0}', '\u{1a80}', '\u{1a90}', '\u{1b50}', '\u{1bb0}', '\u{1c40}',
    '\u{1c50}', '\u{a620}', '\u{a8d0}', '\u{a900}', '\u{a9d0}', '\u{a9f0}', '\u{aa50}', '\u{abf0}', '\u{ff10}',
    '\u{104a0}', '\u{10d30}', '\u{11066}', '\u{110f0}', '\u{11136}', '\u{111d0}', '\u{112f0}', '\u{11450}',
    '\u{114d0}', '\u{11650}', '\u{116c0}', '\u{11730}', '\u{118e0}', '\u{11950}', '\u{11c50}', '\u{11d50}',
    '\u{11da0}', '\u{16a60}', '\u{16ac0}', '\u{16b50}', '\u{1d7ce}', '\u{1d7d8}', '\u{1d7e2}', '\u{1d7ec}',
    '\u{1d7f6}', '\u{1e140}', '\u{1e2f0}', '\u{1e950}', '\u{1fbf0}',
];

/// The two libraries carry numbering plans of different dates, so that each may know numbers that
/// the other does not. Which number it is does not depend on the date.
fn compare(text: &str, e164: &str) {
    /// Services of Korea such as 00308. The second library drops the zeros, which are part of the
    /// number.
    const KOREAN_SERVICES: &str = "+8200";

    if e164.starts_with(KOREAN_SERVICES) {
        return;
    }
    for written in [text, e164] {
        let Ok(other) = phonenumber::parse(None, written) else {
            continue;
        };
        if other.is_valid() && other.extension().is_none() {
            let read = other.format().mode(Mode::E164).to_string();
            assert_eq!(read, e164, "{text:?} is read in two ways");
        }
    }
}
