//! Steps whose session, user or layer changes before the code.

use std::{
    sync::{Arc, Mutex, OnceLock},
    time::Duration,
};

use axum::{Router, routing::get};
use http::StatusCode;
use tower_phone_auth::{
    Builder, OAuthLayer, SessionKey, VerifiedUser,
    phone::PhoneAssurance,
    phone_step::{PhoneLimits, PhoneStep},
};
use tower_phone_auth_local_provider::{LocalProvider, Person};

use super::kit::{HANEUL, NUMBER, Outbox, asked, begin, code, number, other_than, shop_with};
use crate::support::{
    browser::{Act, Browser, JIWOO, location, text},
    clients::Clients as _,
    shop::{HTTPS, ORIGIN, Shop, routes},
};

/// The shop with a route that needs a confirmed number, and shows the claims.
pub(super) fn with_route(shop: &Shop) -> Browser {
    let confirmed = shop.layer.require();
    let confirmed = confirmed.minimum_assurance(PhoneAssurance::Confirmed);
    let claims = |user: VerifiedUser| async move { format!("{:?}", user.claims::<String>()) };
    let app = Router::new()
        .route("/pay", get(claims))
        .route_layer(confirmed)
        .route("/claims", get(claims))
        .fallback_service(routes())
        .layer(shop.layer.clone());
    Browser::new(app, ORIGIN)
}

/// A signed-in browser in the step that the route requires, and the cookie of that step.
pub(super) async fn in_step_of_route(shop: &Shop, path: &str) -> (Browser, String) {
    let mut browser = with_route(shop);
    browser.sign_in("/", JIWOO).await;
    browser.visit(path).await;
    number(&mut browser, NUMBER).await;
    let step = browser.cookies["phone-auth-phone"].clone();
    (browser, step)
}

#[tokio::test]
async fn another_user_at_the_browser_does_not_go_on_with_the_step_of_the_first() {
    let (shop, outbox) = shop_with(|step| step, |builder| builder).await;
    let (_browser, step) = in_step_of_route(&shop, "/pay").await;
    let mut second = with_route(&shop);
    second.sign_in("/", Act::Agree(Person::TRUNK_ZERO)).await;
    let session = second.session().map(str::to_owned);
    second.cookies.insert("phone-auth-phone".to_owned(), step);
    let page = code(&mut second, &outbox.code()).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN, "{}", text(&page));
    assert_eq!(second.session(), session.as_deref());
}

#[tokio::test]
async fn the_step_of_a_route_ends_with_the_idle_time_of_its_session() {
    let idle = Duration::from_secs(600);
    let (shop, outbox) = shop_with(|step| step, |builder| builder.idle_timeout(idle)).await;
    let mut browser = with_route(&shop);
    browser.sign_in("/", JIWOO).await;
    browser.visit("/pay").await;
    assert_eq!(browser.visit("/auth/phone").await.status(), StatusCode::OK);
    shop.time.pass(idle + Duration::from_secs(1));
    let page = browser.visit("/auth/phone").await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    number(&mut browser, NUMBER).await;
    assert_eq!(outbox.count(), 0);
}

#[tokio::test]
async fn a_revocation_while_the_hook_runs_leaves_no_session() {
    let layer: Arc<OnceLock<OAuthLayer>> = Arc::default();
    let held = Arc::clone(&layer);
    let revoking = |builder: Builder| {
        builder.on_sign_in(move |sign_in| {
            let layer = held.get().unwrap().clone();
            async move {
                let user = &sign_in.user;
                layer.revoke(&user.provider, &user.subject).await?;
                Ok(())
            }
        })
    };
    let (shop, outbox) = shop_with(|step| step, revoking).await;
    layer.set(shop.layer.clone()).unwrap();
    let mut browser = asked(&shop, "/").await;
    let page = code(&mut browser, &outbox.code()).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN, "{}", text(&page));
    assert!(browser.session().is_none());
}

#[tokio::test]
async fn claims_that_the_hook_gives_no_more_are_gone_after_the_step() {
    let given = Arc::new(Mutex::new(vec![None, Some("staff".to_owned())]));
    let hook = |builder: Builder| {
        builder.on_sign_in(move |_| {
            let claims = given.lock().unwrap().pop().unwrap();
            async move { Ok(claims) }
        })
    };
    let (shop, outbox) = shop_with(|step| step, hook).await;
    let mut browser = with_route(&shop);
    browser.sign_in("/", JIWOO).await;
    let before = text(&browser.visit("/claims").await);
    assert_eq!(before, "Ok(Some(\"staff\"))");
    browser.visit("/pay").await;
    number(&mut browser, NUMBER).await;
    assert_eq!(location(&code(&mut browser, &outbox.code()).await), "/pay");
    assert_eq!(text(&browser.visit("/pay").await), "Ok(None)");
}

