//! The answers for Turbo, Inertia and htmx, by which each leads the window to the sign-in. The
//! place is kept.

use http::{
    Method, StatusCode,
    header::{CONTENT_TYPE, LOCATION},
};

use super::{HERE, REFERER, URLENCODED, assert_page, assert_problem};
use crate::support::{
    browser::{Page, set_cookies, text},
    shop::{ORIGIN, Shop},
};

const FETCH: [(&str, &str); 3] = [
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-dest", "empty"),
    HERE,
];

async fn send(method: Method, path: &str, headers: &[&[(&'static str, &'static str)]]) -> Page {
    let shop = Shop::open().await;
    shop.browser().send(method, path, &headers.concat()).await
}

fn header<'p>(page: &'p Page, name: &str) -> Option<&'p str> {
    page.headers()
        .get(name)
        .map(|value| value.to_str().unwrap())
}

const INERTIA: [(&str, &str); 4] = [
    ("accept", "text/html, application/xhtml+xml"),
    ("x-requested-with", "XMLHttpRequest"),
    ("x-inertia", "true"),
    ("x-inertia-version", "6b16b94d7c51cbe5b1fa42aac98241d5"),
];

#[tokio::test]
async fn inertia_gets_409_with_the_address_of_the_sign_in_which_comes_back_to_the_page() {
    for (path, place) in [
        ("/cart?step=1", "?return_to=%2Fcart%3Fstep%3D1"),
        ("/orders", "?return_to=%2Forders"),
        ("/", ""),
    ] {
        for fetch in [&FETCH[..], &[]] {
            let page = send(Method::GET, path, &[&INERTIA, fetch]).await;
            assert_eq!(page.status(), StatusCode::CONFLICT, "{path}");
            let location = format!("{ORIGIN}/auth/login{place}");
            assert_eq!(header(&page, "x-inertia-location"), Some(&*location));
            assert!(!page.headers().contains_key(LOCATION));
            assert!(set_cookies(&page).is_empty());
        }
    }
}

#[tokio::test]
async fn a_form_of_inertia_comes_back_to_the_page_that_it_stands_on() {
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let page = send(method, "/orders", &[&INERTIA, &FETCH, &[REFERER]]).await;
        assert_eq!(page.status(), StatusCode::CONFLICT);
        let location = format!("{ORIGIN}/auth/login?return_to=%2Fboard%3Fpage%3D2");
        assert_eq!(header(&page, "x-inertia-location"), Some(&*location));
    }
    let evil = ("referer", "https://evil.example/x");
    let page = send(Method::POST, "/orders", &[&INERTIA, &FETCH, &[evil]]).await;
    let location = format!("{ORIGIN}/auth/login");
    assert_eq!(header(&page, "x-inertia-location"), Some(&*location));
}

#[tokio::test]
async fn without_inertias_own_headers_nothing_is_409() {
    let prefetch = ("purpose", "prefetch");
    for headers in [
        &[INERTIA[0], INERTIA[1]][..],
        &[INERTIA[0], ("x-inertia", "false")],
        &[INERTIA[0], ("x-inertia", "true"), ("x-inertia", "true")],
        &[("x-inertia", "true")],
        &[("x-inertia", "true"), ("accept", "application/json")],
        &[INERTIA[0], INERTIA[1], INERTIA[2], prefetch],
    ] {
        let page = send(Method::GET, "/cart", &[headers]).await;
        assert_problem(&page, StatusCode::UNAUTHORIZED);
        assert_eq!(header(&page, "x-inertia-location"), None);
    }
}

const TURBO: [(&str, &str); 2] = [
    (
        "accept",
        "text/vnd.turbo-stream.html, text/html, application/xhtml+xml",
    ),
    ("x-turbo-request-id", "5cb8a4b6-5c1a-4a3c-9b7e-0b1c2d3e4f50"),
];

#[tokio::test]
async fn a_page_visit_of_turbo_gets_no_html_so_that_turbo_makes_a_visit_of_the_browser() {
    for path in ["/cart?step=1", "/orders", "/"] {
        let page = send(Method::GET, path, &[&TURBO, &FETCH]).await;
        assert_problem(&page, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_form_of_turbo_gets_a_page_that_turbo_puts_in_its_place() {
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let page = send(method, "/order", &[&TURBO, &FETCH, &[URLENCODED, REFERER]]).await;
        let words = ["was not sent", "return_to=%2Fboard"];
        assert_page(&page, StatusCode::UNAUTHORIZED, &words);
        assert!(
            !text(&page).contains("turbo-visit-control"),
            "Turbo loads the form's page again"
        );
    }
}

#[tokio::test]
async fn a_frame_of_turbo_gets_a_page_for_the_whole_window() {
    let frame = ("turbo-frame", "basket");
    for headers in [
        &TURBO[..],
        &TURBO[..1],
        &[("accept", "text/html, application/xhtml+xml")],
    ] {
        let page = send(
            Method::GET,
            "/basket",
            &[headers, &FETCH, &[frame, REFERER]],
        )
        .await;
        let words = [
            "target=\"_top\"",
            "return_to=%2Fboard",
            "content=\"reload\"",
        ];
        assert_page(&page, StatusCode::UNAUTHORIZED, &words);
    }
    let early = ("x-sec-purpose", "prefetch");
    let page = send(Method::GET, "/basket", &[&TURBO, &FETCH, &[frame, early]]).await;
    assert_problem(&page, StatusCode::UNAUTHORIZED);
    let page = send(Method::GET, "/basket", &[&[frame]]).await;
    assert_problem(&page, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_link_that_htmx_follows_comes_back_to_its_own_page_and_a_form_to_the_page_around_it() {
    let current = ("hx-current-url", "http://127.0.0.1:3000/board?page=2");
    let htmx = [("hx-request", "true"), ("accept", "text/html"), current];
    let boosted = [("hx-boosted", "true")];
    for (method, more, place) in [
        (Method::GET, &boosted[..], "%2Fcart%3Fstep%3D1"),
        (Method::GET, &[], "%2Fboard%3Fpage%3D2"),
        (Method::POST, &boosted, "%2Fboard%3Fpage%3D2"),
    ] {
        let page = send(method, "/cart?step=1", &[&htmx, &FETCH, more]).await;
        assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(page.headers()[CONTENT_TYPE], "application/problem+json");
        let link = format!("/auth/login?return_to={place}");
        assert_eq!(header(&page, "hx-redirect"), Some(&*link));
        assert!(!text(&page).contains("evil"));
    }
}

#[tokio::test]
async fn a_link_to_the_sign_in_itself_is_followed_unchanged() {
    let address = "/auth/login?provider=kakao&return_to=%2Fcart";
    let page = send(Method::GET, address, &[&INERTIA, &FETCH]).await;
    assert_eq!(
        header(&page, "x-inertia-location"),
        Some(&*format!("{ORIGIN}{address}"))
    );
    let htmx = [("hx-request", "true"), ("hx-boosted", "true")];
    let page = send(Method::GET, address, &[&htmx, &FETCH]).await;
    assert_eq!(header(&page, "hx-redirect"), Some(address));
}
