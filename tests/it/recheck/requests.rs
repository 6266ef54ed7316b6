//! Requests that are redirected to the provider for a check, and requests that pass.

use http::{Method, StatusCode};

use super::World;
use crate::support::browser::{location, text};

const NAVIGATE: (&str, &str) = ("sec-fetch-mode", "navigate");
const HTML: (&str, &str) = ("accept", "text/html,*/*;q=0.8");

/// Requests that cannot be redirected to the provider and back.
fn others() -> Vec<(Method, Vec<(&'static str, &'static str)>)> {
    let document = ("sec-fetch-dest", "document");
    vec![
        (Method::GET, vec![("sec-fetch-mode", "cors")]),
        (Method::GET, vec![("accept", "application/json")]),
        (
            Method::GET,
            vec![("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")],
        ),
        (
            Method::GET,
            vec![NAVIGATE, HTML, ("sec-fetch-dest", "iframe")],
        ),
        (
            Method::GET,
            vec![NAVIGATE, HTML, document, ("sec-purpose", "prefetch")],
        ),
        (
            Method::GET,
            vec![NAVIGATE, HTML, ("sec-purpose", "prefetch;prerender")],
        ),
        (Method::GET, vec![NAVIGATE, HTML, ("purpose", "prefetch")]),
        (Method::GET, vec![NAVIGATE, HTML, ("x-moz", "prefetch")]),
        (
            Method::GET,
            vec![HTML, ("x-requested-with", "XMLHttpRequest")],
        ),
        (
            Method::POST,
            vec![NAVIGATE, HTML, ("sec-fetch-site", "same-origin")],
        ),
        (
            Method::POST,
            vec![
                ("sec-fetch-mode", "cors"),
                ("sec-fetch-site", "same-origin"),
            ],
        ),
    ]
}

#[tokio::test]
async fn other_requests_pass_until_twice_the_interval_and_are_refused_after_that() {
    let mut world = World::open().await;
    let before = world.session_data().await;
    world.make_due();
    for (method, headers) in others() {
        let page = world.browser.send(method.clone(), "/cart", &headers).await;
        assert_eq!(page.status(), StatusCode::OK, "{method} {headers:?}");
    }
    world.shop.time.pass(super::AFTER);
    for (method, headers) in others() {
        let page = world.browser.send(method.clone(), "/cart", &headers).await;
        assert_eq!(page.status(), 401, "{method} {headers:?}");
        assert!(
            text(&page).contains(r#""reason":"expired""#),
            "{}",
            text(&page)
        );
    }
    // A page visit checks the session, which is then valid again.
    assert_eq!(location(&world.completes_check("/cart").await), "/cart");
    for (method, headers) in others() {
        let page = world.browser.send(method.clone(), "/cart", &headers).await;
        assert_eq!(page.status(), StatusCode::OK, "{method} {headers:?}");
    }
    assert_eq!(world.session_data().await, before);
}

#[tokio::test]
async fn page_visits_with_and_without_fetch_metadata_are_redirected() {
    for headers in [
        &[NAVIGATE, HTML][..],
        &[HTML],
        &[
            NAVIGATE,
            HTML,
            ("sec-fetch-dest", "document"),
            ("sec-fetch-user", "?1"),
        ],
        &[NAVIGATE, HTML, ("sec-fetch-site", "cross-site")],
    ] {
        let mut world = World::open().await;
        world.make_due();
        let away = world.browser.send(Method::GET, "/cart", headers).await;
        super::assert_without_page(&away);
    }
}

#[tokio::test]
async fn a_head_request_passes_until_the_check_is_late() {
    let mut world = World::open().await;
    world.make_due();
    let page = world
        .browser
        .send(Method::HEAD, "/cart", &[NAVIGATE, HTML])
        .await;
    assert_eq!(page.status(), 200);
    world.make_late();
    let page = world
        .browser
        .send(Method::HEAD, "/cart", &[NAVIGATE, HTML])
        .await;
    assert_eq!(page.status(), 303);
}

#[tokio::test]
async fn a_page_whose_address_is_too_long_to_come_back_to_is_not_redirected() {
    let mut world = World::open().await;
    world.make_due();
    let long = format!("/cart?{}", "a".repeat(3000));
    assert_eq!(world.browser.visit(&long).await.status(), 200);
    world.starts_check("/cart").await;
}

#[tokio::test]
async fn public_paths_are_not_redirected_and_have_no_user_when_the_check_is_late() {
    let mut world = World::open().await;
    world.make_due();
    assert_eq!(text(&world.browser.visit("/maybe").await), "+821012345678");
    assert_eq!(world.browser.visit("/healthz").await.status(), 200);
    world.shop.time.pass(super::AFTER);
    assert_eq!(text(&world.browser.visit("/maybe").await), "anonymous");
    assert_eq!(world.browser.visit("/healthz").await.status(), 200);
    world.starts_check("/cart").await;
}
