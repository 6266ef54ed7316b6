//! A shop at a provider of one dialect, and a session that every failure leaves alone.

use std::time::{Duration, Instant};

use http::{Request, StatusCode, header::COOKIE};
use tower_phone_auth::{TestUser, provider::Provider};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Par};

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{JIWOO, Page, text},
    shop::Shop,
};

/// The timeout of the provider in these tests, and the extra time of a refusal on busy cores.
pub(super) const LIMIT: Duration = Duration::from_secs(1);
pub(super) const MORE: Duration = Duration::from_secs(2);
const TRIES: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    OpenId,
    Kakao,
    /// Kakao with OpenID Connect. Its sign-ins do not need the keys.
    KakaoOpenId,
    Naver,
    Google,
}

/// Every endpoint that a sign-in needs.
pub(super) const ENDPOINTS: [(Dialect, Endpoint); 12] = [
    (Dialect::OpenId, Endpoint::Discovery),
    (Dialect::OpenId, Endpoint::Pushed),
    (Dialect::OpenId, Endpoint::Token),
    (Dialect::OpenId, Endpoint::Keys),
    (Dialect::OpenId, Endpoint::Profile),
    (Dialect::Kakao, Endpoint::Token),
    (Dialect::Kakao, Endpoint::Profile),
    (Dialect::Naver, Endpoint::Token),
    (Dialect::Naver, Endpoint::Profile),
    (Dialect::Google, Endpoint::Token),
    (Dialect::Google, Endpoint::Keys),
    (Dialect::Google, Endpoint::Profile),
];

/// The endpoint that a sign-in calls and does not need.
pub(super) const OPTIONAL: (Dialect, Endpoint) = (Dialect::KakaoOpenId, Endpoint::Keys);

pub(super) struct World {
    pub(super) shop: Shop,
    pub(super) dialect: Dialect,
    name: &'static str,
}

impl World {
    pub(super) async fn open(dialect: Dialect) -> Self {
        Self::with_limit(dialect, LIMIT).await
    }

    /// A world with a timeout that no call reaches.
    pub(super) async fn with_long_timeout(dialect: Dialect) -> Self {
        Self::with_limit(dialect, 30 * LIMIT).await
    }

    pub(super) async fn with_limit(dialect: Dialect, limit: Duration) -> Self {
        let provider = LocalProvider::start().await.unwrap();
        provider.configure(|settings| settings.oidc.par = Par::Required);
        let (name, client): (_, Provider) = match dialect {
            Dialect::OpenId => ("oidc", provider.oidc().into()),
            Dialect::Kakao => ("kakao", provider.kakao().into()),
            Dialect::KakaoOpenId => {
                provider.configure(|settings| settings.kakao_oidc = true);
                ("kakao", provider.kakao().openid_connect().into())
            }
            Dialect::Naver => ("naver", provider.naver().into()),
            Dialect::Google => ("google", provider.google().into()),
        };
        let shop = Shop::at(provider, client, |builder| builder.provider_timeout(limit));
        Self {
            shop,
            dialect,
            name,
        }
    }

    /// Signs in as far as possible. Returns the last page and the time of the slowest step.
    pub(super) async fn sign_in(&self) -> (Page, Duration) {
        self.shop.time.catch_up();
        let mut browser = self.shop.browser();
        let start = Instant::now();
        let away = browser.visit("/").await;
        let began = start.elapsed();
        if away.status() != StatusCode::SEE_OTHER {
            return (away, began);
        }
        let callback = browser.act(&away, JIWOO).await;
        let start = Instant::now();
        let page = browser.visit(&callback).await;
        assert_eq!(browser.session().is_some(), page.status() == 303);
        (page, began.max(start.elapsed()))
    }

    /// Asserts that a session from before the failure is accepted without the provider.
    pub(super) async fn assert_session_works(&self, case: &str) {
        let user = TestUser::new("+82 10-1234-5678").unwrap();
        let user = user.with(|user| user.provider = self.name.into());
        let cookie = user.cookie(&self.shop.layer).unwrap();
        let request = Request::get("/").header(COOKIE, cookie);
        let request = request.body(axum::body::Body::empty()).unwrap();
        let page = self.shop.browser().call(request).await;
        assert_eq!(text(&page), "+821012345678", "{case}");
    }

    /// Asserts that a sign-in works. It has a few tries, because one second is short on busy cores.
    pub(super) async fn assert_sign_in_works(&self, case: &str) {
        for _ in 0..TRIES {
            let (page, _) = self.sign_in().await;
            match page.status().as_u16() {
                303 => return,
                503 | 504 => self.shop.time.pass(Duration::from_secs(10)),
                status => panic!("{case}: {status} {}", text(&page)),
            }
        }
        panic!("{case}: no sign-in in time");
    }

    /// Asserts that one of a few sign-ins is refused in time.
    pub(super) async fn assert_refused_in_time(&self, case: &str) {
        let mut slowest = Duration::ZERO;
        for _ in 0..TRIES {
            let (page, took) = self.sign_in().await;
            assert_status(&page, case);
            if took < LIMIT + MORE {
                return;
            }
            slowest = slowest.max(took);
        }
        panic!("{case}: {slowest:?}");
    }
}

/// Asserts a refusal with a status other than 500 and 501.
#[track_caller]
fn assert_status(page: &Page, case: &str) {
    let status = page.status().as_u16();
    let refused = (400..500).contains(&status) || (502..=504).contains(&status);
    assert!(refused, "{case}: {status}");
}

#[track_caller]
pub(super) fn assert_refused(page: &Page, took: Duration, case: &str) {
    assert_status(page, case);
    assert!(took < LIMIT + MORE, "{case}: {took:?}");
}
