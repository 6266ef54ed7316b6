//! The page after a sign-out says how far it went, after each reload, and only in the browser that
//! signed out.

use http::{Method, StatusCode, header::CONTENT_TYPE};
use tower_phone_auth::Builder;

use super::FORM;
use crate::support::{
    browser::{Browser, JIWOO, location, set_cookies, text},
    replicas::{LogConnection, Replicas},
    shop::{HTTPS, Shop},
};

const EVERYWHERE: &str = "in every browser";
const PARTLY: &str = "Some of our servers do not know it yet";
const SIGNED_OUT: &str = "You are signed out";

async fn signed_in(shop: &Shop) -> Browser {
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    browser
}

#[tokio::test]
async fn signing_out_everywhere_is_a_redirect_and_each_reload_of_its_page_says_the_same() {
    let shop = Shop::open().await;
    for path in [
        "/auth/logout?everywhere",
        "/auth/logout?everywhere=1",
        "/auth/logout?a=b&everywhere=no",
    ] {
        let mut browser = signed_in(&shop).await;
        let done = browser.send(Method::POST, path, &FORM).await;
        assert_eq!(done.status(), StatusCode::SEE_OTHER, "{path}");
        assert_eq!(location(&done), "/auth/logout?ended=everywhere");
        for _ in 0..3 {
            let page = browser.visit(location(&done)).await;
            assert_eq!(page.status(), StatusCode::OK, "{path}");
            assert!(text(&page).contains(EVERYWHERE), "{}", text(&page));
            assert!(text(&page).contains(SIGNED_OUT));
        }
        browser
            .headers
            .insert("accept-language", "ko".parse().unwrap());
        let page = browser.visit(location(&done)).await;
        assert!(text(&page).contains("모든 브라우저에서 이 사이트의 로그인이 종료되었습니다"));
    }
}

#[tokio::test]
async fn no_link_claims_a_sign_out_everywhere_to_a_browser_that_did_none() {
    let shop = Shop::open().await;
    let never = shop.browser();
    let mut once = signed_in(&shop).await;
    once.send(Method::POST, "/auth/logout", &FORM).await;
    // The browser signs out everywhere, and later only here.
    let mut later = signed_in(&shop).await;
    later
        .send(Method::POST, "/auth/logout?everywhere", &FORM)
        .await;
    later.sign_in("/", JIWOO).await;
    later.send(Method::POST, "/auth/logout", &FORM).await;
    for mut browser in [never, once, later] {
        for query in [
            "ended=everywhere",
            "ended=partly",
            "ended=provider",
            "ended=everywhere&ended=everywhere",
            "ended",
            "ended=%00",
        ] {
            let page = browser.visit(&format!("/auth/logout?{query}")).await;
            assert_eq!(page.status(), StatusCode::OK, "{query}");
            let text = text(&page);
            assert!(text.contains(SIGNED_OUT), "{query}: {text}");
            assert!(text.contains("You may still be signed in"), "{query}");
            for claim in [EVERYWHERE, PARTLY, "of this site and of"] {
                assert!(!text.contains(claim), "{query}: {text}");
            }
        }
    }
}

#[tokio::test]
async fn a_browser_with_a_session_is_asked_whatever_the_link_claims() {
    let shop = Shop::open().await;
    let mut browser = signed_in(&shop).await;
    let done = browser
        .send(Method::POST, "/auth/logout?everywhere", &FORM)
        .await;
    let claim = location(&done).to_owned();
    browser.sign_in("/", JIWOO).await;
    for path in [
        &*claim,
        "/auth/logout?ended=partly",
        "/auth/logout?ended=provider&return_to=%2F",
        "/auth/logout/done?ended=provider",
    ] {
        let page = browser.visit(path).await;
        assert!(text(&page).contains("Sign out?"), "{path}");
        assert!(!text(&page).contains(SIGNED_OUT), "{path}");
        assert_eq!(browser.fetch(Method::GET, "/").await.status(), 200);
    }
}

