//! The time at which the user last authenticated at the provider (`auth_time`, OpenID Connect Core
//! section 2). The functions are pure; the current time is a parameter.

use std::time::Duration;

use serde_json::{Map, Value};

use super::{id_token::SKEW, numeric_date};
use crate::clock::UnixTime;

/// The time of the last authentication by the clock of this server, at most `now`. The age of the
/// authentication is `iat` minus `auth_time`. Both are times of the provider, so that a difference
/// between the clocks cancels out. `None` if one of them is missing or not a time, in which case
/// the authentication counts as unproved.
pub(crate) fn read(claims: &Map<String, Value>, now: UnixTime) -> Option<UnixTime> {
    let date = |name| numeric_date::claim(claims, name);
    let age = date("iat")? - date("auth_time")?;
    // Two servers of one provider may differ a little. An `auth_time` that is later than that is no
    // time of a past authentication.
    if age < -SKEW.as_secs_f64() {
        return None;
    }
    // Rounded up, so that an authentication never counts as younger than it is.
    let age = Duration::try_from_secs_f64(age.max(0.0).ceil()).ok()?;
    Some(now.before(age))
}

/// The time at which the provider issued the token, by its own clock (`iat`, Core section 2), in
/// whole seconds. `None` if it is missing or not a time.
pub(crate) fn issued_at(claims: &Map<String, Value>) -> Option<UnixTime> {
    let since = Duration::try_from_secs_f64(numeric_date::claim(claims, "iat")?).ok()?;
    Some(UnixTime::from_secs(since.as_secs()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const NOW: UnixTime = UnixTime::from_secs(1_800_000_000);

    fn age(iat: &Value, auth_time: &Value) -> Option<u64> {
        let claims = json!({ "iat": iat, "auth_time": auth_time });
        let proved = read(claims.as_object().unwrap(), NOW)?;
        Some(NOW.as_secs() - proved.as_secs())
    }

    #[test]
    fn every_notation_of_a_number_is_a_time() {
        let iat = json!(1_700_000_060);
        for (written, expected) in [
            ("1700000000", 60),
            ("1700000000.0", 60),
            ("1700000000.73", 60),
            ("1.7e9", 60),
            ("1700000060", 0),
            ("1700000061", 0),
            ("1700000120", 0),
            ("0", 1_700_000_060),
            ("1", 1_700_000_059),
        ] {
            let written = serde_json::from_str(written).unwrap();
            assert_eq!(age(&iat, &written), Some(expected), "{written}");
        }
    }

    #[test]
    fn a_value_that_is_not_a_time_proves_nothing() {
        let iat = json!(1_700_000_060);
        for written in [
            "null",
            "true",
            "\"1700000000\"",
            "\"now\"",
            "-1",
            "-1e300",
            "1700000121",
            "1700000000000",
            "1e300",
            "[1700000000]",
            "{}",
        ] {
            let written: Value = serde_json::from_str(written).unwrap();
            assert_eq!(age(&iat, &written), None, "{written}");
            assert!(
                written.is_number() || age(&written, &iat).is_none(),
                "{written}"
            );
        }
        assert_eq!(read(&Map::new(), NOW), None);
    }

    proptest! {
        #[test]
        fn a_proof_is_never_later_than_now_nor_younger_than_it_is(iat: f64, auth_time: f64) {
            if let Some(age) = age(&json!(iat), &json!(auth_time)) {
                prop_assert!(age as f64 >= (iat - auth_time).min(NOW.as_f64()));
            }
        }

        #[test]
        fn ages_in_whole_seconds_are_exact(iat in 0_u32.., age_in in 0_u32..) {
            prop_assume!(age_in <= iat && age_in <= 1_800_000_000);
            let read = age(&json!(iat), &json!(iat - age_in));
            prop_assert_eq!(read, Some(u64::from(age_in)));
        }
    }
}
