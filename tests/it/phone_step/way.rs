//! The whole way, from the callback to the session.

use std::time::Duration;

use axum::{Router, routing::get};
use http::{Method, StatusCode};
use tower_phone_auth::{VerifiedUser, phone::PhoneAssurance};

use super::kit::{HANEUL, NUMBER, asked, begin, code, number, other_than, resend, shop, shop_with};
use crate::support::{
    browser::{Browser, JIWOO, location, text},
    shop::{ORIGIN, Shop, routes},
};

#[tokio::test]
async fn a_user_without_a_number_proves_one_and_comes_to_the_page_first_asked_for() {
    let (shop, outbox) = shop().await;
    let mut browser = shop.browser();
    let place = "/deep?q=%2F%ED%95%9C";
    let page = begin(&mut browser, place).await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(text(&page).contains("name=\"number\""));
    let sent = number(&mut browser, NUMBER).await;
    assert_eq!(location(&sent), "/auth/phone/code");
    let page = browser.visit("/auth/phone/code").await;
    assert!(text(&page).contains("010-****-6789"), "{}", text(&page));
    assert_eq!(outbox.count(), 1);
    let sms = &outbox.sent()[0];
    assert_eq!(sms.number.to_string(), "+821023456789");
    assert_eq!(sms.language, "en");
    let last = format!("\n@127.0.0.1 #{}", sms.code);
    assert!(
        sms.text.contains("Shop") && sms.text.ends_with(&last),
        "{}",
        sms.text
    );
    let back = code(&mut browser, &outbox.code()).await;
    assert_eq!(back.status(), StatusCode::SEE_OTHER, "{}", text(&back));
    assert_eq!(location(&back), place);
    let page = browser.visit(place).await;
    assert_eq!(text(&page), "+821023456789");
}

#[tokio::test]
async fn the_hook_sees_a_confirmed_number_and_no_tokens() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let (shop, outbox) = shop_with(
        |step| step,
        |builder| {
            builder.on_sign_in(move |sign_in| {
                let user: VerifiedUser = sign_in.user;
                sender
                    .send((user.phone_assurance, sign_in.tokens.is_some()))
                    .unwrap();
                async { Ok(()) }
            })
        },
    )
    .await;
    let mut browser = asked(&shop, "/").await;
    assert!(receiver.try_recv().is_err());
    code(&mut browser, &outbox.code()).await;
    assert_eq!(receiver.recv().unwrap(), (PhoneAssurance::Confirmed, false));
}

#[tokio::test]
async fn a_user_with_a_number_is_signed_in_at_once() {
    let (shop, outbox) = shop().await;
    let page = shop.browser().sign_in("/", JIWOO).await;
    assert_eq!(text(&page), "+821012345678");
    assert_eq!(outbox.count(), 0);
}

#[tokio::test]
async fn with_the_policy_confirmed_every_user_proves_a_number() {
    let (shop, outbox) = shop_with(
        |step| step,
        |builder| builder.minimum_assurance(PhoneAssurance::Confirmed),
    )
    .await;
    let mut browser = shop.browser();
    let back = browser.come_back("/", JIWOO).await;
    assert_eq!(location(&back), "/auth/phone");
    number(&mut browser, NUMBER).await;
    let back = code(&mut browser, &outbox.code()).await;
    assert_eq!(location(&back), "/");
    assert_eq!(text(&browser.visit("/").await), "+821023456789");
}

