//! Forged callbacks, callbacks of other tabs, and callbacks of checks whose session is gone.

use http::Method;
use tower_phone_auth_local_provider::{Endpoint, Person};

use super::{AFTER, World};
use crate::support::{
    browser::{JIWOO, altered, location, parameter, set_cookies, text},
    outcome::assert_signed_in,
};

/// Queries that another site may put into a link.
const FORGED: [&str; 5] = [
    "error=login_required&state=forged",
    "error=access_denied&state=forged",
    "error=login_required",
    "error=login_required&state=",
    "code=x&state=forged",
];

#[tokio::test]
async fn a_forged_callback_ends_nothing_and_prolongs_nothing() {
    for forged in FORGED {
        let mut world = World::open().await;
        let before = world.session_data().await;
        world.make_due();
        let away = world.starts_check("/").await;
        let page = world
            .browser
            .visit(&format!("/auth/callback/oidc?{forged}"))
            .await;
        assert!(page.status() != 200, "{forged}");
        assert_eq!(world.session_data().await, before, "{forged}");
        let cookies = set_cookies(&page);
        let is_session = |cookie: &&str| cookie.starts_with("phone-auth=");
        assert!(!cookies.iter().any(is_session), "{forged}");
        // The check can still finish.
        assert_eq!(location(&world.returns(&away).await), "/", "{forged}");
    }
}

#[tokio::test]
async fn the_state_of_another_browsers_check_ends_nothing_here() {
    for error in ["login_required", "access_denied"] {
        let mut world = World::open().await;
        let before = world.session_data().await;
        let mut other = world.browser_of_the_same_user().await;
        world.make_due();
        let away = other.visit("/").await;
        world.returns_with(&away, error).await;
        assert_eq!(world.session_data().await, before, "{error}");
    }
}

impl World {
    async fn browser_of_the_same_user(&self) -> crate::support::browser::Browser {
        let mut other =
            crate::support::browser::Browser::new(self.app.clone(), crate::support::shop::ORIGIN);
        other.sign_in("/", JIWOO).await;
        other
    }
}

/// An ordinary sign-in answers this error with a second request.
#[tokio::test]
async fn an_error_at_a_sign_in_that_checks_nothing_leaves_the_session() {
    let mut world = World::open().await;
    let before = world.session_data().await;
    let away = world
        .browser
        .visit("/auth/login?provider=oidc&return_to=%2Fcart")
        .await;
    let again = world.returns_with(&away, "login_required").await;
    assert_eq!(parameter(&again, "prompt"), None);
    world.returns_with(&again, "login_required").await;
    assert_eq!(world.session_data().await, before);
}

#[tokio::test]
async fn an_answer_of_another_issuer_is_ignored() {
    for error in ["login_required", "access_denied"] {
        let mut world = World::open().await;
        let before = world.session_data().await;
        world.make_due();
        let away = world.starts_check("/cart").await;
        let state = parameter(&away, "state").unwrap();
        let callback = format!(
            "/auth/callback/oidc?error={error}&state={state}&iss=https%3A%2F%2Fevil.example"
        );
        let back = world.browser.visit(&callback).await;
        assert_eq!(location(&back), "/cart");
        assert_eq!(world.session_data().await, before, "{error}");
    }
}

#[tokio::test]
async fn two_tabs_that_are_redirected_at_once_both_come_back() {
    let mut world = World::open().await;
    let before = world.session_data().await;
    world.make_due();
    let old = world.copy();
    let first = world.starts_check("/one").await;
    let new = world.copy();
    world.browser.cookies.insert("phone-auth".to_owned(), old);
    let second = world.starts_check("/two").await;
    world.browser.cookies.insert("phone-auth".to_owned(), new);
    assert_eq!(location(&world.returns(&first).await), "/one");
    assert_eq!(world.browser.visit("/one").await.status(), 200);
    assert_eq!(location(&world.returns(&second).await), "/two");
    assert_eq!(world.browser.visit("/two").await.status(), 200);
    assert_eq!(world.session_data().await, before);
}

#[tokio::test]
async fn a_tab_that_is_opened_while_another_is_at_the_provider_opens_its_page() {
    let mut world = World::open().await;
    world.make_due();
    let away = world.starts_check("/one").await;
    assert_eq!(world.browser.visit("/two").await.status(), 200);
    assert_eq!(location(&world.returns(&away).await), "/one");
}

