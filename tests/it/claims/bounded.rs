//! New claims when the application fails, is slow, or runs in two versions.

use std::{collections::BTreeMap, time::Duration};

use http::{Method, StatusCode, header::RETRY_AFTER};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tower_phone_auth::{OAuthLayer, SessionKey, TestUser, VerifiedUser, error::LoginErrorKind};

use super::{
    SlowHook,
    renewed::{Database, Entry, change, reason, signed_in},
};
use crate::support::{
    browser::{Browser, FORM, JIWOO, Page, location, refusal, text},
    clients::Clients as _,
    events::Events,
    shop::{ORIGIN, Shop, Time, routes},
};

fn retry_after(page: &Page) -> &str {
    page.headers()[RETRY_AFTER].to_str().unwrap()
}

#[tokio::test]
async fn a_hook_that_fails_is_called_once_in_each_pause_and_the_pauses_grow() {
    let database = Database::with("guest");
    let (shop, mut browser) = signed_in(&database).await;
    change(&shop, &database, Entry::Down).await;
    let events = Events::capture();
    let before = database.calls();
    for (number, pause) in [1, 2, 4, 8, 16, 30, 30].into_iter().enumerate() {
        for visit in 0..20 {
            let page = match visit % 2 {
                0 => browser.visit("/").await,
                _ => browser.fetch(Method::GET, "/").await,
            };
            assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(retry_after(&page), pause.to_string());
        }
        assert_eq!(database.calls(), before + number + 1);
        assert_eq!(events.audit("refusal").len(), number + 1);
        shop.time.pass(Duration::from_millis(pause * 1000 - 1));
        assert_eq!(retry_after(&browser.visit("/").await), "1");
        shop.time.pass(Duration::from_millis(1));
    }
    // A success ends it, and the next failure has a short pause.
    database.set(Entry::Role("staff"));
    assert_eq!(
        browser.visit("/").await.status(),
        StatusCode::TEMPORARY_REDIRECT
    );
    change(&shop, &database, Entry::Down).await;
    assert_eq!(retry_after(&browser.visit("/").await), "1");
}

