//! The unlink hook runs once for each event, to its end, whichever replica gets it.

use std::{
    sync::{Arc, Mutex, atomic::Ordering},
    time::{Duration, SystemTime},
};

use axum::Router;
use http::{Request, StatusCode};
use tokio::{
    runtime::{Builder as Runtimes, Runtime},
    sync::Semaphore,
};
use tower_phone_auth::{Builder, FileLog, OAuthLayer, SessionKey, Unlink};
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
const HOUR: Duration = Duration::from_secs(60 * 60);

/// What the hook was called with.
type Calls = Arc<Mutex<Vec<SystemTime>>>;

fn counting(calls: &Calls) -> impl FnOnce(Builder) -> Builder {
    let calls = Arc::clone(calls);
    move |builder| {
        builder.on_unlink(move |Unlink { at, .. }| {
            calls.lock().unwrap().push(at);
            async { Ok(()) }
        })
    }
}

/// Calls wait in the hook until the semaphore lets them through; those that came to its end are counted.
fn waiting(gate: &Arc<Semaphore>, calls: &Calls, ended: &Calls) -> impl FnOnce(Builder) -> Builder {
    let (gate, calls, ended) = (Arc::clone(gate), Arc::clone(calls), Arc::clone(ended));
    move |builder| {
        builder.on_unlink(move |Unlink { at, .. }| {
            calls.lock().unwrap().push(at);
            let (gate, ended) = (Arc::clone(&gate), Arc::clone(&ended));
            async move {
                gate.acquire().await.unwrap().forget();
                ended.lock().unwrap().push(at);
                Ok(())
            }
        })
    }
}

fn number(calls: &Calls) -> usize {
    calls.lock().unwrap().len()
}

async fn signed_in(replica: &Replica) -> Browser {
    let mut browser = replica.browser();
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    browser
}

fn unlinked(provider: &LocalProvider) -> String {
    let event = format!("{OAUTH}/user-unlinked");
    provider.kakao_event(&event, Person::WITH_PHONE).unwrap()
}

async fn post(app: &Router, token: &str) -> Page {
    let request = Request::post(PATH).header("content-type", SET);
    let request = request.body(token.to_owned().into()).unwrap();
    Browser::new(app.clone(), ORIGIN).call(request).await
}

/// Returns when the other replica knows all that this one published.
async fn is_known(from: &Replica, to: &Replica) {
    let marker = signed_in(from).await;
    let mut copy = from.browser();
    copy.cookies = marker.cookies.clone();
    copy.fetch(http::Method::POST, "/auth/logout").await;
    to.eventually_answers(&marker, ENDED).await;
}

#[tokio::test]
async fn a_copy_at_another_replica_does_not_run_the_hook_again() {
    let (shop, calls) = (Replicas::new().await, Calls::default());
    let one = shop.start_with(LogConnection::to(&shop.log), counting(&calls));
    let other = shop.start_with(LogConnection::to(&shop.log), counting(&calls));
    let token = unlinked(&shop.provider);
    for _ in 0..2 {
        assert_eq!(post(&one.app, &token).await.status(), StatusCode::ACCEPTED);
        assert_eq!(number(&calls), 1);
    }
    is_known(&one, &other).await;
    assert_eq!(
        post(&other.app, &token).await.status(),
        StatusCode::ACCEPTED
    );
    assert_eq!(number(&calls), 1);
    // Another event about the same person is another one.
    let next = unlinked(&shop.provider);
    assert_eq!(post(&other.app, &next).await.status(), StatusCode::ACCEPTED);
    assert_eq!(number(&calls), 2);
}

#[tokio::test]
async fn an_hour_after_the_person_linked_again_a_copy_runs_no_hook_and_ends_nothing() {
    let (shop, calls) = (Replicas::new().await, Calls::default());
    let one = shop.start_with(LogConnection::to(&shop.log), counting(&calls));
    let other = shop.start_with(LogConnection::to(&shop.log), counting(&calls));
    let token = unlinked(&shop.provider);
    post(&one.app, &token).await;
    is_known(&one, &other).await;
    // The log too loses everything meanwhile, and gets it back.
    let held = shop.log.entries().await.len();
    shop.log.lose_everything();
    until(async || shop.log.entries().await.len() >= held).await;
    let late = shop.start_with(LogConnection::to(&shop.log), counting(&calls));
    for replica in [&one, &other, &late] {
        replica.time.pass(HOUR);
    }
    let again = signed_in(&other).await;
    assert_eq!(
        post(&other.app, &token).await.status(),
        StatusCode::ACCEPTED
    );
    assert!(other.lets_in(&again).await);
    is_known(&one, &late).await;
    assert_eq!(post(&late.app, &token).await.status(), StatusCode::ACCEPTED);
    assert!(late.lets_in(&again).await);
    assert_eq!(number(&calls), 1);
}

