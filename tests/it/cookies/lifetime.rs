//! The lifetime of a session.

use std::time::{Duration, SystemTime};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{Method, StatusCode};
use tower_phone_auth::{Clock, SessionKey};

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO, location, text},
    shop::{ORIGIN, Shop},
};

const HOUR: Duration = Duration::from_secs(60 * 60);
const SECOND: Duration = Duration::from_secs(1);

async fn status(browser: &mut Browser) -> StatusCode {
    browser.fetch(Method::GET, "/").await.status()
}

/// Asserts that the sessions of this shop end after `life` and not a second before.
async fn assert_session_lasts(shop: Shop, life: Duration) {
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(life - SECOND);
    assert_eq!(status(&mut browser).await, StatusCode::OK);
    shop.time.pass(SECOND);
    assert_eq!(status(&mut browser).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours() {
    assert_session_lasts(Shop::open().await, 12 * HOUR).await;
}

#[tokio::test]
async fn a_session_ends_after_the_time_set() {
    for life in [SECOND * 2, HOUR, 24 * 365 * HOUR] {
        let shop = Shop::with(|kakao| kakao, |builder| builder.session_lifetime(life));
        assert_session_lasts(shop.await, life).await;
    }
}

/// The day since 1970 in the header of a sealed value.
fn day(value: &str) -> u64 {
    let bytes = URL_SAFE_NO_PAD.decode(value).unwrap();
    bytes[4..7]
        .iter()
        .fold(0, |day, byte| (day << 8) | u64::from(*byte))
}

#[tokio::test]
async fn a_session_of_a_month_opens_on_each_day_though_each_day_has_its_own_key() {
    let shop = Shop::with(
        |kakao| kakao,
        |builder| builder.session_lifetime(30 * 24 * HOUR),
    )
    .await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let begun = day(browser.session().unwrap());
    assert_eq!(begun, shop.time.now() / (24 * 3600));
    for later in 1..30 {
        shop.time.pass(24 * HOUR);
        assert_eq!(status(&mut browser).await, StatusCode::OK, "day {later}");
        let mut other = shop.browser();
        other.visit("/").await;
        let pending = other.cookies.values().next().unwrap();
        assert_eq!(day(pending), begun + later);
    }
    shop.time.pass(24 * HOUR);
    let over = browser.fetch(Method::GET, "/").await;
    assert!(text(&over).contains(r#""reason":"expired""#));
}

#[tokio::test]
async fn cookies_with_invented_days_are_refused_and_change_no_session() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let session = browser.session().unwrap().to_owned();
    let bytes = URL_SAFE_NO_PAD.decode(&session).unwrap();
    for invented in (0..=u16::MAX).step_by(13) {
        let mut forged = bytes.clone();
        if forged[5..7] == invented.to_be_bytes() {
            continue;
        }
        forged[5..7].copy_from_slice(&invented.to_be_bytes());
        let forged = URL_SAFE_NO_PAD.encode(forged);
        browser.cookies.insert("phone-auth".to_owned(), forged);
        assert_eq!(status(&mut browser).await, StatusCode::UNAUTHORIZED);
    }
    browser.cookies.insert("phone-auth".to_owned(), session);
    assert_eq!(status(&mut browser).await, StatusCode::OK);
}

#[tokio::test]
async fn requests_do_not_prolong_a_session() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    for _ in 0..11 {
        shop.time.pass(HOUR);
        assert_eq!(status(&mut browser).await, StatusCode::OK);
    }
    shop.time.pass(HOUR);
    assert_eq!(status(&mut browser).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_page_visit_with_an_expired_session_signs_in_again() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(13 * HOUR);
    let back = browser.come_back("/cart", JIWOO).await;
    assert_eq!(location(&back), "/cart");
    assert_eq!(status(&mut browser).await, StatusCode::OK);
}

#[tokio::test]
async fn sessions_work_in_the_year_2040() {
    for years in [14, 80, 900] {
        let shop = Shop::open().await;
        shop.time.pass(years * 366 * 24 * HOUR);
        assert_session_lasts(shop, 12 * HOUR).await;
    }
}

#[tokio::test]
async fn fractions_of_a_second_shorten_a_session_by_at_most_one_second() {
    let key = SessionKey::random();
    let begun = SystemTime::UNIX_EPOCH + Duration::new(2_000_000_000, 999_999_999);
    let shop = Shop::open().await;
    let at = |now: SystemTime| {
        let (kakao, key) = (shop.provider.kakao(), key.clone());
        shop.restarted(kakao, |builder| {
            builder.session_key(key).clock(Clock::new(move || now))
        })
    };
    let mut browser = Browser::new(at(begun), ORIGIN);
    browser.sign_in("/", JIWOO).await;
    for (after, expected) in [
        (Duration::ZERO, StatusCode::OK),
        (12 * HOUR - SECOND, StatusCode::OK),
        (12 * HOUR, StatusCode::UNAUTHORIZED),
    ] {
        browser.moves_to(at(begun + after));
        assert_eq!(status(&mut browser).await, expected, "{after:?}");
    }
}

#[tokio::test]
async fn a_clock_that_is_set_back_ends_no_session_and_no_pending_sign_in() {
    let shop = Shop::open().await;
    let key = SessionKey::random();
    let at = |now: SystemTime| {
        let (kakao, key) = (shop.provider.kakao(), key.clone());
        shop.restarted(kakao, |builder| {
            builder.session_key(key).clock(Clock::new(move || now))
        })
    };
    let now = SystemTime::now();
    let mut browser = Browser::new(at(now), ORIGIN);
    let away = browser.visit("/cart").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.moves_to(at(now - HOUR));
    assert_eq!(location(&browser.visit(&callback).await), "/cart");
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    browser.moves_to(at(now - HOUR - minutes(4)));
    assert_eq!(status(&mut browser).await, StatusCode::OK);
    // Farther back, the session looks like one that a wrong clock dated ahead.
    browser.moves_to(at(now - HOUR - minutes(5)));
    assert_eq!(status(&mut browser).await, StatusCode::UNAUTHORIZED);
}
