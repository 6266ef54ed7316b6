//! Sign-out below a path, and the page after it.

use http::{Method, StatusCode};
use tower_phone_auth::{Kakao, OAuthLayer, Oidc, SessionKey};
use tower_phone_auth_local_provider::LocalProvider;

use super::{BASE, LOGIN, assert_below, proxied, shop, shop_with};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{JIWOO, location, parameter, text},
    shop::{Shop, routes},
};

#[tokio::test]
async fn a_sign_out_here_and_at_the_provider_ends_below_the_path() {
    let provider = LocalProvider::start().await.unwrap();
    let oidc = Oidc::logout_at_provider(provider.oidc());
    let mut shop = Shop::at(provider, oidc, |builder| builder.public_url(BASE));
    shop.app = proxied(routes().layer(shop.layer.clone()));
    let mut browser = shop.browser();
    browser.sign_in("/shop/", JIWOO).await;
    let away = browser.submit("/shop/auth/logout", "").await;
    let done = format!("{BASE}/auth/logout/done");
    assert_eq!(parameter(&away, "post_logout_redirect_uri"), Some(done));
    let state = parameter(&away, "state").unwrap();
    let page = browser
        .visit(&format!("/shop/auth/logout/done?state={state}"))
        .await;
    assert!(
        text(&page).contains("out of this site and of"),
        "{}",
        text(&page)
    );
    assert_below(&page, "back from the provider");

    let shop = super::shop().await;
    let mut browser = shop.browser();
    browser.come_back(LOGIN, JIWOO).await;
    let out = browser.submit("/shop/auth/logout", "").await;
    assert_eq!(out.status(), StatusCode::SEE_OTHER);
    assert_below(&out, "signed out");
    assert_eq!(browser.fetch(Method::GET, "/shop/me").await.status(), 401);
}

#[tokio::test]
async fn the_page_after_a_sign_out_is_named_as_the_application_receives_it() {
    let base = |after: &str| {
        let after = after.to_owned();
        shop_with(|builder| builder.public(["/goodbye"]).after_sign_out(after))
    };
    for (after, place) in [
        ("/goodbye?from=shop", "/shop/goodbye?from=shop"),
        ("http://127.0.0.1:3000/shop/goodbye", "/shop/goodbye"),
        ("http://127.0.0.1:3000/", "http://127.0.0.1:3000/"),
    ] {
        let shop = base(after).await;
        let mut browser = shop.browser();
        browser.come_back(LOGIN, JIWOO).await;
        let out = browser.submit("/shop/auth/logout", "").await;
        assert_eq!(location(&out), place, "{after}");
    }
    for wrong in [
        "goodbye",
        "/protected",
        "/auth/login",
        "http://127.0.0.1:3000/shop/protected",
    ] {
        let built = OAuthLayer::builder()
            .public_url(BASE)
            .session_key(SessionKey::random())
            .provider(Kakao::new("id", "secret"))
            .public(["/goodbye"])
            .after_sign_out(wrong)
            .build();
        assert_eq!(built.unwrap_err().setting(), "after_sign_out", "{wrong}");
    }
}

#[tokio::test]
async fn the_page_before_a_sign_out_is_returned_to_below_the_path() {
    let shop = shop().await;
    let mut browser = shop.browser();
    browser.come_back(LOGIN, JIWOO).await;
    let asked = browser
        .visit("/shop/auth/logout?return_to=%2Fshop%2Fhealthz")
        .await;
    assert_below(&asked, "question");
    assert!(
        text(&asked).contains("href=\"/shop/healthz\""),
        "{}",
        text(&asked)
    );
    let out = browser
        .submit("/shop/auth/logout?from=%2Fshop%2Fhealthz", "")
        .await;
    let page = browser.visit(location(&out)).await;
    assert_below(&page, "signed out");
    assert!(
        text(&page).contains("href=\"/shop/healthz\""),
        "{}",
        text(&page)
    );
    let named = "/shop/auth/logout?return_to=%2Fshop%2Fhealthz";
    let out = browser.submit(named, "").await;
    assert_eq!(location(&out), "/shop/healthz");
    let outside = "/shop/auth/logout?return_to=%2Fhealthz";
    let out = browser.submit(outside, "").await;
    assert_eq!(location(&out), "/shop/auth/logout");
    let all = browser.submit("/shop/auth/logout?everywhere", "").await;
    assert_below(&all, "everywhere");
    let outside = browser
        .visit("/shop/auth/logout?return_to=%2Fhealthz")
        .await;
    assert!(
        !text(&outside).contains("\"/healthz\""),
        "{}",
        text(&outside)
    );
}
