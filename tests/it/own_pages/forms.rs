//! The forms of the application's pages.

use axum::{Router, body::Bytes, routing::post};
use http::{Method, StatusCode};
use tower_phone_auth::page::{Form, Page as Content};

use super::{Asked, enter, in_phone_step, own, saved_form, shop, signed_in};
use crate::{
    phone_step::kit::{NUMBER, code, number},
    support::{
        browser::{Browser, FORM, JIWOO, location, text},
        shop::ORIGIN,
    },
};

/// A form with markup of the application.
fn by_hand(form: &Form) -> String {
    let fields = form.fields.iter().map(|field| format!("<p>{field}</p>"));
    let buttons = form.buttons.iter().map(ToString::to_string);
    format!(
        "<form class=moon method=post action=\"{}\">{}{}</form>",
        form.action,
        form.hidden(),
        fields.chain(buttons).collect::<String>()
    )
}

fn forms(page: &Content) -> Option<String> {
    let forms: String = page.forms.iter().map(by_hand).collect();
    (!page.forms.is_empty()).then(|| format!("<!doctype html>{forms}"))
}

#[tokio::test]
async fn a_number_is_proved_on_pages_of_the_application() {
    let (shop, outbox) = shop(|builder| builder.pages(forms)).await;
    let mut browser = in_phone_step(&shop).await;
    let page = text(&browser.visit("/auth/phone").await);
    assert!(
        page.contains("class=moon") && page.contains("name=\"number\""),
        "{page}"
    );
    assert!(page.contains("autocomplete=\"tel\""));
    number(&mut browser, NUMBER).await;
    let page = text(&browser.visit("/auth/phone/code").await);
    assert!(page.contains("autocomplete=\"one-time-code\"") && page.contains("value=\"resend\""));
    let back = code(&mut browser, &outbox.code()).await;
    assert_eq!(text(&browser.visit(location(&back)).await), "+821023456789");
}

#[tokio::test]
async fn an_error_of_a_field_is_a_value() {
    let asked = Asked::default();
    let (shop, _) = shop(|builder| asked.set(builder, forms)).await;
    let mut browser = in_phone_step(&shop).await;
    let page = number(&mut browser, "1").await;
    assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let content = asked.take().pop().unwrap();
    let form = &content.forms[0];
    assert!(form.fields[0].is_invalid);
    assert!(form.error.as_ref().unwrap().as_str().contains("number"));
    assert!(text(&page).contains("aria-invalid=\"true\""));
}

#[tokio::test]
async fn a_saved_form_is_sent_with_all_its_values() {
    for own_markup in [forms, own] {
        let (shop, _) = shop(|builder| builder.pages(own_markup)).await;
        let echo = async |body: Bytes| body;
        let app = Router::new()
            .route("/order", post(echo))
            .layer(shop.layer.clone());
        let mut browser = Browser::new(app, ORIGIN);
        let page = text(&saved_form(&mut browser).await);
        assert!(page.contains("name=\"item\" value=\"&lt;b&gt;\""), "{page}");
        assert!(page.contains("name=\"password\" value=\"hunter2\""));
        let (_, address) = page.split_once("formaction=\"").unwrap();
        let address = address.split('"').next().unwrap().replace("&amp;", "&");
        let answer = browser
            .submit(&address, "item=%3Cb%3E&password=hunter2")
            .await;
        assert_eq!(
            (answer.status(), location(&answer)),
            (StatusCode::TEMPORARY_REDIRECT, "/order")
        );
    }
}

#[tokio::test]
async fn a_user_signs_out_by_the_form() {
    let (shop, _) = shop(|builder| builder.pages(own)).await;
    let mut browser = signed_in(&shop).await;
    let page = text(&browser.visit("/auth/logout").await);
    assert!(
        page.contains("<form method=\"post\" action=\"/auth/logout\">"),
        "{page}"
    );
    let away = browser.send(Method::POST, "/auth/logout", &FORM).await;
    assert!(location(&away).starts_with("/auth/logout"));
    assert_eq!(browser.session(), None);
    enter(&mut browser, "/", JIWOO).await;
    assert!(browser.session().is_some());
}
