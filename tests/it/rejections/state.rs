//! An invalid state of a callback is refused before any call to the provider.

use std::time::Duration;

use http::{Method, StatusCode};
use tower_phone_auth::error::LoginErrorKind;
use tower_phone_auth_local_provider::Endpoint;

use super::begun::{assert_unknown, begin};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{JIWOO, altered, location, parameter, refusal, set_cookies, text},
    shop::Shop,
};

#[tokio::test]
async fn a_callback_without_state_is_refused() {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    let page = browser.visit(&altered(&callback, "state", None)).await;
    assert_eq!(refusal(&page), Some(LoginErrorKind::MalformedCallback));
    assert_eq!(browser.session(), None);
}

#[tokio::test]
async fn a_made_up_state_is_refused() {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    let forged = altered(&callback, "state", Some("AAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
    assert_unknown(&shop, &mut browser, &forged).await;
}

#[tokio::test]
async fn a_state_cut_or_grown_or_in_other_case_is_refused() {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    let state = state_of(&callback);
    let cookies = browser.cookies.clone();
    for wrong in [
        state[..state.len() - 1].to_owned(),
        format!("{state}A"),
        format!("{state} "),
        format!("{}{}", &state[..20], state[20..].to_ascii_uppercase()),
        state[..12].to_owned(),
    ] {
        browser.cookies = cookies.clone();
        let forged = altered(&callback, "state", Some(&wrong));
        assert_unknown(&shop, &mut browser, &forged).await;
    }
}

#[tokio::test]
async fn a_state_without_its_cookie_is_refused() {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    browser.cookies.clear();
    assert_unknown(&shop, &mut browser, &callback).await;
}

#[tokio::test]
async fn state_from_another_browser_is_refused() {
    let shop = Shop::open().await;
    let (_, attackers) = begin(&shop).await;
    let (mut victim, own) = begin(&shop).await;
    assert_unknown(&shop, &mut victim, &attackers).await;
    assert_eq!(location(&victim.visit(&own).await), "/cart");
}

#[tokio::test]
async fn the_code_of_another_sign_in_under_the_own_state_is_refused() {
    let shop = Shop::open().await;
    let (_, stolen) = begin(&shop).await;
    let (mut attacker, own) = begin(&shop).await;
    let (_, code) = parameters(&stolen)
        .find(|(name, _)| name == "code")
        .unwrap();
    let page = attacker.visit(&altered(&own, "code", Some(&code))).await;
    assert_eq!(refusal(&page), Some(LoginErrorKind::CodeRejected));
    assert_eq!(attacker.session(), None);
}

#[tokio::test]
async fn an_expired_sign_in_is_refused() {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    shop.time.pass(Duration::from_secs(30 * 60));
    assert_unknown(&shop, &mut browser, &callback).await;
}

#[tokio::test]
async fn a_sign_in_may_take_just_under_half_an_hour() {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    shop.time.pass(Duration::from_secs(30 * 60 - 1));
    assert_eq!(location(&browser.visit(&callback).await), "/cart");
}

#[tokio::test]
async fn a_forged_pending_cookie_is_refused() {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    let (name, value) = browser.cookies.pop_first().unwrap();
    let flipped = value.replacen(|last: char| last.is_ascii_lowercase(), "-", 1);
    for forged in ["", "x", "%00", &"A".repeat(4000), &value[1..], &flipped] {
        browser.cookies.insert(name.clone(), forged.to_owned());
        assert_unknown(&shop, &mut browser, &callback).await;
    }
}

#[tokio::test]
async fn a_pending_cookie_under_another_states_name_is_refused() {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    let own = browser.pending()[0].to_owned();
    let (attacker, _) = begin(&shop).await;
    let attackers = attacker.cookies.into_values().next().unwrap();
    browser.cookies.insert(own, attackers);
    assert_unknown(&shop, &mut browser, &callback).await;
}

#[tokio::test]
async fn a_pending_cookie_of_another_key_is_refused() {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    browser.moves_to(shop.restarted(shop.provider.kakao(), |builder| builder));
    assert_unknown(&shop, &mut browser, &callback).await;
}

#[tokio::test]
async fn the_state_of_one_provider_is_refused_at_the_others_callback() {
    let shop = Shop::with_two_providers().await;
    for (from, to) in [("kakao", "second"), ("second", "kakao")] {
        let mut browser = shop.browser();
        let away = browser.visit(&format!("/auth/login?provider={from}")).await;
        let callback = browser.act(&away, JIWOO).await;
        let other = callback.replacen(from, to, 1);
        assert_unknown(&shop, &mut browser, &other).await;
    }
}

#[tokio::test]
async fn a_session_is_no_pending_sign_in() {
    let shop = Shop::open().await;
    let mut attacker = shop.browser();
    attacker.sign_in("/", JIWOO).await;
    shop.provider.forget_requests();
    let (mut browser, callback) = begin(&shop).await;
    let name = browser.pending()[0].to_owned();
    let session = attacker.session().unwrap().to_owned();
    browser.cookies.insert(name, session);
    assert_unknown(&shop, &mut browser, &callback).await;
}

#[tokio::test]
async fn a_pending_sign_in_is_no_session() {
    let shop = Shop::open().await;
    let (mut browser, _) = begin(&shop).await;
    let pending = browser.cookies.pop_first().unwrap().1;
    browser.cookies.insert("phone-auth".to_owned(), pending);
    let answer = browser.fetch(Method::GET, "/cart").await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_error_under_a_foreign_state_is_not_believed() {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    let denied = altered(&callback, "error", Some("access_denied"));
    for forged in [
        altered(&denied, "state", Some("AAAAAAAAAAAAAAAAAAAA")),
        altered(&altered(&denied, "code", None), "state", Some("BBBB")),
    ] {
        assert_unknown(&shop, &mut browser, &forged).await;
    }
    // An error without a state is shown by its code, and ends nothing.
    let page = browser.visit(&altered(&denied, "state", None)).await;
    assert_eq!(refusal(&page), Some(LoginErrorKind::Cancelled));
    assert!(set_cookies(&page).is_empty());
    assert_eq!(
        browser.visit(&callback).await.status(),
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn the_attackers_callback_signs_no_victim_in() {
    let shop = Shop::open().await;
    let (_, attackers) = begin(&shop).await;
    let mut victim = shop.browser();
    assert_unknown(&shop, &mut victim, &attackers).await;
    assert!(victim.cookies.is_empty());
}

fn parameters(callback: &str) -> impl Iterator<Item = (String, String)> {
    let query = callback.split_once('?').unwrap().1;
    form_urlencoded::parse(query.as_bytes()).into_owned()
}

fn state_of(callback: &str) -> String {
    let mut parameters = parameters(callback);
    parameters.find(|(name, _)| name == "state").unwrap().1
}

#[tokio::test]
async fn a_sign_in_that_took_too_long_is_offered_again_for_the_same_page() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/orders").await;
    let callback = browser.act(&away, JIWOO).await;
    shop.time.pass(Duration::from_secs(31 * 60));
    let page = browser.visit(&callback).await;
    assert_eq!(
        crate::support::browser::not_pending(refusal(&page)),
        Some(LoginErrorKind::UnknownState)
    );
    assert!(text(&page).contains("return_to=%2Forders"));
}

#[tokio::test]
async fn callbacks_that_cause_no_provider_call_evict_no_used_state() {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    let copied = browser.cookies.clone();
    browser.visit(&callback).await;
    browser.visit("/").await;
    let calls = shop.provider.count(Endpoint::Token);
    let mut stranger = shop.browser();
    for number in 0..4200 {
        stranger.cookies.clear();
        let away = stranger.visit("/").await;
        let state = parameter(&away, "state").unwrap();
        let outcome = ["error=access_denied", "code=1&iss=https://evil.example"][number % 2];
        let path = format!("/auth/callback/kakao?state={state}&{outcome}");
        assert!(refusal(&stranger.visit(&path).await).is_some());
    }
    stranger.cookies = copied;
    let page = stranger.visit(&callback).await;
    assert_eq!(
        crate::support::browser::not_pending(refusal(&page)),
        Some(LoginErrorKind::UnknownState)
    );
    assert_eq!(shop.provider.count(Endpoint::Token), calls);
}
