//! What becomes of an event that was believed.

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::{Method, StatusCode};
use tower_phone_auth::{Builder, OAuthLayer, SessionKey};
use tower_phone_auth_local_provider::{Endpoint, Fault, LocalProvider, Person};

use super::{FORM, OAUTH, RISC, SET, assert_quiet, call, is_in, member, post};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, Page},
    log::Log,
    replicas::{LogConnection, SharedLog},
    shop::{ORIGIN, Shop, routes},
};

async fn open(settings: impl FnOnce(Builder) -> Builder) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    let kakao = provider.kakao().admin_key("admin");
    Shop::at(provider, kakao, settings)
}

async fn unlink(shop: &Shop) -> Page {
    let event = format!("{OAUTH}/user-unlinked");
    let token = shop.provider.kakao_event(&event, Person::WITH_PHONE);
    post(shop, "/auth/events/kakao", SET, token.unwrap()).await
}

#[tokio::test]
async fn what_the_application_failed_to_do_comes_again() {
    let fails = Arc::new(AtomicBool::new(true));
    let calls = Arc::new(AtomicUsize::new(0));
    let (broken, count) = (Arc::clone(&fails), Arc::clone(&calls));
    let shop = open(|builder| {
        builder.on_unlink(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            let broken = broken.load(Ordering::SeqCst);
            async move {
                if broken {
                    return Err("the database at 10.0.0.7 is down".into());
                }
                Ok(())
            }
        })
    })
    .await;
    let mut browser = member(&shop).await;
    let event = format!("{OAUTH}/user-unlinked");
    let token = shop.provider.kakao_event(&event, Person::WITH_PHONE);
    let token = token.unwrap();
    let log = Log::capture();
    let page = post(&shop, "/auth/events/kakao", SET, token.clone()).await;
    assert_quiet(&page, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!is_in(&mut browser).await, "the sessions end in any case");
    assert!(log.text().contains("the unlink hook failed"));
    assert!(!log.text().contains("10.0.0.7"));

    fails.store(false, Ordering::SeqCst);
    for calls_then in [2, 2] {
        let page = post(&shop, "/auth/events/kakao", SET, token.clone()).await;
        assert_quiet(&page, StatusCode::ACCEPTED);
        assert_eq!(calls.load(Ordering::SeqCst), calls_then);
    }
}

/// Kakao's webhook and Naver's notice come once: the application must hear of them also while the log is down.
#[tokio::test]
async fn an_unlink_is_heard_while_the_log_is_down() {
    let line = LogConnection::to(&SharedLog::default());
    let calls = Arc::new(AtomicUsize::new(0));
    let (count, log) = (Arc::clone(&calls), line.clone());
    let shop = open(|builder| {
        let builder = builder.revocation_log(log);
        builder.on_unlink(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            async { Ok(()) }
        })
    })
    .await;
    line.cut();
    assert_quiet(&unlink(&shop).await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_hook_that_hangs_is_left() {
    let limit = Duration::from_millis(20);
    let shop = open(|builder| builder.on_unlink(|_| pending()).hook_timeout(limit)).await;
    let mut browser = member(&shop).await;
    assert_quiet(&unlink(&shop).await, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!is_in(&mut browser).await);
}

#[tokio::test]
async fn kakao_is_told_ok_also_where_the_application_failed() {
    let shop = open(|builder| builder.on_unlink(|_| async { Err("down".into()) })).await;
    let notice = shop.provider.kakao_unlink_notice(Person::WITH_PHONE);
    let headers = [("content-type", FORM), ("authorization", "KakaoAK admin")];
    let path = "/auth/events/kakao";
    let page = call(&shop, Method::POST, path, &headers, notice.unwrap()).await;
    assert_quiet(&page, StatusCode::OK);
}

#[tokio::test]
async fn the_provider_is_answered_within_three_seconds() {
    let shop = open(|builder| builder.on_unlink(|_| pending())).await;
    let begun = std::time::Instant::now();
    assert_quiet(&unlink(&shop).await, StatusCode::SERVICE_UNAVAILABLE);
    assert!(begun.elapsed() < Duration::from_secs(6));
}

#[tokio::test]
async fn slow_keys_do_not_make_the_provider_wait() {
    let shop = open(|builder| builder).await;
    shop.provider.fail(Endpoint::Keys, Fault::Hang);
    let begun = std::time::Instant::now();
    assert_quiet(&unlink(&shop).await, StatusCode::SERVICE_UNAVAILABLE);
    assert!(begun.elapsed() < Duration::from_secs(6));
}

#[tokio::test]
async fn sessions_of_another_provider_stay() {
    let provider = LocalProvider::start().await.unwrap();
    let second = provider.kakao().named("second");
    let shop = Shop::at(provider, second, |builder| {
        builder.provider(tower_phone_auth::Kakao::new(
            "local-demo-app",
            "lpsecret-client",
        ))
    });
    let mut browser = shop.browser();
    let away = browser.visit("/auth/login?provider=second").await;
    let callback = browser.act(&away, crate::support::browser::JIWOO).await;
    browser.visit(&callback).await;
    let token = shop
        .provider
        .kakao_event(&format!("{RISC}/sessions-revoked"), Person::WITH_PHONE)
        .unwrap();
    post(&shop, "/auth/events/kakao", SET, token.clone()).await;
    assert!(is_in(&mut browser).await);
    post(&shop, "/auth/events/second", SET, token).await;
    assert!(!is_in(&mut browser).await);
}

#[tokio::test]
async fn a_copy_at_another_replica_ends_no_session_begun_since() {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| settings.oidc.names_sessions = false);
    let (oidc, key) = (provider.oidc(), SessionKey::random());
    let shop = Shop::at(provider, oidc, |builder| builder.session_key(key.clone()));
    // It shares the key and no log, and has heard nothing.
    let replica = OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(key)
        .provider(shop.provider.oidc())
        .clock(shop.time.clock());
    let replica = routes().layer(replica.build().unwrap());
    let told = |shop: &Shop| shop.provider.logout_token(Person::WITH_PHONE).unwrap();
    let post = |token: String| {
        let request = http::Request::post("/auth/events/oidc").header("content-type", FORM);
        request
            .body(format!("logout_token={token}").into())
            .unwrap()
    };

    let mut before = member(&shop).await;
    let token = told(&shop);
    shop.time.pass(Duration::from_secs(150));
    // The provider's clock goes on, too.
    shop.provider.forge_id_token(|_, claims| {
        claims["iat"] = (claims["iat"].as_u64().unwrap() + 150).into();
    });
    let mut since = member(&shop).await;
    before.moves_to(replica.clone());
    since.moves_to(replica.clone());
    let heard = Browser::new(replica, ORIGIN).call(post(token)).await;
    assert_eq!(heard.status(), StatusCode::OK);
    assert!(!is_in(&mut before).await);
    assert!(is_in(&mut since).await);
}
