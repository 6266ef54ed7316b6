//! `examples/spa`, the page of a single-page application, in three engines.

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use serde_json::json;
use tokio::net::TcpListener;
use tower_phone_auth::{Clock, OAuthLayer, SessionKey};
use tower_phone_auth_local_provider::{LocalProvider, Person};

use crate::support::{
    browser::Browser,
    clients::Clients as _,
    engine::{Engine, Settings, in_every_engine},
    provider_page::PHONE,
    shop::Scheme,
};

#[path = "../../examples/spa/app.rs"]
mod app;

in_every_engine!(http:
    a_user_signs_in_and_comes_back_to_the_same_view,
    a_session_that_ends_during_use_loses_neither_the_view_nor_the_text,
    a_user_signs_out_without_leaving_the_page,
    a_page_does_not_order_for_the_user_of_another_tab,
    a_page_shows_the_user_of_another_tab_when_its_user_comes_back,
);

const OTHER_PHONE: &str = "+821023456789";
const SIGNED_OUT: &str = "Sign in to order.";

/// The example with a clock of the test, and a browser at its page.
struct Spa {
    browser: Browser,
    origin: String,
    ahead: Arc<Mutex<Duration>>,
    _provider: LocalProvider,
}

impl Spa {
    async fn open(browser: Browser) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let (provider, ahead) = (LocalProvider::start().await.unwrap(), Arc::default());
        let shift: Arc<Mutex<Duration>> = Arc::clone(&ahead);
        let auth = OAuthLayer::builder()
            .public_url(&origin)
            .session_key(SessionKey::random())
            .provider(provider.kakao())
            .public(app::PUBLIC)
            .clock(Clock::new(move || {
                SystemTime::now() + *shift.lock().unwrap()
            }));
        let app = app::routes().layer(auth.build().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self {
            browser,
            origin,
            ahead,
            _provider: provider,
        }
    }

    /// Clicks the link to the sign-in, signs in, and comes back to this path.
    async fn signs_in_and_returns_to(&self, path: &str) {
        self.browser.click("#sign-in").await;
        self.browser.is_asked_who_to_be().await;
        self.browser.agrees().await;
        self.browser.see("#sign-out", "Sign out").await;
        let url = format!("{}{path}", self.origin);
        assert_eq!(self.browser.url().await, url);
    }

    async fn visits(&self, path: &str) {
        self.browser.go(&format!("{}{path}", self.origin)).await;
    }

    async fn types(&self, text: &str) {
        self.browser.click("#item").await;
        for key in text.chars() {
            self.browser.presses(key).await;
        }
    }

    async fn input(&self) -> serde_json::Value {
        self.browser
            .eval("document.querySelector('#item').value")
            .await
    }
}

async fn a_user_signs_in_and_comes_back_to_the_same_view(engine: Engine, _: Scheme) {
    let spa = Spa::open(Browser::of(engine).await).await;
    spa.visits("/orders?from=mail#form").await;
    spa.browser.see("#notice", SIGNED_OUT).await;
    spa.signs_in_and_returns_to("/orders?from=mail#form").await;
    spa.types("tea").await;
    spa.browser.click("#order button").await;
    spa.browser.see("#notice", "Ordered: tea").await;
    assert_eq!(spa.input().await, json!(""));
    spa.browser.click("[data-view='/orders'] a").await;
    spa.browser.see("#phone", PHONE).await;
    spa.browser.back().await;
    spa.browser
        .see("#order label", "What would you like?")
        .await;
}

