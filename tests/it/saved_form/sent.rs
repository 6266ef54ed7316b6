//! A saved form is sent once. Its page says so afterwards, and a second press sends nothing.

use http::{
    Method, Request, StatusCode,
    header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
};

use super::{button, form, ordering, page::at_the_page, press, saved, shop, sign_in};
use crate::support::browser::{FORM, JIWOO, location, text};

const BODIES: [&str; 3] = ["", "a=1&a=2", "note=%22%3E%3Cb%3E&password=canary"];

#[tokio::test]
async fn the_button_sends_the_same_bytes_by_307_and_deletes_the_form_first() {
    let shop = shop().await;
    for body in BODIES {
        let (mut browser, orders) = ordering(&shop);
        let kept = browser.submit("/order?from=mail", body).await;
        let offer = sign_in(&mut browser, &kept, JIWOO).await;
        let answer = browser.submit(&button(&offer), body).await;
        assert_eq!(answer.status(), StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(location(&answer), "/order?from=mail");
        assert_eq!(answer.headers()[CACHE_CONTROL], "no-store");
        assert_eq!(saved(&browser), None);
        browser.submit(location(&answer), body).await;
        assert_eq!(*orders.lock().unwrap(), [body]);
    }
}

#[tokio::test]
async fn the_page_of_a_sent_form_says_so_and_a_second_press_sends_nothing() {
    let shop = shop().await;
    for body in BODIES {
        let (mut browser, orders) = ordering(&shop);
        let kept = browser.submit("/order", body).await;
        let away = browser.visit(location(&kept)).await;
        let callback = browser.act(&away, JIWOO).await;
        let back = browser.visit(&callback).await;
        let page = location(&back).to_owned();
        let offer = browser.visit(&page).await;
        press(&mut browser, &offer).await;
        for _ in 0..3 {
            let pressed = press(&mut browser, &offer).await;
            assert_eq!(pressed.status(), StatusCode::OK);
            assert!(text(&pressed).contains("This form was sent"));
            let page = browser.visit(&page).await;
            assert!(text(&page).contains("This form was sent"));
            assert!(!text(&page).contains("canary") && form(&page).is_none());
            assert!(text(&page).contains("href=\"/basket?step=2\""));
        }
        assert_eq!(*orders.lock().unwrap(), [body]);
    }
}

#[tokio::test]
async fn the_page_does_not_claim_that_the_form_was_not_sent() {
    let shop = shop().await;
    for (language, wrong) in [
        ("en", ["not been sent", "not sent"]),
        ("ko", ["전송되지 않았", "보내지 않았"]),
    ] {
        let (mut browser, _) = ordering(&shop);
        let kept = browser.submit("/order", "a=1").await;
        browser
            .headers
            .insert("accept-language", language.parse().unwrap());
        let offer = sign_in(&mut browser, &kept, JIWOO).await;
        let policy = offer.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("script-src 'sha256-"));
        let text = text(&offer);
        assert!(text.contains("pageshow") && text.contains("persisted"));
        for wrong in wrong {
            assert!(!text.contains(wrong), "{text}");
        }
    }
}

#[tokio::test]
async fn a_form_that_its_own_page_has_sent_meanwhile_needs_a_confirmation() {
    let shop = shop().await;
    for body in BODIES {
        let (mut browser, orders) = ordering(&shop);
        let kept = browser.submit("/order", body).await;
        let away = browser.visit(location(&kept)).await;
        let callback = browser.act(&away, JIWOO).await;
        let page = location(&browser.visit(&callback).await).to_owned();
        let offer = browser.visit(&page).await;
        let mut headers = FORM.to_vec();
        let length = body.len().to_string();
        headers.push(("content-length", &length));
        browser.submit_as(&headers, "/order?other", body).await;
        assert!(form(&browser.visit(&page).await).is_some());
        browser.submit_as(&headers, "/order", body).await;
        let asked = browser.visit(&page).await;
        assert!(text(&asked).contains("probably sent") && form(&asked).is_none());
        let pressed = press(&mut browser, &offer).await;
        assert!(text(&pressed).contains("probably sent"));
        assert_eq!(orders.lock().unwrap().len(), 2);
        let again = browser.visit(&format!("{page}&again")).await;
        assert_eq!(form(&again).unwrap().1, body);
        press(&mut browser, &again).await;
        assert_eq!(orders.lock().unwrap().len(), 3);
        assert!(text(&browser.visit(&page).await).contains("This form was sent"));
    }
}

#[tokio::test]
async fn a_request_of_the_same_length_that_is_no_form_is_not_taken_for_the_form() {
    let shop = shop().await;
    for (method, kind, is_form) in [
        (Method::PUT, FORM[1].1, false),
        (Method::PATCH, FORM[1].1, false),
        (Method::POST, "text/plain", false),
        (Method::POST, "multipart/form-data; boundary=b", false),
        (Method::POST, FORM[1].1, true),
    ] {
        let (mut browser, _, page) = at_the_page(&shop, "a=1").await;
        let mut request = Request::builder().method(method.clone()).uri("/order");
        for (name, value) in FORM.into_iter().filter(|(name, _)| *name != "content-type") {
            request = request.header(name, value);
        }
        let request = request.header(CONTENT_TYPE, kind).header(CONTENT_LENGTH, 3);
        browser.call(request.body("a=1".into()).unwrap()).await;
        let page = browser.visit(&page).await;
        assert_eq!(form(&page).is_none(), is_form, "{method} {kind}");
    }
}
