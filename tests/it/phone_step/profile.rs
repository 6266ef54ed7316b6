//! The hook at the callback, and the claims that are kept for the hook after the step.

use std::sync::{Arc, Mutex};

use axum::{Router, routing::get};
use http::StatusCode;
use serde_json::{Value, json};
use tower_phone_auth::{
    Builder,
    error::LoginErrorKind,
    hooks::{Denied, ProviderUser, SignIn},
    phone::PhoneAssurance,
    phone_step::PhoneStep,
};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, faults::Fault};

use super::kit::{HANEUL, NUMBER, Outbox, asked, begin, code, known_as, number, shop, shop_with};
use crate::support::{
    browser::{JIWOO, location, parameter, refusal, text},
    clients::Clients as _,
    shop::{Shop, routes},
};

/// The lines of the hooks, in the order of their calls.
type Lines = Arc<Mutex<Vec<String>>>;

fn noting(builder: Builder, lines: &Lines) -> Builder {
    let (first, second) = (Arc::clone(lines), Arc::clone(lines));
    builder
        .on_profile(move |user: ProviderUser| {
            let token = user.tokens.access_token().len();
            let name = user.name.as_deref().unwrap_or("none");
            let line = format!("profile {} {name} {}", user.provider, token > 0);
            first.lock().unwrap().push(line);
            async { Ok(()) }
        })
        .on_sign_in(move |sign_in: SignIn| {
            let group: Option<Value> = sign_in.claims().get("group").unwrap();
            let other: Option<Value> = sign_in.claims().get("id").unwrap();
            let line = format!("sign-in {} {group:?} {other:?}", sign_in.tokens.is_some());
            second.lock().unwrap().push(line);
            async { Ok(()) }
        })
}

/// A shop whose provider gives this claim.
async fn with_claim(claim: Value, step: fn(PhoneStep) -> PhoneStep) -> (Shop, Outbox, Lines) {
    let lines = Lines::default();
    let (shop, outbox) = shop_with(step, |builder| noting(builder, &lines)).await;
    let fault = Fault::Merge(json!({ "group": claim }));
    shop.provider.fail(Endpoint::Profile, fault);
    (shop, outbox, lines)
}

#[tokio::test]
async fn the_profile_hook_gets_the_tokens_before_the_step_and_once() {
    let (shop, outbox, lines) = with_claim(json!("a"), |step| step).await;
    let mut browser = shop.browser();
    let away = browser.visit("/orders").await;
    let callback = browser.act(&away, HANEUL).await;
    let jar = browser.cookies.clone();
    assert_eq!(location(&browser.visit(&callback).await), "/auth/phone");
    assert_eq!(*lines.lock().unwrap(), ["profile kakao 박하늘 true"]);
    // The callback comes again, as after a lost answer.
    browser.cookies = jar;
    assert_eq!(location(&browser.visit(&callback).await), "/auth/phone");
    number(&mut browser, NUMBER).await;
    let back = code(&mut browser, &outbox.code()).await;
    assert_eq!(location(&back), "/orders");
    assert_eq!(
        *lines.lock().unwrap(),
        ["profile kakao 박하늘 true", "sign-in false None None"]
    );
}

#[tokio::test]
async fn without_a_step_the_profile_hook_is_called_before_the_sign_in_hook() {
    let lines = Lines::default();
    let shop = Shop::with(|kakao| kakao, |builder| noting(builder, &lines)).await;
    shop.browser().sign_in("/", JIWOO).await;
    let lines = lines.lock().unwrap();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with("profile kakao"), "{lines:?}");
    assert!(lines[1].starts_with("sign-in true"), "{lines:?}");
}

#[tokio::test]
async fn a_user_whom_the_profile_hook_refuses_gets_no_step_and_no_session() {
    for (fails, kind, status) in [
        (false, LoginErrorKind::Denied, StatusCode::FORBIDDEN),
        (
            true,
            LoginErrorKind::ApplicationBusy,
            StatusCode::SERVICE_UNAVAILABLE,
        ),
    ] {
        for act in [HANEUL, JIWOO] {
            let (shop, outbox) = shop_with(
                |step| step,
                |builder| {
                    builder.on_profile(move |_| async move {
                        match fails {
                            true => Err("the database is down".into()),
                            false => Err(Denied::new("Members only.").into()),
                        }
                    })
                },
            )
            .await;
            let mut browser = shop.browser();
            let page = browser.come_back("/", act).await;
            assert_eq!((refusal(&page), page.status()), (Some(kind), status));
            assert!(!text(&page).contains("database"), "{}", text(&page));
            assert_eq!(browser.session(), None);
            let typed = number(&mut browser, NUMBER).await;
            assert!(typed.status().is_client_error(), "{}", typed.status());
            assert_eq!(outbox.count(), 0);
        }
    }
}

