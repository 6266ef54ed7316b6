//! The unlink hook runs once for each event and to its end, at whichever replica the event arrives.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use axum::Router;
use http::{Request, StatusCode};
use tokio::runtime::{Builder as Runtimes, Runtime};
use tower_phone_auth::{Builder, OAuthLayer, SessionKey, hooks::Unlink, revocation::FileLog};
use tower_phone_auth_local_provider::{LocalProvider, Person};

use super::{FORM, OAUTH, RISC, SET};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO, Page},
    folder::Folder,
    replicas::{LogConnection, Replica, Replicas, until},
    shop::{ORIGIN, routes},
};

const PATH: &str = "/auth/events/kakao";
const ENDED: (u16, &str) = (401, "ended");
pub(super) const HOUR: Duration = Duration::from_secs(60 * 60);

/// The times that the hook was called with.
pub(super) type Calls = Arc<Mutex<Vec<SystemTime>>>;

fn count_calls(calls: &Calls) -> impl FnOnce(Builder) -> Builder {
    let calls = Arc::clone(calls);
    move |builder| {
        builder.on_unlink(move |Unlink { at, .. }| {
            calls.lock().unwrap().push(at);
            async { Ok(()) }
        })
    }
}

pub(super) fn number(calls: &Calls) -> usize {
    calls.lock().unwrap().len()
}

async fn signed_in(replica: &Replica) -> Browser {
    let mut browser = replica.browser();
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    browser
}

pub(super) fn unlinked(provider: &LocalProvider) -> String {
    let event = format!("{OAUTH}/user-unlinked");
    provider.kakao_event(&event, Person::WITH_PHONE).unwrap()
}

pub(super) async fn post(app: &Router, token: &str) -> Page {
    let request = Request::post(PATH).header("content-type", SET);
    let request = request.body(token.to_owned().into()).unwrap();
    Browser::new(app.clone(), ORIGIN).call(request).await
}

/// Waits until the other replica knows everything that this one published.
async fn wait_until_known(from: &Replica, to: &Replica) {
    let marker = signed_in(from).await;
    let mut copy = from.browser();
    copy.cookies = marker.cookies.clone();
    copy.fetch(http::Method::POST, "/auth/logout").await;
    to.eventually_answers(&marker, ENDED).await;
}

#[tokio::test]
async fn a_copy_at_another_replica_does_not_run_the_hook_again() {
    let (shop, calls) = (Replicas::new().await, Calls::default());
    let one = shop.start_with(LogConnection::to(&shop.log), count_calls(&calls));
    let other = shop.start_with(LogConnection::to(&shop.log), count_calls(&calls));
    let token = unlinked(&shop.provider);
    for _ in 0..2 {
        assert_eq!(post(&one.app, &token).await.status(), StatusCode::ACCEPTED);
        assert_eq!(number(&calls), 1);
    }
    wait_until_known(&one, &other).await;
    assert_eq!(
        post(&other.app, &token).await.status(),
        StatusCode::ACCEPTED
    );
    assert_eq!(number(&calls), 1);
    // Another event about the same user runs the hook again.
    let next = unlinked(&shop.provider);
    assert_eq!(post(&other.app, &next).await.status(), StatusCode::ACCEPTED);
    assert_eq!(number(&calls), 2);
}

#[tokio::test]
async fn a_copy_an_hour_after_the_user_linked_again_runs_no_hook_and_ends_nothing() {
    let (shop, calls) = (Replicas::new().await, Calls::default());
    let one = shop.start_with(LogConnection::to(&shop.log), count_calls(&calls));
    let other = shop.start_with(LogConnection::to(&shop.log), count_calls(&calls));
    let token = unlinked(&shop.provider);
    post(&one.app, &token).await;
    wait_until_known(&one, &other).await;
    // The log loses everything, and the replicas publish it again.
    let held = shop.log.entries().await.len();
    shop.log.lose_everything();
    until(async || shop.log.entries().await.len() >= held).await;
    let late = shop.start_with(LogConnection::to(&shop.log), count_calls(&calls));
    for replica in [&one, &other, &late] {
        replica.time.pass(HOUR);
    }
    let again = signed_in(&other).await;
    assert_eq!(
        post(&other.app, &token).await.status(),
        StatusCode::ACCEPTED
    );
    assert!(other.lets_in(&again).await);
    wait_until_known(&one, &late).await;
    assert_eq!(post(&late.app, &token).await.status(), StatusCode::ACCEPTED);
    assert!(late.lets_in(&again).await);
    assert_eq!(number(&calls), 1);
}

