//! Tabs that a browser restores after the session has ended.

use std::time::Duration;

use http::StatusCode;
use tower_phone_auth_local_provider::Endpoint;

use super::{cause, encoded, pending_bytes};
use crate::support::{
    browser::{Browser, JIWOO, location, set_cookies, text},
    shop::{HTTPS, Shop},
};

/// Twelve pages with addresses of this length.
fn pages(length: usize) -> Vec<String> {
    let page = |tab: u32| {
        let start = format!("/pay?tab={tab}&name=");
        let rest = "%EA%B9%80".repeat(length / 9);
        format!("{start}{rest}")[..length].to_owned()
    };
    (10..22).map(page).collect()
}

/// Orders in which a user may return to twelve tabs.
fn orders() -> [Vec<usize>; 3] {
    let mixed = vec![5, 0, 11, 3, 8, 1, 10, 2, 7, 4, 9, 6];
    [(0..12).collect(), (0..12).rev().collect(), mixed]
}

#[tokio::test]
async fn twelve_restored_tabs_all_end_on_their_own_pages_in_any_order() {
    for length in [20, 110, 300, 600] {
        for order in orders() {
            let shop = Shop::secure().await;
            let mut browser = Browser::new(shop.app.clone(), HTTPS);
            let pages = pages(length);
            let mut callbacks = Vec::new();
            for page in &pages {
                let away = browser.visit(page).await;
                callbacks.push(browser.act(&away, JIWOO).await);
            }
            for tab in order {
                let back = browser.visit(&callbacks[tab]).await;
                assert_eq!(back.status(), StatusCode::SEE_OTHER, "{}", text(&back));
                assert_eq!(location(&back), pages[tab]);
            }
            assert_eq!(shop.provider.count(Endpoint::Token), 12);
        }
    }
}

#[tokio::test]
async fn twelve_tabs_that_are_sent_before_any_answer_came_end_on_their_own_pages() {
    for order in orders() {
        let shop = Shop::open().await;
        let (mut browser, pages) = (shop.browser(), pages(600));
        let mut aways = Vec::new();
        for page in &pages {
            let mut tab = shop.browser();
            aways.push(tab.visit(page).await);
            browser.cookies.extend(tab.cookies);
        }
        assert!(pending_bytes(&browser) <= 5000);
        for tab in order {
            let callback = browser.act(&aways[tab], JIWOO).await;
            assert_eq!(location(&browser.visit(&callback).await), pages[tab]);
        }
    }
}

#[tokio::test]
async fn of_forty_tabs_the_newest_work_and_the_others_keep_their_place() {
    for length in [20, 300, 600] {
        let shop = Shop::open().await;
        let mut browser = shop.browser();
        let page = |tab: usize| format!("{:a<length$}", format!("/{tab}/"));
        let mut callbacks = Vec::new();
        for tab in 0..40 {
            let away = browser.visit(&page(tab)).await;
            callbacks.push(browser.act(&away, JIWOO).await);
            shop.time.pass(Duration::from_secs(1));
        }
        assert!(pending_bytes(&browser) <= 5000);
        let held = browser.pending().len();
        assert!((12..40).contains(&held), "{held}");
        // Before the first sign-in, the link of the refusal has the place.
        for (tab, callback) in callbacks.iter().enumerate().take(40 - held) {
            let refused = browser.visit(callback).await;
            assert_eq!(cause(&refused), "OtherWindow", "{tab}");
            let link = format!("return_to={}\"", encoded(&page(tab)));
            assert!(text(&refused).contains(&link), "{}", text(&refused));
        }
        assert_eq!(shop.provider.count(Endpoint::Token), 0);
        for tab in (40 - held..40).rev() {
            let back = browser.visit(&callbacks[tab]).await;
            assert_eq!(location(&back), page(tab));
        }
        // A signed-in user is redirected to the place at once.
        for (tab, callback) in callbacks.iter().enumerate().take(40 - held) {
            let back = browser.visit(callback).await;
            assert_eq!(location(&back), page(tab));
        }
        assert_eq!(shop.provider.count(Endpoint::Token), held);
    }
}

#[tokio::test]
async fn a_thousand_tabs_break_no_sign_in_that_worked() {
    let shop = Shop::with_two_providers().await;
    let mut browser = shop.browser();
    browser.come_back("/auth/login?provider=kakao", JIWOO).await;
    let session = browser.session().unwrap().to_owned();
    let theirs = "x".repeat(8000);
    browser.cookies.insert("theme".to_owned(), theirs.clone());
    let first = browser
        .visit("/auth/login?provider=kakao&return_to=%2Ffirst")
        .await;
    let first = browser.act(&first, JIWOO).await;
    let mut last = None;
    for tab in 0..1000 {
        let login = format!("/auth/login?provider=second&return_to=%2Ftab%2F{tab}");
        let away = browser.visit(&login).await;
        assert!(
            pending_bytes(&browser) <= 5000,
            "{}",
            pending_bytes(&browser)
        );
        last = Some(away);
    }
    assert_eq!(browser.session(), Some(&*session));
    assert_eq!(browser.cookies["theme"], theirs);
    assert_eq!(text(&browser.visit("/").await), "+821012345678");
    assert_eq!(location(&browser.visit(&first).await), "/first");
    let last = browser.act(&last.unwrap(), JIWOO).await;
    assert_eq!(location(&browser.visit(&last).await), "/tab/999");
}

#[tokio::test]
async fn surplus_pending_cookies_are_deleted_within_a_few_answers() {
    // Sixty tabs were redirected before any of them had the cookies of another one.
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for tab in 0..60 {
        let mut other = shop.browser();
        other.visit(&format!("/{tab}")).await;
        browser.cookies.extend(other.cookies);
    }
    shop.time.pass(Duration::from_secs(1));
    for _ in 0..3 {
        let away = browser.visit("/new").await;
        assert!(super::header_bytes(&away) < 4000);
    }
    assert!(
        pending_bytes(&browser) <= 5000,
        "{}",
        pending_bytes(&browser)
    );
}

#[tokio::test]
async fn finished_attempts_are_deleted_before_pending_ones() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for _ in 0..4 {
        browser.come_back("/auth/login", JIWOO).await;
    }
    let finished = |browser: &Browser| {
        let names = browser.cookies.keys();
        names.filter(|name| name.contains("-done-")).count()
    };
    assert!(finished(&browser) > 1);
    let mut most = 0;
    for tab in 0..40 {
        let away = browser
            .visit(&format!("/auth/login?return_to=%2F{tab}"))
            .await;
        let held = browser.pending().len();
        if held > most {
            most = held;
        } else {
            // A pending cookie was deleted, so no finished one is left.
            assert_eq!(finished(&browser), 0, "{:?}", set_cookies(&away));
        }
    }
    assert!(most >= 12, "{most}");
}