async fn a_session_that_ends_during_use_loses_neither_the_view_nor_the_text(
    engine: Engine,
    _: Scheme,
) {
    let spa = Spa::open(Browser::of(engine).await).await;
    spa.visits("/").await;
    spa.browser.see("#notice", SIGNED_OUT).await;
    spa.signs_in_and_returns_to("/").await;
    spa.browser.click("[data-view='/'] a").await;
    spa.types("tea").await;

    *spa.ahead.lock().unwrap() += Duration::from_secs(13 * 3600);
    spa.browser.click("#order button").await;
    spa.browser.see("#notice", "Your session has ended.").await;
    assert_eq!(spa.input().await, json!("tea"));
    spa.signs_in_and_returns_to("/orders").await;
    assert_eq!(spa.input().await, json!("tea"));
    spa.browser.click("#order button").await;
    spa.browser.see("#notice", "Ordered: tea").await;
}

async fn a_user_signs_out_without_leaving_the_page(engine: Engine, _: Scheme) {
    let spa = Spa::open(Browser::of(engine).await).await;
    spa.visits("/orders").await;
    spa.browser.see("#notice", SIGNED_OUT).await;
    spa.signs_in_and_returns_to("/orders").await;
    spa.types("tea").await;
    spa.browser.click("#sign-out").await;
    spa.browser.see("#notice", SIGNED_OUT).await;
    assert!(!spa.browser.cookies().await.contains_key("phone-auth"));
    assert_eq!(spa.browser.eval("sessionStorage.length").await, json!(0));
    // The next user finds nothing of the one before.
    spa.signs_in_and_returns_to("/orders").await;
    assert_eq!(spa.input().await, json!(""));
}

/// The first tab shows one user, and a second one has signed in as another user.
async fn two_users(engine: Engine) -> (Spa, String) {
    let spa = Spa::open(Browser::of(engine).await).await;
    spa.visits("/orders").await;
    spa.browser.see("#notice", SIGNED_OUT).await;
    spa.signs_in_and_returns_to("/orders").await;
    spa.types("tea").await;
    let first = spa.browser.tab().await;
    spa.browser.new_tab().await;
    spa.visits("/").await;
    spa.browser.see("#phone", PHONE).await;
    spa.browser.click("#sign-out").await;
    spa.browser.see("#notice", SIGNED_OUT).await;
    spa.browser.click("#sign-in").await;
    spa.browser.is_asked_who_to_be().await;
    spa.browser.chooses(Person::TRUNK_ZERO).await;
    spa.browser.agrees().await;
    spa.browser.see("#phone", OTHER_PHONE).await;
    (spa, first)
}

async fn a_page_does_not_order_for_the_user_of_another_tab(engine: Engine, _: Scheme) {
    let (spa, first) = two_users(engine).await;
    spa.browser.switch(&first).await;
    // By script, because a click would also bring the tab to the front.
    let send = "document.querySelector('#order').requestSubmit()";
    spa.browser.eval(send).await;
    spa.browser.see("#notice", "Nothing was ordered.").await;
    assert_eq!(spa.input().await, json!(""));
    spa.browser.click("[data-view='/orders'] a").await;
    spa.browser.see("#phone", OTHER_PHONE).await;
}

async fn a_page_shows_the_user_of_another_tab_when_its_user_comes_back(engine: Engine, _: Scheme) {
    let (spa, first) = two_users(engine).await;
    spa.browser.switch(&first).await;
    // Without a window, an engine may think that both tabs are in front.
    spa.browser.eval("dispatchEvent(new Event('focus'))").await;
    spa.browser.see("#notice", "Nothing was ordered.").await;
    spa.browser.click("[data-view='/orders'] a").await;
    spa.browser.see("#phone", OTHER_PHONE).await;
}

#[tokio::test]
async fn the_page_is_in_the_language_of_the_user() {
    for (languages, label) in [
        ("ko-KR,en", "로그인"),
        ("fr,ko", "로그인"),
        ("fr", "Sign in"),
    ] {
        let settings = Settings {
            languages,
            ..Settings::of(Engine::Chromium)
        };
        let spa = Spa::open(Browser::with(settings).await).await;
        spa.visits("/").await;
        spa.browser.see("#sign-in", label).await;
    }
}
