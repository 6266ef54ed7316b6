//! The doctor changes nothing: it uses no code and affects no session and no user.

use tower_phone_auth::{TestUser, revocation::InProcessLog};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, SECRET_PREFIX, faults::Fault};

use super::{openid_with, shop};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{JIWOO, text},
    log::Log,
    replicas::{LogConnection, SharedLog},
    shop::HTTPS,
};

#[tokio::test]
async fn the_doctors_calls_have_no_credentials_and_no_code() {
    let provider = LocalProvider::start().await.unwrap();
    let (first, second) = (provider.oidc(), provider.kakao());
    let shop = shop(provider, first, |builder| builder.provider(second));
    shop.layer.doctor().await;
    let requests = shop.provider.requests();
    assert!(requests.len() >= 6, "{}", requests.len());
    for request in requests {
        let shown = format!("{request:?}");
        assert!(
            !shown.contains(SECRET_PREFIX) && !shown.contains("local-demo-app"),
            "{shown}"
        );
        assert!(
            !shown.contains("client_id") && !shown.contains("code"),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn sessions_stay_and_the_log_gets_one_entry_that_ends_none() {
    let log = SharedLog::default();
    let connection = LogConnection::to(&log);
    let shop = openid_with(|builder| builder.revocation_log(connection.clone())).await;
    shop.layer.warm_up().await.unwrap();
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    let user = user.with(|user| user.provider = "oidc".into());
    let cookie = user.cookie(&shop.layer).unwrap();
    let before = log.entries().await.len();
    assert!(shop.layer.doctor().await.is_good());
    assert_eq!(log.entries().await.len(), before + 1);
    // After another complete reading, the task that follows the log has read the entry.
    shop.layer.warm_up().await.unwrap();
    let request = http::Request::get("/").header(http::header::COOKIE, cookie);
    let request = request.body(axum::body::Body::empty()).unwrap();
    let page = shop.browser().call(request).await;
    assert_eq!(text(&page), "+821012345678");
}

#[tokio::test]
async fn no_line_of_the_log_holds_a_secret() {
    let log = Log::capture();
    let provider = LocalProvider::start().await.unwrap();
    let (first, second) = (provider.oidc(), provider.google());
    let shop = shop(provider, first, |builder| builder.provider(second));
    shop.layer.doctor().await;
    shop.provider.fail(Endpoint::Keys, Fault::Close);
    shop.layer.doctor().await;
    let text = log.text();
    for secret in [SECRET_PREFIX, &super::key_text()[..20]] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test]
async fn failures_of_the_doctors_calls_block_no_sign_in() {
    let provider = LocalProvider::start().await.unwrap();
    provider.fail(Endpoint::Token, Fault::Close);
    provider.fail(Endpoint::Profile, Fault::Close);
    let client = provider.kakao();
    provider.configure(|settings| {
        settings.redirect_uris = vec![format!("{HTTPS}/auth/callback/kakao")];
    });
    let log = InProcessLog::default();
    let shop = shop(provider, client, |builder| builder.revocation_log(log));
    shop.layer.warm_up().await.unwrap();
    for _ in 0..7 {
        assert!(!shop.layer.doctor().await.is_good());
    }
    shop.provider.clear_faults(Endpoint::Token);
    shop.provider.clear_faults(Endpoint::Profile);
    let mut browser = crate::support::browser::Browser::new(shop.app.clone(), HTTPS);
    let away = browser.visit("/").await;
    let callback = browser.act(&away, JIWOO).await;
    assert_eq!(browser.visit(&callback).await.status(), 303);
}
