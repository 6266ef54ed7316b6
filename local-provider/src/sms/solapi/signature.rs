//! The signature of a request: `HMAC-SHA256 apiKey=…, date=…, salt=…, signature=…`.

use aws_lc_rs::hmac;
use http::header::AUTHORIZATION;

use crate::{
    clock::now,
    state::{State, used_signatures::KEPT},
    web::record::Recorded,
};

/// Checks the signature.
///
/// # Errors
/// Solapi's `errorCode`.
pub(super) fn verify(state: &mut State, request: &Recorded) -> Result<(), &'static str> {
    const BROKEN: &str = "Unauthorized";
    let header = request.headers.get(AUTHORIZATION).ok_or(BROKEN)?;
    let members = header.to_str().ok().and_then(|header| {
        let rest = header.strip_prefix("HMAC-SHA256 ")?;
        Some(
            rest.split(',')
                .filter_map(|pair| pair.trim().split_once('=')),
        )
    });
    let member = |name: &str| {
        let mut members = members.clone()?;
        members
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    };
    let (key, date) = (
        member("apiKey").ok_or(BROKEN)?,
        member("date").ok_or(BROKEN)?,
    );
    let (salt, signature) = (
        member("salt").ok_or(BROKEN)?,
        member("signature").ok_or(BROKEN)?,
    );
    if key != state.settings.sms.solapi_api_key {
        return Err("InvalidAPIKey");
    }
    let date_seconds = seconds(date).ok_or("InvalidParameter")?;
    if now().abs_diff(date_seconds) > KEPT {
        return Err("RequestTimeTooSkewed");
    }
    let secret = hmac::Key::new(
        hmac::HMAC_SHA256,
        state.settings.sms.solapi_api_secret.as_bytes(),
    );
    let expected = hmac::sign(&secret, format!("{date}{salt}").as_bytes());
    let expected: String = expected
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if !(12..=64).contains(&salt.len()) || signature != expected {
        return Err("SignatureDoesNotMatch");
    }
    match state.used_signatures.record(signature) {
        true => Ok(()),
        false => Err("DuplicatedSignature"),
    }
}

/// Seconds since 1970 of a date such as `2026-01-02T03:04:05Z`, with or without a fraction.
fn seconds(date: &str) -> Option<u64> {
    let (date, time) = date.strip_suffix('Z')?.split_once('T')?;
    let time = time.split_once('.').map_or(time, |(whole, _)| whole);
    let numbers = |text: &str, separator| -> Option<[u64; 3]> {
        let parts: Result<Vec<u64>, _> = text.split(separator).map(str::parse).collect();
        parts.ok()?.try_into().ok()
    };
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(time, ':')?;
    let is_date = (1970..=9999).contains(&year) && (1..=12).contains(&month);
    if !is_date || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // Years begin in March here, so that the leap day is the last one.
    let (year, month) = if month < 3 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1;
    let days = days.checked_sub(719_468)?;
    Some(days * 86_400 + hour * 3_600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn dates_are_read_to_the_second() {
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds("2024-02-29T23:59:59.123Z"), Some(1_709_251_199));
        assert_eq!(seconds("2026-01-02T03:04:05Z"), Some(1_767_323_045));
        for broken in [
            "",
            "2026-01-02",
            "2026-13-02T00:00:00Z",
            "x-01-02T03:04:05Z",
        ] {
            assert_eq!(seconds(broken), None, "{broken}");
        }
    }
}
