//! Times in claims (`NumericDate`). The functions are pure.

use serde_json::{Map, Value};

/// A `NumericDate` (RFC 7519 section 2): seconds since 1970 as a JSON number in any notation
/// (`1700000000`, `1700000000.5`, `1.7e9`). `None` if it is negative, or another type. A text is
/// not a time, because the RFC requires a number.
pub(crate) fn read(value: &Value) -> Option<f64> {
    value
        .as_f64()
        .filter(|seconds| seconds.is_finite() && *seconds >= 0.0)
}

/// The time in a claim. `None` if the claim is missing or not a time.
pub(crate) fn claim(claims: &Map<String, Value>, name: &str) -> Option<f64> {
    read(claims.get(name)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(written: &str) -> Option<f64> {
        read(&serde_json::from_str(written).unwrap())
    }

    #[test]
    fn every_notation_of_a_number_is_a_time() {
        for (written, seconds) in [
            ("0", 0.0),
            ("-0", 0.0),
            ("1700000004", 1_700_000_004.0),
            ("1700000004.0", 1_700_000_004.0),
            ("1700000004.73", 1_700_000_004.73),
            ("1.700000004e9", 1_700_000_004.0),
            ("1700000004000E-3", 1_700_000_004.0),
            ("18446744073709551615", 18_446_744_073_709_551_615.0),
            ("1e300", 1e300),
        ] {
            assert_eq!(time(written), Some(seconds), "{written}");
        }
    }

    #[test]
    fn a_value_that_is_not_a_number_since_1970_is_not_a_time() {
        for written in [
            "null",
            "true",
            "\"1700000004\"",
            "\"\"",
            "-1",
            "-0.5",
            "-1e300",
            "[1700000004]",
            "{}",
        ] {
            assert_eq!(time(written), None, "{written}");
        }
    }
}
