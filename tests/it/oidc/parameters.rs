//! Further parameters of authorization requests, with every provider.

use tower_phone_auth::{Google, Kakao, Naver, OAuthLayer, Oidc, SessionKey, provider::Provider};
use tower_phone_auth_local_provider::{LocalProvider, Par};

use super::{assert_signed_in, login, open, open_with, registered};
use crate::{
    custom_provider::club,
    support::{
        browser::{Page, location, parameter, text},
        log::Log,
        shop::Shop,
    },
};

/// The parameters of an authorization request, in order.
fn all(page: &Page) -> Vec<(String, String)> {
    let url: url::Url = location(page).parse().unwrap();
    url.query_pairs().into_owned().collect()
}

fn values(page: &Page, name: &str) -> Vec<String> {
    let pairs = all(page).into_iter();
    pairs
        .filter(|(known, _)| known == name)
        .map(|(_, value)| value)
        .collect()
}

#[tokio::test]
async fn every_provider_sends_the_applications_parameters_once() {
    let start = async |provider: Provider| {
        let shop = Shop::at(LocalProvider::start().await.unwrap(), provider, |b| b);
        shop.browser().visit("/").await
    };
    let origin = LocalProvider::start().await.unwrap();
    let oidc = registered(&origin);
    for provider in [
        Provider::from(Kakao::new("id", "secret").authorize_with("ui_locales", "ko & en")),
        Naver::new("id", "secret")
            .authorize_with("ui_locales", "ko & en")
            .into(),
        Google::new("id", "secret")
            .authorize_with("ui_locales", "ko & en")
            .into(),
        oidc.authorize_with("ui_locales", "ko & en").into(),
        club().authorize_with("ui_locales", "ko & en").into(),
    ] {
        let away = start(provider).await;
        assert_eq!(values(&away, "ui_locales"), ["ko & en"]);
    }
}

#[tokio::test]
async fn a_request_with_further_parameters_signs_in_pushed_or_not() {
    for pushed in [true, false] {
        let client = |oidc: Oidc| {
            oidc.authorize_with("acr_values", "2")
                .authorize_with("resource", "https://a.example")
                .authorize_with("resource", "https://b.example")
                .pushed_requests(pushed)
        };
        let shop = open_with(|oidc| oidc.par = Par::Offered, client, |builder| builder).await;
        assert_signed_in(&login(&shop, []).await, "further parameters");
    }
}

fn refused(name: &str, value: &str) -> String {
    let oidc = Oidc::new("https://id.example.com", "id", "secret").authorize_with(name, value);
    let layer = OAuthLayer::new(oidc, "https://shop.example.com", SessionKey::random());
    let error = layer.err().unwrap_or_else(|| panic!("{name}={value}"));
    assert_eq!(error.setting(), "authorize_with");
    error.to_string()
}

#[test]
fn the_protocols_own_parameters_are_refused_at_every_provider() {
    for name in [
        "client_id",
        "redirect_uri",
        "response_type",
        "response_mode",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
        "claims",
        "max_age",
        "request",
        "request_uri",
        "client_secret",
        "client_assertion",
        "code_verifier",
        "Client_ID",
        "redirect_uri[]",
        "max.age",
    ] {
        assert!(refused(name, "x").contains(name));
        let (key, url) = (SessionKey::random, "https://shop.example.com");
        for provider in [
            Provider::from(Kakao::new("id", "secret").authorize_with(name, "x")),
            Naver::new("id", "secret").authorize_with(name, "x").into(),
            Google::new("id", "secret").authorize_with(name, "x").into(),
            club().authorize_with(name, "x").into(),
        ] {
            let error = OAuthLayer::new(provider, url, key()).unwrap_err();
            assert_eq!(error.setting(), "authorize_with", "{name}");
        }
    }
}

#[test]
fn malformed_names_and_values_are_refused() {
    for (name, value) in [
        ("", "x"),
        ("a b", "x"),
        ("a\r\nb", "x"),
        ("\u{ed55}", "x"),
        ("ui_locales", "ko\r\nSet-Cookie: a=b"),
        ("ui_locales", "a\u{0}b"),
        ("ui_locales", &"x".repeat(1025)),
        (&"x".repeat(65), "x"),
        ("prompt", "none login"),
    ] {
        refused(name, value);
    }
    let twice = Oidc::new("https://id.example.com", "id", "secret")
        .authorize_with("acr_values", "1")
        .authorize_with("acr_values", "2");
    let layer = OAuthLayer::new(twice, "https://shop.example.com", SessionKey::random());
    let error = layer.unwrap_err().to_string();
    assert!(error.contains("acr_values"), "{error}");
}

