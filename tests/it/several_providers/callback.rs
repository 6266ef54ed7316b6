//! Callbacks with several providers.

use std::collections::HashSet;

use tower_phone_auth::error::LoginErrorKind::{IssuerMismatch, UnknownState};
use tower_phone_auth_local_provider::{
    Endpoint,
    faults::{CallbackIss, Fault},
};

use super::{NAMES, open};
use crate::support::{
    browser::{JIWOO, altered, location, text},
    outcome::refusal,
};

#[tokio::test]
async fn each_provider_signs_in_and_keeps_the_place() {
    let shop = open().await;
    for name in NAMES {
        let mut browser = shop.browser();
        let login = format!("/auth/login?provider={name}&return_to=%2Fcart%3Fx%3D1");
        let back = browser.come_back(&login, JIWOO).await;
        assert_eq!(location(&back), "/cart?x=1", "{name}");
        assert_eq!(text(&browser.visit("/").await), "+821012345678", "{name}");
    }
}

#[tokio::test]
async fn a_callback_of_one_provider_is_refused_on_the_path_of_another() {
    let shop = open().await;
    for begun in NAMES {
        for other in NAMES.into_iter().filter(|other| *other != begun) {
            let mut browser = shop.browser();
            let login = format!("/auth/login?provider={begun}");
            let away = browser.visit(&login).await;
            let callback = browser.act(&away, JIWOO).await;
            let moved = callback.replace(
                &format!("/callback/{begun}?"),
                &format!("/callback/{other}?"),
            );
            assert_ne!(moved, callback);
            let page = browser.visit(&moved).await;
            assert_eq!(
                crate::support::outcome::not_pending(refusal(&page)),
                (400, UnknownState, None),
                "{begun} {other}"
            );
            assert!(browser.session().is_none());
        }
    }
    assert_eq!(shop.provider.count(Endpoint::Token), 0);
    assert_eq!(shop.provider.count(Endpoint::Profile), 0);
}

#[tokio::test]
async fn the_issuer_of_one_provider_is_refused_at_another() {
    let shop = open().await;
    let issuers = [
        "https://accounts.google.com".to_owned(),
        "https://nid.naver.com".to_owned(),
        shop.provider.oidc_issuer(),
        "https://kauth.kakao.com".to_owned(),
    ];
    for (name, own) in NAMES.into_iter().zip(&issuers) {
        for issuer in &issuers {
            let mut browser = shop.browser();
            let away = browser.visit(&format!("/auth/login?provider={name}")).await;
            let callback = browser.act(&away, JIWOO).await;
            let page = browser
                .visit(&altered(&callback, "iss", Some(issuer)))
                .await;
            if issuer == own {
                assert_eq!(location(&page), "/", "{name}");
            } else {
                let expected = (400, IssuerMismatch, None);
                assert_eq!(refusal(&page), expected, "{name} {issuer}");
            }
        }
    }
}

#[tokio::test]
async fn the_metadata_of_one_provider_demand_nothing_of_another() {
    let shop = open().await;
    shop.provider
        .configure(|settings| settings.oidc.callback_iss = CallbackIss::On);
    for name in NAMES {
        let login = format!("/auth/login?provider={name}");
        let back = shop.browser().come_back(&login, JIWOO).await;
        assert_eq!(location(&back), "/", "{name}");
    }
}

#[tokio::test]
async fn several_sign_ins_in_one_browser_are_independent() {
    let shop = open().await;
    let mut browser = shop.browser();
    let mut callbacks = Vec::new();
    for name in NAMES {
        let away = browser.visit(&format!("/auth/login?provider={name}")).await;
        callbacks.push(browser.act(&away, JIWOO).await);
    }
    assert_eq!(browser.pending().len(), NAMES.len());
    let mut sessions = HashSet::new();
    for callback in callbacks.iter().rev() {
        assert_eq!(location(&browser.visit(callback).await), "/");
        sessions.insert(browser.session().unwrap().to_owned());
    }
    assert_eq!(sessions.len(), NAMES.len());
    assert!(browser.pending().is_empty());
}

#[tokio::test]
async fn a_provider_that_is_down_affects_no_other() {
    let shop = open().await;
    shop.provider.fail(Endpoint::Discovery, Fault::Cut);
    let page = shop.browser().visit("/auth/login?provider=oidc").await;
    assert_eq!(page.status(), 502);
    let mut browser = shop.browser();
    let back = browser.come_back("/auth/login?provider=naver", JIWOO).await;
    assert_eq!(location(&back), "/");
}