#[tokio::test]
async fn the_hook_gets_the_time_that_the_provider_gave() {
    let (shop, calls) = (Replicas::new().await, Calls::default());
    let replica = shop.start_with(LogConnection::to(&shop.log), count_calls(&calls));
    let now = replica.time.now();
    for (issued, expected) in [(now - 3000, now - 3000), (now + 30, now)] {
        shop.provider
            .forge_id_token(move |_, claims| claims["iat"] = issued.into());
        post(&replica.app, &unlinked(&shop.provider)).await;
        let at = calls.lock().unwrap().pop().unwrap();
        let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(since.as_secs(), expected);
    }
}

#[tokio::test]
async fn a_logout_token_and_a_security_event_are_known_to_every_replica_too() {
    let (shop, calls) = (Replicas::new().await, Calls::default());
    let one = shop.start_with(LogConnection::to(&shop.log), count_calls(&calls));
    let other = shop.start_with(LogConnection::to(&shop.log), count_calls(&calls));
    let token = shop.provider.logout_token(Person::WITH_PHONE).unwrap();
    let deliver = async |replica: &Replica| {
        let request = Request::post("/auth/events/oidc").header("content-type", FORM);
        let request = request.body(format!("logout_token={token}").into());
        let page = replica.browser().call(request.unwrap()).await;
        page.status()
    };
    assert_eq!(deliver(&one).await, StatusCode::OK);
    wait_until_known(&one, &other).await;
    assert_eq!(deliver(&other).await, StatusCode::BAD_REQUEST);
    let event = format!("{RISC}/sessions-revoked");
    let event = shop.provider.kakao_event(&event, Person::WITH_PHONE);
    assert_eq!(post(&one.app, &event.unwrap()).await.status(), 202);
    assert_eq!(number(&calls), 0);
}

#[tokio::test]
async fn a_hook_that_has_run_does_not_run_again_when_the_log_is_back() {
    let (shop, calls) = (Replicas::new().await, Calls::default());
    let one = shop.start_with(LogConnection::to(&shop.log), count_calls(&calls));
    let other = shop.start_with(LogConnection::to(&shop.log), count_calls(&calls));
    let token = unlinked(&shop.provider);
    one.connection.cut();
    for _ in 0..2 {
        assert_eq!(post(&one.app, &token).await.status(), 503);
        assert_eq!(number(&calls), 1);
    }
    one.connection.restore();
    until(async || post(&one.app, &token).await.status() == StatusCode::ACCEPTED).await;
    wait_until_known(&one, &other).await;
    assert_eq!(
        post(&other.app, &token).await.status(),
        StatusCode::ACCEPTED
    );
    assert_eq!(number(&calls), 1);
}

#[test]
fn a_restart_with_a_file_does_not_run_the_hook_again() {
    let (folder, key, calls) = (Folder::new(), SessionKey::random(), Calls::default());
    let runtime = || Runtimes::new_multi_thread().enable_all().build().unwrap();
    let elsewhere: Runtime = runtime();
    let provider = elsewhere.block_on(LocalProvider::start()).unwrap();
    let token = unlinked(&provider);
    for _ in 0..3 {
        let process = runtime();
        let builder = OAuthLayer::builder()
            .public_url(ORIGIN)
            .session_key(key.clone())
            .provider(provider.kakao())
            .revocation_log(FileLog::open(folder.log()).unwrap());
        let layer = count_calls(&calls)(builder).build().unwrap();
        process.block_on(layer.warm_up()).unwrap();
        let page = process.block_on(post(&routes().layer(layer), &token));
        assert_eq!(page.status(), StatusCode::ACCEPTED);
        assert_eq!(number(&calls), 1);
    }
}