#[tokio::test]
async fn a_replica_that_cannot_check_a_session_yet_does_not_call_it_ended() {
    let shop = Replicas::new().await;
    let one = shop.ready().await;
    let mut browser = one.browser();
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    let line = LogConnection::to(&shop.log);
    line.cut();
    let behind = shop.start_with(line, |builder: Builder| builder);
    browser.moves_to(behind.app.clone());
    for path in [
        "/auth/logout",
        "/auth/logout?ended=everywhere",
        "/auth/logout/done",
    ] {
        let page = browser.visit(path).await;
        assert!(text(&page).contains("Sign out?"), "{path}: {}", text(&page));
    }
}

#[tokio::test]
async fn a_page_says_after_each_reload_that_a_sign_out_is_not_known_everywhere() {
    for path in ["/auth/logout", "/auth/logout?everywhere"] {
        let shop = Replicas::new().await;
        let one = shop.ready().await;
        let mut browser = one.browser();
        let away = browser.visit("/auth/login?provider=kakao").await;
        let callback = browser.act(&away, JIWOO).await;
        browser.visit(&callback).await;
        one.connection.cut();
        let done = browser.send(Method::POST, path, &FORM).await;
        assert_eq!(done.status(), StatusCode::SEE_OTHER, "{path}");
        assert_eq!(location(&done), "/auth/logout?ended=partly", "{path}");
        assert_eq!(browser.session(), None);
        for _ in 0..2 {
            let page = browser.visit(location(&done)).await;
            assert_eq!(page.status(), StatusCode::OK);
            assert!(text(&page).contains(PARTLY), "{path}: {}", text(&page));
        }
    }
}

#[tokio::test]
async fn programs_get_204_202_and_401() {
    let shop = Shop::open().await;
    for path in ["/auth/logout", "/auth/logout?everywhere"] {
        let mut browser = signed_in(&shop).await;
        let done = browser.fetch(Method::POST, path).await;
        assert_eq!(done.status(), StatusCode::NO_CONTENT, "{path}");
        assert!(!set_cookies(&done).join(" ").contains("-ended="));
    }
    let mut without_session = shop.browser();
    let refused = without_session
        .fetch(Method::POST, "/auth/logout?everywhere")
        .await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(refused.headers()[CONTENT_TYPE], "application/problem+json");
    let page = without_session
        .send(Method::POST, "/auth/logout?everywhere", &FORM)
        .await;
    assert_eq!(location(&page), "/auth/logout");
}

#[tokio::test]
async fn the_proof_of_the_claim_is_a_hidden_cookie_of_the_logout_path_for_ten_minutes() {
    let shop = Shop::open().await;
    let mut browser = signed_in(&shop).await;
    let done = browser
        .send(Method::POST, "/auth/logout?everywhere", &FORM)
        .await;
    let cookies = set_cookies(&done);
    let cookie = cookies
        .iter()
        .find(|cookie| cookie.starts_with("phone-auth-ended="))
        .unwrap();
    let (_, attributes) = cookie.split_once("; ").unwrap();
    let expected = "HttpOnly; SameSite=Lax; Path=/auth/logout; Max-Age=600";
    assert_eq!(attributes, expected);
    // The cookie does not open with the key of another layer.
    let other = Shop::secure().await;
    let value = browser.cookies["phone-auth-ended"].clone();
    let mut stranger = Browser::new(other.app.clone(), HTTPS);
    stranger
        .cookies
        .insert("__Secure-phone-auth-ended".to_owned(), value);
    let page = stranger.visit("/auth/logout?ended=everywhere").await;
    assert!(!text(&page).contains(EVERYWHERE));
}

#[tokio::test]
async fn head_is_answered_as_get() {
    let shop = Shop::open().await;
    let mut browser = signed_in(&shop).await;
    let done = browser
        .send(Method::POST, "/auth/logout?everywhere", &FORM)
        .await;
    let path = location(&done).to_owned();
    let page = browser.send(Method::HEAD, &path, &[]).await;
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(page.headers()["cache-control"], "no-store");
}