#[tokio::test]
async fn a_user_whom_the_rule_refuses_never_reaches_the_profile_hook() {
    let lines = Lines::default();
    let rule = |builder: Builder| noting(builder.allow(|_| false), &lines);
    let shop = Shop::with(|kakao| kakao, rule).await;
    let page = shop.browser().come_back("/", JIWOO).await;
    assert_eq!(refusal(&page), Some(LoginErrorKind::Denied));
    assert!(lines.lock().unwrap().is_empty());
}

#[tokio::test]
async fn after_the_step_the_sign_in_hook_gets_the_named_claims_alone() {
    let keep = |step: PhoneStep| step.keep_claims(["group", "absent"]);
    for claim in [
        json!(["a", "가"]),
        json!({ "b": 1 }),
        json!("x".repeat(498)),
    ] {
        let (shop, outbox, lines) = with_claim(claim.clone(), keep).await;
        let mut browser = asked(&shop, "/orders?q=1").await;
        let cookie = &browser.cookies["phone-auth-phone"];
        assert!(!cookie.contains("group") && cookie.len() < 3_000);
        let back = code(&mut browser, &outbox.code()).await;
        assert_eq!(location(&back), "/orders?q=1");
        let expected = format!("sign-in false {:?} None", Some(claim));
        assert_eq!(lines.lock().unwrap().last(), Some(&expected));
    }
}

#[tokio::test]
async fn claims_that_are_too_long_for_the_step_refuse_the_sign_in() {
    let keep = |step: PhoneStep| step.keep_claims(["group"]);
    for claim in [
        json!("x".repeat(501)),
        json!("가".repeat(170)),
        json!(vec![0; 400]),
    ] {
        let (shop, _, _) = with_claim(claim, keep).await;
        let mut browser = shop.browser();
        let page = browser.come_back("/", HANEUL).await;
        assert_eq!(refusal(&page), Some(LoginErrorKind::ClaimsUnfit));
        // A user without the step has no such limit before the hook.
        let back = shop.browser().come_back("/", JIWOO).await;
        assert_eq!(location(&back), "/");
    }
}

#[tokio::test]
async fn the_id_token_of_a_user_of_the_step_ends_the_session_at_the_provider() {
    let outbox = Outbox::default();
    let provider = LocalProvider::start().await.unwrap();
    let client = provider.oidc().logout_at_provider();
    let step = PhoneStep::new(outbox.clone()).site_name("Shop");
    let shop = Shop::at(provider, client, |builder| builder.phone_step(step));
    let mut browser = shop.browser();
    begin(&mut browser, "/").await;
    number(&mut browser, NUMBER).await;
    code(&mut browser, &outbox.code()).await;
    assert!(browser.session().is_some());
    let away = browser.submit("/auth/logout", "").await;
    assert!(parameter(&away, "id_token_hint").is_some(), "{away:?}");
}

#[tokio::test]
async fn the_time_of_the_confirmation_is_known_to_the_application() {
    let (shop, outbox) = shop().await;
    let mut browser = asked(&shop, "/").await;
    let before = shop.time.now();
    code(&mut browser, &outbox.code()).await;
    let (number, at) = known_as(&shop, &mut browser).await;
    assert_eq!(number, "+821023456789 confirmed");
    assert!((before..=before + 1).contains(&at.unwrap()));
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    assert_eq!(known_as(&shop, &mut browser).await.1, None);
}

#[tokio::test]
async fn a_route_that_begins_another_sign_in_leaves_the_claims_of_the_step() {
    let keep = |step: PhoneStep| step.keep_claims(["group"]);
    let (shop, outbox, lines) = with_claim(json!("a"), keep).await;
    let mut browser = asked(&shop, "/orders").await;
    let step = browser.cookies["phone-auth-phone"].clone();
    let confirmed = shop
        .layer
        .require()
        .minimum_assurance(PhoneAssurance::Confirmed);
    let app = Router::new()
        .route("/pay", get(async || "paid"))
        .route_layer(confirmed)
        .fallback_service(routes())
        .layer(shop.layer.clone());
    browser.moves_to(app);
    // Without a session, the route begins a sign-in, and the step of before goes on.
    assert_eq!(browser.visit("/pay").await.status(), StatusCode::SEE_OTHER);
    browser.cookies.insert("phone-auth-phone".to_owned(), step);
    code(&mut browser, &outbox.code()).await;
    let expected = format!("sign-in false {:?} None", Some(json!("a")));
    assert_eq!(lines.lock().unwrap().last(), Some(&expected));
    assert_eq!(text(&browser.visit("/pay").await), "paid");
}
