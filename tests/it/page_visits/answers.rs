//! The answers to users in frames, and to a sign-out that another site sends.

use http::{Method, StatusCode, header::CONTENT_TYPE};

use super::{assert_may_be_framed_here, rows};
use crate::support::{
    browser::{JIWOO, set_cookies, text},
    shop::Shop,
};

#[tokio::test]
async fn a_frame_of_this_origin_leads_the_whole_window_to_the_sign_in_and_back_to_its_page() {
    let shop = Shop::open().await;
    for (referer, back) in [
        (
            "http://127.0.0.1:3000/board?page=2",
            "return_to=%2Fboard%3Fpage%3D2",
        ),
        ("http://127.0.0.1:3000/", "href=\"/auth/login\""),
        ("https://evil.example/board", "href=\"/auth/login\""),
    ] {
        for row in rows().iter().filter(|row| row.reader == "frame") {
            let mut headers = row.headers.clone();
            headers.push(("referer", referer));
            let mut browser = shop.browser();
            let page = browser.send(Method::GET, "/widget", &headers).await;
            assert_may_be_framed_here(&page);
            let page = text(&page);
            assert!(page.contains("target=\"_top\""), "{page}");
            assert!(page.contains(back), "{page}");
        }
    }
}

#[tokio::test]
async fn a_sign_in_page_in_a_frame_leads_the_whole_window_to_the_same_sign_in() {
    let shop = Shop::open().await;
    for row in rows().iter().filter(|row| row.reader == "frame") {
        let address = "/auth/login?provider=kakao&return_to=%2Fboard";
        let page = shop
            .browser()
            .send(Method::GET, address, &row.headers)
            .await;
        let link = "href=\"/auth/login?provider=kakao&amp;return_to=%2Fboard\" target=\"_top\"";
        assert!(text(&page).contains(link), "{}", text(&page));
    }
}

#[tokio::test]
async fn a_form_of_a_frame_gets_a_problem_document() {
    let shop = Shop::open().await;
    for row in rows().iter().filter(|row| row.reader == "frame") {
        let answer = shop
            .browser()
            .submit_as(&row.headers, "/order", "a=1")
            .await;
        assert_eq!(answer.headers()[CONTENT_TYPE], "application/problem+json");
    }
}

#[tokio::test]
async fn another_sites_sign_out_asks_the_user_who_reads_the_answer() {
    let shop = Shop::open().await;
    let visit = [
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
        ("accept", "text/html,*/*;q=0.8"),
    ];
    let html = ("accept", "text/html");
    for from in [
        vec![
            visit[0],
            visit[1],
            visit[2],
            ("sec-fetch-site", "cross-site"),
        ],
        vec![
            visit[0],
            visit[1],
            visit[2],
            ("sec-fetch-site", "same-site"),
        ],
        vec![html, ("origin", "https://evil.example")],
    ] {
        for is_signed_in in [true, false] {
            let mut browser = shop.browser();
            if is_signed_in {
                browser.sign_in("/", JIWOO).await;
            }
            let answer = browser.submit_as(&from, "/auth/logout", "").await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN);
            assert!(set_cookies(&answer).is_empty());
            let button = "<form method=\"post\" action=\"/auth/logout\">";
            assert!(text(&answer).contains(button), "{}", text(&answer));
            assert_eq!(browser.session().is_some(), is_signed_in);
        }
    }
}
