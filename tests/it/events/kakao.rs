//! The unlink webhook of Kakao.

use std::sync::{Arc, Mutex};

use http::{Method, StatusCode};
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
use tower_phone_auth_local_provider::Person;

use super::{FORM, assert_empty_answer, call, is_signed_in, sign_in};
use crate::support::{
    browser::Page,
    log::Log,
    shop::{ORIGIN, Shop},
};

pub(super) const PATH: &str = "/auth/events/kakao";
const KEY: &str = "lpsecret-admin-key";

pub(super) type Unlinked = Arc<Mutex<Vec<String>>>;

pub(super) async fn open() -> (Shop, Unlinked) {
    let gone = Unlinked::default();
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
async fn an_unlinked_user_is_signed_out_and_the_hook_gets_the_subject() {
    let (shop, gone) = open().await;
    let mut browser = sign_in(&shop).await;
    let page = unlink(&shop, &[&proof()], notice(&shop)).await;
    assert_empty_answer(&page, StatusCode::OK);
    assert!(!is_signed_in(&mut browser).await);
    assert_eq!(*gone.lock().unwrap(), ["kakao 1376016924429759228"]);
}

#[tokio::test]
async fn the_webhook_may_be_a_get() {
    let (shop, gone) = open().await;
    let mut browser = sign_in(&shop).await;
    let path = format!("{PATH}?{}", notice(&shop));
    let headers = [("authorization", &*proof())];
    let page = call(&shop, Method::GET, &path, &headers, "").await;
    assert_empty_answer(&page, StatusCode::OK);
    assert!(!is_signed_in(&mut browser).await);
    assert_eq!(gone.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_webhook_without_the_admin_key_is_refused() {
    let (shop, gone) = open().await;
    let mut browser = sign_in(&shop).await;
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
        assert_empty_answer(&page, StatusCode::UNAUTHORIZED);
    }
    let path = format!("{PATH}?{}", notice(&shop));
    let page = call(&shop, Method::GET, &path, &[], "").await;
    assert_empty_answer(&page, StatusCode::UNAUTHORIZED);
    assert!(is_signed_in(&mut browser).await);
    assert!(gone.lock().unwrap().is_empty());
    assert!(log.text().contains("not_proved"));
    assert!(!log.text().contains("lpsecret"));
}

#[tokio::test]
async fn a_webhook_without_a_user_is_refused() {
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
async fn a_webhook_about_an_unknown_user_gets_the_same_answer() {
    let (shop, _) = open().await;
    let page = unlink(&shop, &[&proof()], "user_id=7".to_owned()).await;
    assert_empty_answer(&page, StatusCode::OK);
}

#[tokio::test]
async fn without_the_setting_admin_key_there_is_no_webhook() {
    let shop = Shop::open().await;
    let mut browser = sign_in(&shop).await;
    for authorization in [&[][..], &["KakaoAK "], &["KakaoAK None"]] {
        let page = unlink(&shop, authorization, notice(&shop)).await;
        assert_empty_answer(&page, StatusCode::NOT_FOUND);
    }
    let path = format!("{PATH}?{}", notice(&shop));
    let page = call(&shop, Method::GET, &path, &[], "").await;
    assert_eq!(page.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(page.headers()["allow"], "POST");
    assert!(is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn an_empty_admin_key_is_refused_at_build() {
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
