//! Naver's unlink notice.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use http::StatusCode;
use tower_phone_auth_local_provider::{LocalProvider, Person};

use super::{FORM, assert_empty_answer, is_signed_in, post, sign_in};
use crate::support::clients::Clients as _;
use crate::support::{browser::altered, log::Log, shop::Shop};

const PATH: &str = "/auth/events/naver";

type Unlinked = Arc<Mutex<Vec<String>>>;

async fn open() -> (Shop, Unlinked) {
    let gone = Unlinked::default();
    let keep = Arc::clone(&gone);
    let provider = LocalProvider::start().await.unwrap();
    let naver = provider.naver();
    let shop = Shop::at(provider, naver, |builder| {
        builder.on_unlink(move |unlink| {
            keep.lock().unwrap().push(unlink.subject.to_string());
            async { Ok(()) }
        })
    });
    (shop, gone)
}

fn notice(shop: &Shop) -> String {
    let notice = shop
        .provider
        .naver_unlink_notice(Person::WITH_PHONE, shop.time.now());
    notice.unwrap()
}

#[tokio::test]
async fn an_unlinked_user_is_signed_out_and_the_hook_gets_the_subject() {
    let (shop, gone) = open().await;
    let mut browser = sign_in(&shop).await;
    let page = post(&shop, PATH, FORM, notice(&shop)).await;
    assert_empty_answer(&page, StatusCode::NO_CONTENT);
    assert!(!is_signed_in(&mut browser).await);
    assert_eq!(gone.lock().unwrap().len(), 1);
    // The id is as in the profile, with +, / and =.
    assert!(gone.lock().unwrap()[0].starts_with("Lp+/"));
}

#[tokio::test]
async fn the_padding_of_the_notice_is_optional() {
    let (shop, gone) = open().await;
    let unpadded = notice(&shop).trim_end_matches("%3D").to_owned();
    assert_ne!(unpadded, notice(&shop));
    let page = post(&shop, PATH, FORM, unpadded).await;
    assert_empty_answer(&page, StatusCode::NO_CONTENT);
    assert_eq!(gone.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_forged_notice_is_refused() {
    let (shop, gone) = open().await;
    let mut browser = sign_in(&shop).await;
    let other = shop
        .provider
        .naver_unlink_notice(Person::WITH_PHONE, shop.time.now() - 1)
        .unwrap();
    let foreign = form_urlencoded::parse(other.as_bytes())
        .find_map(|(name, value)| (name == "encryptUniqueId").then(|| value.into_owned()));
    let log = Log::capture();
    for (name, value) in [
        ("clientId", Some("another-app")),
        ("clientId", None),
        ("encryptUniqueId", foreign.as_deref()),
        ("encryptUniqueId", Some("")),
        ("encryptUniqueId", None),
        ("timestamp", Some("1")),
        ("timestamp", Some("soon")),
        ("timestamp", None),
        ("signature", Some("")),
        ("signature", Some("AAAA")),
        ("signature", Some("!!!")),
        ("signature", None),
    ] {
        let form = altered(&format!("?{}", notice(&shop)), name, value);
        let page = post(&shop, PATH, FORM, form[1..].to_owned()).await;
        assert_empty_answer(&page, StatusCode::BAD_REQUEST);
    }
    assert!(is_signed_in(&mut browser).await && gone.lock().unwrap().is_empty());
    assert!(log.text().contains("event refused"));
}

#[tokio::test]
async fn a_notice_with_another_secret_is_refused() {
    let (shop, gone) = open().await;
    shop.provider
        .configure(|settings| settings.client_secret = Some("another".to_owned()));
    let page = post(&shop, PATH, FORM, notice(&shop)).await;
    assert_empty_answer(&page, StatusCode::BAD_REQUEST);
    assert!(gone.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_old_notice_and_one_from_the_future_are_refused() {
    let (shop, gone) = open().await;
    let now = shop.time.now();
    for timestamp in [0, now - 301, now + 301, u64::MAX] {
        let notice = shop
            .provider
            .naver_unlink_notice(Person::WITH_PHONE, timestamp);
        let page = post(&shop, PATH, FORM, notice.unwrap()).await;
        assert_empty_answer(&page, StatusCode::BAD_REQUEST);
    }
    assert!(gone.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_replayed_notice_ends_no_later_session() {
    let (shop, gone) = open().await;
    let notice = notice(&shop);
    post(&shop, PATH, FORM, notice.clone()).await;
    shop.time.pass(Duration::from_secs(1));
    let mut browser = sign_in(&shop).await;
    let unpadded = notice.trim_end_matches("%3D").to_owned();
    for copy in [notice, unpadded] {
        let page = post(&shop, PATH, FORM, copy).await;
        assert_empty_answer(&page, StatusCode::BAD_REQUEST);
    }
    assert!(is_signed_in(&mut browser).await);
    assert_eq!(gone.lock().unwrap().len(), 1);
}
