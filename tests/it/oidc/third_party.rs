//! A sign-in that a third party begins (Core section 4).

use form_urlencoded::byte_serialize;
use tower_phone_auth::Kakao;

use super::{open, open_with};
use crate::support::{
    browser::{JIWOO, location, parameter},
    shop::{ORIGIN, Shop},
};

fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

fn link(shop: &Shop, target: &str) -> String {
    let issuer = encoded(&shop.provider.oidc_issuer());
    let target = encoded(target);
    format!("/auth/login?iss={issuer}&target_link_uri={target}&login_hint=jiwoo")
}

async fn arrives_at(shop: &Shop, link: &str) -> String {
    let mut browser = shop.browser();
    let away = browser.visit(link).await;
    let callback = browser.act(&away, JIWOO).await;
    location(&browser.visit(&callback).await).to_owned()
}

#[tokio::test]
async fn a_target_within_this_origin_is_where_the_user_arrives() {
    let shop = open(|_| {}).await;
    for (target, place) in [
        (
            format!("{ORIGIN}/cart?a=1%2F%ED%95%9C"),
            "/cart?a=1%2F%ED%95%9C",
        ),
        (format!("{ORIGIN}/"), "/"),
        (ORIGIN.to_owned(), "/"),
        ("/orders".to_owned(), "/orders"),
    ] {
        let link = link(&shop, &target);
        let away = shop.browser().visit(&link).await;
        assert_eq!(parameter(&away, "login_hint").as_deref(), Some("jiwoo"));
        assert_eq!(arrives_at(&shop, &link).await, place, "{target}");
    }
}

#[tokio::test]
async fn a_target_elsewhere_leads_home() {
    let shop = open(|_| {}).await;
    for target in [
        "https://evil.example/cart",
        "http://127.0.0.1:3000.evil.example/",
        "http://127.0.0.1:3000@evil.example/",
        "http://127.0.0.1:3001/cart",
        "https://127.0.0.1:3000/cart",
        "//evil.example/",
        "/\\evil.example",
        "http://127.0.0.1:3000//evil.example/",
        "http://127.0.0.1:3000/auth/logout",
        "javascript:alert(1)",
        "",
    ] {
        assert_eq!(
            arrives_at(&shop, &link(&shop, target)).await,
            "/",
            "{target}"
        );
    }
}

#[tokio::test]
async fn the_issuer_chooses_among_the_providers_and_a_strange_one_is_refused() {
    let kakao = |builder: tower_phone_auth::Builder| builder.provider(Kakao::new("id", "secret"));
    let shop = open_with(|_| {}, |oidc| oidc, kakao).await;
    let issuer = shop.provider.oidc_issuer();
    let visit = async |issuer: &str| {
        let link = format!("/auth/login?iss={}", encoded(issuer));
        shop.browser().visit(&link).await
    };
    let away = visit(&issuer).await;
    assert!(location(&away).starts_with(&issuer));
    let away = visit("https://kauth.kakao.com").await;
    assert!(location(&away).starts_with("https://kauth.kakao.com/"));
    for strange in [
        "https://evil.example",
        &format!("{issuer}/"),
        &issuer.to_uppercase(),
        "",
        "oidc",
    ] {
        assert_eq!(visit(strange).await.status(), 404, "{strange}");
    }
    let alone = open(|_| {}).await;
    let link = "/auth/login?iss=https%3A%2F%2Fevil.example";
    assert_eq!(alone.browser().visit(link).await.status(), 404);
}
