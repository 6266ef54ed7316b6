//! A user who is revoked while the sign-in is at the provider.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering},
};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use tower_phone_auth::{
    OAuthLayer,
    error::LoginErrorKind,
    provider::{BoxFuture, HttpClient, HttpError, HttpErrorKind},
};
use tower_phone_auth_local_provider::{LocalProvider, Person};

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO, refusal},
    shop::Shop,
};

/// Delays the answer to a code exchange until the application has revoked the user.
#[derive(Clone, Default)]
struct RevokeDuringExchange {
    client: reqwest::Client,
    layer: Arc<OnceLock<OAuthLayer>>,
    is_on: Arc<AtomicBool>,
}

impl RevokeDuringExchange {
    async fn revoke(&self) {
        let layer = self.layer.get().unwrap();
        layer.revoke("kakao", &subject()).await.unwrap();
    }
}

impl HttpClient for RevokeDuringExchange {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>> {
        Box::pin(async move {
            let is_exchange = request.method() == Method::POST;
            let request = reqwest::Request::try_from(request).unwrap();
            let answer = self.client.execute(request).await;
            let answer = answer.map_err(|_| HttpError::from(HttpErrorKind::Unreachable))?;
            if is_exchange && self.is_on.load(Ordering::SeqCst) {
                self.revoke().await;
            }
            let mut response = Response::new(Bytes::new());
            *response.status_mut() = answer.status();
            *response.headers_mut() = answer.headers().clone();
            *response.body_mut() = answer.bytes().await.unwrap();
            Ok(response)
        })
    }
}

fn subject() -> String {
    Person::WITH_PHONE.to_string()
}

async fn open() -> (Shop, RevokeDuringExchange) {
    let between = RevokeDuringExchange::default();
    let client = between.clone();
    let provider = LocalProvider::start().await.unwrap();
    let kakao = provider.kakao();
    let shop = Shop::at(provider, kakao, |builder| builder.http_client(client));
    between.layer.set(shop.layer.clone()).unwrap();
    (shop, between)
}

async fn is_in(browser: &mut Browser) -> bool {
    browser.fetch(Method::GET, "/").await.status() == StatusCode::OK
}

/// The clock of the shop does not move, so the sign-in and the revocation have the same date.
#[tokio::test]
async fn a_sign_in_whose_user_is_revoked_during_the_exchange_is_refused() {
    let (shop, between) = open().await;
    between.is_on.store(true, Ordering::SeqCst);
    let mut browser = shop.browser();
    let page = browser.come_back("/", JIWOO).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert_eq!(refusal(&page), Some(LoginErrorKind::ProviderRefused));
    assert!(!is_in(&mut browser).await);
}

#[tokio::test]
async fn an_earlier_revocation_does_not_hide_one_during_the_exchange() {
    let (shop, between) = open().await;
    between.revoke().await;
    between.is_on.store(true, Ordering::SeqCst);
    let page = shop.browser().come_back("/", JIWOO).await;
    assert_eq!(refusal(&page), Some(LoginErrorKind::ProviderRefused));
}

#[tokio::test]
async fn a_sign_in_after_the_refused_one_is_accepted() {
    let (shop, between) = open().await;
    between.is_on.store(true, Ordering::SeqCst);
    shop.browser().come_back("/", JIWOO).await;
    between.is_on.store(false, Ordering::SeqCst);
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    assert!(is_in(&mut browser).await);
}