#[tokio::test]
async fn without_the_setting_the_user_is_refused_as_before() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let back = browser.come_back("/", HANEUL).await;
    assert_eq!(back.status(), StatusCode::FORBIDDEN);
    for path in ["/auth/phone", "/auth/phone/code"] {
        assert_eq!(browser.visit(path).await.status(), StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_new_code_voids_the_old_one() {
    let (shop, outbox) = shop().await;
    let mut browser = asked(&shop, "/").await;
    let old = outbox.code();
    shop.time.pass(Duration::from_secs(31));
    let again = resend(&mut browser).await;
    assert_eq!(again.status(), StatusCode::SEE_OTHER, "{}", text(&again));
    let new = outbox.code();
    if old != new {
        let page = code(&mut browser, &old).await;
        assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(location(&code(&mut browser, &new).await), "/");
}

#[tokio::test]
async fn a_new_number_voids_all_codes_of_the_old_one() {
    let (shop, outbox) = shop().await;
    let mut browser = asked(&shop, "/").await;
    let old = browser.cookies.clone();
    let first = outbox.code();
    shop.time.pass(Duration::from_secs(31));
    let sent = number(&mut browser, "010-9876-5432").await;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER, "{}", text(&sent));
    let second = outbox.code();
    // The cookie of the first number is older, and its code is void.
    let new = std::mem::replace(&mut browser.cookies, old);
    let page = code(&mut browser, &first).await;
    assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY);
    browser.cookies = new;
    assert_eq!(location(&code(&mut browser, &second).await), "/");
    assert_eq!(text(&browser.visit("/").await), "+821098765432");
}

#[tokio::test]
async fn a_code_ends_after_five_minutes_and_a_clock_set_back_does_not_revive_it() {
    let (shop, outbox) = shop().await;
    let mut browser = asked(&shop, "/").await;
    shop.time.pass(Duration::from_secs(301));
    let page = code(&mut browser, &outbox.code()).await;
    assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(&page).contains("no longer valid"), "{}", text(&page));
    shop.time.set_back(Duration::from_secs(200));
    let page = code(&mut browser, &outbox.code()).await;
    assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_step_ends_an_hour_after_the_callback() {
    let (shop, outbox) = shop().await;
    let mut browser = asked(&shop, "/").await;
    shop.time.pass(Duration::from_secs(3600));
    let cookies = browser.cookies.clone();
    for page in [
        code(&mut browser, &outbox.code()).await,
        resend(&mut browser).await,
    ] {
        assert!(page.status().is_client_error(), "{}", page.status());
        assert!(text(&page).contains("/auth/login"), "{}", text(&page));
    }
    // A copy of the cookie does not revive it.
    browser.cookies = cookies;
    let page = browser.visit("/auth/phone").await;
    assert!(page.status().is_client_error());
    assert_eq!(outbox.count(), 1);
}

#[tokio::test]
async fn a_repeated_callback_leads_to_the_same_step() {
    let (shop, outbox) = shop().await;
    let mut browser = shop.browser();
    let away = browser.visit("/deep").await;
    let callback = browser.act(&away, HANEUL).await;
    let again = browser.act(&away, HANEUL).await;
    let first = browser.visit(&callback).await;
    assert_eq!(location(&first), "/auth/phone");
    number(&mut browser, NUMBER).await;
    code(&mut browser, &other_than(&outbox.code())).await;
    let repeated = browser.visit(&callback).await;
    assert_eq!(location(&repeated), "/auth/phone");
    // The number that was typed and the tries are as before.
    let page = code(&mut browser, &other_than(&outbox.code())).await;
    assert!(text(&page).contains("3 more tries"), "{}", text(&page));
    let back = code(&mut browser, &outbox.code()).await;
    assert_eq!(location(&back), "/deep");
    let repeated = browser.visit(&callback).await;
    assert_eq!(location(&repeated), "/deep");
    drop(again);
}

#[tokio::test]
async fn a_second_callback_of_the_same_user_joins_the_step_and_its_place_counts() {
    let (shop, outbox) = shop().await;
    let mut browser = asked(&shop, "/first").await;
    let back = browser.come_back("/second", HANEUL).await;
    assert_eq!(location(&back), "/auth/phone");
    assert_eq!(outbox.count(), 1);
    let back = code(&mut browser, &outbox.code()).await;
    assert_eq!(location(&back), "/second");
    for path in ["/auth/phone", "/auth/phone/code"] {
        assert_eq!(location(&browser.visit(path).await), "/second", "{path}");
    }
}

#[tokio::test]
async fn a_live_session_of_the_same_user_keeps_its_confirmed_number() {
    let (shop, outbox) = shop().await;
    let mut browser = asked(&shop, "/").await;
    code(&mut browser, &outbox.code()).await;
    let away = browser
        .visit("/auth/login?provider=kakao&fresh=1&return_to=/x")
        .await;
    let callback = browser.act(&away, HANEUL).await;
    let back = browser.visit(&callback).await;
    assert_eq!(location(&back), "/x");
    assert_eq!(text(&browser.visit("/x").await), "+821023456789");
    assert_eq!(outbox.count(), 1);
}

/// A shop with a route that needs a confirmed number.
fn with_route(shop: &Shop) -> Browser {
    let confirmed = shop
        .layer
        .require()
        .minimum_assurance(PhoneAssurance::Confirmed);
    let app = Router::new()
        .route(
            "/pay",
            get(async |user: VerifiedUser| user.phone.to_string()),
        )
        .route_layer(confirmed)
        .fallback_service(routes())
        .layer(shop.layer.clone());
    Browser::new(app, ORIGIN)
}

#[tokio::test]
async fn a_route_that_needs_a_confirmed_number_begins_the_step_from_the_session() {
    let (shop, outbox) = shop().await;
    let mut browser = with_route(&shop);
    browser.sign_in("/", JIWOO).await;
    let old = browser.cookies.clone();
    let script = browser.fetch(Method::GET, "/pay").await;
    assert_eq!(script.status(), StatusCode::FORBIDDEN);
    let away = browser.visit("/pay?order=1").await;
    assert_eq!(location(&away), "/auth/phone", "{}", text(&away));
    number(&mut browser, NUMBER).await;
    let back = code(&mut browser, &outbox.code()).await;
    assert_eq!(location(&back), "/pay?order=1");
    assert_eq!(text(&browser.visit("/pay").await), "+821023456789");
    // The session before has ended.
    browser.cookies = old;
    assert_eq!(browser.visit("/").await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_sign_out_ends_the_step_of_the_session_also_for_a_copy_of_its_cookie() {
    let (shop, outbox) = shop().await;
    let mut browser = with_route(&shop);
    browser.sign_in("/", JIWOO).await;
    browser.visit("/pay").await;
    number(&mut browser, NUMBER).await;
    let copy = browser.cookies.clone();
    browser.submit("/auth/logout", "").await;
    assert!(!browser.cookies.contains_key("phone-auth-phone"));
    browser.cookies = copy;
    let page = code(&mut browser, &outbox.code()).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN, "{}", text(&page));
}

#[tokio::test]
async fn a_step_of_a_route_needs_the_session_that_began_it() {
    let (shop, outbox) = shop().await;
    let mut browser = with_route(&shop);
    browser.sign_in("/", JIWOO).await;
    browser.visit("/pay").await;
    number(&mut browser, NUMBER).await;
    // Another user at the same browser, after the session has gone.
    browser.cookies.remove("phone-auth");
    let page = code(&mut browser, &outbox.code()).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN, "{}", text(&page));
    assert!(browser.session().is_none());
}
