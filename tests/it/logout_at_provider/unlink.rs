//! Unlinks that the application asks for.

use http::{Method, StatusCode};
use tower_phone_auth::error::LoginErrorKind::{Misconfigured, TokenRejected};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Person, faults::Fault};

use super::token_revocation::{open, token};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::JIWOO,
    outcome::{form_value, sent},
};

#[tokio::test]
async fn kakao_unlinks_by_a_token() {
    let (shop, kept) = open(LocalProvider::kakao).await;
    let token = token(&shop, &kept).await;
    shop.layer
        .provider("kakao")
        .unwrap()
        .unlink(&token)
        .await
        .unwrap();
    assert_eq!(sent(&shop, Endpoint::Revocation).path, "/v1/user/unlink");
    // An invalid token unlinks no user.
    let error = shop
        .layer
        .provider("kakao")
        .unwrap()
        .unlink(&token)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), TokenRejected);
}

#[tokio::test]
async fn kakao_unlinks_by_the_admin_key() {
    let admin = |provider: &LocalProvider| provider.kakao().admin_key("lpsecret-admin");
    let (shop, kept) = open(admin).await;
    let token = token(&shop, &kept).await;
    let subject = Person::WITH_PHONE.to_string();
    shop.layer
        .provider("kakao")
        .unwrap()
        .unlink_subject(&subject)
        .await
        .unwrap();
    let request = sent(&shop, Endpoint::Revocation);
    assert_eq!(request.headers["authorization"], "KakaoAK lpsecret-admin");
    assert_eq!(
        form_value(&request, "target_id_type").as_deref(),
        Some("user_id")
    );
    assert_eq!(form_value(&request, "target_id"), Some(subject));
    // The tokens of the user ended with the unlink.
    let error = shop
        .layer
        .provider("kakao")
        .unwrap()
        .unlink(&token)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), TokenRejected);
}

#[tokio::test]
async fn an_unlink_of_a_user_without_a_link_succeeds() {
    let admin = |provider: &LocalProvider| provider.kakao().admin_key("lpsecret-admin");
    let (shop, _) = open(admin).await;
    let body = serde_json::json!({ "msg": "NotRegisteredUserException", "code": -101 });
    let gone = Fault::json(StatusCode::BAD_REQUEST, &body);
    shop.provider.fail_next(Endpoint::Revocation, gone);
    shop.layer
        .provider("kakao")
        .unwrap()
        .unlink_subject("7")
        .await
        .unwrap();
}

#[tokio::test]
async fn a_wrong_admin_key_is_an_error() {
    let admin = |provider: &LocalProvider| provider.kakao().admin_key("lpsecret-wrong");
    let (shop, _) = open(admin).await;
    let error = shop
        .layer
        .provider("kakao")
        .unwrap()
        .unlink_subject("7")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Misconfigured);
    let body = serde_json::json!({ "msg": "wrong appKey", "code": -401 });
    let refused = Fault::json(StatusCode::UNAUTHORIZED, &body);
    shop.provider.fail_next(Endpoint::Revocation, refused);
    let error = shop
        .layer
        .provider("kakao")
        .unwrap()
        .unlink_subject("7")
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (Misconfigured, Some("admin_key"))
    );
    assert!(!format!("{error} {error:?}").contains("lpsecret"));
}

#[tokio::test]
async fn without_the_admin_key_no_user_is_unlinked_by_subject() {
    let (shop, _) = open(LocalProvider::kakao).await;
    let error = shop
        .layer
        .provider("kakao")
        .unwrap()
        .unlink_subject("7")
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (Misconfigured, Some("admin_key"))
    );
    assert!(shop.provider.requests().is_empty());
}

#[tokio::test]
async fn quirk_82_at_naver_an_empty_200_is_success() {
    let (shop, kept) = open(LocalProvider::naver).await;
    let token = token(&shop, &kept).await;
    shop.layer
        .provider("naver")
        .unwrap()
        .unlink(&token)
        .await
        .unwrap();
    let request = sent(&shop, Endpoint::Revocation);
    for (name, value) in [
        ("client_id", "local-demo-app"),
        ("client_secret", "lpsecret-client"),
        ("token", &token),
        ("token_type_hint", "access_token"),
    ] {
        assert_eq!(form_value(&request, name).as_deref(), Some(value));
    }
    assert_eq!(request.query, None);
}

#[tokio::test]
async fn google_unlinks_by_a_revocation() {
    let (shop, kept) = open(LocalProvider::google).await;
    let token = token(&shop, &kept).await;
    shop.layer
        .provider("google")
        .unwrap()
        .unlink(&token)
        .await
        .unwrap();
    assert_eq!(sent(&shop, Endpoint::Revocation).path, "/revoke");
    let error = shop
        .layer
        .provider("google")
        .unwrap()
        .unlink_subject("7")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Misconfigured);
}

#[tokio::test]
async fn an_openid_provider_has_no_unlink() {
    let (shop, kept) = open(LocalProvider::oidc).await;
    let token = token(&shop, &kept).await;
    let error = shop
        .layer
        .provider("oidc")
        .unwrap()
        .unlink(&token)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Misconfigured);
    assert!(shop.provider.requests().is_empty());
}

#[tokio::test]
async fn quirk_81_no_sign_out_unlinks_or_revokes_at_any_provider() {
    type Open = fn(&LocalProvider) -> tower_phone_auth::provider::Provider;
    let openers: [Open; 4] = [
        |local| local.kakao().logout_at_provider().into(),
        |local| local.naver().into(),
        |local| local.google().into(),
        |local| local.oidc().logout_at_provider().into(),
    ];
    for opener in openers {
        let (shop, _) = open(opener).await;
        for headers in [
            &[
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-site", "same-origin"),
            ][..],
            &[],
        ] {
            let mut browser = shop.browser();
            browser.sign_in("/", JIWOO).await;
            browser.send(Method::POST, "/auth/logout", headers).await;
            assert_eq!(browser.session(), None);
        }
        assert_eq!(shop.provider.count(Endpoint::Revocation), 0);
    }
}
