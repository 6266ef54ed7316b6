//! Settings that cannot work together.

use tower_phone_auth::{
    Builder, Google, Kakao, OAuthLayer, Oidc, SessionKey, phone::PhoneAssurance,
    phone_step::PhoneStep, provider::Provider,
};

use super::{client, elsewhere, shop};
use crate::{
    phone_step::kit::Outbox,
    support::{
        events::Events,
        shop::{ORIGIN, Shop},
    },
};

fn builder(provider: impl Into<Provider>) -> Builder {
    OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(SessionKey::random())
        .provider(provider)
}

fn step() -> PhoneStep {
    PhoneStep::new(Outbox::default())
}

#[test]
fn without_a_phone_step_the_setting_is_refused_with_provider_and_remedy() {
    for (provider, name) in elsewhere()
        .into_iter()
        .zip(["kakao", "naver", "google", "oidc"])
    {
        let error = builder(provider).build().unwrap_err();
        assert_eq!(error.setting(), "without_phone", "{error}");
        let text = error.to_string();
        assert!(text.contains(&format!("{name:?}")), "{text}");
        assert!(error.remedy().contains("Builder::phone_step"), "{text}");
    }
    for provider in elsewhere() {
        builder(provider).phone_step(step()).build().unwrap();
    }
}

#[test]
fn one_provider_of_several_needs_the_step() {
    let two = builder(Kakao::new("id", "secret"));
    let two = two.provider(Google::new("id", "secret").without_phone());
    let error = two.build().unwrap_err();
    assert!(error.to_string().contains("\"google\""), "{error}");
}

#[tokio::test]
async fn a_rebuilt_layer_needs_the_step_too() {
    let (shop, _) = shop(|provider| client(provider, "oidc")).await;
    let google = Google::new("id", "secret").without_phone();
    let error = shop.layer.rebuilt(builder(google)).unwrap_err();
    assert_eq!(error.setting(), "without_phone", "{error}");
}

#[test]
fn a_setting_that_asks_for_the_number_is_refused() {
    let people = "https://www.googleapis.com/auth/user.phonenumbers.read";
    let kakao = Kakao::new("id", "secret").without_phone();
    let google = Google::new("id", "secret").without_phone();
    let oidc = || Oidc::new("https://id.example", "id", "secret").without_phone();
    let providers: [Provider; 6] = [
        kakao.scope("phone_number").into(),
        google.scope(people).into(),
        oidc().scope("phone").into(),
        oidc().scopes(["openid", "phone"]).into(),
        oidc().phone_scope("mobile").scope("mobile").into(),
        oidc().claims_parameter(true).into(),
    ];
    for provider in providers {
        let error = builder(provider).phone_step(step()).build().unwrap_err();
        assert_eq!(error.setting(), "without_phone", "{error}");
    }
    let others = oidc().scopes(["openid", "email"]).claims_parameter(false);
    builder(others).phone_step(step()).build().unwrap();
}

#[tokio::test]
async fn a_route_that_needs_a_confirmed_number_without_a_step_is_an_error_in_the_log() {
    let shop = Shop::open().await;
    let events = Events::capture();
    let _ = shop
        .layer
        .require()
        .minimum_assurance(PhoneAssurance::Verified);
    assert!(events.all().is_empty());
    let _ = shop
        .layer
        .require()
        .minimum_assurance(PhoneAssurance::Confirmed);
    let lines = events.all();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0].level, tracing::Level::ERROR);
    let text = lines[0].field("message");
    for part in ["minimum_assurance", "confirmed", "Builder::phone_step"] {
        assert!(text.contains(part), "{text}");
    }
    let (shop, _) = super::shop(|provider| client(provider, "oidc")).await;
    let events = Events::capture();
    let _ = shop
        .layer
        .require()
        .minimum_assurance(PhoneAssurance::Confirmed);
    assert!(events.all().is_empty());
}
