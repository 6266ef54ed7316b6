//! Routes that require a fresh sign-in, at providers that prove none.

use std::time::Duration;

use axum::{Router, routing::get};
use bytes::Bytes;
use http::{Method, Request, StatusCode, header::CONTENT_TYPE};
use tower_phone_auth::{
    CustomProvider, OAuthLayer, TestUser,
    error::{LoginError, LoginErrorKind},
    layer::RequireUser,
    phone::PhoneAssurance,
    provider::{Profile, ProfileRequest, Provider},
};
use tower_phone_auth_local_provider::LocalProvider;

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Act, Browser, JIWOO, Page, location, parameter, refusal, text},
    log::Log,
    shop::{ORIGIN, Shop},
};

const MINUTE: Duration = Duration::from_secs(60);

struct Club(String);

impl ProfileRequest for Club {
    fn request(&self, access_token: &str) -> http::Result<Request<Bytes>> {
        Request::get(format!("{}/v2/user/me", self.0))
            .header("authorization", format!("Bearer {access_token}"))
            .body(Bytes::new())
    }

    fn read(&self, _: StatusCode, body: &[u8]) -> Result<Profile, LoginErrorKind> {
        let me: serde_json::Value =
            serde_json::from_slice(body).map_err(|_| LoginErrorKind::InvalidAnswer)?;
        let phone = me["kakao_account"]["phone_number"].as_str();
        let phone = phone.ok_or(LoginErrorKind::PhoneNotShared)?;
        Ok(Profile::new("7", phone, PhoneAssurance::Asserted))
    }
}

fn club(provider: &LocalProvider) -> CustomProvider {
    let origin = provider.origin();
    let (id, secret) = (provider.client_id(), provider.client_secret().unwrap());
    CustomProvider::new("club", id, secret, Club(origin.clone()))
        .endpoints(
            format!("{origin}/oauth/authorize"),
            format!("{origin}/oauth/token"),
        )
        .ask_again_with("scope", "phone_number")
}

async fn shop(name: &str) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    let client: Provider = match name {
        "kakao" => provider.kakao().into(),
        "naver" => provider.naver().into(),
        "google" => provider.google().into(),
        _ => club(&provider).into(),
    };
    Shop::at(provider, client, |builder| builder)
}

fn browser(shop: &Shop, asked: impl FnOnce(&OAuthLayer) -> RequireUser) -> Browser {
    let app = Router::new()
        .route("/pay", get(async || "paid").post(async || "paid"))
        .route_layer(asked(&shop.layer))
        .route("/", get(async || "home"))
        .layer(shop.layer.clone());
    Browser::new(app, ORIGIN)
}

