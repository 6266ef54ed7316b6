//! Signing out: begun here, and begun there.

use http::StatusCode;

use super::client;
use crate::support::{
    browser::{location, parameter, text},
    person::Person,
    provider::Provider,
    shop::{ORIGIN, shop},
};

#[tokio::test]
async fn signing_out_leads_through_the_providers_logout_and_back() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(client(&provider, "leaving").logout_at_provider());
    browser.sign_in(Person::agrees("verified")).await;
    let away = browser.signs_out().await;
    assert!(location(&away).starts_with(&format!("{}/session/end?", provider.issuer)));
    assert!(parameter(&away, "id_token_hint").is_some());
    let back = browser.at_provider(&away, Person::agrees("verified")).await;
    let done = browser.visit(&back).await;
    assert!(text(&done).contains("and of the sign-in service"));
    // There, too: the next login asks who it is.
    let away = browser.visit("/cart").await;
    assert!(location(&away).starts_with(&provider.issuer));
    let told = browser.sign_in(Person::agrees("spaced")).await;
    assert!(told.contains("Person spaced"), "{told}");
}

#[tokio::test]
async fn its_logout_token_ends_the_session() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(client(&provider, "leaving"));
    browser.sign_in(Person::agrees("verified")).await;
    let mut other = browser.another();
    other.sign_in(Person::agrees("verified")).await;

    let back = format!("{ORIGIN}/auth/logout/done");
    let end = format!(
        "{}/session/end?client_id=leaving&post_logout_redirect_uri={back}",
        provider.issuer
    );
    browser.goes(&end, Person::agrees("verified")).await;
    let told = provider.told().await;
    assert!(told.starts_with("logout_token=ey"));
    let heard = browser
        .another()
        .posts("/auth/events/oidc", told.clone())
        .await;
    assert_eq!(heard.status(), StatusCode::OK);
    assert_eq!(browser.visit("/cart").await.status(), StatusCode::SEE_OTHER);
    assert_eq!(other.visit("/cart").await.status(), StatusCode::OK);

    let again = browser.another().posts("/auth/events/oidc", told).await;
    assert_eq!(again.status(), StatusCode::BAD_REQUEST);
}
