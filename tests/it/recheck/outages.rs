//! A check whose answer says nothing about the user ends no session.

use http::{Method, StatusCode};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Par, faults::Fault};

use super::{AFTER, RETRY, SECOND, World, assert_without_page};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Page, location, parameter, text},
    events::Events,
    outcome::error,
};

/// Errors that say nothing about the user.
const ERRORS: [&str; 9] = [
    "server_error",
    "temporarily_unavailable",
    "invalid_request",
    "unauthorized_client",
    "invalid_scope",
    "unsupported_response_type",
    "request_not_supported",
    "made_up",
    "LOGIN_REQUIRED",
];

impl World {
    /// Follows a check with a pushed request, whose address does not show `prompt=none`.
    async fn returns_after(&mut self, path: &str) -> Page {
        let away = self.browser.visit(path).await;
        assert!(parameter(&away, "request_uri").is_some());
        self.returns(&away).await
    }

    /// Pages open for five minutes without a check, and the next visit is checked again.
    async fn is_checked_again_after_five_minutes(&mut self, case: &str) {
        for _ in 0..2 {
            let page = self.browser.visit("/cart").await;
            assert_eq!(page.status(), StatusCode::OK, "{case}: {}", text(&page));
            self.assert_signed_in(case).await;
            self.shop.time.pass(RETRY / 2 - SECOND);
        }
        self.shop.time.pass(2 * SECOND);
        self.shop.provider.clear_faults(Endpoint::Token);
        self.shop.provider.clear_faults(Endpoint::Profile);
        let before = self.session_data().await;
        let back = self.completes_check("/cart").await;
        assert_eq!(back.status(), 303, "{case}");
        assert_eq!(self.session_data().await, before, "{case}");
        self.shop.time.pass(AFTER);
        assert_eq!(self.browser.visit("/cart").await.status(), 200, "{case}");
    }
}

#[tokio::test]
async fn an_error_of_provider_or_settings_keeps_the_session_until_a_check_after_five_minutes() {
    for name in ERRORS {
        let mut world = World::open().await;
        world.make_due();
        let away = world.starts_check("/cart").await;
        let back = world.returns_with(&away, name).await;
        assert_eq!(back.status(), 303, "{name}: {}", text(&back));
        assert_eq!(location(&back), "/cart", "{name}");
        world.is_checked_again_after_five_minutes(name).await;
    }
}

#[tokio::test]
async fn a_failing_endpoint_keeps_the_session_until_a_check_after_five_minutes() {
    let failing: [(Endpoint, fn() -> Fault); 7] = [
        (Endpoint::Token, || status(500)),
        (Endpoint::Token, || status(503)),
        (Endpoint::Token, || Fault::Close),
        (Endpoint::Token, || Fault::Cut),
        (Endpoint::Token, || {
            Fault::koe(StatusCode::BAD_REQUEST, "", "invalid_grant", "")
        }),
        (Endpoint::Profile, || status(502)),
        (Endpoint::Profile, || Fault::Close),
    ];
    for (endpoint, fault) in failing {
        let case = format!("{endpoint:?}");
        let mut world = World::open().await;
        world.make_due();
        world.shop.provider.fail(endpoint, fault());
        let back = world.completes_check("/cart").await;
        assert_eq!(location(&back), "/cart", "{case}");
        world.is_checked_again_after_five_minutes(&case).await;
    }
}

fn status(status: u16) -> Fault {
    let status = StatusCode::from_u16(status).unwrap();
    Fault::json(status, &serde_json::json!({ "error": "server_error" }))
}

#[tokio::test]
async fn a_provider_that_does_not_answer_the_browser_costs_one_visit() {
    let mut world = World::open().await;
    world.make_due();
    world.starts_check("/cart").await;
    // The user goes back and visits the page again.
    world.is_checked_again_after_five_minutes("no answer").await;
}

async fn with_pushed_requests() -> World {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| settings.oidc.par = Par::Required);
    let oidc = provider.oidc();
    World::at(provider, oidc, |builder| builder).await
}

#[tokio::test]
async fn a_provider_that_takes_no_pushed_request_leaves_the_session() {
    let faults: [fn() -> Fault; 3] = [|| status(500), || Fault::Close, || status(400)];
    for fault in faults {
        let mut world = with_pushed_requests().await;
        world.make_due();
        world.shop.provider.fail(Endpoint::Pushed, fault());
        let back = world.browser.visit("/cart?q=%ED%95%9C").await;
        assert_eq!(location(&back), "/cart?q=%ED%95%9C");
        world.shop.provider.clear_faults(Endpoint::Pushed);
        let page = world.browser.visit("/cart?q=%ED%95%9C").await;
        assert_eq!(page.status(), 200);
        world.shop.time.pass(RETRY);
        assert_eq!(location(&world.returns_after("/cart").await), "/cart");
    }
}

#[tokio::test]
async fn a_late_check_that_cannot_begin_is_refused_with_its_cause() {
    let mut world = with_pushed_requests().await;
    world.make_late();
    world.shop.provider.fail(Endpoint::Pushed, status(500));
    let page = world.browser.visit("/cart").await;
    assert_eq!(page.status(), 503);
    world.shop.provider.clear_faults(Endpoint::Pushed);
    assert_eq!(location(&world.returns_after("/cart").await), "/cart");
}

#[tokio::test]
async fn an_invalid_token_prolongs_nothing() {
    for claim in ["nonce", "aud", "iss"] {
        let mut world = World::open().await;
        world.make_due();
        world
            .shop
            .provider
            .forge_id_token(move |_, claims| claims[claim] = "another".into());
        let back = world.completes_check("/").await;
        assert_eq!(location(&back), "/", "{claim}");
        world.shop.time.pass(AFTER);
        let page = world.browser.fetch(Method::GET, "/").await;
        assert_eq!(page.status(), 401, "{claim}");
    }
}

#[tokio::test]
async fn a_check_that_fails_when_it_is_late_is_refused_with_its_cause_and_ends_nothing() {
    for (name, status) in [
        ("server_error", 503),
        ("temporarily_unavailable", 503),
        ("invalid_scope", 502),
    ] {
        let mut world = World::open().await;
        let before = world.session_data().await;
        world.make_late();
        let away = world.starts_check("/cart").await;
        let page = world.returns_with(&away, name).await;
        assert_eq!(page.status(), status, "{name}");
        assert_eq!(error(&page).code(), Some(name));
        let fetched = world.browser.fetch(Method::GET, "/").await;
        assert_eq!(fetched.status(), 401);
        // The next visit is checked at once, and the session is valid again.
        assert_eq!(world.completes_check("/cart").await.status(), 303);
        assert_eq!(world.session_data().await, before);
    }
}

#[tokio::test]
async fn a_check_without_a_result_is_one_line_in_the_log() {
    let mut world = World::open().await;
    world.make_due();
    let away = world.starts_check("/").await;
    let events = Events::capture();
    world.returns_with(&away, "server_error").await;
    let lines = events.text();
    assert!(lines.contains("could not be checked"), "{lines}");
    assert!(lines.contains("server_error"), "{lines}");
    assert_without_page(&away);
}
