//! The page where users choose a provider marks a provider that is down.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use tower_phone_auth_local_provider::{Endpoint, faults::Fault};

use crate::support::{
    browser::{JIWOO, text},
    outcome::assert_signed_in,
    shop::Shop,
};

const ENGLISH: &str = "Not available at the moment.";
const KOREAN: &str = "일시적으로 이용할 수 없습니다.";

async fn page(shop: &Shop, language: &str) -> String {
    let mut browser = shop.browser();
    let language = language.parse().unwrap();
    browser.headers.insert("accept-language", language);
    text(&browser.visit("/auth/login").await)
}

#[tokio::test]
async fn a_provider_that_is_down_is_marked_and_can_be_tried() {
    let shop = Shop::with_two_providers().await;
    assert!(!page(&shop, "en").await.contains(ENGLISH));
    let fault = Fault::json(StatusCode::BAD_GATEWAY, &json!({}));
    shop.provider.fail(Endpoint::Token, fault);
    for _ in 0..5 {
        let away = "/auth/login?provider=kakao";
        shop.browser().come_back(away, JIWOO).await;
    }
    for (language, note) in [("en", ENGLISH), ("ko", KOREAN)] {
        let page = page(&shop, language).await;
        assert_eq!(page.matches(note).count(), 1, "{page}");
        assert_eq!(page.matches("aria-disabled=\"true\"").count(), 1);
        assert_eq!(page.matches(" off\" aria-disabled").count(), 1, "{page}");
        assert!(page.contains("href=\"/auth/login?provider=kakao&amp;probe=1\""));
        let [second, first] =
            ["second", "kakao"].map(|name| page.find(&format!("provider={name}")));
        assert!(second < first, "a working provider comes first");
    }

    shop.provider.clear_faults(Endpoint::Token);
    shop.time.pass(Duration::from_secs(10));
    assert!(
        !page(&shop, "en").await.contains(ENGLISH),
        "the provider can be tried again"
    );
    let mut browser = shop.browser();
    let back = browser.come_back("/auth/login?provider=kakao", JIWOO);
    assert_signed_in(&back.await, "after the outage");
}

/// Users can sign in at Kakao while its keys cannot be read.
#[tokio::test]
async fn a_provider_whose_sign_ins_work_without_keys_is_not_marked() {
    let shop = Shop::with_two_providers().await;
    shop.provider
        .configure(|settings| settings.kakao_oidc = true);
    let fault = Fault::json(StatusCode::BAD_GATEWAY, &json!({}));
    shop.provider.fail(Endpoint::Keys, fault);
    for _ in 0..7 {
        let away = "/auth/login?provider=kakao";
        let back = shop.browser().come_back(away, JIWOO).await;
        assert_signed_in(&back, "without keys");
    }
    assert_eq!(
        shop.provider.count(Endpoint::Keys),
        5,
        "the circuit is open"
    );
    assert!(!page(&shop, "en").await.contains(ENGLISH));
}