#[tokio::test]
async fn a_request_for_new_claims_ends_the_pause() {
    let database = Database::with("guest");
    let (shop, mut browser) = signed_in(&database).await;
    for entry in [Entry::Down, Entry::Unknown] {
        change(&shop, &database, entry).await;
        let refused = browser.visit("/").await.status();
        let calls = database.calls();
        assert_eq!(browser.visit("/").await.status(), refused);
        assert_eq!(database.calls(), calls);
    }
    change(&shop, &database, Entry::Role("staff")).await;
    assert_eq!(
        browser.visit("/").await.status(),
        StatusCode::TEMPORARY_REDIRECT
    );
    assert_eq!(browser.visit("/").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn another_session_of_the_user_has_a_call_of_its_own() {
    let database = Database::with("guest");
    let (shop, mut browser) = signed_in(&database).await;
    let mut other = super::browser(&shop);
    other.sign_in("/", JIWOO).await;
    change(&shop, &database, Entry::Down).await;
    browser.visit("/").await;
    database.set(Entry::Role("staff"));
    assert_eq!(
        other.visit("/").await.status(),
        StatusCode::TEMPORARY_REDIRECT
    );
}

#[tokio::test]
async fn requests_of_one_session_at_the_same_time_share_one_call() {
    let hook = SlowHook::default();
    let (shop, cookie) = hook.shop().await;
    let requests: Vec<_> = (0..10)
        .map(|_| {
            let mut browser = with_cookie(Browser::new(shop.app.clone(), ORIGIN), &cookie);
            tokio::spawn(async move {
                let page = browser.visit("/").await;
                (page.status(), browser.session().map(str::to_owned))
            })
        })
        .collect();
    while hook.calls() == 0 {
        tokio::task::yield_now().await;
    }
    // The first request is given up, and its call goes on.
    requests[0].abort();
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
    hook.answer.notify_one();
    for request in requests.into_iter().skip(1) {
        let (status, session) = request.await.unwrap();
        assert_eq!(status, StatusCode::TEMPORARY_REDIRECT);
        assert!(session.is_some());
    }
    assert_eq!(hook.calls(), 1);
}

pub(super) fn with_cookie(mut browser: Browser, cookie: &str) -> Browser {
    let (name, value) = cookie.split_once('=').unwrap();
    browser.cookies.insert(name.to_owned(), value.to_owned());
    browser
}

#[tokio::test]
async fn a_public_path_is_served_without_the_user_while_the_hook_fails() {
    for (entry, refused) in [
        (Entry::Down, StatusCode::SERVICE_UNAVAILABLE),
        (Entry::Unknown, StatusCode::FORBIDDEN),
    ] {
        let database = Database::with("guest");
        let shop = super::shop(database.claims()).await;
        let mut browser = shop.browser();
        browser.sign_in("/", JIWOO).await;
        change(&shop, &database, entry).await;
        let page = browser.visit("/maybe").await;
        assert_eq!(page.status(), StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(location(&page), "/maybe");
        let page = browser.visit("/maybe").await;
        assert_eq!(
            (page.status(), text(&page).as_str()),
            (StatusCode::OK, "anonymous")
        );
        // A protected path is refused, and another replica needs no memory of the failure.
        assert_eq!(browser.visit("/").await.status(), refused);
        assert_eq!(browser.visit("/maybe").await.status(), StatusCode::OK);
        // The browser drops the mark when its time is over.
        shop.time.pass(Duration::from_secs(5));
        browser.cookies.remove("phone-auth-claims");
        database.set(Entry::Role("staff"));
        assert_eq!(
            browser.visit("/maybe").await.status(),
            StatusCode::TEMPORARY_REDIRECT
        );
        assert_eq!(text(&browser.visit("/maybe").await), "+821012345678");
    }
}

#[tokio::test]
async fn a_public_path_whose_handler_needs_the_user_is_refused_and_does_not_loop() {
    let database = Database::with("guest");
    let shop = super::shop(|builder| (database.claims())(builder).public(["/basket"])).await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    change(&shop, &database, Entry::Down).await;
    assert_eq!(
        browser.visit("/basket").await.status(),
        StatusCode::TEMPORARY_REDIRECT
    );
    for _ in 0..3 {
        let page = browser.visit("/basket").await;
        assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(refusal(&page), Some(LoginErrorKind::ApplicationBusy));
    }
    assert_eq!(database.calls(), 2);
}

#[tokio::test]
async fn a_form_with_old_claims_is_sent_once_more_with_its_body() {
    let database = Database::with("guest");
    let shop = super::shop(database.claims()).await;
    let app = axum::Router::new()
        .route("/orders", axum::routing::post(async |body: String| body))
        .layer(shop.layer.clone());
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    browser.moves_to(app);
    for form in [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
    ] {
        change(&shop, &database, Entry::Role("staff")).await;
        let mut headers = FORM.to_vec();
        headers[1].1 = form;
        let page = browser
            .submit_as(&headers, "/orders?list=1", "amount=1")
            .await;
        // The browser repeats a POST with its body after 307 (RFC 9110 section 15.4.8).
        assert_eq!(page.status(), StatusCode::TEMPORARY_REDIRECT, "{form}");
        assert_eq!(location(&page), "/orders?list=1");
        let page = browser
            .submit_as(&headers, "/orders?list=1", "amount=1")
            .await;
        assert_eq!(
            (page.status(), text(&page).as_str()),
            (StatusCode::OK, "amount=1")
        );
    }
}

#[tokio::test]
async fn a_form_of_another_origin_is_refused_before_claims_are_made() {
    let database = Database::with("guest");
    let (shop, mut browser) = signed_in(&database).await;
    change(&shop, &database, Entry::Role("staff")).await;
    let calls = database.calls();
    let mut headers = FORM.to_vec();
    headers[2].1 = "https://evil.example";
    headers[5].1 = "same-site";
    let page = browser.submit_as(&headers, "/orders", "amount=1").await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert_eq!(database.calls(), calls);
}

#[tokio::test]
async fn a_script_gets_no_link_to_sign_in_because_it_needs_none() {
    let database = Database::with("guest");
    let (shop, mut browser) = signed_in(&database).await;
    change(&shop, &database, Entry::Role("staff")).await;
    let page = browser.fetch(Method::GET, "/").await;
    assert_eq!(
        (page.status(), reason(&page).as_str()),
        (StatusCode::UNAUTHORIZED, "claims")
    );
    let document: Value = serde_json::from_str(&text(&page)).unwrap();
    assert_eq!(document.get("login_url"), None);
    assert_eq!(document["title"], "Session renewed");
}

/// A layer of the application whose claims have this type.
fn version<C>(shop: &Shop, key: &SessionKey, claims: C) -> OAuthLayer
where
    C: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
{
    let time: &Time = &shop.time;
    let builder = OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(key.clone())
        .provider(shop.provider.kakao())
        .allow_test_endpoints()
        .public(["/maybe"])
        .clock(time.clock())
        .claims(move |_: VerifiedUser| {
            let claims = claims.clone();
            async move { Ok(claims) }
        });
    builder.build().unwrap()
}

#[tokio::test]
async fn two_versions_that_do_not_read_each_others_claims_do_not_go_in_circles() {
    let shop = Shop::open().await;
    let key = SessionKey::random();
    let old = version(&shop, &key, vec!["staff".to_owned()]);
    let new = version(
        &shop,
        &key,
        BTreeMap::from([("role".to_owned(), "staff".to_owned())]),
    );
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    let mut browser = with_cookie(
        Browser::new(routes().layer(new.clone()), ORIGIN),
        &user.cookie(&old).unwrap(),
    );
    let events = Events::capture();
    let mut statuses = Vec::new();
    for visit in 0..6 {
        let layer = if visit % 2 == 0 { &old } else { &new };
        browser.moves_to(routes().layer(layer.clone()));
        statuses.push(browser.visit("/").await.status().as_u16());
    }
    assert_eq!(statuses, [307, 307, 307, 503, 200, 503]);
    let lines = events.audit("refusal");
    assert!(
        lines
            .iter()
            .all(|line| line.field("code") == "claims_of_two_versions")
    );
    assert_eq!(lines.len(), 2);
    // A public page has no user, and is shown.
    browser.moves_to(routes().layer(new));
    assert_eq!(text(&browser.visit("/maybe").await), "anonymous");
}
