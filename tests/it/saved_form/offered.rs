//! A saved form is offered after the sign-in, and is sent only by a click.

use std::time::Duration;

use http::{
    Method, StatusCode,
    header::{CACHE_CONTROL, REFERRER_POLICY},
};

use super::{form, ordering, saved, shop, sign_in};
use crate::support::{
    browser::{Act, JIWOO, location, set_cookies, text},
    shop::{HTTPS, Shop},
};
use tower_phone_auth::Builder;
use tower_phone_auth_local_provider::Person;

const BODY: &str =
    "item=tea&item=%EC%B0%A8&note=%22%3E%3Cb%3E+a%0D%0Ab&item=tea&empty=&plus=%2B%26";

#[tokio::test]
async fn a_form_is_offered_whole_after_the_sign_in_and_sent_by_a_click_alone() {
    let shop = shop().await;
    let (mut browser, orders) = ordering(&shop);
    let kept = browser.submit("/order?from=mail", BODY).await;
    assert_eq!(kept.status(), StatusCode::SEE_OTHER);
    assert!(location(&kept).starts_with("/auth/login?"));
    let page = sign_in(&mut browser, &kept, JIWOO).await;
    assert_eq!(page.status(), StatusCode::OK);
    let (action, body) = form(&page).unwrap();
    assert_eq!((&*action, &*body), ("/order?from=mail", BODY));
    assert!(orders.lock().unwrap().is_empty());
    let sent = browser.submit(&action, body).await;
    assert_eq!(sent.status(), StatusCode::OK);
    assert_eq!(*orders.lock().unwrap(), [BODY]);
}

#[tokio::test]
async fn a_form_without_fields_is_offered_too() {
    let shop = shop().await;
    let (mut browser, orders) = ordering(&shop);
    let kept = browser.submit("/order", "").await;
    let page = sign_in(&mut browser, &kept, JIWOO).await;
    let (action, body) = form(&page).unwrap();
    browser.submit(&action, body).await;
    assert_eq!(*orders.lock().unwrap(), [""]);
}

#[tokio::test]
async fn a_form_of_a_browser_without_fetch_metadata_is_saved_by_its_origin() {
    let shop = shop().await;
    let (mut browser, _) = ordering(&shop);
    let lines = [
        ("accept", "text/html"),
        ("content-type", "Application/X-WWW-Form-Urlencoded"),
        ("origin", "http://127.0.0.1:3000"),
    ];
    let kept = browser.submit_as(&lines, "/order", BODY).await;
    let page = sign_in(&mut browser, &kept, JIWOO).await;
    assert_eq!(form(&page).unwrap().1, BODY);
}

#[tokio::test]
async fn the_page_is_in_the_users_language_and_leads_back_to_the_form() {
    let shop = shop().await;
    for (language, title) in [
        ("en", "Send your form?"),
        ("ko", "작성하신 내용을 보낼까요?"),
    ] {
        let (mut browser, _) = ordering(&shop);
        let kept = browser.submit("/order", BODY).await;
        let language = language.parse().unwrap();
        browser.headers.insert("accept-language", language);
        let page = sign_in(&mut browser, &kept, JIWOO).await;
        assert!(text(&page).contains(title));
        assert!(text(&page).contains("return_to=%2Fbasket%3Fstep%3D2"));
        assert_eq!(page.headers()[CACHE_CONTROL], "no-store");
        assert_eq!(page.headers()[REFERRER_POLICY], "strict-origin");
    }
}

#[tokio::test]
async fn a_form_is_kept_over_a_second_request_and_a_second_attempt() {
    let shop = shop().await;
    let (mut browser, _) = ordering(&shop);
    let kept = browser.submit("/order", BODY).await;
    let away = browser.visit(location(&kept)).await;
    let callback = browser.act(&away, Act::Untick(Person::WITH_PHONE)).await;
    let asked = browser.visit(&callback).await;
    let callback = browser.act(&asked, Act::Cancel).await;
    let refused = text(&browser.visit(&callback).await);
    let (_, retry) = refused.split_once("class=\"act\" href=\"").unwrap();
    let retry = retry.split('"').next().unwrap().replace("&amp;", "&");
    let away = browser.visit(&retry).await;
    let callback = browser.act(&away, JIWOO).await;
    let back = browser.visit(&callback).await;
    let page = browser.visit(location(&back)).await;
    assert_eq!(form(&page).unwrap().1, BODY);
}

