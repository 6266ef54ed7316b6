//! Texts for the log: the expected and the found value of a claim.
//!
//! Values that identify a user, or are secret, appear by their kind only ("a text", "missing").

use serde_json::{Map, Value};

use crate::error::Mismatch;

/// The text for a value that is not there.
pub(super) const MISSING: &str = "missing";

/// A claim's value, if it is a text or a list of texts. Otherwise its kind. Only for claims that
/// may be logged, such as `iss` and `aud`.
pub(super) fn text(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) if text.is_empty() => "an empty text".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(several)) => {
            let texts: Option<Vec<&str>> = several.iter().map(Value::as_str).collect();
            match texts.as_deref() {
                Some([]) => "an empty list".to_owned(),
                Some(texts) => texts.join(", "),
                None => "a list with values that are no text".to_owned(),
            }
        }
        other => kind(other).to_owned(),
    }
}

/// The kind of a claim's value, which reveals nothing but a boolean.
pub(super) fn kind(value: Option<&Value>) -> &'static str {
    match value {
        None => MISSING,
        Some(Value::Null) => "null",
        Some(Value::Bool(true)) => "true",
        Some(Value::Bool(false)) => "false",
        Some(Value::Number(_)) => "a number",
        Some(Value::String(text)) if text.is_empty() => "an empty text",
        Some(Value::String(_)) => "a text",
        Some(Value::Array(_)) => "a list",
        Some(Value::Object(_)) => "an object",
    }
}

/// The mismatch of a claim whose value may be logged.
pub(super) fn claim(claims: &Map<String, Value>, name: &str, expected: &str) -> Mismatch {
    Mismatch::new(expected, &text(claims.get(name)))
}

/// The mismatch of a claim whose value must not be logged.
pub(super) fn private(claims: &Map<String, Value>, name: &str, expected: &str) -> Mismatch {
    Mismatch::new(expected, kind(claims.get(name)))
}

/// The distance of a time from `now`, in whole seconds. It shows a wrong clock at a glance.
pub(super) fn distance(time: f64, now: f64) -> String {
    let seconds = (time - now).round();
    match seconds {
        0.0.. => format!("{seconds} s ahead"),
        _ => format!("{} s ago", -seconds),
    }
}

/// The provider's clock minus the clock of this server, in seconds, by the token's `iat`. `None`
/// without a plausible `iat`.
pub(super) fn difference(issued_at: Option<f64>, now: f64) -> Option<i64> {
    /// Far beyond any date, and exact as an integer.
    const MOST: f64 = 1e12;

    let seconds = (issued_at? - now).round();
    // Within this range the conversion is exact.
    (seconds.abs() <= MOST).then_some(seconds as i64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_shown_as_its_text_or_its_kind() {
        for (value, expected) in [
            (json!("a"), "a"),
            (json!(""), "an empty text"),
            (json!(["a", "b"]), "a, b"),
            (json!([]), "an empty list"),
            (json!(["a", 1]), "a list with values that are no text"),
            (json!(821_012_345_678_u64), "a number"),
            (json!({"a": 1}), "an object"),
            (json!(null), "null"),
        ] {
            assert_eq!(text(Some(&value)), expected);
        }
        assert_eq!(text(None), "missing");
    }

    #[test]
    fn a_time_is_shown_as_its_distance_in_whole_seconds() {
        for (time, expected) in [
            (1000.0, "0 s ahead"),
            (1090.4, "90 s ahead"),
            (600.0, "400 s ago"),
        ] {
            assert_eq!(distance(time, 1000.0), expected);
        }
        assert_eq!(difference(Some(1090.4), 1000.0), Some(90));
        assert_eq!(difference(Some(600.0), 1000.0), Some(-400));
        assert_eq!(difference(Some(1e300), 1000.0), None);
        assert_eq!(difference(None, 1000.0), None);
    }
}
