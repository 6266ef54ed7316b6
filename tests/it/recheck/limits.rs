//! The times at which a session is checked, exact to the second.

use std::time::Duration;

use http::Method;

use tower_phone_auth_local_provider::LocalProvider;

use super::{AFTER, RETRY, SECOND, World};
use crate::support::clients::Clients as _;
use crate::support::{browser::JIWOO, shop::Shop};

#[tokio::test]
async fn a_page_opens_until_the_check_is_due_and_is_redirected_after_that() {
    let mut world = World::open().await;
    // The date of the sign-in has whole seconds.
    world.shop.time.pass(AFTER - SECOND);
    assert_eq!(world.browser.visit("/").await.status(), 200);
    world.shop.time.pass(2 * SECOND);
    world.starts_check("/").await;
}

#[tokio::test]
async fn the_next_check_is_due_after_the_time_since_the_last() {
    let mut world = World::open().await;
    for _ in 0..4 {
        world.make_due();
        assert_eq!(world.completes_check("/").await.status(), 303);
        world.shop.time.pass(AFTER - SECOND);
        assert_eq!(world.browser.visit("/").await.status(), 200);
        world.shop.time.pass(SECOND);
    }
}

#[tokio::test]
async fn failed_checks_do_not_move_the_end() {
    let mut world = World::open().await;
    world.make_due();
    for _ in 0..3 {
        let away = world.starts_check("/").await;
        world.returns_with(&away, "server_error").await;
        world.shop.time.pass(RETRY);
    }
    world.assert_signed_in("before").await;
    world.shop.time.pass(RETRY);
    let page = world.browser.fetch(Method::GET, "/").await;
    assert_eq!(page.status(), 401);
}

#[tokio::test]
async fn checks_do_not_move_the_end_of_the_session() {
    let mut world = World::with(|oidc| oidc, |builder| builder.session_lifetime(4 * AFTER)).await;
    for _ in 0..3 {
        world.make_due();
        assert_eq!(world.completes_check("/").await.status(), 303);
    }
    world.shop.time.pass(AFTER);
    let page = world.browser.fetch(Method::GET, "/").await;
    assert_eq!(page.status(), 401);
}

#[tokio::test]
async fn without_the_setting_no_session_is_checked() {
    let provider = LocalProvider::start().await.unwrap();
    let oidc = provider.oidc();
    let shop = Shop::at(provider, oidc, |builder| builder);
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(Duration::from_secs(12 * 3600) - SECOND);
    assert_eq!(browser.visit("/").await.status(), 200);
}

#[tokio::test]
async fn a_clock_that_was_set_back_keeps_no_session_unchecked() {
    let mut world = World::open().await;
    world.shop.time.set_forward(AFTER + SECOND);
    assert_eq!(world.completes_check("/").await.status(), 303);
    world.shop.time.set_back(AFTER / 2);
    let page = world.browser.fetch(Method::GET, "/").await;
    assert_eq!(page.status(), 401, "its check has a date ten minutes ahead");
    assert_eq!(world.completes_check("/").await.status(), 303);
    world
        .assert_signed_in("checked by the corrected clock")
        .await;
}
