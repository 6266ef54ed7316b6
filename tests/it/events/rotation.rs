//! Logout tokens of an unknown key are kept and checked with the next key set.

use std::time::{Duration, Instant};

use http::StatusCode;
use tower_phone_auth::error::LoginErrorKind;
use tower_phone_auth_local_provider::{
    Endpoint, LocalProvider, Person,
    faults::{Fault, Signing},
};

use super::{
    RISC, SET, is_signed_in,
    logout_token::{open, send, token},
    post, sign_in,
};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO, Page, refusal},
    log::Log,
    replicas::until,
    shop::Shop,
};

/// Sends tokens that another key signed, with these key ids.
async fn send_forged_tokens(shop: &Shop, key_ids: impl IntoIterator<Item = String>) -> Vec<Page> {
    let mut pages = Vec::new();
    shop.provider.sign_id_tokens(Signing::WrongKey);
    for key_id in key_ids {
        shop.provider.forge_id_token(move |header, _| {
            header["kid"] = key_id.as_str().into();
        });
        let token = token(shop);
        pages.push(send(shop, &token).await);
    }
    shop.provider.clear_id_token_faults();
    pages
}

#[track_caller]
pub(super) fn assert_kept_for_later(page: &Page) {
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    let seconds = page.headers()["retry-after"].to_str().unwrap();
    assert!((1..=30).contains(&seconds.parse::<u64>().unwrap()));
    assert_eq!(page.headers()["connection"], "close");
}

pub(super) async fn wait_until_signed_out(browser: &mut Browser) {
    let began = Instant::now();
    while is_signed_in(browser).await {
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "the session never ended"
        );
        // Leaves the processor to the task that checks the token.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn a_key_rotation_before_each_of_six_logouts_is_noticed() {
    for pause in [10, 0] {
        let shop = open().await;
        for _ in 0..6 {
            let mut browser = sign_in(&shop).await;
            shop.time.pass(Duration::from_secs(pause));
            shop.provider.rotate_keys();
            let page = send(&shop, &token(&shop)).await;
            assert_eq!(page.status(), StatusCode::OK);
            assert!(!is_signed_in(&mut browser).await);
        }
    }
}

#[tokio::test]
async fn a_logout_token_after_forged_ones_is_kept_and_ends_its_session_later() {
    for forged in [9, 80] {
        let shop = open().await;
        let mut browser = sign_in(&shop).await;
        send_forged_tokens(&shop, (0..forged).map(|number| format!("forged-{number}"))).await;
        shop.provider.rotate_keys();
        let log = Log::capture();
        assert_kept_for_later(&send(&shop, &token(&shop)).await);
        assert!(is_signed_in(&mut browser).await);
        shop.time.pass(Duration::from_secs(5));
        wait_until_signed_out(&mut browser).await;
        let text = log.text();
        assert!(
            text.contains("a logout token that was kept is verified"),
            "{text}"
        );
        // A new sign-in gives a new session.
        assert!(is_signed_in(&mut sign_in(&shop).await).await);
    }
}

#[tokio::test]
async fn a_flood_of_forged_tokens_does_not_stop_a_logout_token() {
    let shop = open().await;
    let mut browser = sign_in(&shop).await;
    shop.provider.sign_id_tokens(Signing::WrongKey);
    let mut forged = Vec::new();
    for number in 0..200 {
        shop.provider
            .forge_id_token(move |header, _| header["kid"] = format!("forged-{number}").into());
        forged.push(token(&shop));
    }
    shop.provider.clear_id_token_faults();
    shop.provider.forget_requests();
    for number in 0..1000_usize {
        // Half of the tokens have one key id, the others have 200 different ones.
        let forged = &forged[if number % 2 == 0 { 0 } else { number % 200 }];
        let status = send(&shop, forged).await.status().as_u16();
        assert!(matches!(status, 400 | 503), "{status}");
    }
    assert!(shop.provider.count(Endpoint::Keys) < 20);
    shop.provider.rotate_keys();
    let page = send(&shop, &token(&shop)).await;
    if page.status() != StatusCode::OK {
        assert_kept_for_later(&page);
        shop.time.pass(Duration::from_secs(5));
    }
    wait_until_signed_out(&mut browser).await;
}

#[tokio::test]
async fn forged_tokens_do_not_use_up_the_key_requests_of_sign_ins() {
    let shop = open().await;
    sign_in(&shop).await;
    send_forged_tokens(&shop, (0..100).map(|number| format!("forged-{number}"))).await;
    for _ in 0..4 {
        shop.time.catch_up();
        shop.provider.rotate_keys();
        assert!(is_signed_in(&mut sign_in(&shop).await).await);
    }
}

