//! Kakao's unlink webhook and security events.

use std::sync::{Arc, Mutex};

use http::{Method, StatusCode};
use serde_json::{Value, json};
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
use tower_phone_auth_local_provider::{Endpoint, Person, Signing};

use super::{FORM, OAUTH, RISC, SET, assert_quiet, call, is_in, member, post};
use crate::support::{
    browser::Page,
    log::Log,
    shop::{ORIGIN, Shop},
};

const PATH: &str = "/auth/events/kakao";
const KEY: &str = "lpsecret-admin-key";

type Gone = Arc<Mutex<Vec<String>>>;

async fn open() -> (Shop, Gone) {
    let gone = Gone::default();
    let keep = Arc::clone(&gone);
    let shop = Shop::with(
        |kakao| kakao.admin_key(KEY),
        |builder| {
            builder.on_unlink(move |unlink| {
                let person = format!("{} {}", unlink.provider, unlink.subject);
                keep.lock().unwrap().push(person);
                async { Ok(()) }
            })
        },
    )
    .await;
    (shop, gone)
}

fn notice(shop: &Shop) -> String {
    let notice = shop.provider.kakao_unlink_notice(Person::WITH_PHONE);
    notice.unwrap()
}

async fn unlink(shop: &Shop, authorization: &[&str], body: String) -> Page {
    let mut headers = vec![("content-type", FORM)];
    headers.extend(authorization.iter().map(|value| ("authorization", *value)));
    call(shop, Method::POST, PATH, &headers, body).await
}

fn proof() -> String {
    format!("KakaoAK {KEY}")
}

#[tokio::test]
async fn an_unlinked_person_is_signed_out_and_the_application_hears_who() {
    let (shop, gone) = open().await;
    let mut browser = member(&shop).await;
    let page = unlink(&shop, &[&proof()], notice(&shop)).await;
    assert_quiet(&page, StatusCode::OK);
    assert!(!is_in(&mut browser).await);
    assert_eq!(*gone.lock().unwrap(), ["kakao 1376016924429759228"]);
}

