//! The reader of a custom provider that finds no number.

use bytes::Bytes;
use http::{Request, StatusCode};
use tower_phone_auth::{
    CustomProvider,
    error::LoginErrorKind::{self, PhoneNotOnAccount, PhoneNotVerified},
    phone::PhoneAssurance,
    phone_step::PhoneStep,
    provider::{Profile, ProfileRequest, Provider},
};
use tower_phone_auth_local_provider::LocalProvider;

use super::{browser, shop};
use crate::{
    phone_step::kit::{NUMBER, Outbox, code, number},
    support::{
        browser::{JIWOO, location, text},
        events::Events,
        outcome::refusal,
        shop::Shop,
    },
};

/// A reader with one answer for all users.
struct Club(String, fn() -> Result<Profile, LoginErrorKind>);

impl ProfileRequest for Club {
    fn request(&self, access_token: &str) -> http::Result<Request<Bytes>> {
        Request::get(format!("{}/v2/user/me", self.0))
            .header("authorization", format!("Bearer {access_token}"))
            .body(Bytes::new())
    }

    fn read(&self, _: StatusCode, _: &[u8]) -> Result<Profile, LoginErrorKind> {
        self.1()
    }
}

fn club(provider: &LocalProvider, answer: fn() -> Result<Profile, LoginErrorKind>) -> Provider {
    let origin = provider.origin();
    let (id, secret) = (provider.client_id(), provider.client_secret().unwrap());
    let endpoints = ["authorize", "token"].map(|name| format!("{origin}/oauth/{name}"));
    let [page, token] = endpoints;
    let club = CustomProvider::new("club", id, secret, Club(origin, answer));
    club.endpoints(page, token).into()
}

#[tokio::test]
async fn a_profile_without_a_number_leads_to_the_step() {
    let answer = || Ok(Profile::without_phone("7", PhoneNotOnAccount));
    let (shop, outbox) = shop(|provider| club(provider, answer)).await;
    let events = Events::capture();
    let mut browser = browser(&shop);
    let back = browser.come_back("/", JIWOO).await;
    assert_eq!(location(&back), "/auth/phone", "{}", text(&back));
    number(&mut browser, NUMBER).await;
    code(&mut browser, &outbox.code()).await;
    assert_eq!(text(&browser.visit("/").await), "+821023456789 confirmed");
    assert!(!events.text().contains("Profile::without_phone"));
}

#[tokio::test]
async fn an_error_in_place_of_a_profile_is_refused_with_one_hint_in_the_log() {
    let (shop, _) = shop(|provider| club(provider, || Err(PhoneNotOnAccount))).await;
    let events = Events::capture();
    for _ in 0..3 {
        let page = browser(&shop).come_back("/", JIWOO).await;
        assert_eq!(refusal(&page), (403, PhoneNotOnAccount, None));
    }
    let mut lines = events.all();
    lines.retain(|line| {
        let text = line.fields.get("message");
        text.is_some_and(|text| text.contains("Profile::without_phone"))
    });
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0].field("provider"), "club");
}

#[tokio::test]
async fn a_reason_that_is_not_about_the_number_is_refused() {
    let answer = || Ok(Profile::without_phone("7", LoginErrorKind::AccountRefused));
    let (shop, _) = shop(|provider| club(provider, answer)).await;
    let page = browser(&shop).come_back("/", JIWOO).await;
    assert_eq!(refusal(&page).1, LoginErrorKind::AccountRefused);
}

#[tokio::test]
async fn a_policy_above_confirmed_begins_no_step_that_could_not_suffice() {
    for (answer, passes) in [
        (identified as fn() -> _, true),
        (
            || Ok(Profile::new("7", "+821012345678", PhoneAssurance::Asserted)),
            false,
        ),
    ] {
        let provider = LocalProvider::start().await.unwrap();
        let client = club(&provider, answer);
        let step = PhoneStep::new(Outbox::default()).site_name("Shop");
        let shop = Shop::at(provider, client, |builder| {
            let builder = builder.minimum_assurance(PhoneAssurance::Identified);
            builder.phone_step(step)
        });
        let page = browser(&shop).come_back("/", JIWOO).await;
        if passes {
            assert_eq!(location(&page), "/");
        } else {
            assert_eq!(refusal(&page).1, PhoneNotVerified);
        }
    }
}

fn identified() -> Result<Profile, LoginErrorKind> {
    Ok(Profile::new(
        "7",
        "+821012345678",
        PhoneAssurance::Identified,
    ))
}