#[tokio::test]
async fn a_forged_token_with_a_known_key_id_blocks_no_genuine_token() {
    let shop = open().await;
    let mut browser = sign_in(&shop).await;
    shop.provider.sign_id_tokens(Signing::WrongKey);
    for _ in 0..50 {
        let page = send(&shop, &token(&shop)).await;
        assert!(matches!(page.status().as_u16(), 400 | 503));
    }
    shop.provider.clear_id_token_faults();
    let page = send(&shop, &token(&shop)).await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn a_repeated_forged_token_is_refused_and_causes_one_request() {
    let shop = open().await;
    sign_in(&shop).await;
    shop.provider.forget_requests();
    let pages = send_forged_tokens(&shop, (0..50).map(|_| "forged".to_owned())).await;
    assert!(
        pages
            .iter()
            .all(|page| page.status() == StatusCode::BAD_REQUEST)
    );
    assert_eq!(shop.provider.count(Endpoint::Keys), 1);
}

#[tokio::test]
async fn a_logout_token_is_kept_until_the_keys_can_be_read() {
    for fault in [Fault::Close, Fault::Cut, Fault::Hang] {
        let shop = open().await;
        let mut browser = sign_in(&shop).await;
        shop.provider.rotate_keys();
        shop.provider.fail(Endpoint::Keys, fault);
        assert_kept_for_later(&send(&shop, &token(&shop)).await);
        assert!(is_signed_in(&mut browser).await);
        shop.provider.clear_faults(Endpoint::Keys);
        shop.time.pass(Duration::from_secs(60));
        wait_until_signed_out(&mut browser).await;
    }
}

#[tokio::test]
async fn a_copy_of_a_kept_token_ends_no_later_session() {
    let shop = open().await;
    let mut browser = sign_in(&shop).await;
    send_forged_tokens(&shop, (0..9).map(|number| format!("forged-{number}"))).await;
    shop.provider.rotate_keys();
    let token = token(&shop);
    for _ in 0..3 {
        assert_kept_for_later(&send(&shop, &token).await);
    }
    shop.time.pass(Duration::from_secs(5));
    wait_until_signed_out(&mut browser).await;
    let mut since = sign_in(&shop).await;
    assert_eq!(send(&shop, &token).await.status(), StatusCode::BAD_REQUEST);
    assert!(is_signed_in(&mut since).await);
}

#[tokio::test]
async fn a_kept_token_is_dropped_after_five_minutes_with_a_line() {
    let shop = open().await;
    let mut browser = sign_in(&shop).await;
    shop.provider.rotate_keys();
    shop.provider.fail(Endpoint::Keys, Fault::Close);
    let log = Log::capture();
    assert_kept_for_later(&send(&shop, &token(&shop)).await);
    shop.time.pass(Duration::from_secs(301));
    until(async || log.text().contains("could not be read for five minutes")).await;
    shop.provider.clear_faults(Endpoint::Keys);
    assert!(is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn a_security_event_of_an_unknown_key_is_to_be_sent_again() {
    let provider = LocalProvider::start().await.unwrap();
    let google = provider.google();
    let shop = Shop::at(provider, google, |builder| builder);
    let mut browser = sign_in(&shop).await;
    let event = format!("{RISC}/sessions-revoked");
    let event = || {
        shop.provider
            .google_event(&event, Person::WITH_PHONE)
            .unwrap()
    };
    shop.provider.sign_id_tokens(Signing::WrongKey);
    for number in 0..9 {
        shop.provider
            .forge_id_token(move |header, _| header["kid"] = format!("forged-{number}").into());
        post(&shop, "/auth/events/google", SET, event()).await;
    }
    shop.provider.clear_id_token_faults();
    shop.provider.rotate_keys();
    let event = event();
    assert_kept_for_later(&post(&shop, "/auth/events/google", SET, event.clone()).await);
    shop.time.pass(Duration::from_secs(5));
    let page = post(&shop, "/auth/events/google", SET, event).await;
    assert_eq!(page.status(), StatusCode::ACCEPTED);
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn a_sign_in_to_a_session_that_a_logout_token_ended_is_refused() {
    let shop = open().await;
    sign_in(&shop).await;
    // A logout token has ended the session at the provider.
    shop.provider
        .forge_id_token(|_, claims| claims["sid"] = "ended".into());
    assert_eq!(send(&shop, &token(&shop)).await.status(), StatusCode::OK);
    let page = shop.browser().come_back("/", JIWOO).await;
    assert_eq!(refusal(&page), Some(LoginErrorKind::ProviderRefused));
}
