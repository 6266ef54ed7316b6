//! The ID token for the sign-out at the provider, beside a phone step.
//!
//! Browsers send its cookie to the path of sign-out alone. A test takes it away meanwhile.

use axum::{Router, routing::get};
use tower_phone_auth::{VerifiedUser, phone::PhoneAssurance, phone_step::PhoneStep};
use tower_phone_auth_local_provider::{LocalProvider, Person};

use super::kit::{HANEUL, NUMBER, Outbox, begin, code, number};
use crate::support::{
    browser::{Act, Browser, JIWOO, Page, location, parameter, set_cookies, text},
    clients::Clients as _,
    shop::{ORIGIN, Shop, routes},
};

const HINT: &str = "phone-auth-hint";
const OF_STEP: &str = "phone-auth-phone-hint";

/// A shop at an OpenID provider, whose page `/pay` needs a confirmed number.
async fn shop() -> (Shop, Router, Outbox) {
    let outbox = Outbox::default();
    let provider = LocalProvider::start().await.unwrap();
    let client = provider.oidc().logout_at_provider();
    let step = PhoneStep::new(outbox.clone()).site_name("Shop");
    let shop = Shop::at(provider, client, |builder| builder.phone_step(step));
    let confirmed = shop.layer.require();
    let confirmed = confirmed.minimum_assurance(PhoneAssurance::Confirmed);
    let app = Router::new()
        .route(
            "/pay",
            get(|user: VerifiedUser| async move { user.phone.to_string() }),
        )
        .route_layer(confirmed)
        .fallback_service(routes())
        .layer(shop.layer.clone());
    (shop, app, outbox)
}

/// The user that the ID token of the sign-out at the provider names.
async fn signs_out(browser: &mut Browser) -> Option<String> {
    let away = browser.submit("/auth/logout", "").await;
    let hint = parameter(&away, "id_token_hint")?;
    let payload = hint.split('.').nth(1).unwrap();
    let payload = base64_url(payload);
    let payload: serde_json::Value = serde_json::from_slice(&payload).unwrap();
    Some(payload["sub"].as_str().unwrap().to_owned())
}

fn base64_url(text: &str) -> Vec<u8> {
    use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
    BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// The attributes of a cookie that an answer sets.
fn set(page: &Page, name: &str) -> Option<String> {
    let start = format!("{name}=");
    let lines = set_cookies(page);
    let line = lines.into_iter().find(|line| line.starts_with(&start))?;
    line.split_once("; ").map(|(_, rest)| rest.to_owned())
}

async fn subject_of(app: &Router, act: Act) -> String {
    let mut browser = Browser::new(app.clone(), ORIGIN);
    browser.sign_in("/", act).await;
    signs_out(&mut browser).await.unwrap()
}

#[tokio::test]
async fn a_step_of_a_route_keeps_the_id_token_of_the_session() {
    let (_shop, app, outbox) = shop().await;
    let jiwoo = subject_of(&app, JIWOO).await;
    let mut browser = Browser::new(app, ORIGIN);
    browser.sign_in("/", JIWOO).await;
    let hint = browser.cookies.remove(HINT).unwrap();
    let before = browser.session().map(str::to_owned);
    browser.visit("/pay").await;
    number(&mut browser, NUMBER).await;
    let page = code(&mut browser, &outbox.code()).await;
    assert_eq!(location(&page), "/pay", "{}", text(&page));
    assert_ne!(browser.session(), before.as_deref(), "a new session");
    assert_eq!(set(&page, HINT), None);
    browser.cookies.insert(HINT.to_owned(), hint);
    assert_eq!(signs_out(&mut browser).await, Some(jiwoo));
}

#[tokio::test]
async fn an_unfinished_step_of_another_user_leaves_the_id_token_of_the_session() {
    let (_shop, app, outbox) = shop().await;
    let jiwoo = subject_of(&app, JIWOO).await;
    let mut browser = Browser::new(app, ORIGIN);
    browser.sign_in("/", JIWOO).await;
    let hint = browser.cookies.remove(HINT).unwrap();
    let back = browser
        .come_back("/auth/login?provider=oidc&another_account=1", HANEUL)
        .await;
    assert_eq!(location(&back), "/auth/phone", "{}", text(&back));
    assert_eq!(set(&back, HINT), None);
    let of_step = set(&back, OF_STEP).unwrap();
    assert_eq!(
        of_step,
        "HttpOnly; SameSite=Lax; Path=/auth/phone; Max-Age=3600"
    );
    number(&mut browser, NUMBER).await;
    assert_eq!(outbox.count(), 1);
    // The user leaves the step, and signs out.
    browser.cookies.insert(HINT.to_owned(), hint);
    browser.cookies.remove(OF_STEP);
    assert_eq!(signs_out(&mut browser).await, Some(jiwoo));
}

#[tokio::test]
async fn a_step_that_ends_sets_the_id_token_of_its_user() {
    let (_shop, app, outbox) = shop().await;
    let mut browser = Browser::new(app.clone(), ORIGIN);
    browser.sign_in("/", JIWOO).await;
    let hint = browser.cookies.remove(HINT).unwrap();
    browser
        .come_back("/auth/login?provider=oidc&another_account=1", HANEUL)
        .await;
    number(&mut browser, NUMBER).await;
    let page = code(&mut browser, &outbox.code()).await;
    assert_eq!(
        set(&page, HINT).unwrap(),
        "HttpOnly; SameSite=Lax; Path=/auth/logout; Max-Age=43200"
    );
    let gone = "HttpOnly; SameSite=Lax; Path=/auth/phone; Max-Age=0";
    assert_eq!(set(&page, OF_STEP).unwrap(), gone);
    let own = signs_out(&mut browser).await.unwrap();
    // The one of the first session is of no use to the second.
    let mut browser = Browser::new(app.clone(), ORIGIN);
    begin(&mut browser, "/").await;
    number(&mut browser, "010-9876-5432").await;
    code(&mut browser, &outbox.code()).await;
    browser.cookies.insert(HINT.to_owned(), hint);
    assert_eq!(signs_out(&mut browser).await, None);
    assert_ne!(own, subject_of(&app, JIWOO).await);
}

#[tokio::test]
async fn the_id_token_of_another_step_is_not_handed_over() {
    let (_shop, app, outbox) = shop().await;
    let mut other = Browser::new(app.clone(), ORIGIN);
    begin(&mut other, "/").await;
    let foreign = other.cookies[OF_STEP].clone();
    // A session of a user without a step gets none of a step either.
    let mut browser = Browser::new(app, ORIGIN);
    browser.sign_in("/", Act::Agree(Person::TRUNK_ZERO)).await;
    let hint = browser.cookies.remove(HINT).unwrap();
    browser.visit("/pay").await;
    number(&mut browser, NUMBER).await;
    browser.cookies.insert(OF_STEP.to_owned(), foreign);
    let page = code(&mut browser, &outbox.code()).await;
    assert_eq!(location(&page), "/pay", "{}", text(&page));
    assert_eq!(set(&page, HINT), None);
    browser.cookies.insert(HINT.to_owned(), hint);
    assert!(signs_out(&mut browser).await.is_some());
}