#[tokio::test]
async fn on_https_another_host_of_the_domain_cannot_set_the_step() {
    let (shop, _) = shop_with(|step| step, |builder| builder.public_url(HTTPS)).await;
    shop.provider.configure(|settings| {
        settings.redirect_uris = vec![format!("{HTTPS}/auth/callback/kakao")];
    });
    let mut browser = Browser::new(shop.app.clone(), HTTPS);
    let back = browser.come_back("/", HANEUL).await;
    assert_eq!(location(&back), "/auth/phone");
    let (own, planted) = ("__Host-phone-auth-phone", "__Secure-phone-auth-phone");
    let step = browser.cookies.remove(own).unwrap();
    for name in [planted, "phone-auth-phone"] {
        browser.cookies.insert(name.to_owned(), step.clone());
        let page = browser.visit("/auth/phone").await;
        assert_eq!(page.status(), StatusCode::FORBIDDEN, "{name}");
    }
    browser.cookies.insert(own.to_owned(), step);
    assert_eq!(browser.visit("/auth/phone").await.status(), StatusCode::OK);
}

/// A layer, and the settings for another one in its place.
pub(super) struct Rebuilt {
    pub(super) provider: LocalProvider,
    pub(super) key: SessionKey,
    pub(super) outbox: Outbox,
}

impl Rebuilt {
    pub(super) async fn new() -> Self {
        Self {
            provider: LocalProvider::start().await.unwrap(),
            key: SessionKey::random(),
            outbox: Outbox::default(),
        }
    }

    pub(super) fn builder(&self) -> Builder {
        let step = PhoneStep::new(self.outbox.clone()).limits(PhoneLimits::new().number(1));
        OAuthLayer::builder()
            .public_url(ORIGIN)
            .session_key(self.key.clone())
            .provider(self.provider.kakao())
            .phone_step(step)
    }

    pub(super) fn browser(layer: &OAuthLayer) -> Browser {
        Browser::new(routes().layer(layer.clone()), ORIGIN)
    }
}

#[tokio::test]
async fn a_rebuilt_layer_keeps_tries_codes_and_limits() {
    let shop = Rebuilt::new().await;
    let layer = shop.builder().build().unwrap();
    let mut browser = Rebuilt::browser(&layer);
    begin(&mut browser, "/").await;
    let first = browser.cookies.clone();
    number(&mut browser, NUMBER).await;
    let right = shop.outbox.code();
    for _ in 0..4 {
        code(&mut browser, &other_than(&right)).await;
    }
    let layer = layer.rebuilt(shop.builder().public(["/open"])).unwrap();
    let app = routes().layer(layer.clone());
    // The code counts, and so do the tries, with the cookie from before the message too.
    let mut copy = Rebuilt::browser(&layer);
    copy.cookies = browser.cookies.clone();
    assert_eq!(location(&code(&mut copy, &right).await), "/");
    browser.moves_to(app.clone());
    browser.cookies = first;
    let page = number(&mut browser, NUMBER).await;
    assert!(page.status().is_client_error(), "{}", page.status());
    // Another user's message to the number is over its limit.
    let mut other = Rebuilt::browser(&layer);
    begin(&mut other, "/").await;
    let page = number(&mut other, NUMBER).await;
    assert_eq!(page.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(shop.outbox.count(), 1);
}

#[tokio::test]
async fn five_wrong_codes_over_two_rebuilt_layers_end_the_step() {
    let shop = Rebuilt::new().await;
    let mut layer = shop.builder().build().unwrap();
    let mut browser = Rebuilt::browser(&layer);
    begin(&mut browser, "/").await;
    let first = browser.cookies.clone();
    number(&mut browser, NUMBER).await;
    let right = shop.outbox.code();
    for wrong in [3, 2] {
        for _ in 0..wrong {
            code(&mut browser, &other_than(&right)).await;
        }
        layer = layer.rebuilt(shop.builder()).unwrap();
        browser.moves_to(routes().layer(layer.clone()));
    }
    let page = code(&mut browser, &right).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN, "{}", text(&page));
    // The cookie from before the message begins no step with new tries.
    browser.cookies = first;
    let page = number(&mut browser, "010-9876-5432").await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN, "{}", text(&page));
    assert_eq!(shop.outbox.count(), 1);
}
