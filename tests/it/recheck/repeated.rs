//! Repeated callbacks of a check.

use tower_phone_auth_local_provider::Endpoint;

use super::World;
use crate::support::browser::{Browser, JIWOO, location, set_cookies, text};

#[tokio::test]
async fn a_check_that_passed_leads_to_the_same_page_once_more() {
    let mut world = World::open().await;
    for path in ["/", "/cart?item=7", "/orders"] {
        world.make_due();
        let away = world.starts_check(path).await;
        let callback = world.browser.act(&away, JIWOO).await;
        let before = world.browser.cookies.clone();
        let calls = world.shop.provider.count(Endpoint::Token);
        assert_eq!(location(&world.browser.visit(&callback).await), path);
        assert_eq!(location(&world.browser.visit(&callback).await), path);
        let mut lost = Browser::new(world.app.clone(), crate::support::shop::ORIGIN);
        lost.cookies = before;
        assert_eq!(location(&lost.visit(&callback).await), path);
        assert_eq!(world.shop.provider.count(Endpoint::Token), calls + 1);
        world.assert_signed_in(path).await;
    }
}

#[tokio::test]
async fn a_check_once_more_gives_no_session_to_a_user_who_signed_out_since() {
    let mut world = World::open().await;
    world.make_due();
    let away = world.starts_check("/cart").await;
    let callback = world.browser.act(&away, JIWOO).await;
    let before = world.browser.cookies.clone();
    world.browser.visit(&callback).await;
    world
        .browser
        .fetch(http::Method::POST, "/auth/logout")
        .await;
    let mut copy = Browser::new(world.app.clone(), crate::support::shop::ORIGIN);
    copy.cookies = before;
    for browser in [&mut world.browser, &mut copy] {
        let page = browser.visit(&callback).await;
        let sets = set_cookies(&page);
        let session = |cookie: &&str| {
            cookie.starts_with("phone-auth=ey") || {
                cookie.starts_with("phone-auth=") && !cookie.contains("Max-Age=0")
            }
        };
        assert!(!sets.iter().any(session), "{sets:?}");
        let page = browser.fetch(http::Method::GET, "/").await;
        assert_eq!(page.status(), 401, "{}", text(&page));
    }
}

/// The user signs in again before the callback of the failed check is loaded again.
#[tokio::test]
async fn a_failed_check_once_more_does_not_end_the_next_session() {
    let mut world = World::open().await;
    for error in ["access_denied", "user_denied", "login_required"] {
        world.make_due();
        let away = world.starts_check("/cart").await;
        let pending = world.browser.cookies.clone();
        world.returns_with(&away, error).await;
        assert_eq!(world.browser.session(), None);
        world.browser.sign_in("/", JIWOO).await;
        // Three sign-ins in a few minutes would count as a loop.
        world.browser.cookies.remove("phone-auth-rounds");
        for (name, value) in pending {
            world.browser.cookies.entry(name).or_insert(value);
        }
        world.returns_with(&away, error).await;
        world.assert_signed_in(error).await;
        world.returns_with(&away, error).await;
        world.assert_signed_in(error).await;
    }
}
