//! A form that needs a login first.

use std::sync::{Arc, Mutex};

use axum::{Router, body::Bytes, routing::post};
use tower_phone_auth::Builder;

use crate::support::{
    browser::{Act, Browser, Page, location, text},
    shop::{ORIGIN, Shop, routes},
};

mod offered;
mod refused;
mod step_up;

pub(crate) async fn shop() -> Shop {
    Shop::with(|kakao| kakao, Builder::save_forms).await
}

/// A browser at an application that keeps what is posted to `/order`.
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

/// From the answer to a form through the login to the page after it.
async fn sign_in(browser: &mut Browser, saved: &Page, act: Act) -> Page {
    let away = browser.visit(location(saved)).await;
    let callback = browser.act(&away, act).await;
    browser.visit(&callback).await
}

/// The form of a page: its action, and its hidden fields as a browser would send them.
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

fn saved(browser: &Browser) -> Option<&str> {
    browser.cookies.get("phone-auth-form").map(String::as_str)
}
