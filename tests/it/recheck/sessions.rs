//! The session during and after checks.

use std::time::Duration;

use axum::{Router, routing::get};
use http::Method;
use tower_phone_auth::revocation::InProcessLog;
use tower_phone_auth_local_provider::{LocalProvider, Person};

use super::{AFTER, SECOND, World, keeps_time};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO, location, parameter, text},
    events::Events,
    shop::{ORIGIN, Shop},
};

#[tokio::test]
async fn a_session_without_checks_does_not_grow_and_one_with_checks_stays_small() {
    let world = World::open().await;
    let provider = LocalProvider::start().await.unwrap();
    let oidc = provider.oidc();
    let shop = Shop::at(provider, oidc, |builder| builder);
    let mut plain = shop.browser();
    plain.sign_in("/", JIWOO).await;
    assert_eq!(world.copy().len(), plain.session().unwrap().len());
    let mut world = world;
    world.make_due();
    let away = world.starts_check("/").await;
    assert!(world.copy().len() <= 400, "{}", world.copy().len());
    world.returns(&away).await;
    assert!(world.copy().len() <= 400, "{}", world.copy().len());
}

/// A silent sign-in proves no freshness, so a page that requires a fresh sign-in still asks for it.
#[tokio::test]
async fn a_check_is_no_proof_of_freshness() {
    let provider = LocalProvider::start().await.unwrap();
    let oidc = provider.oidc();
    let shop = Shop::at(provider, oidc, |builder| builder.recheck_after(AFTER));
    keeps_time(&shop.provider, &shop.time);
    let fresh = shop.layer.require().max_age(AFTER + AFTER / 2);
    let app = Router::new()
        .route("/pay", get(async || "paid"))
        .route_layer(fresh)
        .route("/", get(async || "home"))
        .layer(shop.layer.clone());
    let mut browser = Browser::new(app, ORIGIN);
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(AFTER + SECOND);
    let away = browser.visit("/pay").await;
    assert_eq!(parameter(&away, "prompt").as_deref(), Some("none"));
    let callback = browser.act(&away, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/pay");
    assert_eq!(text(&browser.visit("/pay").await), "paid");
    shop.time.pass(AFTER / 2);
    let away = browser.visit("/pay").await;
    assert_eq!(parameter(&away, "prompt").as_deref(), Some("login"));
}

#[tokio::test]
async fn the_sign_out_at_the_provider_still_names_the_user() {
    for checks in [0, 1, 3] {
        let mut world = World::with(|oidc| oidc.logout_at_provider(), |builder| builder).await;
        for _ in 0..checks {
            world.make_due();
            assert_eq!(world.completes_check("/").await.status(), 303);
        }
        let form = [
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-site", "same-origin"),
            ("accept", "text/html"),
        ];
        let away = world
            .browser
            .send(Method::POST, "/auth/logout", &form)
            .await;
        assert!(parameter(&away, "id_token_hint").is_some(), "{checks}");
    }
}

/// The provider may have begun another session for the user since the sign-in.
#[tokio::test]
async fn a_logout_token_for_the_session_at_the_provider_that_a_check_named_ends_it() {
    for checks in 0..3 {
        let mut world = World::open().await;
        for _ in 0..checks {
            world.make_due();
            assert_eq!(world.completes_check("/").await.status(), 303);
        }
        world.assert_signed_in("before").await;
        // The local provider gives each grant its own `sid`, and this token names the last one.
        let token = world.shop.provider.logout_token(Person::WITH_PHONE);
        let body = format!("logout_token={}", token.unwrap());
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let mut provider = world.shop.browser();
        let answer = provider.submit_as(&form, "/auth/events/oidc", body).await;
        assert!(answer.status().is_success(), "{checks}: {}", text(&answer));
        let page = world.browser.fetch(Method::GET, "/").await;
        assert_eq!(page.status(), 401, "{checks}");
    }
}

#[tokio::test]
async fn a_renewed_session_keeps_its_checks() {
    let idle = Duration::from_secs(8 * 60);
    let mut world = World::with(|oidc| oidc, |builder| builder.idle_timeout(idle)).await;
    let passes = async |world: &mut World, minutes: u64| {
        for _ in 0..minutes / 5 {
            world.shop.time.pass(Duration::from_secs(5 * 60));
            world.assert_signed_in("renewed").await;
        }
    };
    passes(&mut world, 20).await;
    world.shop.time.pass(SECOND);
    assert_eq!(world.completes_check("/").await.status(), 303);
    passes(&mut world, 20).await;
    assert_eq!(world.browser.visit("/").await.status(), 200);
    world.shop.time.pass(SECOND);
    world.starts_check("/").await;
}

#[tokio::test]
async fn each_session_is_checked_at_its_own_provider() {
    let provider = LocalProvider::start().await.unwrap();
    let (first, second) = (provider.oidc(), provider.oidc().named("second"));
    let shop = Shop::at(provider, first, |builder| {
        builder.provider(second).recheck_after(AFTER)
    });
    keeps_time(&shop.provider, &shop.time);
    for name in ["oidc", "second"] {
        let mut browser = shop.browser();
        let login = format!("/auth/login?provider={name}&return_to=%2Fcart");
        let away = browser.visit(&login).await;
        let callback = browser.act(&away, JIWOO).await;
        assert_eq!(location(&browser.visit(&callback).await), "/cart");
        shop.time.pass(AFTER + SECOND);
        let away = browser.visit("/cart").await;
        super::assert_without_page(&away);
        let redirect = parameter(&away, "redirect_uri").unwrap();
        assert!(redirect.ends_with(&format!("/auth/callback/{name}")));
        let callback = browser.act(&away, JIWOO).await;
        assert_eq!(location(&browser.visit(&callback).await), "/cart");
        assert_eq!(browser.visit("/cart").await.status(), 200);
    }
}

#[tokio::test]
async fn a_session_that_a_check_ended_is_over_on_every_replica() {
    let log = InProcessLog::default();
    let shared = log.clone();
    let mut world = World::with(|oidc| oidc, |builder| builder.revocation_log(shared)).await;
    let copy = world.copy();
    world.shop.layer.warm_up().await.unwrap();
    world.make_due();
    let away = world.starts_check("/").await;
    let events = Events::capture();
    world.returns_with(&away, "access_denied").await;
    world.assert_ended(&copy, "revoked").await;
    let lines = events.audit("revocation");
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].field("cause"), "recheck");
}
