//! The ID token that names the user at the provider's logout.

use tower_phone_auth_local_provider::{LocalProvider, SECRET_PREFIX};

use super::oidc::{at_provider, open, sign_out};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO, location, parameter, set_cookies},
    shop::{HTTPS, Shop},
};

#[tokio::test]
async fn the_id_token_is_kept_in_a_cookie_for_the_logout_path() {
    let shop = open().await;
    let mut browser = shop.browser();
    let back = browser.come_back("/", JIWOO).await;
    let hint = set_cookies(&back)
        .into_iter()
        .find(|cookie| cookie.starts_with("phone-auth-hint="));
    let hint = hint.unwrap();
    assert!(hint.contains("; HttpOnly; SameSite=Lax; Path=/auth/logout; Max-Age=43200"));
    assert!(!hint.contains(SECRET_PREFIX));
    // A JWT begins like this. Fewer letters can stand in a sealed value by chance.
    for head in ["eyJhbGciOi", "eyJ0eXAiOi"] {
        assert!(!hint.contains(head), "{hint}");
    }
    let deleted = sign_out(&mut browser).await;
    assert!(
        set_cookies(&deleted)
            .contains(&"phone-auth-hint=; HttpOnly; SameSite=Lax; Path=/auth/logout; Max-Age=0")
    );
}

#[tokio::test]
async fn behind_https_its_cookies_are_secure() {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| {
        settings.redirect_uris = vec![format!("{HTTPS}/auth/callback/oidc")];
    });
    let oidc = provider.oidc().logout_at_provider();
    let shop = Shop::at(provider, oidc, |builder| builder.public_url(HTTPS));
    let mut browser = Browser::new(shop.app.clone(), HTTPS);
    let back = browser.come_back("/", JIWOO).await;
    let cookies = set_cookies(&back).join("\n");
    assert!(cookies.contains("__Secure-phone-auth-hint="), "{cookies}");
    let away = sign_out(&mut browser).await;
    let cookies = set_cookies(&away).join("\n");
    assert!(
        cookies.contains("__Secure-phone-auth-leaving="),
        "{cookies}"
    );
    assert!(cookies.contains("SameSite=Lax; Secure; Path=/auth/logout; Max-Age=600"));
}

#[tokio::test]
async fn an_id_token_that_is_too_long_for_a_cookie_is_left_out() {
    let shop = open().await;
    shop.provider
        .forge_id_token(|_, claims| claims["ballast"] = "a".repeat(3000).into());
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let away = sign_out(&mut browser).await;
    assert_eq!(parameter(&away, "id_token_hint"), None);
    assert_eq!(
        parameter(&away, "client_id").as_deref(),
        Some("local-demo-app")
    );
    at_provider(location(&away)).await;
}

#[tokio::test]
async fn the_id_token_of_another_session_is_not_sent() {
    let shop = open().await;
    let mut other = shop.browser();
    other.sign_in("/", JIWOO).await;
    let foreign = other.cookies["phone-auth-hint"].clone();
    for hint in [foreign.as_str(), "", "junk", &foreign[1..]] {
        let mut browser = shop.browser();
        browser.sign_in("/", JIWOO).await;
        let hint = hint.to_owned();
        browser.cookies.insert("phone-auth-hint".to_owned(), hint);
        let away = sign_out(&mut browser).await;
        assert!(parameter(&away, "state").is_some());
        assert_eq!(parameter(&away, "id_token_hint"), None);
    }
}
