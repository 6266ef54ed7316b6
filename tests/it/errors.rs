//! Errors: the text of one does not repeat its source, so that a chain says everything once.

use std::{convert::Infallible, error::Error, iter};

use http::{Request, Response};
use tower::service_fn;
use tower_phone_auth::{OAuthLayer, Oidc, SessionKey, TestUser, revocation::WhenStale};
use tower_phone_auth_local_provider::{Config, LocalProvider};

use crate::support::{
    log::Log,
    replicas::{LogConnection, Replicas},
    shop::Shop,
};

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
async fn main_and_tests_that_return_an_error_print_its_remedy() {
    let http = OAuthLayer::builder().public_url("http://shop.example.com");
    let key = SessionKey::from_env("A_VARIABLE_THAT_IS_NOT_SET");
    for error in [http.build().unwrap_err(), key.unwrap_err()] {
        assert!(format!("{error:?}").ends_with(error.remedy()), "{error:?}");
    }
    let provider = Oidc::new("http://127.0.0.1:1", "client", "secret");
    let auth = OAuthLayer::new(provider, "http://127.0.0.1:3000", SessionKey::random()).unwrap();
    let without_the_layer =
        service_fn(async |_: Request<String>| Ok::<_, Infallible>(Response::new(String::new())));
    let error = auth.check_placement(&without_the_layer).await.unwrap_err();
    assert!(format!("{error:?}").contains("add .layer(auth) last"));
    let error = Config::from_toml("port = 1").unwrap_err();
    assert_eq!(format!("{error:?}"), error.to_string());
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

#[tokio::test]
async fn a_local_provider_whose_handle_is_dropped_says_so() {
    let log = Log::capture();
    let provider = LocalProvider::start().await.unwrap();
    let origin = provider.origin();
    assert!(!log.text().contains("was dropped"), "{}", log.text());
    drop(provider);
    let text = log.text();
    assert!(text.contains("its LocalProvider was dropped"), "{text}");
    assert!(text.contains(&origin), "{text}");
}

#[tokio::test]
async fn a_test_user_without_a_cookie_says_why() {
    let shop = Shop::open().await;
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    assert!(user.cookie(&shop.layer).is_ok());
    let other = user.clone().with(|user| user.provider = "naver".into());
    let error = other.cookie(&shop.layer).unwrap_err();
    assert_eq!(error.setting(), "provider");
    let text = error.to_string();
    assert!(
        text.contains("\"naver\"") && text.contains("kakao"),
        "{text}"
    );
    let long = user.with(|user| user.subject = "1".repeat(256).as_str().into());
    let error = long.cookie(&shop.layer).unwrap_err();
    assert_eq!(error.setting(), "user");
}
