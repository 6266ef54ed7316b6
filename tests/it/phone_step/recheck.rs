//! A recheck (`recheck_after`) compares the user and not the phone number, which the user proved
//! here or could prove here.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::json;
use tower_phone_auth::Builder;
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Person, faults::Fault};

use super::kit::{HANEUL, NUMBER, Outbox, begin, code, number};
use crate::{
    recheck::keeps_time,
    support::{
        browser::{Act, Browser, JIWOO, Page, parameter, text},
        clients::Clients as _,
        shop::Shop,
    },
};

const AFTER: Duration = Duration::from_secs(20 * 60);

/// A shop with a phone step that checks its sessions.
async fn checking() -> (Shop, Outbox) {
    let outbox = Outbox::default();
    let provider = LocalProvider::start().await.unwrap();
    let client = provider.oidc();
    let shop = Shop::at(provider, client, |builder| {
        with_step(builder, &outbox).recheck_after(AFTER)
    });
    keeps_time(&shop.provider, &shop.time);
    (shop, outbox)
}

fn with_step(builder: Builder, outbox: &Outbox) -> Builder {
    let step = tower_phone_auth::phone_step::PhoneStep::new(outbox.clone());
    builder.phone_step(step.site_name("Shop"))
}

/// The answer to the check of a session that is due.
async fn check(shop: &Shop, browser: &mut Browser, act: Act) -> Page {
    shop.time.pass(AFTER + Duration::from_secs(1));
    let away = browser.visit("/cart").await;
    assert_eq!(parameter(&away, "prompt").as_deref(), Some("none"));
    let callback = browser.act(&away, act).await;
    browser.visit(&callback).await
}

/// A browser whose user confirmed a number.
async fn confirmed(shop: &Shop, outbox: &Outbox) -> Browser {
    let mut browser = shop.browser();
    begin(&mut browser, "/").await;
    number(&mut browser, NUMBER).await;
    code(&mut browser, &outbox.code()).await;
    browser
}

async fn phone(browser: &mut Browser) -> String {
    text(&browser.fetch(Method::GET, "/").await)
}

#[tokio::test]
async fn a_user_with_a_confirmed_number_passes_a_check_without_a_number_at_the_provider() {
    let (shop, outbox) = checking().await;
    let mut browser = confirmed(&shop, &outbox).await;
    for round in 0..3 {
        let back = check(&shop, &mut browser, HANEUL).await;
        assert_eq!(back.status(), StatusCode::SEE_OTHER, "{}", text(&back));
        assert_eq!(phone(&mut browser).await, "+821023456789", "{round}");
    }
    assert_eq!(outbox.count(), 1);
}

#[tokio::test]
async fn with_a_phone_step_a_check_never_ends_a_session_for_its_number() {
    for patch in [
        json!({ "phone_number": null }),
        json!({ "phone_number_verified": false }),
        json!({ "phone_number": "+82 10-0" }),
    ] {
        let (shop, outbox) = checking().await;
        let mut browser = shop.browser();
        browser.sign_in("/", JIWOO).await;
        let fault = Fault::Merge(patch.clone());
        shop.provider.fail(Endpoint::Profile, fault);
        let back = check(&shop, &mut browser, JIWOO).await;
        assert_eq!(back.status(), StatusCode::SEE_OTHER, "{patch}");
        assert_eq!(phone(&mut browser).await, "+821012345678", "{patch}");
        assert_eq!(outbox.count(), 0);
    }
}

#[tokio::test]
async fn a_check_still_ends_the_session_of_another_user() {
    let (shop, outbox) = checking().await;
    let mut other = shop.browser();
    other.sign_in("/", JIWOO).await;
    let mut browser = confirmed(&shop, &outbox).await;
    browser.set_provider_session(Some(Person::WITH_PHONE));
    let page = check(&shop, &mut browser, JIWOO).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN, "{}", text(&page));
    assert_eq!(browser.session(), None);
}
