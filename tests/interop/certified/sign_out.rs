//! Sign-outs that begin at the application, and sign-outs that begin at the provider.

use http::StatusCode;

use super::client;
use crate::support::{
    browser::{location, parameter, text},
    provider::Provider,
    shop::{ORIGIN, shop},
    user::User,
};

#[tokio::test]
async fn signing_out_leads_through_the_providers_logout_and_back() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(client(&provider, "sign-out").logout_at_provider());
    browser.sign_in(User::agrees("verified")).await;
    let away = browser.signs_out().await;
    assert!(location(&away).starts_with(&format!("{}/session/end?", provider.issuer)));
    assert!(parameter(&away, "id_token_hint").is_some());
    let back = browser.at_provider(&away, User::agrees("verified")).await;
    let done = browser.visit(&back).await;
    assert!(text(&done).contains("out of this site and of"));
    // The session at the provider has ended too, so another user can sign in.
    let away = browser.visit("/cart").await;
    assert!(location(&away).starts_with(&provider.issuer));
    let shown = browser.sign_in(User::agrees("spaced")).await;
    assert!(shown.contains("Person spaced"), "{shown}");
}

#[tokio::test]
async fn a_logout_token_of_oidc_provider_ends_the_session() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(client(&provider, "sign-out"));
    browser.sign_in(User::agrees("verified")).await;
    let mut other = browser.another();
    other.sign_in(User::agrees("verified")).await;

    let back = format!("{ORIGIN}/auth/logout/done");
    let end = format!(
        "{}/session/end?client_id=sign-out&post_logout_redirect_uri={back}",
        provider.issuer
    );
    browser.goes(&end, User::agrees("verified")).await;
    let form = provider.last_logout_form().await;
    assert!(form.starts_with("logout_token=ey"));
    let accepted = browser
        .another()
        .posts("/auth/events/oidc", form.clone())
        .await;
    assert_eq!(accepted.status(), StatusCode::OK);
    assert_eq!(browser.visit("/cart").await.status(), StatusCode::SEE_OTHER);
    assert_eq!(other.visit("/cart").await.status(), StatusCode::OK);

    let again = browser.another().posts("/auth/events/oidc", form).await;
    assert_eq!(again.status(), StatusCode::BAD_REQUEST);
}
