//! Sign-ins that a third party initiates (OpenID Connect Core section 4).

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
async fn a_target_elsewhere_leads_to_the_start_page() {
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
async fn the_issuer_chooses_among_the_providers_and_an_unknown_one_is_refused() {
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

/// The headers of Chromium for a form of another site.
const FORM: [(&str, &str); 5] = [
    ("accept", "text/html,*/*;q=0.8"),
    ("content-type", "application/x-www-form-urlencoded"),
    ("origin", "https://portal.example"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-site", "cross-site"),
];

#[tokio::test]
async fn a_form_leads_to_the_same_link_with_the_known_parameters_alone() {
    let shop = open(|_| {}).await;
    let issuer = encoded(&shop.provider.oidc_issuer());
    for (body, rest) in [
        (format!("iss={issuer}"), ""),
        (
            format!("login_hint=jiwoo&iss={issuer}&target_link_uri=%2Fcart%3Fa%3D1"),
            "&login_hint=jiwoo&target_link_uri=%2Fcart%3Fa%3D1",
        ),
        (
            format!(
                "iss={issuer}&provider=x&return_to=%2Fb&fresh=1&form=AAAAAAAAAAAAAAAAAAAAAA&iss=evil"
            ),
            "",
        ),
        (
            format!("iss={issuer}&target_link_uri={}", "a".repeat(4000)),
            "",
        ),
    ] {
        let mut browser = shop.browser();
        let answer = browser.submit_as(&FORM, "/auth/login?fresh=1", body).await;
        assert_eq!(answer.status(), 303);
        assert_eq!(location(&answer), format!("/auth/login?iss={issuer}{rest}"));
        assert!(browser.cookies.is_empty());
        let away = browser.visit(location(&answer)).await;
        assert!(location(&away).starts_with(&shop.provider.oidc_issuer()));
    }
}

#[tokio::test]
async fn a_form_of_another_site_asks_a_signed_in_user_first() {
    let shop = open(|_| {}).await;
    let issuer = encoded(&shop.provider.oidc_issuer());
    for body in [
        format!("iss={issuer}"),
        format!("iss={issuer}&login_hint=x"),
        format!("iss={issuer}&target_link_uri=%2Fa"),
    ] {
        let mut browser = shop.browser();
        browser.sign_in("/", JIWOO).await;
        let session = browser.session().map(str::to_owned);
        let answer = browser.submit_as(&FORM, "/auth/login", body).await;
        let question = browser
            .send(http::Method::GET, location(&answer), &FORM[3..])
            .await;
        assert_eq!(question.status(), 200);
        assert_eq!(browser.session(), session.as_deref());
    }
}

#[tokio::test]
async fn a_form_without_an_issuer_and_anything_else_is_not_allowed() {
    let shop = open(|_| {}).await;
    let issuer = encoded(&shop.provider.oidc_issuer());
    for body in [
        String::new(),
        "iss=".to_owned(),
        "login_hint=jiwoo&target_link_uri=%2Fcart".to_owned(),
        format!("a={}&iss={issuer}", "a".repeat(9000)),
        "x".repeat(100_000),
    ] {
        let answer = shop.browser().submit_as(&FORM, "/auth/login", body).await;
        assert_eq!(answer.status(), 405);
        assert_eq!(answer.headers()["allow"], "GET, HEAD");
    }
    for changed in [
        ("content-type", "application/json"),
        ("content-type", "multipart/form-data; boundary=x"),
        ("sec-fetch-mode", "cors"),
    ] {
        let headers = FORM.map(|header| {
            if header.0 == changed.0 {
                changed
            } else {
                header
            }
        });
        let body = format!("iss={issuer}");
        let answer = shop
            .browser()
            .submit_as(&headers, "/auth/login", body)
            .await;
        assert_eq!(answer.status(), 405, "{changed:?}");
    }
}
