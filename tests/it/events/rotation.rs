//! Logout tokens whose key is not known yet: they are kept, and judged with the next key set.

use std::time::{Duration, Instant};

use http::StatusCode;
use tower_phone_auth::LoginErrorKind;
use tower_phone_auth_local_provider::{Endpoint, Fault, LocalProvider, Person, Signing};

use super::{
    RISC, SET, is_in,
    logout_token::{open, send, token},
    member, post,
};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO, Page, refusal},
    log::Log,
    replicas::until,
    shop::Shop,
};

/// Tokens that another key signed, with this key id.
async fn forge(shop: &Shop, key_ids: impl IntoIterator<Item = String>) -> Vec<Page> {
    let mut pages = Vec::new();
    shop.provider.sign_id_tokens(Signing::WrongKey);
    for key_id in key_ids {
        shop.provider.forge_id_token(move |header, _| {
            header["kid"] = key_id.as_str().into();
        });
        let token = token(shop);
        pages.push(send(shop, &token).await);
    }
    shop.provider.heal_id_tokens();
    pages
}

#[track_caller]
pub(super) fn assert_later(page: &Page) {
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    let seconds = page.headers()["retry-after"].to_str().unwrap();
    assert!((1..=30).contains(&seconds.parse::<u64>().unwrap()));
    assert_eq!(page.headers()["connection"], "close");
}

