//! Errors: the text of one does not repeat its source, so that a chain says everything once.

use std::{error::Error, iter};

use tower_phone_auth::{OAuthLayer, Oidc, SessionKey, revocation::WhenStale};

use crate::support::replicas::{LogConnection, Replicas};

/// The texts of the error and its sources, none of which contains another.
fn chain(error: &(dyn Error + 'static)) -> Vec<String> {
    let chain = iter::successors(Some(error), |error| (*error).source());
    let chain: Vec<_> = chain.map(ToString::to_string).collect();
    for (index, text) in chain.iter().enumerate() {
        let above = &chain[..index];
        assert!(above.iter().all(|above| !above.contains(text)), "{chain:?}");
    }
    chain
}

#[tokio::test]
async fn an_unreachable_provider_is_named_and_the_clients_error_is_the_last_source() {
    // Port 1 is not in use on any machine that runs tests.
    let layer = OAuthLayer::builder()
        .public_url("http://127.0.0.1:3000")
        .session_key(SessionKey::random())
        .provider(Oidc::new("http://127.0.0.1:1", "client", "secret").named("members"))
        .build()
        .unwrap();
    let error = layer.warm_up().await.unwrap_err();
    let chain = chain(&error);
    let [warm_up, provider, client] = &chain[..] else {
        panic!("{chain:?}");
    };
    assert_eq!(warm_up, "the provider \"members\" is not ready");
    assert_eq!(provider, "the provider gave no answer");
    assert!(client.contains("refused"), "{client}");
}

#[tokio::test]
async fn an_error_of_the_log_is_the_source_of_a_revocation_that_is_not_everywhere() {
    let shop = Replicas::new().await;
    let one = shop.ready().await;
    one.connection.cut();
    let cut = "the connection is cut; restore it";
    let here = "revoked on this replica only; publishing it to the others is being retried";
    let error = one.layer.revoke("kakao", "1").await.unwrap_err();
    assert_eq!(chain(&error), [here, cut]);
    let id = "000102030405060708090a0b0c0d0e0f".parse().unwrap();
    let error = one.layer.revoke_session(id).await.unwrap_err();
    assert_eq!(chain(&error), [here, cut]);

    let line = LogConnection::to(&shop.log);
    line.cut();
    let late = shop.start_with(line, |builder| builder.when_stale(WhenStale::FailClosed));
    let error = late.layer.warm_up().await.unwrap_err();
    assert_eq!(chain(&error), ["the revocation log could not be read", cut]);

    let error = one.layer.revoke("kakoa", "1").await.unwrap_err();
    assert_eq!(chain(&error).len(), 1);
    let error = one
        .layer
        .revoke("kakao", &"1".repeat(256))
        .await
        .unwrap_err();
    assert_eq!(chain(&error).len(), 1);
}
