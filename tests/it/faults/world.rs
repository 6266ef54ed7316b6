//! A shop at a provider of one dialect, with a session that goes on whatever happens.

use std::time::{Duration, Instant};

use http::{Request, StatusCode, header::COOKIE};
use tower_phone_auth::{Provider, TestUser};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Par};

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{JIWOO, Page, text},
    shop::Shop,
};

/// The provider's time-out in these tests, and what a refusal may take beyond it on busy cores.
pub(super) const LIMIT: Duration = Duration::from_secs(1);
pub(super) const MORE: Duration = Duration::from_secs(2);
const TRIES: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    OpenId,
    Kakao,
    Naver,
    Google,
}

/// Every endpoint that a sign-in calls.
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

pub(super) struct World {
    pub(super) shop: Shop,
    pub(super) dialect: Dialect,
    name: &'static str,
}

impl World {
    pub(super) async fn open(dialect: Dialect) -> Self {
        Self::with_limit(dialect, LIMIT).await
    }

    /// One whose time-out plays no part.
    pub(super) async fn patient(dialect: Dialect) -> Self {
        Self::with_limit(dialect, 30 * LIMIT).await
    }

    pub(super) async fn with_limit(dialect: Dialect, limit: Duration) -> Self {
        let provider = LocalProvider::start().await.unwrap();
        provider.configure(|settings| settings.oidc.par = Par::Required);
        let (name, client): (_, Provider) = match dialect {
            Dialect::OpenId => ("oidc", provider.oidc().into()),
            Dialect::Kakao => ("kakao", provider.kakao().into()),
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

    /// One sign-in, as far as it gets, and the time of its slowest step.
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

    /// A session of before: it needs no provider.
    pub(super) async fn session_goes_on(&self, case: &str) {
        let user = TestUser::new("+82 10-1234-5678").unwrap();
        let user = user.with(|user| user.provider = self.name.into());
        let cookie = user.cookie(&self.shop.layer).unwrap();
        let request = Request::get("/").header(COOKIE, cookie);
        let request = request.body(axum::body::Body::empty()).unwrap();
        let page = self.shop.browser().call(request).await;
        assert_eq!(text(&page), "+821012345678", "{case}");
    }

    /// On busy cores a second is little for a sign-in that nothing is wrong with: it has a few of them.
    pub(super) async fn next_sign_in_works(&self, case: &str) {
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

    /// A refusal in time, of as many.
    pub(super) async fn refuses_in_time(&self, case: &str) {
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

/// A refusal, with a status of its own.
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