#[tokio::test]
async fn users_of_such_a_provider_get_403_and_the_log_one_line() {
    for name in ["kakao", "naver", "google", "club"] {
        let log = Log::capture();
        let shop = shop(name).await;
        let mut browser = browser(&shop, |layer| layer.require().max_age(5 * MINUTE));
        browser.sign_in("/", JIWOO).await;
        for _ in 0..2 {
            let page = browser.visit("/pay").await;
            assert_eq!(page.status(), StatusCode::FORBIDDEN, "{name}");
            assert_eq!(refusal(&page), Some(LoginErrorKind::Unproved), "{name}");
            for method in [Method::GET, Method::POST] {
                let page = browser.fetch(method, "/pay").await;
                assert_eq!(page.status(), StatusCode::FORBIDDEN, "{name}");
                assert_eq!(page.headers()[CONTENT_TYPE], "application/problem+json");
                assert!(text(&page).contains(r#""reason":"unproved""#), "{name}");
            }
            assert_eq!(text(&browser.visit("/").await), "home");
            // The page's button asks for a fresh sign-in, which proves nothing.
            let login = format!("/auth/login?provider={name}&return_to=%2Fpay&fresh=1");
            let away = browser.visit(&login).await;
            let callback = browser.act(&away, JIWOO).await;
            assert_eq!(location(&browser.visit(&callback).await), "/pay", "{name}");
        }
        let warned = |line: &&str| line.contains("WARN") && line.contains("max_age");
        let log = log.text();
        assert_eq!(log.lines().filter(warned).count(), 1, "{name}: {log}");
    }
}

#[tokio::test]
async fn a_route_that_accepts_an_unproved_sign_in_asks_once_and_then_passes() {
    for (name, parameters) in [
        ("kakao", Some(("prompt", "login"))),
        ("naver", Some(("auth_type", "reauthenticate"))),
        ("google", Some(("prompt", "select_account"))),
        ("club", None),
    ] {
        let shop = shop(name).await;
        let mut browser = browser(&shop, |layer| {
            layer.require().max_age(5 * MINUTE).accept_unproved()
        });
        browser.sign_in("/", JIWOO).await;
        let away = browser.visit("/pay").await;
        if let Some((parameter_name, value)) = parameters {
            let sent = parameter(&away, parameter_name);
            assert_eq!(sent.as_deref(), Some(value));
        }
        let callback = browser.act(&away, JIWOO).await;
        assert_eq!(location(&browser.visit(&callback).await), "/pay");
        shop.time.pass(5 * MINUTE);
        assert_eq!(text(&browser.visit("/pay").await), "paid", "{name}");
        shop.time.pass(Duration::from_secs(1));
        let away = browser.visit("/pay").await;
        assert_eq!(away.status(), StatusCode::SEE_OTHER, "{name}");
    }
}

#[tokio::test]
async fn a_proof_decides_even_on_a_route_that_accepts_an_unproved_sign_in() {
    let shop = Shop::open().await;
    shop.provider
        .configure(|settings| settings.kakao_oidc = true);
    let mut browser = browser(&shop, |layer| {
        layer.require().max_age(5 * MINUTE).accept_unproved()
    });
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(6 * MINUTE);
    let away = browser.visit("/pay").await;
    shop.provider.forge_id_token(|_, claims| {
        claims["auth_time"] = (claims["iat"].as_u64().unwrap() - 301).into();
    });
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    let page = browser.visit("/pay").await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_code_auth_time_is_of_a_provider_that_was_asked_and_sent_none() {
    let code = |page: &Page| {
        assert_eq!(refusal(page), Some(LoginErrorKind::Unproved));
        let error = page.extensions().get::<LoginError>().unwrap();
        error.code().map(str::to_owned)
    };
    let shop = Shop::open().await;
    let mut browser = browser(&shop, |layer| layer.require().max_age(5 * MINUTE));
    browser.sign_in("/", JIWOO).await;
    assert_eq!(code(&browser.visit("/pay").await), None, "was not asked");
    for (sends, expected) in [(false, Some("auth_time")), (true, None)] {
        shop.provider
            .configure(|settings| settings.kakao_oidc = sends);
        shop.provider.forge_id_token(|_, claims| {
            claims["auth_time"] = (claims["iat"].as_u64().unwrap() - 301).into();
        });
        let away = browser.visit("/auth/login?provider=kakao&fresh=1").await;
        let callback = browser.act(&away, JIWOO).await;
        browser.visit(&callback).await;
        let page = browser.visit("/pay").await;
        assert_eq!(code(&page).as_deref(), expected);
    }
}

#[tokio::test]
async fn a_custom_provider_is_asked_for_a_fresh_sign_in_with_its_parameters() {
    let provider = LocalProvider::start().await.unwrap();
    let club = club(&provider)
        .fresh_with("prompt", "login")
        .fresh_with("max_age", "0")
        .fresh_with("scope", "name");
    let shop = Shop::at(provider, club, |builder| builder);
    let mut browser = shop.browser();
    let away = browser.visit("/auth/login").await;
    assert_eq!(parameter(&away, "prompt"), None);
    let away = browser.visit("/auth/login?fresh=1").await;
    assert_eq!(parameter(&away, "prompt").as_deref(), Some("login"));
    assert_eq!(parameter(&away, "max_age").as_deref(), Some("0"));
    let untick = Act::Untick(tower_phone_auth_local_provider::Person::WITH_PHONE);
    let callback = browser.act(&away, untick).await;
    let again = browser.visit(&callback).await;
    assert_eq!(parameter(&again, "prompt").as_deref(), Some("login"));
    let scope = parameter(&again, "scope");
    assert_eq!(scope.as_deref(), Some("name phone_number"));
}

#[tokio::test]
async fn a_test_user_without_fresh_is_unproved_like_a_real_one() {
    let shop = Shop::open().await;
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    for (user, status) in [
        (user.clone().fresh(), StatusCode::OK),
        (user, StatusCode::FORBIDDEN),
    ] {
        let mut browser = browser(&shop, |layer| layer.require().max_age(MINUTE));
        let cookie = user.cookie(&shop.layer).unwrap();
        browser.headers.insert("cookie", cookie.parse().unwrap());
        let page = browser.fetch(Method::GET, "/pay").await;
        assert_eq!(page.status(), status);
    }
}

#[tokio::test]
async fn a_page_of_a_listed_origin_may_read_the_reason_of_a_refusal() {
    const LISTED: &str = "https://app.example.com";
    let provider = LocalProvider::start().await.unwrap();
    let client = provider.kakao();
    let shop = Shop::at(provider, client, |builder| builder.cors_origins([LISTED]));
    let mut browser = browser(&shop, |layer| layer.require().max_age(5 * MINUTE));
    browser.sign_in("/", JIWOO).await;
    for (origin, may) in [
        (LISTED, true),
        ("https://evil.example", false),
        ("null", false),
        ("https://app.example.com.evil.example", false),
    ] {
        let lines = [("origin", origin), ("sec-fetch-mode", "cors")];
        let page = browser.send(Method::GET, "/pay", &lines).await;
        assert_eq!(page.status(), StatusCode::FORBIDDEN, "{origin}");
        let allowed = page.headers().get("access-control-allow-origin");
        assert_eq!(
            allowed.is_some_and(|value| value == origin),
            may,
            "{origin}"
        );
        assert_eq!(page.headers()["vary"], "Origin, Cookie");
    }
}
