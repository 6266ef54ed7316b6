//! The cookie of a finished attempt. Every replica can answer from it, and it signs no user in.

use http::Method;
use tower_phone_auth::{
    Builder, OAuthLayer, SessionKey, Text, error::LoginErrorKind, hooks::Denied,
};
use tower_phone_auth_local_provider::{Endpoint, Person};

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Act, JIWOO, location, refusal, text},
    outcome::error,
    shop::{ORIGIN, Shop, routes},
};

/// Two replicas with the same key.
async fn replicas() -> (Shop, axum::Router) {
    replicas_with(|builder| builder).await
}

/// Two replicas with the same key and these settings.
async fn replicas_with(settings: impl Fn(Builder) -> Builder) -> (Shop, axum::Router) {
    let key = SessionKey::random();
    let keyed = |builder: Builder| settings(builder.session_key(key.clone()));
    let shop = Shop::with(|kakao| kakao, keyed).await;
    let other = OAuthLayer::builder()
        .public_url(ORIGIN)
        .provider(shop.provider.kakao())
        .allow_test_endpoints()
        .clock(shop.time.clock());
    let other = keyed(other).build().unwrap();
    (shop, routes().layer(other))
}

#[tokio::test]
async fn a_reload_at_another_replica_leads_a_signed_in_user_to_the_same_page() {
    let (shop, other) = replicas().await;
    for path in ["/", "/cart?item=7", "/%E3%84%B1/x?q=%26"] {
        let mut browser = shop.browser();
        let away = browser.visit(path).await;
        let callback = browser.act(&away, JIWOO).await;
        browser.visit(&callback).await;
        browser.moves_to(other.clone());
        assert_eq!(location(&browser.visit(&callback).await), path);
        browser.fetch(Method::POST, "/auth/logout").await;
        let page = browser.visit(&callback).await;
        assert_eq!(
            crate::support::browser::not_pending(refusal(&page)),
            Some(LoginErrorKind::UnknownState),
            "{path}"
        );
        assert_eq!(browser.session(), None);
    }
}

#[tokio::test]
async fn a_reload_at_another_replica_shows_the_same_refusal_and_place() {
    let (shop, other) = replicas().await;
    for act in [
        Act::Cancel,
        Act::Agree(Person::WITHOUT_PHONE),
        Act::Agree(Person::PREREGISTERED),
    ] {
        let mut browser = shop.browser();
        let away = browser.visit("/cart?item=7").await;
        let callback = browser.act(&away, act).await;
        let page = browser.visit(&callback).await;
        browser.moves_to(other.clone());
        let calls = shop.provider.count(Endpoint::Token);
        let again = browser.visit(&callback).await;
        assert_eq!(text(&again), text(&page), "{act:?}");
        assert_eq!(error(&again).reference(), error(&page).reference());
        assert_eq!(shop.provider.count(Endpoint::Token), calls);
    }
}

/// The cookie of the refusal has the reason in the language of its user alone.
#[tokio::test]
async fn a_reload_at_another_replica_shows_the_applications_reason_in_the_same_language() {
    let reason = |language: &str| format!("{language} {}", "의".repeat(60));
    let denied = move |_| async move {
        let languages = ["ko", "ja", "zh", "fr", "de"];
        let text = Text::en(reason("en"));
        let text = languages
            .iter()
            .fold(text, |text, language| text.and(*language, reason(language)));
        Err::<(), _>(Denied::new(text).into())
    };
    let (shop, other) = replicas_with(|builder| builder.on_sign_in(denied)).await;
    for (header, language) in [("ja-JP, ko;q=0.5", "ja"), ("de", "de"), ("nb", "en")] {
        let mut browser = shop.browser();
        let header = header.parse().unwrap();
        browser.headers.insert("accept-language", header);
        let away = browser.visit("/cart?item=7").await;
        let callback = browser.act(&away, JIWOO).await;
        let page = browser.visit(&callback).await;
        assert!(text(&page).contains(&reason(language)));
        browser.moves_to(other.clone());
        let again = browser.visit(&callback).await;
        assert_eq!(refusal(&again), Some(LoginErrorKind::Denied));
        assert_eq!(text(&again), text(&page));
    }
}

#[tokio::test]
async fn a_user_who_has_signed_in_with_another_account_since_is_not_redirected() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/cart").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    let away = browser.visit("/auth/login?provider=kakao&fresh=1").await;
    let second = browser.act(&away, Act::Agree(Person::TRUNK_ZERO)).await;
    browser.visit(&second).await;
    let session = browser.session().map(str::to_owned);
    let page = browser.visit(&callback).await;
    assert_eq!(
        crate::support::browser::not_pending(refusal(&page)),
        Some(LoginErrorKind::UnknownState)
    );
    assert!(text(&page).contains("return_to=%2Fcart"));
    assert_eq!(browser.session().map(str::to_owned), session);
}

