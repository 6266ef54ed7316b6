//! Numbers that come although nothing asked for them, and numbers that were confirmed before.

use serde_json::{Value, json};
use tower_phone_auth::phone_step::PhoneStep;
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Person, faults::Fault};

use super::{ALL, browser, client, shop};
use crate::{
    phone_step::kit::{NUMBER, Outbox, code, number},
    support::{
        browser::{Act, JIWOO, location, text},
        clients::Clients as _,
        shop::Shop,
    },
};

#[tokio::test]
async fn a_number_that_was_not_asked_for_is_ignored_in_any_form() {
    let forms = [
        json!("+82 10-1234-5678"),
        json!("not a number"),
        json!(""),
        json!(7),
        json!([]),
        json!(null),
    ];
    for name in ALL {
        let (shop, _) = shop(|provider| client(provider, name)).await;
        for form in &forms {
            let claims = form.clone();
            shop.provider.forge_id_token(move |_, all: &mut Value| {
                all["phone_number"] = claims.clone();
                all["phone_number_verified"] = true.into();
            });
            let profile = json!({
                "kakao_account": {
                    "phone_number": form, "phone_number_needs_agreement": form
                },
                "response": { "mobile": form, "mobile_e164": "+821099998888" },
            });
            shop.provider
                .fail_next(Endpoint::Profile, Fault::Merge(profile));
            let back = browser(&shop).come_back("/", JIWOO).await;
            assert_eq!(location(&back), "/auth/phone", "{name} {form}");
            shop.provider.clear_id_token_faults();
        }
    }
}

#[tokio::test]
async fn the_next_sign_in_of_the_same_user_keeps_the_confirmed_number() {
    for name in ALL {
        let (shop, outbox) = shop(|provider| client(provider, name)).await;
        let mut browser = browser(&shop);
        browser.come_back("/", JIWOO).await;
        number(&mut browser, NUMBER).await;
        code(&mut browser, &outbox.code()).await;
        let again = format!("/auth/login?provider={name}&fresh=1&return_to=/x");
        let away = browser.visit(&again).await;
        let callback = browser.act(&away, JIWOO).await;
        let back = browser.visit(&callback).await;
        assert_eq!(location(&back), "/x", "{name}: {}", text(&back));
        let page = browser.visit("/x").await;
        assert_eq!(text(&page), "+821023456789 confirmed", "{name}");
        assert_eq!(outbox.count(), 1, "{name}");
        // Another user of the same provider at this browser has confirmed nothing.
        let away = browser.visit(&again).await;
        let callback = browser.act(&away, Act::Agree(Person::TRUNK_ZERO)).await;
        let back = browser.visit(&callback).await;
        assert_eq!(location(&back), "/auth/phone", "{name}");
    }
}

#[tokio::test]
async fn the_same_subject_at_another_provider_has_confirmed_nothing() {
    let provider = LocalProvider::start().await.unwrap();
    let first = provider.kakao().without_phone();
    let second = provider.kakao().named("second").without_phone();
    let outbox = Outbox::default();
    let step = PhoneStep::new(outbox.clone()).site_name("Shop");
    let shop = Shop::at(provider, first, |builder| {
        builder.provider(second).phone_step(step)
    });
    let mut browser = browser(&shop);
    let sign_in = "/auth/login?return_to=/&provider=";
    let away = browser.visit(&format!("{sign_in}kakao")).await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    number(&mut browser, NUMBER).await;
    code(&mut browser, &outbox.code()).await;
    let away = browser.visit(&format!("{sign_in}second&fresh=1")).await;
    let callback = browser.act(&away, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/auth/phone");
}