#[tokio::test]
async fn a_form_is_kept_over_the_choice_among_providers() {
    let shop = Shop::with(
        |kakao| kakao,
        |builder| {
            let other = tower_phone_auth::Naver::new("id", "secret");
            builder.save_forms().provider(other)
        },
    )
    .await;
    let (mut browser, _) = ordering(&shop);
    let kept = browser.submit("/order", BODY).await;
    let choice = text(&browser.visit(location(&kept)).await);
    let (_, link) = choice.split_once("class=\"kakao\" href=\"").unwrap();
    let link = link.split('"').next().unwrap().replace("&amp;", "&");
    let away = browser.visit(&link).await;
    let callback = browser.act(&away, JIWOO).await;
    let back = browser.visit(&callback).await;
    let page = browser.visit(location(&back)).await;
    assert_eq!(form(&page).unwrap().1, BODY);
}

#[tokio::test]
async fn a_form_is_not_offered_by_another_sign_in_of_the_same_browser() {
    let shop = shop().await;
    let (mut browser, _) = ordering(&shop);
    browser.submit("/order", BODY).await;
    let back = browser.come_back("/orders", JIWOO).await;
    assert_eq!(location(&back), "/orders");
}

#[tokio::test]
async fn a_form_sent_with_an_expired_session_is_offered_to_its_user_alone() {
    let shop = shop().await;
    for (act, offered) in [(JIWOO, true), (Act::Agree(Person::FOREIGN), false)] {
        let (mut browser, _) = ordering(&shop);
        browser.sign_in("/", JIWOO).await;
        shop.time.pass(Duration::from_secs(12 * 60 * 60));
        let kept = browser.submit("/order", BODY).await;
        let page = sign_in(&mut browser, &kept, act).await;
        assert_eq!(form(&page).is_some(), offered);
        assert_eq!(text(&page).contains("tea"), offered);
        assert!(saved(&browser).is_some());
        assert!(browser.session().is_some());
    }
}

#[tokio::test]
async fn a_form_is_not_offered_to_another_browser() {
    let shop = shop().await;
    let ((mut browser, _), (mut other, _)) = (ordering(&shop), ordering(&shop));
    let kept = browser.submit("/order", BODY).await;
    let page = sign_in(&mut other, &kept, JIWOO).await;
    assert_eq!(page.status(), StatusCode::GONE);
    assert!(text(&page).contains("href=\"/basket?step=2\""));
}

#[tokio::test]
async fn a_form_is_deleted_by_a_sign_out() {
    let shop = shop().await;
    let (mut browser, _) = ordering(&shop);
    for body in ["a=1", "a=2", "a=3"] {
        browser.submit("/order", body).await;
    }
    browser.fetch(Method::POST, "/auth/logout").await;
    assert_eq!(saved(&browser), None);
}

#[tokio::test]
async fn the_cookie_is_sealed_bound_to_the_host_and_small_enough_for_every_browser() {
    let shop = Shop::with(
        |kakao| kakao,
        |builder| {
            let named = builder.cookie_name("a-name-of-the-most-allowed-chars");
            named.save_forms().public_url(HTTPS)
        },
    )
    .await;
    let (mut browser, _) = ordering(&shop);
    let lines = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", HTTPS),
    ];
    let secret = format!("password={}", "x".repeat(2048 - 9));
    let kept = browser.submit_as(&lines, "/order", secret).await;
    let [cookie] = set_cookies(&kept)[..] else {
        panic!("one cookie");
    };
    assert!(cookie.starts_with("__Host-a-name-of-the-most-allowed-chars-form-"));
    assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=3600"));
    assert!(cookie.len() < 4096 && !cookie.contains(&"x".repeat(16)));
}

#[tokio::test]
async fn the_cookie_of_a_form_is_removed_from_requests_to_the_application() {
    let settings = |builder: Builder| builder.save_forms().strip_cookies().public(["/seen"]);
    let shop = Shop::with(|kakao| kakao, settings).await;
    let seen = async |headers: http::HeaderMap| format!("{:?}", headers.get("cookie"));
    let app = axum::Router::new().route("/seen", axum::routing::get(seen));
    let (mut browser, _) = ordering(&shop);
    browser.submit("/order", BODY).await;
    assert!(saved(&browser).is_some());
    browser.moves_to(app.layer(shop.layer.clone()));
    assert_eq!(text(&browser.visit("/seen").await), "None");
}
