//! Each provider has its own timeout.

use std::time::Duration;

use tokio::time::Instant;
use tower_phone_auth::{
    CustomProvider, Google, Kakao, Naver, OAuthLayer, Oidc, SessionKey,
    error::LoginErrorKind::ProviderTimeout,
    provider::{ProfileRequest, Provider},
};

use crate::{
    calls::canned::{Canned, app, come_back, visit},
    support::{
        outcome::{assert_signed_in, refusal},
        shop::ORIGIN,
    },
};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

struct NoProfile;

impl ProfileRequest for NoProfile {
    fn request(&self, _: &str) -> http::Result<http::Request<bytes::Bytes>> {
        http::Request::get("https://club.example/me").body(bytes::Bytes::new())
    }

    fn read(
        &self,
        _: http::StatusCode,
        _: &[u8],
    ) -> Result<tower_phone_auth::provider::Profile, tower_phone_auth::error::LoginErrorKind> {
        Err(tower_phone_auth::error::LoginErrorKind::ProviderBusy)
    }
}

fn all_with(limit: Duration) -> [Provider; 5] {
    let club = CustomProvider::new("club", "id", "secret", NoProfile).endpoints(
        "https://club.example/authorize",
        "https://club.example/token",
    );
    [
        Kakao::new("id", "secret").timeout(limit).into(),
        Naver::new("id", "secret").timeout(limit).into(),
        Google::new("id", "secret").timeout(limit).into(),
        Oidc::new("https://id.example.com", "id", "secret")
            .timeout(limit)
            .into(),
        club.timeout(limit).into(),
    ]
}

#[tokio::test(start_paused = true)]
async fn the_timeout_of_a_provider_replaces_a_shorter_or_longer_one_of_the_layer() {
    for (own, layers, delay, took) in [
        (20, 10, 7, None),
        (20, 10, 9, None),
        (20, 10, 11, Some(20)),
        (3, 10, 2, Some(3)),
        (5, 60, 4, Some(5)),
    ] {
        let kakao = Kakao::new("key", "secret").timeout(seconds(own)).into();
        let app = app(kakao, &Canned::after(seconds(delay)), |builder| {
            builder.provider_timeout(seconds(layers))
        });
        let start = Instant::now();
        let page = come_back(&app).await;
        match took {
            None => assert_signed_in(&page, "in time"),
            Some(took) => {
                assert_eq!(refusal(&page), (504, ProviderTimeout, None));
                assert_eq!(start.elapsed(), seconds(took), "{own} {layers}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_visit_waits_for_metadata_as_long_as_the_timeout_of_the_provider() {
    let oidc = |limit| {
        let oidc = Oidc::new("https://id.example.com", "id", "secret");
        oidc.timeout(seconds(limit)).into()
    };
    for (limit, signs_in) in [(15, true), (13, false)] {
        let app = app(oidc(limit), &Canned::after(seconds(7)), |builder| builder);
        let start = Instant::now();
        assert_eq!(visit(&app, "/", "").await.status() == 303, signs_in);
        assert_eq!(start.elapsed(), seconds(limit.min(14)));
    }
}

#[test]
fn an_impossible_timeout_is_refused_at_build_for_every_provider() {
    for limit in [Duration::ZERO, seconds(601), Duration::MAX] {
        for provider in all_with(limit) {
            let builder = OAuthLayer::builder()
                .public_url(ORIGIN)
                .session_key(SessionKey::random())
                .provider(provider);
            let error = builder.build().unwrap_err();
            assert_eq!(error.setting(), "timeout", "{limit:?}");
            assert!(error.to_string().contains("ten minutes"), "{error}");
        }
    }
    for limit in [Duration::from_millis(1), seconds(600)] {
        for provider in all_with(limit) {
            let builder = OAuthLayer::builder()
                .public_url(ORIGIN)
                .session_key(SessionKey::random())
                .provider(provider);
            assert!(builder.build().is_ok(), "{limit:?}");
        }
    }
}