#[tokio::test]
async fn a_sign_in_whose_answer_was_lost_replaces_no_session_begun_since() {
    let shop = Shop::open().await;
    for path in ["/", "/cart", "/orders?page=2"] {
        let mut browser = shop.browser();
        let away = browser.visit(path).await;
        let callback = browser.act(&away, JIWOO).await;
        let mut lost = shop.browser();
        lost.cookies = browser.cookies.clone();
        lost.visit(&callback).await;
        browser.set_provider_session(None);
        let away = browser.visit("/auth/login?provider=kakao&fresh=1").await;
        let second = browser.act(&away, Act::Agree(Person::TRUNK_ZERO)).await;
        browser.visit(&second).await;
        let session = browser.session().map(str::to_owned);
        let page = browser.visit(&callback).await;
        assert_eq!(refusal(&page), Some(LoginErrorKind::UnknownState), "{path}");
        assert_eq!(browser.session().map(str::to_owned), session);
        assert_eq!(text(&browser.visit("/").await), "+821023456789");
    }
}

#[tokio::test]
async fn a_second_request_of_a_sign_in_is_the_same_when_the_callback_is_loaded_again() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/cart").await;
    let callback = browser.act(&away, Act::Untick(Person::WITH_PHONE)).await;
    let first_callback = callback.clone();
    let first = browser.visit(&callback).await;
    let again = browser.visit(&callback).await;
    assert_eq!(location(&again), location(&first));
    assert_eq!(shop.provider.count(Endpoint::Token), 1);
    let callback = browser.act(&again, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/cart");
    assert_eq!(text(&browser.visit("/").await), "+821012345678");
    assert_eq!(location(&browser.visit(&first_callback).await), "/cart");
}

#[tokio::test]
async fn a_hook_that_panics_is_a_page_and_no_sign_in_also_when_it_is_loaded_again() {
    let shop = Shop::with(
        |kakao| kakao,
        |builder| {
            builder.on_sign_in(
                async |_| -> Result<(), tower_phone_auth::hooks::SignInError> {
                    panic!("the hook panics in this test")
                },
            )
        },
    )
    .await;
    let mut browser = shop.browser();
    let away = browser.visit("/cart").await;
    let callback = browser.act(&away, JIWOO).await;
    let mut copy = shop.browser();
    copy.cookies = browser.cookies.clone();
    for browser in [&mut browser, &mut copy] {
        for _ in 0..2 {
            let page = browser.visit(&callback).await;
            assert!(refusal(&page).is_some(), "{}", page.status());
            assert!(text(&page).contains("return_to=%2Fcart"));
            assert_eq!(browser.session(), None);
        }
    }
    assert_eq!(shop.provider.count(Endpoint::Token), 1);
}

#[tokio::test]
async fn half_an_hour_after_the_sign_in_began_nothing_is_kept() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/cart").await;
    let callback = browser.act(&away, Act::Cancel).await;
    browser.visit(&callback).await;
    for (minutes, kind) in [
        (29, LoginErrorKind::Cancelled),
        (2, LoginErrorKind::LoginExpired),
    ] {
        shop.time.pass(std::time::Duration::from_secs(minutes * 60));
        let page = browser.visit(&callback).await;
        assert_eq!(refusal(&page), Some(kind));
    }
}

/// The size of the header lines in HTTP/1.1.
fn header_bytes(page: &crate::support::browser::Page) -> usize {
    let lines = page.headers().iter();
    lines
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum()
}

#[tokio::test]
async fn the_headers_of_a_callback_stay_below_4000_bytes_for_places_of_any_length() {
    let shop = Shop::open().await;
    for length in [600, 900, 1200, 1600, 1900] {
        let path = format!("/cart?note={}", "x".repeat(length));
        let mut browser = shop.browser();
        for tab in 0..6 {
            let away = browser.visit(&path).await;
            if away.headers()["location"]
                .to_str()
                .unwrap()
                .starts_with('/')
            {
                break;
            }
            let callback = browser.act(&away, Act::Cancel).await;
            for page in [
                browser.visit(&callback).await,
                browser.visit(&callback).await,
            ] {
                assert!(
                    header_bytes(&page) < 4000,
                    "{length}, {tab}: {}",
                    header_bytes(&page)
                );
                assert_eq!(refusal(&page), Some(LoginErrorKind::Cancelled));
            }
        }
        let callback = {
            let away = browser.visit(&path).await;
            browser.act(&away, JIWOO).await
        };
        let page = browser.visit(&callback).await;
        assert!(
            header_bytes(&page) < 4000,
            "{length}: {}",
            header_bytes(&page)
        );
        assert_eq!(location(&page), path);
    }
}
