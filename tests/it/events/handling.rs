//! The handling of an accepted event.

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
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Person, faults::Fault};

use super::{FORM, OAUTH, RISC, SET, assert_empty_answer, call, is_signed_in, post, sign_in};
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
async fn an_unlink_that_the_application_failed_to_handle_is_sent_again() {
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
    let mut browser = sign_in(&shop).await;
    let event = format!("{OAUTH}/user-unlinked");
    let token = shop.provider.kakao_event(&event, Person::WITH_PHONE);
    let token = token.unwrap();
    let log = Log::capture();
    let page = post(&shop, "/auth/events/kakao", SET, token.clone()).await;
    assert_empty_answer(&page, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        !is_signed_in(&mut browser).await,
        "the sessions end although the hook failed"
    );
    assert!(log.text().contains("the unlink hook failed"));
    assert!(!log.text().contains("10.0.0.7"));

    fails.store(false, Ordering::SeqCst);
    for calls_then in [2, 2] {
        let page = post(&shop, "/auth/events/kakao", SET, token.clone()).await;
        assert_empty_answer(&page, StatusCode::ACCEPTED);
        assert_eq!(calls.load(Ordering::SeqCst), calls_then);
    }
}

/// Kakao's webhook and Naver's notice are sent once. The application must get them while the log is
/// down, too.
#[tokio::test]
async fn the_unlink_hook_runs_while_the_log_is_down() {
    let connection = LogConnection::to(&SharedLog::default());
    let calls = Arc::new(AtomicUsize::new(0));
    let (count, log) = (Arc::clone(&calls), connection.clone());
    let shop = open(|builder| {
        let builder = builder.revocation_log(log);
        builder.on_unlink(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            async { Ok(()) }
        })
    })
    .await;
    connection.cut();
    assert_empty_answer(&unlink(&shop).await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_hook_that_hangs_is_abandoned_after_its_timeout() {
    let limit = Duration::from_millis(20);
    let shop = open(|builder| builder.on_unlink(|_| pending()).hook_timeout(limit)).await;
    let mut browser = sign_in(&shop).await;
    assert_empty_answer(&unlink(&shop).await, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn kakao_gets_200_although_the_application_failed() {
    let shop = open(|builder| builder.on_unlink(|_| async { Err("down".into()) })).await;
    let notice = shop.provider.kakao_unlink_notice(Person::WITH_PHONE);
    let headers = [("content-type", FORM), ("authorization", "KakaoAK admin")];
    let path = "/auth/events/kakao";
    let page = call(&shop, Method::POST, path, &headers, notice.unwrap()).await;
    assert_empty_answer(&page, StatusCode::OK);
}

#[tokio::test]
async fn the_provider_is_answered_within_three_seconds() {
    let shop = open(|builder| builder.on_unlink(|_| pending())).await;
    let begun = std::time::Instant::now();
    assert_empty_answer(&unlink(&shop).await, StatusCode::SERVICE_UNAVAILABLE);
    assert!(begun.elapsed() < 3 * Duration::from_secs(3));
}

#[tokio::test]
async fn slow_keys_do_not_delay_the_answer_to_the_provider() {
    let shop = open(|builder| builder).await;
    shop.provider.fail(Endpoint::Keys, Fault::Hang);
    let begun = std::time::Instant::now();
    assert_empty_answer(&unlink(&shop).await, StatusCode::SERVICE_UNAVAILABLE);
    assert!(begun.elapsed() < 3 * Duration::from_secs(3));
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
    assert!(is_signed_in(&mut browser).await);
    post(&shop, "/auth/events/second", SET, token).await;
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn a_copy_at_another_replica_ends_no_later_session() {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| settings.oidc.names_sessions = false);
    let (oidc, key) = (provider.oidc(), SessionKey::random());
    let shop = Shop::at(provider, oidc, |builder| builder.session_key(key.clone()));
    // The replica shares the key and no log, so it does not know the event.
    let replica = OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(key)
        .provider(shop.provider.oidc())
        .clock(shop.time.clock());
    let replica = routes().layer(replica.build().unwrap());
    let logout_token = |shop: &Shop| shop.provider.logout_token(Person::WITH_PHONE).unwrap();
    let post = |token: String| {
        let request = http::Request::post("/auth/events/oidc").header("content-type", FORM);
        request
            .body(format!("logout_token={token}").into())
            .unwrap()
    };

    let mut before = sign_in(&shop).await;
    let token = logout_token(&shop);
    shop.time.pass(Duration::from_secs(150));
    // The provider's clock advances, too.
    shop.provider.forge_id_token(|_, claims| {
        claims["iat"] = (claims["iat"].as_u64().unwrap() + 150).into();
    });
    let mut since = sign_in(&shop).await;
    before.moves_to(replica.clone());
    since.moves_to(replica.clone());
    let answer = Browser::new(replica, ORIGIN).call(post(token)).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(!is_signed_in(&mut before).await);
    assert!(is_signed_in(&mut since).await);
}
