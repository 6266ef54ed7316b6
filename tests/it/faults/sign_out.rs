//! The revocation of a token and the unlink of a user fail in every way. Only the application asks
//! for them, as here in its hook for sign-outs. The user is signed out in time in every case.

use std::{
    sync::{Arc, Mutex, OnceLock},
    time::{Duration, Instant},
};

use futures_util::{StreamExt, stream};
use http::Method;
use tower_phone_auth::{Builder, error::ProviderError, layer::ProviderHandle, provider::Provider};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider};

use super::{
    failure::{self, Failure},
    world::{Dialect, LIMIT, MORE},
};
use crate::support::clients::Clients as _;
use crate::support::{browser::Browser, shop::Shop};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Request {
    Revocation,
    Unlink,
}

/// The providers with such an endpoint. An OpenID provider unlinks no users, and Naver revokes
/// tokens only by an unlink.
const ENDPOINTS: [(Dialect, Request); 6] = [
    (Dialect::OpenId, Request::Revocation),
    (Dialect::Kakao, Request::Revocation),
    (Dialect::Kakao, Request::Unlink),
    (Dialect::Naver, Request::Unlink),
    (Dialect::Google, Request::Revocation),
    (Dialect::Google, Request::Unlink),
];

/// A shop that ends its access at the provider when a user signs out.
struct Row {
    case: String,
    failure: Failure,
    shop: Shop,
    access: Arc<Access>,
}

struct Access {
    request: Request,
    provider: OnceLock<ProviderHandle>,
    token: Mutex<Option<String>>,
    /// The result of the last request.
    result: Mutex<Option<Result<(), ProviderError>>>,
}

impl Access {
    async fn end(&self) {
        let token = self.token.lock().unwrap().clone().unwrap();
        let provider = self.provider.get().unwrap();
        let result = match self.request {
            Request::Revocation => provider.revoke_token(&token).await,
            Request::Unlink => provider.unlink(&token).await,
        };
        *self.result.lock().unwrap() = Some(result);
    }
}

impl Row {
    async fn open((dialect, request): (Dialect, Request), failure: Failure) -> Self {
        let provider = LocalProvider::start().await.unwrap();
        let (name, client): (_, Provider) = match dialect {
            Dialect::OpenId => ("oidc", provider.oidc().into()),
            Dialect::Kakao | Dialect::KakaoOpenId => ("kakao", provider.kakao().into()),
            Dialect::Naver => ("naver", provider.naver().into()),
            Dialect::Google => ("google", provider.google().into()),
        };
        let access = Arc::new(Access {
            request,
            provider: OnceLock::new(),
            token: Mutex::default(),
            result: Mutex::default(),
        });
        let (kept, ending) = (Arc::clone(&access), Arc::clone(&access));
        // A sign-in has enough time on busy cores, and a request that hangs is short.
        let limit = match failure.takes_time() {
            true => LIMIT,
            false => 30 * LIMIT,
        };
        let settings = |builder: Builder| {
            let builder = builder.on_sign_in(move |sign_in| {
                *kept.token.lock().unwrap() = sign_in
                    .tokens
                    .map(|tokens| tokens.access_token().to_owned());
                async { Ok(()) }
            });
            let builder = builder.on_sign_out(move |_| {
                let access = Arc::clone(&ending);
                async move { access.end().await }
            });
            builder.provider_timeout(limit)
        };
        let shop = Shop::at(provider, client, settings);
        let provider = shop.layer.provider(name).unwrap();
        assert!(access.provider.set(provider).is_ok());
        Self {
            case: format!("{dialect:?} {request:?} {failure:?}"),
            failure,
            shop,
            access,
        }
    }

    /// Signs in. It has a few tries, because one second is short on busy cores.
    async fn signed_in(&self) -> Browser {
        for _ in 0..8 {
            self.shop.time.catch_up();
            let mut browser = self.shop.browser();
            browser.try_to_sign_in("/").await;
            if browser.session().is_some() {
                return browser;
            }
            self.shop.time.pass(Duration::from_secs(10));
        }
        panic!("{}: no sign-in in time", self.case);
    }

    async fn signs_out(&self, mut browser: Browser) -> Result<(), ProviderError> {
        let page = browser.fetch(Method::POST, "/auth/logout").await;
        assert!(page.status().as_u16() < 400, "{}", self.case);
        assert_eq!(browser.session(), None, "{}", self.case);
        let result = self.access.result.lock().unwrap().take();
        result.expect("the hook ran to its end")
    }

    async fn fails(&self) {
        let browser = self.signed_in().await;
        self.shop
            .provider
            .fail(Endpoint::Revocation, self.failure.fault());
        let start = Instant::now();
        let result = self.signs_out(browser).await;
        assert!(start.elapsed() < LIMIT + MORE, "{}", self.case);
        // A 200 with any body is a success. A response without a body cannot be cut, and may be no
        // failure in other cases either.
        let expected = match self.failure {
            Failure::Closes | Failure::Hangs | Failure::Page500 | Failure::Redirects => Some(false),
            Failure::Garbage | Failure::WrongType => Some(true),
            Failure::Drips | Failure::Cut | Failure::TooLarge => None,
        };
        let is_expected = expected.is_none_or(|expected| result.is_ok() == expected);
        assert!(is_expected, "{}: {result:?}", self.case);

        self.shop.provider.clear_faults(Endpoint::Revocation);
        let browser = self.signed_in().await;
        let result = self.signs_out(browser).await;
        assert!(result.is_ok(), "{}: {result:?}", self.case);
    }
}

#[tokio::test]
async fn a_user_is_signed_out_however_the_provider_answers_the_revocation() {
    let mut rows = Vec::new();
    for endpoint in ENDPOINTS {
        for failure in failure::ALL {
            rows.push(Row::open(endpoint, failure).await);
        }
    }
    let rows = stream::iter(&rows).map(Row::fails);
    rows.buffer_unordered(6).collect::<()>().await;
    assert_eq!(failure::TRAP.connections(), 0, "a redirect was followed");
}
