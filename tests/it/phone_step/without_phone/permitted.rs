//! Numbers that the provider does not permit to the application.

use serde_json::json;
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, faults::Fault};
use tracing::Level;

use super::{browser, client, shop, with_phone};
use crate::{
    phone_step::kit::HANEUL,
    support::{
        browser::location,
        events::{Events, Line},
    },
};

/// Makes the provider one that gives this application no numbers.
fn forbid_numbers(provider: &LocalProvider) {
    provider.configure(|settings| {
        settings.consent_items.retain(|item| item != "phone_number");
        settings.google.people_api = false;
    });
    let patch = json!({ "scopes_supported": ["openid"], "claims_supported": ["sub"] });
    provider.fail(Endpoint::Discovery, Fault::Merge(patch));
}

/// The warnings about the numbers of this provider.
fn warnings(events: &Events) -> Vec<Line> {
    let mut lines = events.all();
    lines.retain(|line| {
        let text = line.fields.get("message");
        text.is_some_and(|text| text.contains("gives this application no phone numbers"))
    });
    lines
}

#[tokio::test]
async fn the_step_takes_over_and_the_log_says_once_what_is_missing() {
    for (name, parts) in [
        (
            "kakao",
            ["consent item phone_number", "Kakao::without_phone()"],
        ),
        ("google", ["People API", "Google::without_phone()"]),
        ("oidc", ["scope", "Oidc::without_phone()"]),
    ] {
        let (shop, _) = shop(|provider| with_phone(provider, name)).await;
        forbid_numbers(&shop.provider);
        let events = Events::capture();
        for _ in 0..3 {
            let back = browser(&shop).come_back("/", HANEUL).await;
            assert_eq!(location(&back), "/auth/phone", "{name}");
        }
        let lines = warnings(&events);
        assert_eq!(lines.len(), 1, "{name}: {lines:?}");
        assert_eq!(lines[0].level, Level::WARN);
        assert_eq!(lines[0].field("provider"), name);
        for part in parts {
            assert!(lines[0].field("message").contains(part), "{:?}", lines[0]);
        }
    }
}

#[tokio::test]
async fn without_the_number_the_log_misses_nothing() {
    for name in super::ALL {
        let (shop, _) = shop(|provider| client(provider, name)).await;
        forbid_numbers(&shop.provider);
        let events = Events::capture();
        let back = browser(&shop).come_back("/", HANEUL).await;
        assert_eq!(location(&back), "/auth/phone", "{name}");
        let mut lines = events.all();
        lines.retain(|line| line.level <= Level::WARN);
        assert!(lines.is_empty(), "{name}: {lines:?}");
    }
}
