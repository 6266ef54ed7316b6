//! A tab of the step that stays open while the user is signed in by another one.

use std::time::Duration;

use http::StatusCode;
use tower_phone_auth_local_provider::Person;

use super::{
    kit::{NUMBER, Outbox, asked, code, number, resend, shop, shop_with},
    sessions::in_step_of_route,
};
use crate::support::{
    browser::{Act, Browser, FORM, JIWOO, Page, location, text},
    shop::Shop,
};

const SIGNED_IN: &str = "You are signed in already";
const REFUSED: &str = "Your number was not confirmed";

/// The page says that the user is signed in, and its link leads to this place.
async fn leads_on(browser: &mut Browser, page: &Page, place: &str) {
    let shown = text(page);
    assert_eq!(page.status(), StatusCode::FORBIDDEN, "{shown}");
    assert!(
        shown.contains(SIGNED_IN) && !shown.contains(REFUSED),
        "{shown}"
    );
    let (_, link) = shown.split_once("href=\"/auth/login").unwrap();
    let link = link.split('"').next().unwrap().replace("&amp;", "&");
    let back = browser.visit(&format!("/auth/login{link}")).await;
    assert_eq!(location(&back), place);
}

/// A browser in the step whose user has signed in in another browser, and the cookie of that
/// session in both.
async fn signed_in_elsewhere(shop: &Shop, browser: &mut Browser, act: Act) {
    let mut other = shop.browser();
    let back = other.come_back("/", act).await;
    assert_eq!(location(&back), "/");
    let session = other.session().unwrap().to_owned();
    browser.cookies.insert("phone-auth".to_owned(), session);
}

/// The same user confirms a number in another tab, and the cookie of that session is in both.
async fn confirmed_elsewhere(shop: &Shop, outbox: &Outbox, browser: &mut Browser) {
    let mut other = asked(shop, "/").await;
    code(&mut other, &outbox.code()).await;
    let session = other.session().unwrap().to_owned();
    browser.cookies.insert("phone-auth".to_owned(), session);
}

/// A browser that has finished its step, and the code that it used.
async fn finished(shop: &Shop, outbox: &Outbox, path: &str) -> (Browser, String) {
    let mut browser = asked(shop, path).await;
    let right = outbox.code();
    code(&mut browser, &right).await;
    (browser, right)
}

#[tokio::test]
async fn every_form_of_a_finished_step_says_that_the_user_is_signed_in() {
    let (shop, outbox) = shop().await;
    let (mut browser, right) = finished(&shop, &outbox, "/orders?page=2").await;
    let session = browser.session().map(str::to_owned);
    assert!(session.is_some());
    for _ in 0..2 {
        for form in ["number", "code", "resend"] {
            let page = match form {
                "number" => number(&mut browser, "010-3456-7891").await,
                "code" => code(&mut browser, &right).await,
                _ => resend(&mut browser).await,
            };
            leads_on(&mut browser, &page, "/orders?page=2").await;
        }
    }
    assert_eq!(browser.session(), session.as_deref());
    assert_eq!(outbox.count(), 1);
    // After a sign-out, the form has nothing to go on with.
    browser.cookies.remove("phone-auth");
    let page = text(&code(&mut browser, &right).await);
    assert!(
        page.contains(REFUSED) && !page.contains(SIGNED_IN),
        "{page}"
    );
}

#[tokio::test]
async fn a_form_without_the_cookie_of_its_step_leads_to_the_start_page() {
    let (shop, outbox) = shop().await;
    let (mut browser, right) = finished(&shop, &outbox, "/orders?page=2").await;
    for cookie in [None, Some("x")] {
        browser.cookies.remove("phone-auth-phone");
        let cookie = cookie.map(|value| ("phone-auth-phone".to_owned(), value.to_owned()));
        browser.cookies.extend(cookie);
        let page = code(&mut browser, &right).await;
        leads_on(&mut browser, &page, "/").await;
    }
    // The link leads to a sign-in if the session has ended meanwhile.
    browser.cookies.remove("phone-auth");
    let away = browser.visit("/auth/login?return_to=%2F&continue=1").await;
    assert!(location(&away).starts_with(&shop.provider.origin()));
}

