//! An event ends a session even if a wrong clock dated the session. An event about a subject that
//! no session can have ends nothing.

use std::time::Duration;

use http::StatusCode;
use tower_phone_auth_local_provider::{LocalProvider, Person};

use super::{FORM, OAUTH, RISC, SET, is_signed_in, post, sign_in};
use crate::support::clients::Clients as _;
use crate::support::{browser::Browser, shop::Shop};

const MINUTE: Duration = Duration::from_secs(60);

/// A session that was dated while the clock was ten minutes ahead. The clock is right again.
async fn dated_ahead(shop: &Shop) -> Browser {
    shop.time.set_forward(10 * MINUTE);
    let browser = sign_in(shop).await;
    shop.time.set_back(10 * MINUTE);
    browser
}

async fn assert_stays_signed_out(shop: &Shop, mut browser: Browser) {
    for _ in 0..30 {
        assert!(!is_signed_in(&mut browser).await);
        shop.time.pass(MINUTE);
    }
}

#[tokio::test]
async fn a_logout_token_ends_a_session_that_was_dated_ahead() {
    for names_sessions in [true, false] {
        let provider = LocalProvider::start().await.unwrap();
        provider.configure(|settings| settings.oidc.names_sessions = names_sessions);
        let oidc = provider.oidc();
        let shop = Shop::at(provider, oidc, |builder| builder);
        let browser = dated_ahead(&shop).await;
        let token = shop.provider.logout_token(Person::WITH_PHONE).unwrap();
        let page = post(
            &shop,
            "/auth/events/oidc",
            FORM,
            format!("logout_token={token}"),
        )
        .await;
        assert_eq!(page.status(), StatusCode::OK);
        assert_stays_signed_out(&shop, browser).await;
    }
}

#[tokio::test]
async fn a_security_event_ends_a_session_that_was_dated_ahead() {
    let provider = LocalProvider::start().await.unwrap();
    let google = provider.google();
    let shop = Shop::at(provider, google, |builder| builder);
    let browser = dated_ahead(&shop).await;
    let event = format!("{RISC}/sessions-revoked");
    let token = shop
        .provider
        .google_event(&event, Person::WITH_PHONE)
        .unwrap();
    let page = post(&shop, "/auth/events/google", SET, token).await;
    assert_eq!(page.status(), StatusCode::ACCEPTED);
    assert_stays_signed_out(&shop, browser).await;
}

#[tokio::test]
async fn an_unlink_ends_a_session_that_was_dated_ahead() {
    let shop = Shop::open().await;
    let browser = dated_ahead(&shop).await;
    let event = format!("{OAUTH}/user-unlinked");
    let token = shop
        .provider
        .kakao_event(&event, Person::WITH_PHONE)
        .unwrap();
    let page = post(&shop, "/auth/events/kakao", SET, token).await;
    assert_eq!(page.status(), StatusCode::ACCEPTED);
    assert_stays_signed_out(&shop, browser).await;
}

#[tokio::test]
async fn an_event_about_a_subject_that_is_too_long_is_refused_each_time() {
    let provider = LocalProvider::start().await.unwrap();
    let oidc = provider.oidc();
    let shop = Shop::at(provider, oidc, |builder| builder);
    for length in [256, 900, 1000, 5000] {
        shop.provider.forge_id_token(move |_, claims| {
            claims.as_object_mut().unwrap().remove("sid");
            claims["sub"] = "s".repeat(length).into();
        });
        for _ in 0..2 {
            let token = shop.provider.logout_token(Person::WITH_PHONE).unwrap();
            let page = post(
                &shop,
                "/auth/events/oidc",
                FORM,
                format!("logout_token={token}"),
            )
            .await;
            assert_eq!(page.status(), StatusCode::BAD_REQUEST, "{length}");
        }
    }
}
