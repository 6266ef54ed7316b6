/// A number in E.164, if it is written with its country code and nothing strange.
pub(super) fn e164(written: &str) -> Option<String> {
    let rest = written.strip_prefix('+')?;
    let plain = |c: char| c.is_ascii_digit() || " -().".contains(c);
    if !rest.chars().all(plain) {
        return None;
    }
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    // Kakao keeps the trunk zero of some numbers, which E.164 has none of.
    let digits = match digits.strip_prefix("820") {
        Some(national) => format!("82{national}"),
        None => digits,
    };
    Some(format!("+{digits}"))
}