#[tokio::test]
async fn a_form_of_an_unfinished_step_says_it_too_if_its_user_has_a_confirmed_number() {
    let (shop, outbox) = shop().await;
    let mut browser = asked(&shop, "/orders?page=2").await;
    let step = browser.cookies["phone-auth-phone"].clone();
    confirmed_elsewhere(&shop, &outbox, &mut browser).await;
    for form in ["number", "code"] {
        let page = match form {
            "number" => number(&mut browser, NUMBER).await,
            _ => code(&mut browser, "000000").await,
        };
        leads_on(&mut browser, &page, "/orders?page=2").await;
    }
    assert_eq!(outbox.count(), 2);
    assert_eq!(browser.cookies["phone-auth-phone"], step);
    let page = browser.visit("/auth/phone/code").await;
    assert_eq!(location(&page), "/orders?page=2");
}

#[tokio::test]
async fn a_step_from_before_a_sign_out_everywhere_does_not_deny_the_newer_sign_in() {
    let (shop, outbox) = shop().await;
    let mut browser = asked(&shop, "/orders?page=2").await;
    let subject = Person::WITHOUT_PHONE.to_string();
    shop.time.pass(Duration::from_secs(2));
    shop.layer.revoke("kakao", &subject).await.unwrap();
    let page = code(&mut browser, &outbox.code()).await;
    assert!(text(&page).contains(REFUSED), "{}", text(&page));

    let mut browser = asked(&shop, "/orders?page=2").await;
    shop.time.pass(Duration::from_secs(2));
    shop.layer.revoke("kakao", &subject).await.unwrap();
    shop.time.pass(Duration::from_secs(2));
    confirmed_elsewhere(&shop, &outbox, &mut browser).await;
    let page = code(&mut browser, "000000").await;
    leads_on(&mut browser, &page, "/orders?page=2").await;
    let page = browser.visit("/auth/phone").await;
    assert_eq!(location(&page), "/orders?page=2");
}

#[tokio::test]
async fn a_step_of_a_route_whose_session_was_replaced_leads_its_user_back_and_no_other_one() {
    for (act, place) in [(JIWOO, "/pay?id=7"), (Act::Agree(Person::TRUNK_ZERO), "/")] {
        let (shop, outbox) = shop_with(|step| step, |builder| builder).await;
        let (mut browser, step) = in_step_of_route(&shop, "/pay?id=7").await;
        signed_in_elsewhere(&shop, &mut browser, act).await;
        let session = browser.session().map(str::to_owned);
        for form in ["code", "number"] {
            browser
                .cookies
                .insert("phone-auth-phone".to_owned(), step.clone());
            let page = match form {
                "code" => code(&mut browser, &outbox.code()).await,
                _ => number(&mut browser, NUMBER).await,
            };
            assert_eq!(text(&page).contains("pay%3Fid"), place != "/");
            assert!(!browser.cookies.contains_key("phone-auth-phone"));
            leads_on(&mut browser, &page, place).await;
        }
        assert_eq!(browser.session(), session.as_deref());
        assert_eq!(outbox.count(), 1);
    }
}

#[tokio::test]
async fn another_user_who_is_signed_in_does_not_end_an_unfinished_sign_in() {
    let (shop, outbox) = shop().await;
    let mut browser = asked(&shop, "/orders?page=2").await;
    signed_in_elsewhere(&shop, &mut browser, JIWOO).await;
    let back = code(&mut browser, &outbox.code()).await;
    assert_eq!(location(&back), "/orders?page=2");
}

#[tokio::test]
async fn the_page_is_in_the_language_of_the_user_and_does_not_answer_another_site() {
    let (shop, outbox) = shop().await;
    let (mut browser, _) = finished(&shop, &outbox, "/").await;
    for (language, title) in [
        ("en", SIGNED_IN),
        ("ko", "이미 로그인되어 있습니다"),
        ("ja", "すでにログインしています"),
        ("zh-CN", "您已登录"),
        ("zh-TW", "您已登入"),
    ] {
        let headers = [&FORM[..], &[("accept-language", language)]].concat();
        let page = browser
            .submit_as(&headers, "/auth/phone/code", "code=1")
            .await;
        assert!(
            text(&page).contains(&format!("<h1>{title}</h1>")),
            "{}",
            text(&page)
        );
    }
    let mut headers = FORM.to_vec();
    headers[2].1 = "https://evil.example";
    headers[5].1 = "cross-site";
    let page = browser
        .submit_as(&headers, "/auth/phone/code", "code=1")
        .await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert!(!text(&page).contains(SIGNED_IN));
}
