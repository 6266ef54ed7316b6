//! The unlink hook runs to its end, and again after a failure.

use std::sync::{Arc, atomic::Ordering};

use http::{Request, StatusCode};
use tokio::sync::Semaphore;
use tower_phone_auth::{Builder, hooks::Unlink};
use tower_phone_auth_local_provider::Person;

use super::{
    FORM,
    unlink_once::{Calls, HOUR, number, post, unlinked},
};
use crate::support::clients::Clients as _;
use crate::support::replicas::{LogConnection, Replicas, until};

/// Each call waits in the hook for the semaphore. `calls` has the started calls, `ended` the
/// finished ones.
fn wait_in_the_hook(
    gate: &Arc<Semaphore>,
    calls: &Calls,
    ended: &Calls,
) -> impl FnOnce(Builder) -> Builder {
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

#[tokio::test]
async fn a_hook_that_outlasts_the_answer_runs_to_its_end_once() {
    let (gate, calls, ended) = (
        Arc::new(Semaphore::new(0)),
        Calls::default(),
        Calls::default(),
    );
    let shop = Replicas::new().await;
    let hook = wait_in_the_hook(&gate, &calls, &ended);
    let replica = shop.start_with(LogConnection::to(&shop.log), |builder| {
        hook(builder.hook_timeout(HOUR))
    });
    let token = unlinked(&shop.provider);
    assert_eq!(post(&replica.app, &token).await.status(), 503);
    // The provider repeats the event while the hook runs. The answer waits for the hook.
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

/// Kakao gets its 200 and does not repeat the webhook, or closes the connection.
#[tokio::test]
async fn a_hook_runs_to_its_end_although_the_provider_stopped_waiting() {
    let (gate, calls, ended) = (
        Arc::new(Semaphore::new(0)),
        Calls::default(),
        Calls::default(),
    );
    let shop = Replicas::new().await;
    let hook = wait_in_the_hook(&gate, &calls, &ended);
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