pub(super) async fn ends(browser: &mut Browser) {
    let began = Instant::now();
    while is_in(browser).await {
        assert!(began.elapsed() < Duration::from_secs(20), "never");
        // Leaves the processor to the task that judges the token.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn a_rotation_before_each_of_six_sign_outs_is_noticed_each_time() {
    for pause in [10, 0] {
        let shop = open().await;
        for _ in 0..6 {
            let mut browser = member(&shop).await;
            shop.time.pass(Duration::from_secs(pause));
            shop.provider.rotate_keys();
            let page = send(&shop, &token(&shop)).await;
            assert_eq!(page.status(), StatusCode::OK);
            assert!(!is_in(&mut browser).await);
        }
    }
}

#[tokio::test]
async fn a_logout_after_forged_tokens_is_kept_and_ends_its_session_without_another_request() {
    for forged in [9, 80] {
        let shop = open().await;
        let mut browser = member(&shop).await;
        forge(&shop, (0..forged).map(|number| format!("forged-{number}"))).await;
        shop.provider.rotate_keys();
        let log = Log::capture();
        assert_later(&send(&shop, &token(&shop)).await);
        assert!(is_in(&mut browser).await);
        shop.time.pass(Duration::from_secs(5));
        ends(&mut browser).await;
        let text = log.text();
        assert!(
            text.contains("a logout token that was kept is verified"),
            "{text}"
        );
        // A new sign-in is a new session.
        assert!(is_in(&mut member(&shop).await).await);
    }
}

#[tokio::test]
async fn a_flood_of_forged_tokens_keeps_no_session_alive() {
    let shop = open().await;
    let mut browser = member(&shop).await;
    shop.provider.sign_id_tokens(Signing::WrongKey);
    let mut forged = Vec::new();
    for number in 0..200 {
        shop.provider
            .forge_id_token(move |header, _| header["kid"] = format!("forged-{number}").into());
        forged.push(token(&shop));
    }
    shop.provider.heal_id_tokens();
    shop.provider.forget_requests();
    for number in 0..1000_usize {
        // Half of them with one key id, the others with as many as fit.
        let forged = &forged[if number % 2 == 0 { 0 } else { number % 200 }];
        let status = send(&shop, forged).await.status().as_u16();
        assert!(matches!(status, 400 | 503), "{status}");
    }
    assert!(shop.provider.count(Endpoint::Keys) < 20);
    shop.provider.rotate_keys();
    let page = send(&shop, &token(&shop)).await;
    if page.status() != StatusCode::OK {
        assert_later(&page);
        shop.time.pass(Duration::from_secs(5));
    }
    ends(&mut browser).await;
}

#[tokio::test]
async fn forged_tokens_leave_the_sign_ins_their_own_calls() {
    let shop = open().await;
    member(&shop).await;
    forge(&shop, (0..100).map(|number| format!("forged-{number}"))).await;
    for _ in 0..4 {
        shop.provider.rotate_keys();
        assert!(is_in(&mut member(&shop).await).await);
    }
}

#[tokio::test]
async fn a_forged_token_with_a_known_key_id_keeps_no_real_one_out() {
    let shop = open().await;
    let mut browser = member(&shop).await;
    shop.provider.sign_id_tokens(Signing::WrongKey);
    for _ in 0..50 {
        let page = send(&shop, &token(&shop)).await;
        assert!(matches!(page.status().as_u16(), 400 | 503));
    }
    shop.provider.heal_id_tokens();
    let page = send(&shop, &token(&shop)).await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(!is_in(&mut browser).await);
}

#[tokio::test]
async fn one_forged_token_repeated_is_refused_and_costs_one_call() {
    let shop = open().await;
    member(&shop).await;
    shop.provider.forget_requests();
    let pages = forge(&shop, (0..50).map(|_| "forged".to_owned())).await;
    assert!(
        pages
            .iter()
            .all(|page| page.status() == StatusCode::BAD_REQUEST)
    );
    assert_eq!(shop.provider.count(Endpoint::Keys), 1);
}

#[tokio::test]
async fn a_logout_while_the_keys_cannot_be_read_is_kept_until_they_can() {
    for fault in [Fault::Close, Fault::Cut, Fault::Hang] {
        let shop = open().await;
        let mut browser = member(&shop).await;
        shop.provider.rotate_keys();
        shop.provider.fail(Endpoint::Keys, fault);
        assert_later(&send(&shop, &token(&shop)).await);
        assert!(is_in(&mut browser).await);
        shop.provider.heal(Endpoint::Keys);
        shop.time.pass(Duration::from_secs(60));
        ends(&mut browser).await;
    }
}

#[tokio::test]
async fn a_copy_of_a_kept_token_ends_no_session_begun_since() {
    let shop = open().await;
    let mut browser = member(&shop).await;
    forge(&shop, (0..9).map(|number| format!("forged-{number}"))).await;
    shop.provider.rotate_keys();
    let token = token(&shop);
    for _ in 0..3 {
        assert_later(&send(&shop, &token).await);
    }
    shop.time.pass(Duration::from_secs(5));
    ends(&mut browser).await;
    let mut since = member(&shop).await;
    assert_eq!(send(&shop, &token).await.status(), StatusCode::BAD_REQUEST);
    assert!(is_in(&mut since).await);
}

#[tokio::test]
async fn a_kept_token_is_given_up_after_five_minutes_with_a_line() {
    let shop = open().await;
    let mut browser = member(&shop).await;
    shop.provider.rotate_keys();
    shop.provider.fail(Endpoint::Keys, Fault::Close);
    let log = Log::capture();
    assert_later(&send(&shop, &token(&shop)).await);
    shop.time.pass(Duration::from_secs(301));
    until(async || log.text().contains("could not be read for five minutes")).await;
    shop.provider.heal(Endpoint::Keys);
    assert!(is_in(&mut browser).await);
}

#[tokio::test]
async fn a_security_event_whose_key_cannot_be_known_yet_is_to_be_sent_again() {
    let provider = LocalProvider::start().await.unwrap();
    let google = provider.google();
    let shop = Shop::at(provider, google, |builder| builder);
    let mut browser = member(&shop).await;
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
    shop.provider.heal_id_tokens();
    shop.provider.rotate_keys();
    let event = event();
    assert_later(&post(&shop, "/auth/events/google", SET, event.clone()).await);
    shop.time.pass(Duration::from_secs(5));
    let page = post(&shop, "/auth/events/google", SET, event).await;
    assert_eq!(page.status(), StatusCode::ACCEPTED);
    assert!(!is_in(&mut browser).await);
}

#[tokio::test]
async fn a_sign_in_is_refused_that_a_logout_came_between() {
    let shop = open().await;
    member(&shop).await;
    // The same session at the provider, which a logout token ended.
    shop.provider
        .forge_id_token(|_, claims| claims["sid"] = "ended".into());
    assert_eq!(send(&shop, &token(&shop)).await.status(), StatusCode::OK);
    let page = shop.browser().come_back("/", JIWOO).await;
    assert_eq!(refusal(&page), Some(LoginErrorKind::ProviderRefused));
}
