//! Saved forms: a form that was sent without a session is offered again after the sign-in.

use std::sync::{Arc, Mutex};

use axum::{Router, body::Bytes, routing::post};
use http::StatusCode;
use tower_phone_auth::Builder;

use crate::support::{
    browser::{Act, Browser, Page, location, text},
    shop::{ORIGIN, Shop, routes},
};

mod offered;
mod page;
mod page_access;
mod refused;
mod sent;
mod shown;
mod step_up;

pub(crate) async fn shop() -> Shop {
    Shop::with(|kakao| kakao, Builder::save_forms).await
}

/// A browser at an application that records the bodies of posts to `/order`.
fn ordering(shop: &Shop) -> (Browser, Arc<Mutex<Vec<Bytes>>>) {
    let orders = Arc::<Mutex<Vec<Bytes>>>::default();
    let keep = Arc::clone(&orders);
    let order = async move |body: Bytes| keep.lock().unwrap().push(body);
    let app = Router::new()
        .route("/order", post(order))
        .fallback_service(routes())
        .layer(shop.layer.clone());
    (Browser::new(app, ORIGIN), orders)
}

/// Signs in after a form was saved; the page to which that leads, which is that of the form.
async fn sign_in(browser: &mut Browser, saved: &Page, act: Act) -> Page {
    let away = browser.visit(location(saved)).await;
    let callback = browser.act(&away, act).await;
    let back = browser.visit(&callback).await;
    assert!(form(&back).is_none());
    if is_offer(&back) {
        return browser.visit(location(&back)).await;
    }
    back
}

/// Whether a redirect leads to the page of a saved form.
fn is_offer(back: &Page) -> bool {
    location(back).starts_with("/auth/form?id=")
}

/// The address to which the button of the page sends the form.
fn button(page: &Page) -> String {
    let page = text(page);
    let (_, rest) = page.split_once("<button formaction=\"").unwrap();
    plain(rest.split('"').next().unwrap())
}

/// Presses the button of the page, and follows the redirects.
async fn press(browser: &mut Browser, page: &Page) -> Page {
    let (_, body) = form(page).unwrap();
    let answer = browser.submit(&button(page), body.clone()).await;
    match answer.status() {
        StatusCode::TEMPORARY_REDIRECT => browser.submit(location(&answer), body).await,
        StatusCode::SEE_OTHER => browser.visit(location(&answer)).await,
        _ => answer,
    }
}

/// Presses the button that discards the form.
async fn discard(browser: &mut Browser, page: &Page) -> Page {
    let page = text(page);
    let (_, rest) = page.rsplit_once("<form method=\"post\" action=\"").unwrap();
    let address = plain(rest.split('"').next().unwrap());
    browser.submit(&address, "").await
}

/// The form of a page: its action, and its encoded hidden fields.
fn form(page: &Page) -> Option<(String, String)> {
    let page = text(page);
    let (_, form) = page.split_once("<form method=\"post\" action=\"")?;
    let (action, rest) = form.split_once('"')?;
    let mut body = form_urlencoded::Serializer::new(String::new());
    for input in rest.split("<input type=\"hidden\" name=\"").skip(1) {
        let (name, rest) = input.split_once("\" value=\"")?;
        let (value, _) = rest.split_once('"')?;
        body.append_pair(&plain(name), &plain(value));
    }
    Some((plain(action), body.finish()))
}

fn plain(html: &str) -> String {
    let html = html.replace("&lt;", "<").replace("&gt;", ">");
    html.replace("&quot;", "\"").replace("&amp;", "&")
}

/// The name and value of the cookie of the newest saved form.
fn saved(browser: &Browser) -> Option<(&str, &str)> {
    let mut cookies = browser.cookies.iter();
    let cookie = cookies.find(|(name, _)| name.starts_with("phone-auth-form-"));
    cookie.map(|(name, value)| (&**name, &**value))
}
