//! Sessions and pending sign-ins after a change of keys or settings.

use http::{Method, StatusCode};
use tower_phone_auth::{
    Google, Kakao, Naver, OAuthLayer, Oidc, SessionKey, TestUser, error::LoginErrorKind,
    provider::Provider,
};

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO, location, refusal},
    shop::{HTTPS, Shop, routes},
};

async fn shop_with_key(key: &SessionKey) -> Shop {
    Shop::with(|kakao| kakao, |builder| builder.session_key(key.clone())).await
}

async fn status(browser: &mut Browser) -> StatusCode {
    browser.fetch(Method::GET, "/").await.status()
}

#[tokio::test]
async fn a_session_outlives_a_restart_with_the_same_key() {
    let key = SessionKey::random();
    let shop = shop_with_key(&key).await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let kakao = shop.provider.kakao();
    browser.moves_to(shop.restarted(kakao, |builder| builder.session_key(key)));
    assert_eq!(status(&mut browser).await, StatusCode::OK);
}

#[tokio::test]
async fn a_session_of_another_key_is_refused() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    browser.moves_to(shop.restarted(shop.provider.kakao(), |builder| builder));
    assert_eq!(status(&mut browser).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_session_of_another_client_is_refused() {
    let key = SessionKey::random();
    let shop = shop_with_key(&key).await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let other = Kakao::new("another-app", "secret").endpoint_base(shop.provider.origin());
    browser.moves_to(shop.restarted(other, |builder| builder.session_key(key)));
    assert_eq!(status(&mut browser).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_session_of_another_provider_type_with_the_same_name_is_refused() {
    let (id, secret) = ("client-id", "client-secret");
    let google = "https://accounts.google.com";
    let families: [(&str, Provider, Provider); 3] = [
        (
            "naver",
            Naver::new(id, secret).into(),
            Oidc::naver(id, secret).into(),
        ),
        (
            "kakao",
            Kakao::new(id, secret).into(),
            Oidc::kakao(id, secret).into(),
        ),
        (
            "google",
            Google::new(id, secret).into(),
            Oidc::new(google, id, secret).named("google").into(),
        ),
    ];
    for (name, classic, openid) in families {
        let key = SessionKey::random();
        let [classic, openid] = [classic, openid]
            .map(|provider| OAuthLayer::new(provider, HTTPS, key.clone()).unwrap());
        let user = TestUser::new("+82 10-1234-5678").unwrap();
        let user = user.with(|user| user.provider = name.into());
        for (from, to) in [(&classic, &openid), (&openid, &classic)] {
            let cookie = user.cookie(from).unwrap();
            let (cookie_name, value) = cookie.split_once('=').unwrap();
            for (layer, expected) in [(from, StatusCode::OK), (to, StatusCode::UNAUTHORIZED)] {
                let mut browser = Browser::new(routes().layer(layer.clone()), HTTPS);
                browser
                    .cookies
                    .insert(cookie_name.to_owned(), value.to_owned());
                assert_eq!(status(&mut browser).await, expected, "{name}");
            }
        }
    }
}

#[tokio::test]
async fn a_session_of_a_removed_provider_is_refused() {
    let key = SessionKey::random();
    let shop = shop_with_key(&key).await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let renamed = shop.provider.kakao().named("second");
    browser.moves_to(shop.restarted(renamed, |builder| builder.session_key(key)));
    assert_eq!(status(&mut browser).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_new_secret_at_the_provider_ends_no_session() {
    let key = SessionKey::random();
    let shop = shop_with_key(&key).await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let kakao = Kakao::new(shop.provider.client_id(), "renewed");
    browser.moves_to(shop.restarted(kakao, |builder| builder.session_key(key)));
    assert_eq!(status(&mut browser).await, StatusCode::OK);
}

#[tokio::test]
async fn a_rotated_key_still_opens_old_sessions_and_seals_new_ones() {
    let (old, new) = (SessionKey::random(), SessionKey::random());
    let shop = shop_with_key(&old).await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let both = new.clone().and(old);
    let kakao = || shop.provider.kakao();
    browser.moves_to(shop.restarted(kakao(), |builder| builder.session_key(both)));
    assert_eq!(status(&mut browser).await, StatusCode::OK);

    browser.cookies.clear();
    browser.sign_in("/", JIWOO).await;
    browser.moves_to(shop.restarted(kakao(), |builder| builder.session_key(new)));
    assert_eq!(status(&mut browser).await, StatusCode::OK);
}

#[tokio::test]
async fn a_removed_key_opens_no_session() {
    let (old, new) = (SessionKey::random(), SessionKey::random());
    let shop = shop_with_key(&old).await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let kakao = shop.provider.kakao();
    browser.moves_to(shop.restarted(kakao, |builder| builder.session_key(new)));
    assert_eq!(status(&mut browser).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_sign_in_that_started_with_the_old_key_ends_with_the_new_key() {
    let (old, new) = (SessionKey::random(), SessionKey::random());
    let shop = shop_with_key(&old).await;
    let mut browser = shop.browser();
    let away = browser.visit("/cart").await;
    let callback = browser.act(&away, JIWOO).await;
    let kakao = shop.provider.kakao();
    let both = new.and(old);
    browser.moves_to(shop.restarted(kakao, |builder| builder.session_key(both)));
    assert_eq!(location(&browser.visit(&callback).await), "/cart");
}

#[tokio::test]
async fn a_sign_in_continues_at_another_replica_with_the_same_key() {
    let key = SessionKey::random();
    let shop = shop_with_key(&key).await;
    let mut browser = shop.browser();
    let away = browser.visit("/cart").await;
    let callback = browser.act(&away, JIWOO).await;
    let kakao = shop.provider.kakao();
    browser.moves_to(shop.restarted(kakao, |builder| builder.session_key(key)));
    assert_eq!(location(&browser.visit(&callback).await), "/cart");
}

#[tokio::test]
async fn a_sign_in_that_started_for_another_client_is_refused() {
    let key = SessionKey::random();
    let shop = shop_with_key(&key).await;
    let mut browser = shop.browser();
    let away = browser.visit("/cart").await;
    let callback = browser.act(&away, JIWOO).await;
    let other = Kakao::new("another-app", "secret").endpoint_base(shop.provider.origin());
    browser.moves_to(shop.restarted(other, |builder| builder.session_key(key)));
    let page = browser.visit(&callback).await;
    assert_eq!(
        crate::support::browser::not_pending(refusal(&page)),
        Some(LoginErrorKind::UnknownState)
    );
}

#[tokio::test]
async fn two_sign_ins_of_one_user_give_two_different_sessions() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let first = browser.session().map(str::to_owned);
    let back = browser.come_back("/auth/login", JIWOO).await;
    assert_eq!(back.status(), StatusCode::SEE_OTHER);
    assert_ne!(browser.session(), first.as_deref());
}

#[tokio::test]
async fn a_planted_session_cookie_is_replaced_at_the_sign_in() {
    let shop = Shop::open().await;
    let mut attacker = shop.browser();
    attacker.sign_in("/", JIWOO).await;
    let planted = attacker.session().unwrap().to_owned();
    let mut victim = shop.browser();
    victim
        .cookies
        .insert("phone-auth".to_owned(), planted.clone());
    victim.come_back("/auth/login", JIWOO).await;
    assert_ne!(victim.session(), Some(&*planted));
}
