//! The page of a saved form, which offers the form until it is sent, discarded or an hour old. In
//! every other state the page says so and leads on.

use std::time::Duration;

use http::{Method, StatusCode, header::CACHE_CONTROL};

use super::{discard, form, is_offer, ordering, press, saved, shop, sign_in};
use crate::support::{
    browser::{Browser, FORM, JIWOO, Page, location, text},
    shop::{ORIGIN, Shop},
};

pub(super) const BODIES: [&str; 3] = ["a=1", "item=tea&item=%EC%B0%A8", "note=one%0D%0Atwo"];

/// A browser at the page of its form, with the addresses of the callback and of the page.
pub(super) async fn at_the_page(shop: &Shop, body: &str) -> (Browser, String, String) {
    let (mut browser, _) = ordering(shop);
    let kept = browser.submit("/order", body.to_owned()).await;
    let away = browser.visit(location(&kept)).await;
    let callback = browser.act(&away, JIWOO).await;
    let back = browser.visit(&callback).await;
    assert!(is_offer(&back));
    let page = location(&back).to_owned();
    (browser, callback, page)
}

pub(super) fn assert_says(page: &Page, status: StatusCode, words: &str) {
    assert_eq!(page.status(), status, "{}", text(page));
    assert!(text(page).contains(words), "{}", text(page));
    assert!(text(page).contains("href=\"/basket?step=2\"") || status == StatusCode::UNAUTHORIZED);
    assert_eq!(page.headers()[CACHE_CONTROL], "no-store");
    assert!(form(page).is_none());
}

#[tokio::test]
async fn a_reload_offers_the_same_form_again_up_to_an_hour() {
    let shop = shop().await;
    for body in BODIES {
        let (mut browser, _, page) = at_the_page(&shop, body).await;
        for _ in 0..3 {
            shop.time.pass(Duration::from_secs(19 * 60));
            let offer = browser.visit(&page).await;
            assert_eq!(offer.status(), StatusCode::OK);
            assert_eq!(form(&offer).unwrap().1, body);
            assert_eq!(offer.headers()[CACHE_CONTROL], "no-store");
        }
        shop.time.pass(Duration::from_secs(3 * 60));
        assert_says(
            &browser.visit(&page).await,
            StatusCode::GONE,
            "not kept any more",
        );
    }
}

#[tokio::test]
async fn a_repeated_callback_leads_to_the_form_while_it_is_open_and_to_the_place_after() {
    let shop = shop().await;
    for ends in [true, false] {
        let (mut browser, callback, page) = at_the_page(&shop, "a=1").await;
        for _ in 0..2 {
            assert_eq!(location(&browser.visit(&callback).await), page);
            let offer = browser.visit(&page).await;
            assert!(form(&offer).is_some());
        }
        let offer = browser.visit(&page).await;
        if ends {
            press(&mut browser, &offer).await;
        } else {
            discard(&mut browser, &offer).await;
        }
        assert_eq!(location(&browser.visit(&callback).await), "/basket?step=2");
    }
}

#[tokio::test]
async fn a_discarded_form_is_deleted_and_its_page_says_so() {
    let shop = shop().await;
    for body in BODIES {
        let (mut browser, _, page) = at_the_page(&shop, body).await;
        let offer = browser.visit(&page).await;
        let back = discard(&mut browser, &offer).await;
        assert_eq!(location(&back), "/basket?step=2");
        assert_eq!(saved(&browser), None);
        for _ in 0..2 {
            assert_says(&browser.visit(&page).await, StatusCode::OK, "was discarded");
        }
        let pressed = press(&mut browser, &offer).await;
        assert_says(&pressed, StatusCode::OK, "was discarded");
    }
}

#[tokio::test]
async fn forms_of_several_tabs_are_all_offered_in_any_order() {
    let shop = shop().await;
    for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
        let (mut browser, _) = ordering(&shop);
        let mut kept = Vec::new();
        for body in BODIES {
            kept.push(browser.submit("/order", body).await);
        }
        for tab in order {
            let page = sign_in(&mut browser, &kept[tab], JIWOO).await;
            assert_eq!(form(&page).unwrap().1, BODIES[tab]);
            press(&mut browser, &page).await;
        }
        assert_eq!(saved(&browser), None);
    }
}

#[tokio::test]
async fn the_page_of_a_form_that_newer_ones_replaced_says_so_and_names_the_newest() {
    let shop = shop().await;
    for length in [2000, 1500, 1000] {
        let (mut browser, _, page) = at_the_page(&shop, &format!("a={}", "x".repeat(length))).await;
        browser.cookies.remove("phone-auth");
        let newest = format!("b={}", "y".repeat(2000));
        let kept = browser.submit("/order", newest.clone()).await;
        let bytes: usize = browser
            .cookies
            .iter()
            .map(|(name, value)| {
                if name.starts_with("phone-auth-form-") {
                    name.len() + value.len()
                } else {
                    0
                }
            })
            .sum();
        assert!(bytes <= 3400, "{bytes}");
        let offer = sign_in(&mut browser, &kept, JIWOO).await;
        assert_eq!(form(&offer).unwrap().1, newest);
        let gone = browser.visit(&page).await;
        assert_says(&gone, StatusCode::GONE, "not kept any more");
        let text = text(&gone);
        let (_, link) = text.split_once("<a href=\"/auth/form").unwrap();
        let link = format!(
            "/auth/form{}",
            link.split('"').next().unwrap().replace("&amp;", "&")
        );
        assert_eq!(form(&browser.visit(&link).await).unwrap().1, newest);
    }
}

#[tokio::test]
async fn a_user_whose_session_is_over_is_asked_to_sign_in_and_comes_back_to_the_form() {
    let shop = shop().await;
    for body in BODIES {
        let (mut browser, _, page) = at_the_page(&shop, body).await;
        let offer = browser.visit(&page).await;
        browser.cookies.remove("phone-auth");
        let asked = browser.visit(&page).await;
        assert_says(&asked, StatusCode::UNAUTHORIZED, "Your form is still saved");
        let (_, body_of_press) = form(&offer).unwrap();
        let pressed = browser.submit(&super::button(&offer), body_of_press).await;
        assert!(location(&pressed).starts_with("/auth/login?"));
        let page = sign_in(&mut browser, &pressed, JIWOO).await;
        assert_eq!(form(&page).unwrap().1, body);
    }
}

#[tokio::test]
async fn after_a_sign_out_nothing_is_left_to_offer() {
    let shop = shop().await;
    for path in ["/auth/logout", "/auth/logout?everywhere"] {
        let (mut browser, _, page) = at_the_page(&shop, "a=1").await;
        browser.visit(&page).await;
        browser.fetch(Method::POST, path).await;
        assert_eq!(saved(&browser), None);
        let gone = browser.visit(&page).await;
        assert_says(&gone, StatusCode::GONE, "at sign-out");
    }
}

#[tokio::test]
async fn a_form_is_offered_without_a_place_that_is_too_long_for_a_link() {
    let shop = shop().await;
    let long = format!("{ORIGIN}/{}", "%EA%B9%80".repeat(220));
    let headers = FORM.map(|(name, value)| (name, if name == "referer" { &*long } else { value }));
    let (mut browser, _) = ordering(&shop);
    let kept = browser.submit_as(&headers, "/order", "a=1").await;
    let offer = sign_in(&mut browser, &kept, JIWOO).await;
    assert_eq!(form(&offer).unwrap().1, "a=1");
}
