//! Requests of attackers.

use std::time::Duration;

use http::{Method, StatusCode};
use tower_phone_auth::phone_step::PhoneLimits;

use super::kit::{NUMBER, asked, begin, code, number, other_than, resend, shop, shop_with};
use crate::support::{
    browser::{FORM, JIWOO, Page, location, text},
    log::Log,
};

#[tokio::test]
async fn no_get_sends_a_message() {
    let (shop, outbox) = shop().await;
    let mut browser = asked(&shop, "/").await;
    for path in [
        "/auth/phone",
        "/auth/phone?number=01098765432",
        "/auth/phone/code",
        "/auth/phone/code?action=resend",
    ] {
        for method in [Method::GET, Method::HEAD] {
            let prefetch = [("sec-purpose", "prefetch"), ("accept", "text/html")];
            let page = browser.send(method.clone(), path, &prefetch).await;
            assert_eq!(page.status(), StatusCode::OK, "{method} {path}");
            assert_eq!(page.headers()["cache-control"], "no-store");
        }
        browser.visit(path).await;
    }
    assert_eq!(outbox.count(), 1);
}

#[tokio::test]
async fn a_post_of_another_site_is_refused() {
    let (shop, outbox) = shop().await;
    let mut browser = asked(&shop, "/").await;
    let mut foreign = FORM;
    foreign[2].1 = "https://evil.example";
    foreign[5].1 = "cross-site";
    let body = format!("code={}", outbox.code());
    for (path, body) in [
        ("/auth/phone", "number=01098765432"),
        ("/auth/phone/code", "action=resend"),
        ("/auth/phone/code", body.as_str()),
    ] {
        let page = browser.submit_as(&foreign, path, body.to_owned()).await;
        assert_eq!(page.status(), StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(outbox.count(), 1);
    assert_eq!(location(&code(&mut browser, &outbox.code()).await), "/");
}

#[tokio::test]
async fn the_code_of_another_browsers_step_is_wrong() {
    let (shop, outbox) = shop().await;
    let mut victim = asked(&shop, "/").await;
    let of_victim = outbox.code();
    let mut attacker = shop.browser();
    begin(&mut attacker, "/").await;
    number(&mut attacker, "010-9876-5432").await;
    if of_victim != outbox.code() {
        let page = code(&mut attacker, &of_victim).await;
        assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(location(&code(&mut victim, &of_victim).await), "/");
}

#[tokio::test]
async fn a_replayed_cookie_resets_neither_tries_nor_waits() {
    let (shop, outbox) = shop().await;
    let mut browser = shop.browser();
    begin(&mut browser, "/").await;
    let fresh = browser.cookies.clone();
    number(&mut browser, NUMBER).await;
    let asked = browser.cookies.clone();
    for _ in 0..4 {
        code(&mut browser, &other_than(&outbox.code())).await;
        browser.cookies = asked.clone();
    }
    // The cookie from before the first message knows of no wait, and the store does.
    browser.cookies = fresh;
    let early = number(&mut browser, NUMBER).await;
    assert_eq!(early.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(outbox.count(), 1);
    browser.cookies = asked.clone();
    code(&mut browser, &other_than(&outbox.code())).await;
    browser.cookies = asked;
    let page = code(&mut browser, &outbox.code()).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_code_counts_once_and_a_second_browser_gets_no_session_for_it() {
    let (shop, outbox) = shop().await;
    let mut browser = asked(&shop, "/").await;
    let copy = browser.cookies.clone();
    assert_eq!(location(&code(&mut browser, &outbox.code()).await), "/");
    // The second press of the button, in the browser that has the session.
    let again = code(&mut browser, &outbox.code()).await;
    assert_eq!(again.status(), StatusCode::FORBIDDEN);
    assert!(browser.session().is_some());
    let mut thief = shop.browser();
    thief.cookies = copy;
    let page = code(&mut thief, &outbox.code()).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN, "{}", text(&page));
    assert!(thief.session().is_none());
}

#[tokio::test]
async fn many_guesses_at_once_compare_five_codes() {
    let (shop, outbox) = shop().await;
    let browser = asked(&shop, "/").await;
    let wrong = other_than(&outbox.code());
    let tries = (0..50).map(|_| {
        let (mut copy, wrong) = (shop.browser(), wrong.clone());
        copy.cookies = browser.cookies.clone();
        async move { code(&mut copy, &wrong).await }
    });
    let pages = futures_util::future::join_all(tries).await;
    let compared = pages.iter().filter(|page| {
        page.status() == StatusCode::UNPROCESSABLE_ENTITY && text(page).contains("wrong")
    });
    // The fifth is refused as the end of the step.
    assert_eq!(compared.count(), 4);
    let mut browser = browser;
    let page = code(&mut browser, &outbox.code()).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
}

/// A page, with the digits of the number that it shows replaced.
fn without_number(page: &Page, typed: &str) -> String {
    let last = &typed[typed.len() - 4..];
    text(page).replace(&format!("010-****-{last}"), "<number>")
}

/// The first number is that of a user of the shop who is signed in, the second was confirmed by
/// another user, the third is of no user.
#[tokio::test]
async fn every_permitted_number_gets_the_same_answer() {
    let limits = PhoneLimits::new().person(100).address(100);
    let (shop, outbox) = shop_with(|step| step.limits(limits), |builder| builder).await;
    shop.browser().sign_in("/", JIWOO).await;
    let mut known = asked(&shop, "/").await;
    code(&mut known, &outbox.code()).await;
    let mut answers = Vec::new();
    for typed in ["010-1234-5678", NUMBER, "010-9876-5432"] {
        shop.time.pass(Duration::from_secs(3601));
        let mut browser = shop.browser();
        begin(&mut browser, "/").await;
        let before = outbox.count();
        let mut pages = vec![
            number(&mut browser, typed).await,
            browser.visit("/auth/phone/code").await,
            resend(&mut browser).await,
            code(&mut browser, "12345").await,
            browser.visit("/auth/phone").await,
        ];
        pages.push(code(&mut browser, &other_than(&outbox.code())).await);
        // One call to the sender for each number, so that the time is of one class.
        assert_eq!(outbox.count(), before + 1);
        let answer = pages.iter().map(|page| {
            let mut headers: Vec<_> = page.headers().iter().collect();
            // Sealed values differ always.
            headers.retain(|(name, _)| *name != "set-cookie");
            let headers = format!("{headers:?}");
            (page.status(), headers, without_number(page, typed))
        });
        answers.push(answer.collect::<Vec<_>>());
    }
    assert!(
        answers[0]
            .iter()
            .any(|(.., page)| page.contains("<number>"))
    );
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[1], answers[2]);
}

#[tokio::test]
async fn no_log_line_has_a_code_or_a_number() {
    let (shop, outbox) = shop().await;
    let log = Log::capture();
    let mut browser = asked(&shop, "/").await;
    let right = outbox.code();
    code(&mut browser, &other_than(&right)).await;
    resend(&mut browser).await;
    code(&mut browser, &right).await;
    number(&mut browser, "02-123-4567").await;
    let lines = log.text();
    assert!(lines.contains("phone_step"));
    for secret in [
        &right,
        &other_than(&right),
        "23456789",
        "2345-6789",
        "21234567",
    ] {
        assert!(!lines.contains(secret), "{secret}: {lines}");
    }
}

#[tokio::test]
async fn a_post_without_a_live_step_leads_to_the_sign_in() {
    let (shop, outbox) = shop().await;
    let mut browser = shop.browser();
    for page in [
        number(&mut browser, NUMBER).await,
        code(&mut browser, "123456").await,
        resend(&mut browser).await,
        browser.visit("/auth/phone").await,
        browser.visit("/auth/phone/code").await,
    ] {
        assert_eq!(page.status(), StatusCode::FORBIDDEN);
        assert!(text(&page).contains("/auth/login"), "{}", text(&page));
    }
    assert_eq!(outbox.count(), 0);
}