#[tokio::test]
async fn the_webhook_may_be_a_get() {
    let (shop, gone) = open().await;
    let mut browser = member(&shop).await;
    let path = format!("{PATH}?{}", notice(&shop));
    let headers = [("authorization", &*proof())];
    let page = call(&shop, Method::GET, &path, &headers, "").await;
    assert_quiet(&page, StatusCode::OK);
    assert!(!is_in(&mut browser).await);
    assert_eq!(gone.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn without_the_admin_key_nobody_is_kakao() {
    let (shop, gone) = open().await;
    let mut browser = member(&shop).await;
    let right = proof();
    let log = Log::capture();
    for authorization in [
        &[][..],
        &[""],
        &["KakaoAK"],
        &["KakaoAK "],
        &["KakaoAK lpsecret-admin-ke"],
        &["KakaoAK lpsecret-admin-keyy"],
        &["Bearer lpsecret-admin-key"],
        &["kakaoak lpsecret-admin-key"],
        &[KEY],
        &[&right, "KakaoAK another"],
        &["KakaoAK another", &right],
    ] {
        let page = unlink(&shop, authorization, notice(&shop)).await;
        assert_quiet(&page, StatusCode::UNAUTHORIZED);
    }
    let path = format!("{PATH}?{}", notice(&shop));
    let page = call(&shop, Method::GET, &path, &[], "").await;
    assert_quiet(&page, StatusCode::UNAUTHORIZED);
    assert!(is_in(&mut browser).await);
    assert!(gone.lock().unwrap().is_empty());
    assert!(log.text().contains("not_proved"));
    assert!(!log.text().contains("lpsecret"));
}

#[tokio::test]
async fn a_webhook_about_nobody_is_refused() {
    let (shop, gone) = open().await;
    for body in [
        "",
        "app_id=1",
        "user_id=",
        "user_id=-1",
        "user_id=1&user_id=2",
        "user_id=1e3",
        "user_id=%00",
        "user_id=123456789012345678901",
    ] {
        let page = unlink(&shop, &[&proof()], body.to_owned()).await;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST, "{body}");
    }
    assert!(gone.lock().unwrap().is_empty());
}

#[tokio::test]
async fn somebody_unknown_here_is_answered_the_same() {
    let (shop, _) = open().await;
    let page = unlink(&shop, &[&proof()], "user_id=7".to_owned()).await;
    assert_quiet(&page, StatusCode::OK);
}

#[tokio::test]
async fn without_an_admin_key_there_is_no_webhook() {
    let shop = Shop::open().await;
    let mut browser = member(&shop).await;
    for authorization in [&[][..], &["KakaoAK "], &["KakaoAK None"]] {
        let page = unlink(&shop, authorization, notice(&shop)).await;
        assert_quiet(&page, StatusCode::NOT_FOUND);
    }
    let path = format!("{PATH}?{}", notice(&shop));
    let page = call(&shop, Method::GET, &path, &[], "").await;
    assert_eq!(page.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(page.headers()["allow"], "POST");
    assert!(is_in(&mut browser).await);
}

#[tokio::test]
async fn an_empty_admin_key_is_a_wrong_setting() {
    for key in ["", " "] {
        let kakao = Kakao::new("key", "secret").admin_key(key);
        let built = OAuthLayer::new(kakao, ORIGIN, SessionKey::random());
        let error = built.unwrap_err();
        assert_eq!(error.setting(), "admin_key");
        assert_eq!(
            error.to_string(),
            "admin_key: is empty for Kakao; give the primary admin key of your app, or leave it out"
        );
    }
}

#[tokio::test]
async fn an_unlinked_security_event_is_the_same_unlink() {
    let (shop, gone) = open().await;
    let mut browser = member(&shop).await;
    let event = format!("{OAUTH}/user-unlinked");
    let token = shop.provider.kakao_event(&event, Person::WITH_PHONE);
    let page = post(&shop, PATH, SET, token.unwrap()).await;
    assert_quiet(&page, StatusCode::ACCEPTED);
    assert!(!is_in(&mut browser).await);
    assert_eq!(*gone.lock().unwrap(), ["kakao 1376016924429759228"]);
}

#[tokio::test]
async fn a_security_event_ends_sessions_without_an_admin_key() {
    let shop = Shop::open().await;
    for event in ["account-disabled", "sessions-revoked"] {
        let mut browser = member(&shop).await;
        let event = format!("{RISC}/{event}");
        let token = shop.provider.kakao_event(&event, Person::WITH_PHONE);
        let page = post(&shop, PATH, SET, token.unwrap()).await;
        assert_quiet(&page, StatusCode::ACCEPTED);
        assert!(!is_in(&mut browser).await, "{event}");
        shop.time.pass(std::time::Duration::from_secs(1));
    }
}

#[tokio::test]
async fn who_links_or_consents_is_not_signed_out() {
    let (shop, gone) = open().await;
    let mut browser = member(&shop).await;
    for event in [
        "user-linked",
        "user-scope-consent",
        "user-scope-withdraw",
        "token-issued",
    ] {
        let event = format!("{OAUTH}/{event}");
        let token = shop.provider.kakao_event(&event, Person::WITH_PHONE);
        let page = post(&shop, PATH, SET, token.unwrap()).await;
        assert_quiet(&page, StatusCode::ACCEPTED);
    }
    assert!(is_in(&mut browser).await);
    assert!(gone.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_forged_security_event_is_refused_with_the_standards_names() {
    type Forge = fn(&mut Value, &mut Value);
    let cases: [(&str, Forge); 4] = [
        ("invalid_issuer", |_, claims| {
            claims["iss"] = "https://evil.example".into()
        }),
        ("invalid_audience", |_, claims| {
            claims["aud"] = "another-app".into()
        }),
        ("invalid_key", |header, _| {
            header["kid"] = "unheard-of".into()
        }),
        ("invalid_request", |_, claims| claims["events"] = json!({})),
    ];
    for (code, forge) in cases {
        let shop = Shop::open().await;
        let mut browser = member(&shop).await;
        shop.provider.forge_id_token(forge);
        let event = format!("{RISC}/sessions-revoked");
        let token = shop.provider.kakao_event(&event, Person::WITH_PHONE);
        let page = post(&shop, PATH, SET, token.unwrap()).await;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST);
        let document: Value = serde_json::from_slice(page.body()).unwrap();
        assert_eq!(document["err"], code);
        assert!(document["description"].is_string());
        assert!(is_in(&mut browser).await);
    }
}

#[tokio::test]
async fn a_badly_signed_security_event_is_refused() {
    for signing in [Signing::WrongKey, Signing::None, Signing::HmacWithPublicKey] {
        let shop = Shop::open().await;
        let mut browser = member(&shop).await;
        shop.provider.sign_id_tokens(signing);
        let event = format!("{RISC}/sessions-revoked");
        let token = shop.provider.kakao_event(&event, Person::WITH_PHONE);
        let page = post(&shop, PATH, SET, token.unwrap()).await;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST);
        assert!(is_in(&mut browser).await);
    }
}

#[tokio::test]
async fn quirk_83_a_flood_of_unknown_keys_costs_a_few_requests() {
    let shop = Shop::open().await;
    shop.provider
        .forge_id_token(|header, _| header["kid"] = "unheard-of".into());
    for _ in 0..50 {
        let event = format!("{RISC}/sessions-revoked");
        let token = shop.provider.kakao_event(&event, Person::WITH_PHONE);
        post(&shop, PATH, SET, token.unwrap()).await;
    }
    assert!(shop.provider.count(Endpoint::Keys) <= 5);
}
