//! The forms in which the dialects write a phone number.

/// A Korean number as it is written in Korea (`010-1234-5678`), which is the form of Naver and
/// Google. Any other number stays as it is.
pub(crate) fn korean(written: &str) -> String {
    let e164 = e164(written);
    let national = e164
        .as_deref()
        .and_then(|number| number.strip_prefix("+82"));
    let Some(national) = national else {
        return written.to_owned();
    };
    let digits = format!("0{national}");
    match (digits.len(), digits.split_at_checked(3)) {
        (10 | 11, Some((prefix, rest))) => {
            let (exchange, line) = rest.split_at(rest.len() - 4);
            format!("{prefix}-{exchange}-{line}")
        }
        _ => digits,
    }
}

/// The number in E.164. `None` unless it is written with its country code, and with digits and
/// usual separators only.
pub(crate) fn e164(written: &str) -> Option<String> {
    let rest = written.strip_prefix('+')?;
    let plain = |c: char| c.is_ascii_digit() || " -().".contains(c);
    if !rest.chars().all(plain) {
        return None;
    }
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    // Kakao keeps the trunk zero of some numbers. E.164 numbers have none.
    let digits = match digits.strip_prefix("820") {
        Some(national) => format!("82{national}"),
        None => digits,
    };
    Some(format!("+{digits}"))
}
