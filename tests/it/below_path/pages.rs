//! The links of every page, and the pages that a user returns to.

use std::time::Duration;

use axum::{Router, routing::get};
use http::{Method, StatusCode};
use tower_phone_auth::VerifiedUser;
use tower_phone_auth_local_provider::{LocalProvider, Person};

use super::{BASE, LOGIN, assert_below, links, proxied, shop, shop_with};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Act, Browser, FORM, JIWOO, location, text},
    shop::{ORIGIN, Shop, routes},
};

#[tokio::test]
async fn every_link_of_every_page_is_below_the_path() {
    let shop = shop().await;
    let mut browser = shop.browser();
    assert_below(&browser.visit("/shop/").await, "page visit");
    assert_below(&browser.visit("/shop/auth/login").await, "choice");
    let refused = browser.fetch(Method::GET, "/shop/me").await;
    assert_below(&refused, "401");
    let challenge = refused.headers()["www-authenticate"].to_str().unwrap();
    assert!(challenge.contains("\"/shop/auth/login\""), "{challenge}");
    let htmx = [
        ("hx-request", "true"),
        ("hx-current-url", "http://127.0.0.1:3000/shop/a?b"),
    ];
    let htmx = browser.send(Method::GET, "/shop/me", &htmx).await;
    assert_below(&htmx, "htmx");
    let login = "/shop/auth/login?return_to=%2Fshop%2Fa%3Fb";
    assert_eq!(htmx.headers()["hx-redirect"], login);
    let inertia = [
        ("x-inertia", "true"),
        ("accept", "text/html, application/xhtml+xml"),
    ];
    let inertia = browser.send(Method::GET, "/shop/a?b", &inertia).await;
    assert_below(&inertia, "inertia");
    let link = inertia.headers()["x-inertia-location"].to_str().unwrap();
    assert!(link.ends_with("return_to=%2Fshop%2Fa%3Fb"), "{link}");
    let frame = [
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "iframe"),
        ("sec-fetch-site", "same-origin"),
        ("accept", "text/html"),
        ("referer", "http://127.0.0.1:3000/shop/around"),
    ];
    let frame = browser.send(Method::GET, "/shop/me", &frame).await;
    assert_below(&frame, "frame");
    assert!(
        text(&frame).contains("return_to=%2Fshop%2Faround"),
        "{}",
        text(&frame)
    );
    let unknown = browser
        .visit("/shop/auth/callback/kakao?code=1&state=2")
        .await;
    assert_below(&unknown, "unknown state");
    let posted = browser
        .fetch(Method::POST, "/shop/auth/callback/kakao")
        .await;
    assert_below(&posted, "posted callback");
    assert_below(&browser.visit("/shop/auth/logout").await, "signed out");
    let cancelled = browser.come_back(LOGIN, Act::Cancel).await;
    assert_below(&cancelled, "cancelled");
    assert!(text(&cancelled).contains("return_to=%2Fshop%2Fcart%3Fa%3D1"));
    let refused = browser
        .come_back(LOGIN, Act::Untick(Person::WITH_PHONE))
        .await;
    let refused = browser.act(&refused, Act::Untick(Person::WITH_PHONE)).await;
    assert_below(&browser.visit(&refused).await, "no number");
    let back = browser.come_back(LOGIN, JIWOO).await;
    assert_below(&back, "signed in");
    assert_below(&browser.visit("/shop/auth/logout").await, "sign-out");
    let foreign = [
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-site", "cross-site"),
    ];
    let asked = browser.send(Method::GET, LOGIN, &foreign).await;
    assert_below(&asked, "foreign link");
}

#[tokio::test]
async fn a_saved_form_a_recheck_and_a_fresh_sign_in_return_below_the_path() {
    let shop = shop_with(|builder| builder.save_forms()).await;
    let mut browser = shop.browser();
    let mut form = FORM;
    form[3] = ("referer", "http://127.0.0.1:3000/shop/basket?step=2");
    let saved = browser.submit_as(&form, "/shop/order?x=1", "item=7").await;
    assert_below(&saved, "form");
    assert!(location(&saved).contains("return_to=%2Fshop%2Fbasket%3Fstep%3D2"));

    let provider = LocalProvider::start().await.unwrap();
    let oidc = provider.oidc();
    let shop = Shop::at(provider, oidc, |builder| {
        builder
            .public_url(BASE)
            .recheck_after(Duration::from_secs(60))
    });
    let fresh = shop.layer.require().max_age(Duration::from_secs(5 * 60));
    let app = Router::new()
        .route("/pay", get(async || "paid"))
        .route_layer(fresh)
        .route(
            "/{*rest}",
            get(async |user: VerifiedUser| user.phone.to_string()),
        )
        .layer(shop.layer.clone());
    let mut browser = Browser::new(proxied(app), ORIGIN);
    browser.sign_in("/shop/a", JIWOO).await;
    shop.time.pass(Duration::from_secs(61));
    let checked = browser.come_back("/shop/a?b=c", JIWOO).await;
    assert_eq!(location(&checked), "/shop/a?b=c");
    shop.time.pass(Duration::from_secs(6 * 60));
    let away = browser.visit("/shop/pay?order=7").await;
    let callback = browser.act(&away, JIWOO).await;
    assert_eq!(
        location(&browser.visit(&callback).await),
        "/shop/pay?order=7"
    );
}

#[tokio::test]
async fn a_saved_form_is_offered_and_sent_below_the_path() {
    let provider = LocalProvider::start().await.unwrap();
    let kakao = provider.kakao();
    let mut shop = Shop::at(provider, kakao, |builder| {
        builder.public_url(BASE).save_forms()
    });
    shop.app = proxied(routes().layer(shop.layer.clone()));
    let mut browser = shop.browser();
    let mut form = FORM;
    form[3] = ("referer", "http://127.0.0.1:3000/shop/basket");
    let saved = browser.submit_as(&form, "/shop/order?x=1", "item=7").await;
    let away = browser.visit(location(&saved)).await;
    let callback = browser.act(&away, JIWOO).await;
    let back = browser.visit(&callback).await;
    assert!(
        location(&back).starts_with("/shop/auth/form?id="),
        "{}",
        location(&back)
    );
    let offer = browser.visit(location(&back)).await;
    assert_eq!(offer.status(), StatusCode::OK, "{}", text(&offer));
    assert_below(&offer, "offer");
    let send = links(&text(&offer));
    let send = send
        .iter()
        .find(|link| link.starts_with("/shop/auth/form?"));
    let sent = browser
        .submit(&send.unwrap().replace("&amp;", "&"), "item=7")
        .await;
    assert_eq!(
        sent.status(),
        StatusCode::TEMPORARY_REDIRECT,
        "{}",
        text(&sent)
    );
    assert_eq!(location(&sent), "/shop/order?x=1");
    let form = [FORM.as_slice(), &[("content-length", "6")]].concat();
    let posted = browser.submit_as(&form, location(&sent), "item=7").await;
    assert_eq!(text(&posted), "+821012345678");
}
