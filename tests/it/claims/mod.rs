//! The application's own data of a session.

mod bounded;
mod logged;
mod one_call;
mod renewed;
mod replicas;
mod try_later;

use std::{
    error::Error,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{Json, Router, routing::get};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{StatusCode, header::RETRY_AFTER};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Notify;
use tower_phone_auth::{
    Builder, TestUser, VerifiedUser, error::LoginErrorKind, hooks::SignIn, provider::Provider,
};
use tower_phone_auth_local_provider::LocalProvider;
use tracing::Level;

use crate::support::{
    browser::{Browser, JIWOO, refusal, text},
    clients::Clients as _,
    events::Events,
    shop::{ORIGIN, Shop},
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Customer {
    id: u64,
    role: String,
}

async fn shop(settings: impl FnOnce(Builder) -> Builder) -> Shop {
    Shop::with(|kakao| kakao, settings).await
}

/// A hook whose calls wait for `answer`.
#[derive(Default)]
struct SlowHook {
    calls: Arc<AtomicUsize>,
    answer: Arc<Notify>,
}

impl SlowHook {
    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// An application with the hook, and the cookie of a user without claims.
    async fn shop(&self) -> (Shop, String) {
        let (calls, answer) = (Arc::clone(&self.calls), Arc::clone(&self.answer));
        let hook = move |_: VerifiedUser| {
            calls.fetch_add(1, Ordering::SeqCst);
            let answer = Arc::clone(&answer);
            async move {
                answer.notified().await;
                Ok("staff".to_owned())
            }
        };
        let shop = shop(|builder| builder.claims(hook)).await;
        let user = TestUser::new("+82 10-1234-5678").unwrap();
        let cookie = user.cookie(&shop.layer).unwrap();
        (shop, cookie)
    }
}

/// A browser of an application that shows the claims.
fn browser(shop: &Shop) -> Browser {
    let shown = async |user: VerifiedUser| match user.claims::<Value>() {
        Ok(claims) => Json(json!({ "claims": claims })),
        Err(error) => Json(json!({ "error": error.to_string() })),
    };
    let app = Router::new().route("/", get(shown));
    Browser::new(app.layer(shop.layer.clone()), ORIGIN)
}

async fn shown(browser: &mut Browser) -> Value {
    serde_json::from_str(&text(&browser.visit("/").await)).unwrap()
}

#[tokio::test]
async fn what_the_hook_returns_is_sealed_in_the_session() {
    let shop = shop(|builder| {
        builder.on_sign_in(|SignIn { user, .. }| async move {
            let id = user.subject.parse::<u64>()?;
            Ok(Customer {
                id,
                role: "직원".to_owned(),
            })
        })
    })
    .await;
    let mut browser = browser(&shop);
    browser.sign_in("/", JIWOO).await;
    let expected = json!({ "claims": { "id": 1_376_016_924_429_759_228_u64, "role": "직원" } });
    assert_eq!(shown(&mut browser).await, expected);
    let sealed = URL_SAFE_NO_PAD.decode(browser.session().unwrap()).unwrap();
    for text in ["role", "직원"] {
        let mut parts = sealed.windows(text.len());
        assert!(!parts.any(|part| part == text.as_bytes()), "{text}");
    }
}

#[tokio::test]
async fn a_hook_that_returns_nothing_keeps_nothing() {
    let plain = shop(|builder| builder).await;
    let unit = shop(|builder| builder.on_sign_in(|_| async { Ok(()) })).await;
    let none = shop(|builder| builder.on_sign_in(|_| async { Ok(None::<Customer>) })).await;
    let mut lengths = Vec::new();
    for shop in [&plain, &unit, &none] {
        let mut browser = browser(shop);
        browser.sign_in("/", JIWOO).await;
        assert_eq!(shown(&mut browser).await, json!({ "claims": null }));
        lengths.push(browser.session().unwrap().len());
    }
    assert!(
        lengths.iter().all(|length| *length == lengths[0]),
        "{lengths:?}"
    );
    assert!(lengths[0] <= 400);
}

#[tokio::test]
async fn claims_of_another_type_are_an_error_and_no_sign_out() {
    let shop = shop(|builder| builder).await;
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    let user = user.claims(&json!({ "role": "staff" })).unwrap().user();
    let error = user.claims::<Customer>().unwrap_err();
    assert_eq!(error.to_string(), "the claims are not of the expected type");
    assert!(
        error
            .source()
            .unwrap()
            .to_string()
            .contains("missing field")
    );
    assert!(!shop.layer.has_ended(&user));
    assert_eq!(user.claims::<Value>().unwrap().unwrap()["role"], "staff");
    // Neither the text nor `Debug` repeats a value, whichever the claims are.
    for claims in [
        json!("s3cret"),
        json!({ "role": "s3cret" }),
        json!(["s3cret"]),
    ] {
        let user = TestUser::new("+82 10-1234-5678").unwrap();
        let user = user.claims(&claims).unwrap().user();
        let error = user.claims::<u32>().unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("s3cret"), "{shown}");
    }
}

#[tokio::test]
async fn claims_of_512_bytes_fit_and_one_more_refuses_the_sign_in_with_the_size_in_the_log() {
    // Two of the bytes are the quotation marks of JSON.
    for (length, fits) in [(510, true), (511, false), (5000, false)] {
        let shop =
            shop(|builder| builder.on_sign_in(move |_| async move { Ok("k".repeat(length)) }))
                .await;
        let mut browser = browser(&shop);
        let events = Events::capture();
        let page = browser.come_back("/", JIWOO).await;
        if fits {
            let kept = browser.session().unwrap().len();
            assert!(kept <= 1800, "{kept}");
            assert_eq!(shown(&mut browser).await["claims"], "k".repeat(length));
            continue;
        }
        assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(
            page.headers().get(RETRY_AFTER).is_none(),
            "waiting does not help"
        );
        assert_eq!(refusal(&page), Some(LoginErrorKind::ClaimsUnfit));
        assert!(browser.session().is_none());
        let lines = events.audit("refusal");
        assert_eq!(lines[0].level, Level::ERROR);
        assert_eq!(lines[0].field("code"), "claims_too_long");
        assert_eq!(lines[0].field("found"), format!("{} bytes", length + 2));
        assert!(!events.text().contains(&"k".repeat(16)));
    }
}

/// The application keeps these claims of the provider.
async fn kept(client: impl FnOnce(&LocalProvider) -> Provider, names: &'static [&str]) -> Value {
    let provider = LocalProvider::start().await.unwrap();
    let client = client(&provider);
    let shop = Shop::at(provider, client, |builder| {
        builder.on_sign_in(move |sign_in| async move {
            let shown = format!("{sign_in:?}");
            assert!(!shown.contains("1234-5678") && !shown.contains("12345678"));
            let all: Value = sign_in.claims().read()?;
            assert!(names.iter().all(|name| !all[name].is_null()), "{all}");
            let mut kept = serde_json::Map::new();
            for name in names {
                let value: Option<Value> = sign_in.claims().get(name)?;
                kept.insert((*name).to_owned(), value.unwrap_or_default());
            }
            Ok(kept)
        })
    });
    let mut browser = browser(&shop);
    browser.sign_in("/", JIWOO).await;
    shown(&mut browser).await["claims"].take()
}

#[tokio::test]
async fn the_hook_sees_the_claims_of_id_token_and_profile() {
    let oidc = kept(
        |provider| provider.oidc().into(),
        &["iss", "aud", "phone_number"],
    )
    .await;
    assert_eq!(oidc["phone_number"], "+821012345678");
    assert!(
        oidc["iss"]
            .as_str()
            .unwrap()
            .starts_with("http://127.0.0.1"),
        "{oidc}"
    );

    let kakao = kept(|provider| provider.kakao().into(), &["id", "kakao_account"]).await;
    assert_eq!(kakao["id"], 1_376_016_924_429_759_228_u64);
    assert!(kakao["kakao_account"]["phone_number"].is_string());

    let naver = kept(|provider| provider.naver().into(), &["id", "mobile"]).await;
    assert_eq!(naver["mobile"], "010-1234-5678");

    let google = kept(|provider| provider.google().into(), &["iss", "sub"]).await;
    assert_eq!(google["iss"], "https://accounts.google.com");
}

#[tokio::test]
async fn a_route_may_require_claims() {
    let shop = shop(|builder| builder).await;
    let staff = |customer: &Customer| customer.role == "staff";
    let app = Router::new()
        .route("/orders", get(async || "orders"))
        .route_layer(shop.layer.require().claims(staff))
        .layer(shop.layer.clone());
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    let claims = |claims: Value| user.clone().claims(&claims).unwrap();
    for (user, status) in [
        (claims(json!({ "id": 1, "role": "staff" })), StatusCode::OK),
        (
            claims(json!({ "id": 1, "role": "guest" })),
            StatusCode::FORBIDDEN,
        ),
        (claims(json!({ "role": "staff" })), StatusCode::FORBIDDEN),
        (user.clone(), StatusCode::FORBIDDEN),
    ] {
        let cookie = user.cookie(&shop.layer).unwrap();
        let (name, value) = cookie.split_once('=').unwrap();
        let mut browser = Browser::new(app.clone(), ORIGIN);
        browser.cookies.insert(name.to_owned(), value.to_owned());
        let page = browser.fetch(http::Method::GET, "/orders").await;
        assert_eq!(page.status(), status, "{user:?}");
        if status == StatusCode::FORBIDDEN {
            assert!(text(&page).contains("not_allowed"));
        }
    }
}
