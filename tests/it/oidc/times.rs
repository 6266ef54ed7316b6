//! Times in the forms that servers write, which all time claims accept.

use serde_json::{Value, json};

use super::{assert_signed_in, claiming, open, refusal, rejected};

/// The same time in every notation of a JSON number.
pub(crate) fn spellings(seconds: u64) -> [Value; 4] {
    let written = |text: String| serde_json::from_str(&text).unwrap();
    let (whole, rest) = (seconds / 1_000_000_000, seconds % 1_000_000_000);
    [
        json!(seconds),
        written(format!("{seconds}.0")),
        written(format!("{whole}.{rest:09}e9")),
        written(format!("{seconds}000E-3")),
    ]
}

pub(crate) const NO_TIMES: [&str; 5] = [r#""1700000004""#, "true", "-1", "[1700000004]", "{}"];

#[tokio::test]
async fn every_time_of_an_id_token_may_be_any_number() {
    let shop = open(|_| {}).await;
    let now = shop.time.now();
    for (name, at) in [
        ("exp", now + 600),
        ("iat", now),
        ("nbf", now - 5),
        ("auth_time", now - 5),
    ] {
        for time in spellings(at) {
            let page = claiming(&shop, name, Some(time.clone())).await;
            assert_signed_in(&page, &format!("{name} {time}"));
        }
    }
}

#[tokio::test]
async fn an_invalid_time_is_refused_by_its_name() {
    let shop = open(|_| {}).await;
    for name in ["exp", "iat", "nbf"] {
        for text in NO_TIMES {
            let time: Value = serde_json::from_str(text).unwrap();
            let page = claiming(&shop, name, Some(time)).await;
            assert_eq!(refusal(&page), rejected(name), "{name} {text}");
        }
    }
}

#[tokio::test]
async fn numbers_beyond_every_clock_cause_no_panic() {
    let shop = open(|_| {}).await;
    for time in ["1e308", "18446744073709551615", "9007199254740993"] {
        let time: Value = serde_json::from_str(time).unwrap();
        for name in ["iat", "nbf"] {
            let page = claiming(&shop, name, Some(time.clone())).await;
            assert_eq!(refusal(&page), rejected(name), "{time}");
        }
        for name in ["exp", "auth_time"] {
            let page = claiming(&shop, name, Some(time.clone())).await;
            assert_signed_in(&page, &format!("{name} {time}"));
        }
    }
}