#[tokio::test]
async fn the_hook_gets_the_time_that_the_provider_gave() {
    let (shop, calls) = (Replicas::new().await, Calls::default());
    let replica = shop.start_with(LogConnection::to(&shop.log), counting(&calls));
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
async fn an_event_of_another_kind_is_known_to_every_replica_too() {
    let (shop, calls) = (Replicas::new().await, Calls::default());
    let one = shop.start_with(LogConnection::to(&shop.log), counting(&calls));
    let other = shop.start_with(LogConnection::to(&shop.log), counting(&calls));
    let token = shop.provider.logout_token(Person::WITH_PHONE).unwrap();
    let told = async |replica: &Replica| {
        let request = Request::post("/auth/events/oidc").header("content-type", FORM);
        let request = request.body(format!("logout_token={token}").into());
        let page = replica.browser().call(request.unwrap()).await;
        page.status()
    };
    assert_eq!(told(&one).await, StatusCode::OK);
    is_known(&one, &other).await;
    assert_eq!(told(&other).await, StatusCode::BAD_REQUEST);
    let event = format!("{RISC}/sessions-revoked");
    let event = shop.provider.kakao_event(&event, Person::WITH_PHONE);
    assert_eq!(post(&one.app, &event.unwrap()).await.status(), 202);
    assert_eq!(number(&calls), 0);
}

#[tokio::test]
async fn a_hook_that_has_run_does_not_run_again_when_the_log_is_back() {
    let (shop, calls) = (Replicas::new().await, Calls::default());
    let one = shop.start_with(LogConnection::to(&shop.log), counting(&calls));
    let other = shop.start_with(LogConnection::to(&shop.log), counting(&calls));
    let token = unlinked(&shop.provider);
    one.connection.cut();
    for _ in 0..2 {
        assert_eq!(post(&one.app, &token).await.status(), 503);
        assert_eq!(number(&calls), 1);
    }
    one.connection.restore();
    until(async || post(&one.app, &token).await.status() == StatusCode::ACCEPTED).await;
    is_known(&one, &other).await;
    assert_eq!(
        post(&other.app, &token).await.status(),
        StatusCode::ACCEPTED
    );
    assert_eq!(number(&calls), 1);
}

#[tokio::test]
async fn a_hook_that_outlasts_the_answer_runs_to_its_end_and_once() {
    let (gate, calls, ended) = (
        Arc::new(Semaphore::new(0)),
        Calls::default(),
        Calls::default(),
    );
    let shop = Replicas::new().await;
    let hook = waiting(&gate, &calls, &ended);
    let replica = shop.start_with(LogConnection::to(&shop.log), |builder| {
        hook(builder.hook_timeout(HOUR))
    });
    let token = unlinked(&shop.provider);
    assert_eq!(post(&replica.app, &token).await.status(), 503);
    // The provider repeats it while the hook runs, and is answered when it has run.
    let repeated = post(&replica.app, &token);
    let release = async { gate.add_permits(1) };
    let (repeated, ()) = tokio::join!(repeated, release);
    assert_eq!(repeated.status(), StatusCode::ACCEPTED);
    assert_eq!((number(&calls), number(&ended)), (1, 1));
    assert_eq!(
        post(&replica.app, &token).await.status(),
        StatusCode::ACCEPTED
    );
    assert_eq!((number(&calls), number(&ended)), (1, 1));
}

/// Kakao gets its 200 and never asks again, or hangs up.
#[tokio::test]
async fn a_hook_runs_to_its_end_also_where_the_provider_waits_no_longer() {
    let (gate, calls, ended) = (
        Arc::new(Semaphore::new(0)),
        Calls::default(),
        Calls::default(),
    );
    let shop = Replicas::new().await;
    let hook = waiting(&gate, &calls, &ended);
    let kakao = shop.provider.kakao().named("club").admin_key("admin");
    let replica = shop.start_with(LogConnection::to(&shop.log), |builder| {
        hook(builder.provider(kakao))
    });
    let notice = || {
        let body = shop
            .provider
            .kakao_unlink_notice(Person::WITH_PHONE)
            .unwrap();
        Request::post("/auth/events/club")
            .header("content-type", FORM)
            .header("authorization", "KakaoAK admin")
            .body(body.into())
            .unwrap()
    };
    let mut browser = replica.browser();
    assert_eq!(browser.call(notice()).await.status(), StatusCode::OK);
    assert_eq!((number(&calls), number(&ended)), (1, 0));
    gate.add_permits(1);
    until(async || number(&ended) == 1).await;

    let mut browser = replica.browser();
    let given_up = async {
        until(async || number(&calls) == 2).await;
    };
    tokio::select! {
        _ = browser.call(notice()) => unreachable!("the hook waits"),
        () = given_up => {}
    }
    gate.add_permits(1);
    until(async || number(&ended) == 2).await;
}

#[tokio::test]
async fn a_hook_that_panics_or_fails_runs_again_when_the_provider_repeats() {
    let shop = Replicas::new().await;
    let calls = Calls::default();
    let count = Arc::clone(&calls);
    let replica = shop.start_with(LogConnection::to(&shop.log), |builder| {
        builder.on_unlink(move |Unlink { at, .. }| {
            count.lock().unwrap().push(at);
            let call = count.lock().unwrap().len();
            async move {
                assert!(call != 1, "the hook panics");
                if call == 2 {
                    return Err("it fails".into());
                }
                Ok(())
            }
        })
    });
    let token = unlinked(&shop.provider);
    for (status, times) in [(503, 1), (503, 2), (202, 3), (202, 3)] {
        assert_eq!(post(&replica.app, &token).await.status(), status);
        assert_eq!(number(&calls), times);
    }
    let published = replica.connection.published.load(Ordering::SeqCst);
    assert!(published <= 4, "{published}");
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
        let layer = counting(&calls)(builder).build().unwrap();
        process.block_on(layer.warm_up()).unwrap();
        let page = process.block_on(post(&routes().layer(layer), &token));
        assert_eq!(page.status(), StatusCode::ACCEPTED);
        assert_eq!(number(&calls), 1);
    }
}
