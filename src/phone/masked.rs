//! The number with its middle hidden, for pages.

use rlibphonenumber::PhoneNumberFormat;

use super::PhoneNumber;

/// The most digits at the end that stay visible.
const TAIL: usize = 4;
/// The fewest digits that are hidden, as in `02-***-4567`.
const HIDDEN: usize = 3;
/// The most digits of a visible area code, with its trunk zero.
const AREA: usize = 4;

impl PhoneNumber {
    /// The number as pages show it to its own user: with the area code and the last four digits,
    /// and `*` for all other digits. A Korean number is national, any other one begins with its
    /// country code.
    ///
    /// At least three digits are hidden. Where too few would be, the area code is hidden too, and
    /// then a part of the last four digits.
    ///
    /// ```
    /// use tower_phone_auth::PhoneNumber;
    ///
    /// for (number, masked) in [
    ///     ("+82 10-1234-5678", "010-****-5678"),
    ///     ("+82 2-123-4567", "02-***-4567"),
    ///     ("+1 650-253-0000", "+1 650-***-0000"),
    ///     ("+65 9123 4567", "+65 **** 4567"),
    /// ] {
    ///     assert_eq!(number.parse::<PhoneNumber>()?.masked(), masked);
    /// }
    /// # Ok::<(), tower_phone_auth::phone::PhoneNumberError>(())
    /// ```
    #[must_use]
    pub fn masked(&self) -> String {
        let Some(plan) = self.plan() else {
            return hidden(&self.to_string(), 1);
        };
        let country = plan.country_code;
        if country == 82 {
            return hidden(&plan.format_as(PhoneNumberFormat::National), 0);
        }
        let code = country.to_string().len();
        hidden(&plan.format_as(PhoneNumberFormat::International), code)
    }
}

/// The text with the digits hidden that are neither among the first `code` ones nor the area code,
/// nor the last ones.
fn hidden(text: &str, code: usize) -> String {
    let all = digits(text);
    let national = all.saturating_sub(code);
    // A short number shows fewer digits at its end, so that enough of it stays hidden.
    let tail = TAIL.min(national.saturating_sub(HIDDEN));
    let area = area(text, code);
    let fits = area <= AREA && national >= area + HIDDEN + tail;
    let head = code + if fits { area } else { 0 };
    // Digits are counted, not characters, because the format has blanks and hyphens between them.
    let mut index = 0;
    let shown = text.chars().map(|c| {
        if !c.is_ascii_digit() {
            return c;
        }
        index += 1;
        if index <= head || index > all - tail {
            c
        } else {
            '*'
        }
    });
    shown.collect()
}

/// The digits of the first group after the country code.
fn area(text: &str, code: usize) -> usize {
    let mut before = code;
    let national = text
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|group| {
            let skipped = before.min(group.len());
            before -= skipped;
            (skipped < group.len()).then_some(group.len() - skipped)
        });
    // A text of a single group has no area code.
    match national.collect::<Vec<_>>()[..] {
        [area, _, ..] => area,
        _ => 0,
    }
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}
