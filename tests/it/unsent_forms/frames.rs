//! Refusals in frames of this origin.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use http::{Method, StatusCode};
use tower_phone_auth::phone::PhoneAssurance;

use super::{
    HERE, MULTIPART, REFERER, URLENCODED, assert_in_frames_here_alone, assert_page, assert_problem,
    with,
};
use crate::support::{
    browser::{JIWOO, text},
    replicas::{LogConnection, Replicas},
    shop::Shop,
};

const DESTINATIONS: [(&str, &str); 4] = [
    ("sec-fetch-dest", "iframe"),
    ("sec-fetch-dest", "frame"),
    ("sec-fetch-dest", "embed"),
    ("sec-fetch-dest", "object"),
];

#[tokio::test]
async fn a_form_in_a_frame_gets_a_page_in_the_frame() {
    let shop = Shop::open().await;
    for dest in DESTINATIONS {
        for kind in [URLENCODED, MULTIPART] {
            let headers = with(&[dest, kind, HERE, REFERER]);
            let page = shop.browser().submit_as(&headers, "/reply", "a=1").await;
            let words = ["not sent", "target=\"_blank\"", "return_to=%2Fboard"];
            assert_page(&page, StatusCode::UNAUTHORIZED, &words);
            assert_in_frames_here_alone(&page);
        }
    }
}

#[tokio::test]
async fn an_account_that_is_not_let_in_reads_a_page_in_the_frame() {
    let lets_in = Arc::new(AtomicBool::new(true));
    let rule = Arc::clone(&lets_in);
    let shop = Shop::with(
        |kakao| kakao,
        |builder| builder.allow(move |_| rule.load(Ordering::SeqCst)),
    )
    .await;
    for dest in DESTINATIONS {
        let mut browser = shop.browser();
        lets_in.store(true, Ordering::SeqCst);
        browser.sign_in("/", JIWOO).await;
        lets_in.store(false, Ordering::SeqCst);
        let headers = with(&[dest, HERE, REFERER]);
        let page = browser.send(Method::GET, "/widget", &headers).await;
        let words = [
            "You cannot see this part",
            "target=\"_top\"",
            "return_to=%2Fboard",
        ];
        assert_page(&page, StatusCode::FORBIDDEN, &words);
        assert_in_frames_here_alone(&page);
        let foreign = with(&[dest, ("sec-fetch-site", "cross-site")]);
        let answer = browser.send(Method::GET, "/widget", &foreign).await;
        assert_problem(&answer, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_number_of_too_low_assurance_is_a_page_in_the_frame() {
    let shop = Shop::open().await;
    let needs = shop
        .layer
        .require()
        .minimum_assurance(PhoneAssurance::Verified);
    let app = axum::Router::new()
        .route("/widget", axum::routing::get(async || "secret"))
        .route_layer(needs)
        .fallback_service(crate::support::shop::routes())
        .layer(shop.layer.clone());
    for dest in DESTINATIONS {
        let mut browser = shop.browser();
        browser.moves_to(app.clone());
        browser.sign_in("/", JIWOO).await;
        let page = browser
            .send(Method::GET, "/widget", &with(&[dest, HERE]))
            .await;
        assert_page(&page, StatusCode::FORBIDDEN, &["You cannot see this part"]);
        assert_in_frames_here_alone(&page);
    }
}

#[tokio::test]
async fn a_replica_that_cannot_check_sessions_yet_says_so_in_the_frame() {
    let replicas = Replicas::new().await;
    let one = replicas.ready().await;
    let mut browser = one.browser();
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    let line = LogConnection::to(&replicas.log);
    line.cut();
    let late = replicas.start_with(line.clone(), |builder| builder);
    browser.moves_to(late.app.clone());
    for dest in DESTINATIONS {
        let page = browser
            .send(Method::GET, "/widget?a=1", &with(&[dest, HERE]))
            .await;
        let words = ["still signed in", "href=\"/widget?a=1\""];
        assert_page(&page, StatusCode::SERVICE_UNAVAILABLE, &words);
        assert_in_frames_here_alone(&page);
        assert!(!text(&page).contains("_top"));
    }
}
