//! Phone numbers against a second library: what both accept, they read alike.

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

/// No digit is invented or reordered: what was read is what was written, save zeros dropped.
fn check_digits(text: &str, e164: &str) {
    let mut written = text.chars().filter_map(|character| match character {
        '0'..='9' => Some(character),
        '\u{ff10}'..='\u{ff19}' => char::from_digit(u32::from(character) - 0xff10, 10),
        _ => None,
    });
    for digit in e164[1..].chars() {
        let next = written
            .by_ref()
            .find(|written| *written == digit || *written != '0');
        assert_eq!(next, Some(digit), "{text:?} was read as {e164}");
    }
}

/// The two libraries carry numbering plans of different dates, so that each may know numbers that
/// the other does not. Which number it is does not depend on the date.
fn compare(text: &str, e164: &str) {
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