#[tokio::test]
async fn the_same_callback_again_leads_to_the_page() {
    let mut world = World::open().await;
    world.make_due();
    let away = world.starts_check("/cart").await;
    let callback = world.browser.act(&away, JIWOO).await;
    let jar = world.browser.cookies.clone();
    assert_eq!(location(&world.browser.visit(&callback).await), "/cart");
    let exchanged = world.shop.provider.count(Endpoint::Token);
    // A browser that repeats the request sends the cookies of before.
    world.browser.cookies = jar;
    assert_eq!(location(&world.browser.visit(&callback).await), "/cart");
    assert_eq!(world.shop.provider.count(Endpoint::Token), exchanged);
    world.assert_signed_in("again").await;
}

#[tokio::test]
async fn a_check_does_not_revive_a_session_that_was_signed_out_meanwhile() {
    for keeps_cookie in [false, true] {
        let mut world = World::open().await;
        world.make_due();
        let away = world.starts_check("/cart").await;
        let copy = world.copy();
        let callback = world.browser.act(&away, JIWOO).await;
        world.browser.fetch(Method::POST, "/auth/logout").await;
        if keeps_cookie {
            world.browser.cookies.insert("phone-auth".to_owned(), copy);
        }
        let exchanged = world.shop.provider.count(Endpoint::Token);
        let back = world.browser.visit(&callback).await;
        assert_eq!(location(&back), "/cart");
        assert_eq!(world.shop.provider.count(Endpoint::Token), exchanged);
        let page = world.browser.fetch(Method::GET, "/").await;
        assert_eq!(page.status(), 401, "{}", text(&page));
    }
}

#[tokio::test]
async fn a_check_does_not_revive_a_session_that_the_application_or_the_provider_ended() {
    for by_provider in [false, true] {
        let mut world = World::open().await;
        world.make_due();
        let away = world.starts_check("/").await;
        if by_provider {
            let token = world.shop.provider.logout_token(Person::WITH_PHONE);
            let body = format!("logout_token={}", token.unwrap());
            let form = [("content-type", "application/x-www-form-urlencoded")];
            let answer = world
                .shop
                .browser()
                .submit_as(&form, "/auth/events/oidc", body)
                .await;
            assert!(answer.status().is_success(), "{}", text(&answer));
        } else {
            let subject = Person::WITH_PHONE.to_string();
            let revoked = world.shop.layer.revoke("oidc", &subject);
            revoked.await.unwrap();
        }
        let back = world.returns(&away).await;
        assert_eq!(location(&back), "/");
        let page = world.browser.fetch(Method::GET, "/").await;
        assert_eq!(page.status(), 401, "{by_provider}");
    }
}

#[tokio::test]
async fn a_check_of_a_session_that_a_new_sign_in_replaced_changes_nothing() {
    for error in [None, Some("login_required"), Some("access_denied")] {
        let mut world = World::open().await;
        world.make_due();
        let away = world.starts_check("/cart").await;
        let login = world.browser.visit("/auth/login?provider=oidc").await;
        let callback = world.browser.act(&login, JIWOO).await;
        assert_signed_in(&world.browser.visit(&callback).await, "a new session");
        let before = world.session_data().await;
        let back = match error {
            Some(error) => world.returns_with(&away, error).await,
            None => world.returns(&away).await,
        };
        assert_eq!(location(&back), "/cart", "{error:?}");
        assert_eq!(world.session_data().await, before, "{error:?}");
    }
}

#[tokio::test]
async fn a_check_that_took_too_long_does_not_count() {
    let mut world = World::open().await;
    world.make_due();
    let away = world.starts_check("/cart").await;
    world
        .shop
        .time
        .pass(AFTER - std::time::Duration::from_secs(60));
    let callback = world.browser.act(&away, JIWOO).await;
    world
        .shop
        .time
        .pass(std::time::Duration::from_secs(11 * 60));
    let back = world
        .browser
        .visit(&altered(&callback, "code", Some("x")))
        .await;
    assert_eq!(location(&back), "/cart");
    let page = world.browser.fetch(Method::GET, "/").await;
    assert_eq!(page.status(), 401, "late");
}
