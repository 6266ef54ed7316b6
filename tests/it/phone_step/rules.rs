//! Rules of one-time codes: tries, limits and numbers that a request cannot get around.

use std::{sync::Arc, sync::Mutex, time::Duration};

use http::{Method, StatusCode};
use tower_phone_auth::{
    OAuthLayer, SessionKey,
    phone_step::{PhoneLimits, PhoneStep},
};
use tower_phone_auth_local_provider::{LocalProvider, Person};

use super::kit::{
    NUMBER, Outbox, asked, begin, code, number, other_than, resend, retry_after, shop, shop_with,
};
use crate::support::{
    browser::{Act, Browser, location, text},
    clients::Clients as _,
    shop::{ORIGIN, routes},
};

const OTHER: &str = "010-9876-5432";

#[tokio::test]
async fn of_two_right_codes_at_once_one_begins_a_session() {
    let (shop, outbox) = shop().await;
    let browser = asked(&shop, "/").await;
    let tries = (0..8).map(|_| {
        let (mut copy, right) = (shop.browser(), outbox.code());
        copy.cookies = browser.cookies.clone();
        async move {
            code(&mut copy, &right).await;
            copy.session().is_some()
        }
    });
    let sessions = futures_util::future::join_all(tries).await;
    assert_eq!(sessions.into_iter().filter(|begun| *begun).count(), 1);
}

