//! Outages and restarts of the provider.

use tower_phone_auth::error::LoginErrorKind;

use super::basic;
use crate::support::{
    browser::{location, refusal},
    provider::{Provider, port},
    shop::shop,
    user::User,
};

#[tokio::test]
async fn an_application_that_started_first_works_when_the_provider_is_up() {
    let port = port().to_string();
    let flags = ["--port", &port];
    let provider = Provider::node(&flags).await;
    let mut browser = shop(basic(&provider));
    provider.stop().await;
    for _ in 0..2 {
        let refused = browser.visit("/cart?x=1").await;
        let why = LoginErrorKind::ProviderUnavailable;
        assert_eq!(refusal(&refused), (502, Some(why)));
    }
    let _provider = Provider::node(&flags).await;
    let shown = browser.sign_in(User::agrees("verified")).await;
    assert!(shown.starts_with("+821012345678"));
}

#[tokio::test]
async fn a_provider_that_restarts_with_other_keys_is_an_outage_and_works_again() {
    let port = port().to_string();
    let flags = ["--port", &port];
    let provider = Provider::node(&flags).await;
    let browser = shop(basic(&provider));
    let jane = User::agrees("verified");
    browser.another().sign_in(jane).await;
    let mut late = browser.another();
    let away = late.visit("/cart?x=1").await;
    let callback = late.at_provider(&away, jane).await;
    provider.stop().await;
    let back = late.visit(&callback).await;
    let why = LoginErrorKind::ProviderUnavailable;
    assert_eq!(refusal(&back), (502, Some(why)));
    let _provider = Provider::node(&flags).await;
    assert_eq!(location(&late.come_back(jane).await), "/cart?x=1");
}
