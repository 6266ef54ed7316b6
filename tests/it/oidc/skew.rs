//! Tolerated clock differences: a minute, and not ten.

use serde_json::{Value, json};

use super::{assert_signed_in, claiming, open, refusal, rejected};

#[tokio::test]
async fn a_token_that_just_expired_is_accepted_and_an_older_one_is_refused() {
    let shop = open(|_| {}).await;
    let now = shop.time.now();
    assert_signed_in(&claiming(&shop, "exp", at(now - 59)).await, "59 s");
    for ago in [60, 600, now] {
        let page = claiming(&shop, "exp", at(now - ago)).await;
        assert_eq!(refusal(&page), rejected("exp"), "{ago} s");
    }
}

#[tokio::test]
async fn a_token_from_the_near_future_is_accepted_and_from_the_far_future_refused() {
    let shop = open(|_| {}).await;
    let now = shop.time.now();
    for name in ["iat", "nbf"] {
        for ahead in [0, 60] {
            let page = claiming(&shop, name, at(now + ahead)).await;
            assert_signed_in(&page, &format!("{name} {ahead} s"));
        }
        for ahead in [61, 600] {
            let page = claiming(&shop, name, at(now + ahead)).await;
            assert_eq!(refusal(&page), rejected(name), "{ahead} s");
        }
    }
}

#[tokio::test]
async fn a_token_without_nbf_is_accepted() {
    let shop = open(|_| {}).await;
    assert_signed_in(&claiming(&shop, "nbf", None).await, "without nbf");
    let page = claiming(&shop, "nbf", Some(json!("now"))).await;
    assert_eq!(refusal(&page), rejected("nbf"));
}

#[tokio::test]
async fn times_may_be_fractions_and_far_away() {
    let shop = open(|_| {}).await;
    for end in [json!(1e300), json!(u64::MAX), json!(4_102_444_800.5)] {
        let page = claiming(&shop, "exp", Some(end.clone())).await;
        assert_signed_in(&page, &end.to_string());
    }
    for end in [json!(-1), json!(0), json!(-1e300)] {
        let page = claiming(&shop, "exp", Some(end.clone())).await;
        assert_eq!(refusal(&page), rejected("exp"), "{end}");
    }
}

fn at(seconds: u64) -> Option<Value> {
    Some(seconds.into())
}