#[tokio::test]
async fn a_configured_prompt_is_sent_beside_the_layers_own_and_each_value_once() {
    for (given, plain, fresh) in [
        ("select_account", "select_account", "login select_account"),
        ("login", "login", "login"),
        ("consent login", "consent login", "login consent"),
        ("none", "none", "login"),
    ] {
        let client = |oidc: Oidc| oidc.authorize_with("prompt", given);
        let shop = open_with(|_| {}, client, |builder| builder).await;
        let away = shop.browser().visit("/auth/login").await;
        assert_eq!(values(&away, "prompt"), [plain]);
        let away = shop.browser().visit("/auth/login?fresh=1").await;
        assert_eq!(values(&away, "prompt"), [fresh]);
        assert_eq!(values(&away, "max_age"), ["0"]);
    }
}

#[tokio::test]
async fn a_provider_that_must_show_a_page_is_asked_again_without_prompt_none() {
    let client = |oidc: Oidc| oidc.authorize_with("prompt", "none");
    let shop = open_with(|_| {}, client, |builder| builder).await;
    let mut browser = shop.browser();
    let away = browser.visit("/deep").await;
    let state = parameter(&away, "state").unwrap();
    let callback = format!("/auth/callback/oidc?error=login_required&state={state}");
    let again = browser.visit(&callback).await;
    assert_eq!(again.status(), 303);
    assert_eq!(parameter(&again, "prompt"), None);
    assert!(location(&again).starts_with(&shop.provider.oidc_issuer()));
}

#[tokio::test]
async fn the_hint_of_a_link_reaches_the_provider_and_no_log() {
    let shop = open(|_| {}).await;
    let log = Log::capture();
    for (query, hint) in [
        ("login_hint=jiwoo%40example.com", Some("jiwoo@example.com")),
        (
            "login_hint=%2B821012345678&return_to=%2Fdeep",
            Some("+821012345678"),
        ),
        ("login_hint=%EC%A7%80%EC%9A%B0", Some("지우")),
        (
            "provider=oidc&login_hint=a%26client_id%3Db",
            Some("a&client_id=b"),
        ),
        ("login_hint=", None),
        ("login_hint=a%0D%0Ab", None),
        ("login_hint=a%00b", None),
    ] {
        let away = shop.browser().visit(&format!("/auth/login?{query}")).await;
        assert_eq!(parameter(&away, "login_hint").as_deref(), hint, "{query}");
        assert_eq!(values(&away, "client_id").len(), 1);
    }
    for (length, is_sent) in [(256, true), (257, false), (20_000, false)] {
        let link = format!("/auth/login?login_hint={}", "x".repeat(length));
        let away = shop.browser().visit(&link).await;
        assert_eq!(
            parameter(&away, "login_hint").is_some(),
            is_sent,
            "{length}"
        );
    }
    let lines = log.text();
    for word in ["jiwoo", "+8210", "지우"] {
        assert!(!lines.contains(word), "{word}: {lines}");
    }
}

#[tokio::test]
async fn the_hint_of_a_link_overrides_a_configured_one_and_stays_on_the_sign_in_page() {
    let client = |oidc: Oidc| oidc.authorize_with("login_hint", "fixed");
    let shop = open_with(
        |_| {},
        client,
        |builder| builder.provider(Kakao::new("id", "secret")),
    )
    .await;
    let away = shop.browser().visit("/auth/login?provider=oidc").await;
    assert_eq!(values(&away, "login_hint"), ["fixed"]);
    let link = "/auth/login?provider=oidc&login_hint=jiwoo";
    let away = shop.browser().visit(link).await;
    assert_eq!(values(&away, "login_hint"), ["jiwoo"]);
    let choice = shop
        .browser()
        .visit("/auth/login?login_hint=a%22%3Cb")
        .await;
    let page = text(&choice);
    let link = "/auth/login?provider=kakao&amp;login_hint=a%22%3Cb";
    assert!(page.contains(link), "{page}");
}