#[tokio::test]
async fn a_new_number_keeps_the_tries_and_counts_among_its_own_messages() {
    let limits = PhoneLimits::new().number(1);
    let (shop, outbox) = shop_with(|step| step.limits(limits), |builder| builder).await;
    let mut browser = asked(&shop, "/").await;
    for _ in 0..4 {
        code(&mut browser, &other_than(&outbox.code())).await;
    }
    shop.time.pass(Duration::from_secs(31));
    let sent = number(&mut browser, OTHER).await;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER, "{}", text(&sent));
    // Another user gets no message to the new number.
    let mut second = shop.browser();
    begin(&mut second, "/").await;
    let page = number(&mut second, OTHER).await;
    assert_eq!(page.status(), StatusCode::TOO_MANY_REQUESTS);
    let page = code(&mut browser, &other_than(&outbox.code())).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN, "{}", text(&page));
    let page = code(&mut browser, &outbox.code()).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_new_code_that_is_too_early_or_over_a_limit_leaves_the_old_one() {
    for (limits, pause) in [
        (PhoneLimits::new(), 0),
        (PhoneLimits::new().number(1), 31),
        (PhoneLimits::new().person(1), 31),
        (PhoneLimits::new().prefix(1), 31),
    ] {
        let (shop, outbox) = shop_with(|step| step.limits(limits), |builder| builder).await;
        let mut browser = asked(&shop, "/").await;
        shop.time.pass(Duration::from_secs(pause));
        let page = resend(&mut browser).await;
        assert_eq!(page.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(retry_after(&page) > 0);
        assert_eq!(outbox.count(), 1);
        assert_eq!(location(&code(&mut browser, &outbox.code()).await), "/");
    }
}

#[tokio::test]
async fn the_number_is_the_one_that_got_the_message_and_not_one_of_the_request() {
    let (shop, outbox) = shop().await;
    let mut browser = asked(&shop, "/").await;
    let code = outbox.code();
    let body = format!("number=010-9876-5432&code={code}&phone=%2B821098765432");
    let back = browser
        .submit("/auth/phone/code?number=010-9876-5432", body)
        .await;
    assert_eq!(location(&back), "/");
    assert_eq!(text(&browser.visit("/").await), "+821023456789");
}

#[tokio::test]
async fn a_step_that_the_store_lost_ends_and_does_not_begin_with_new_tries() {
    let provider = LocalProvider::start().await.unwrap();
    let (key, outbox) = (SessionKey::random(), Outbox::default());
    // Each layer has a store of its own, as after a restart.
    let layer = || {
        let step = PhoneStep::new(outbox.clone()).site_name("Shop");
        let builder = OAuthLayer::builder().public_url(ORIGIN);
        let builder = builder.session_key(key.clone()).provider(provider.kakao());
        builder.phone_step(step).build().unwrap()
    };
    let mut browser = Browser::new(routes().layer(layer()), ORIGIN);
    begin(&mut browser, "/").await;
    number(&mut browser, NUMBER).await;
    let right = outbox.code();
    let cookies = browser.cookies.clone();
    browser.moves_to(routes().layer(layer()));
    for _ in 0..2 {
        let page = code(&mut browser, &right).await;
        assert_eq!(page.status(), StatusCode::FORBIDDEN, "{}", text(&page));
        assert!(text(&page).contains("/auth/login"));
        browser.cookies = cookies.clone();
        for page in [
            number(&mut browser, OTHER).await,
            resend(&mut browser).await,
            browser.visit("/auth/phone").await,
        ] {
            assert_eq!(page.status(), StatusCode::FORBIDDEN, "{}", text(&page));
        }
        browser.cookies = cookies.clone();
    }
    assert_eq!(outbox.count(), 1);
    assert!(browser.session().is_none());
}

#[cfg(feature = "redis")]
#[tokio::test]
async fn while_the_store_is_away_nothing_is_sent_and_no_user_is_signed_in() {
    use tower_phone_auth::phone_step::AttemptStore;

    let store = AttemptStore::redis("redis://127.0.0.1:1").unwrap();
    let (shop, outbox) = shop_with(|step| step.attempts(store), |builder| builder).await;
    let mut browser = shop.browser();
    let back = browser
        .come_back("/", Act::Agree(Person::WITHOUT_PHONE))
        .await;
    assert_eq!(location(&back), "/auth/phone");
    for page in [
        number(&mut browser, NUMBER).await,
        number(&mut browser, OTHER).await,
    ] {
        assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(!text(&page).contains("Redis"), "{}", text(&page));
    }
    assert_eq!(outbox.count(), 0);
    assert!(browser.session().is_none());
}

#[tokio::test]
async fn the_number_of_another_user_gets_the_same_pages_and_the_session_there_stays() {
    let (shop, outbox) = shop().await;
    let mut pages = Vec::new();
    let mut browsers = Vec::new();
    for person in [Person::WITHOUT_PHONE, Person::PREREGISTERED] {
        let mut browser = shop.browser();
        browser.come_back("/", Act::Agree(person)).await;
        let sent = number(&mut browser, NUMBER).await;
        let shown = browser.visit("/auth/phone/code").await;
        let back = code(&mut browser, &outbox.code()).await;
        let of = |page: &crate::support::browser::Page| {
            let names: Vec<_> = page.headers().keys().cloned().collect();
            (page.status(), names)
        };
        pages.push((of(&sent), of(&shown), of(&back), text(&back)));
        browsers.push(browser);
    }
    assert_eq!(pages[0], pages[1]);
    for browser in &mut browsers {
        assert_eq!(text(&browser.visit("/").await), "+821023456789");
    }
}

#[tokio::test]
async fn no_answer_is_stored_and_no_address_has_the_number_or_the_code() {
    let (shop, outbox) = shop().await;
    let mut browser = shop.browser();
    let mut pages = vec![begin(&mut browser, "/").await];
    pages.push(number(&mut browser, "hello").await);
    pages.push(number(&mut browser, NUMBER).await);
    pages.push(browser.visit("/auth/phone/code").await);
    pages.push(resend(&mut browser).await);
    let right = outbox.code();
    pages.push(code(&mut browser, &other_than(&right)).await);
    pages.push(browser.send(Method::HEAD, "/auth/phone/code", &[]).await);
    pages.push(code(&mut browser, &right).await);
    for page in &pages {
        assert_eq!(page.headers()["cache-control"], "no-store", "{page:?}");
        assert!(!text(page).contains(&right), "{}", text(page));
        assert!(!text(page).contains("2345-6789"), "{}", text(page));
        for header in page.headers().values() {
            let header = header.to_str().unwrap();
            for secret in [&right, "23456789", "2345-6789"] {
                assert!(!header.contains(secret), "{header}");
            }
        }
    }
}

#[tokio::test]
async fn no_event_has_a_code_or_a_number() {
    let events = Arc::new(Mutex::new(String::new()));
    let kept = Arc::clone(&events);
    let (shop, outbox) = shop_with(
        |step| step,
        |builder| {
            builder.on_event(move |event| {
                *kept.lock().unwrap() += &format!("{event:?}\n");
            })
        },
    )
    .await;
    let mut browser = asked(&shop, "/").await;
    let right = outbox.code();
    code(&mut browser, &other_than(&right)).await;
    code(&mut browser, &right).await;
    let events = events.lock().unwrap().clone();
    assert!(events.contains("PhoneStep"), "{events}");
    for secret in [&right, &other_than(&right), "23456789", "2345-6789"] {
        assert!(!events.contains(secret), "{events}");
    }
}
