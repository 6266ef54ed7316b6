//! A provider that stops and starts again, keys that change, and clocks that differ.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Par};

use super::{
    failure,
    world::{Dialect, LIMIT, MORE, World, assert_refused},
};
use crate::support::browser::{JIWOO, text};

const DIALECTS: [Dialect; 4] = [
    Dialect::OpenId,
    Dialect::Kakao,
    Dialect::Naver,
    Dialect::Google,
];

/// The address of the provider, to start it there again.
fn address(provider: &LocalProvider) -> SocketAddr {
    let origin = provider.origin();
    origin.strip_prefix("http://").unwrap().parse().unwrap()
}

impl World {
    /// Stops the provider. Nothing listens at its port any more.
    async fn stop_provider(&mut self) -> SocketAddr {
        let at = address(&self.shop.provider);
        let spare = LocalProvider::start().await.unwrap();
        drop(std::mem::replace(&mut self.shop.provider, spare));
        tokio::task::yield_now().await;
        at
    }

    /// Starts the provider with the same client on the same port.
    async fn start_provider(&mut self, at: SocketAddr) {
        let provider = loop {
            match LocalProvider::bind(at).await {
                Ok(provider) => break provider,
                Err(_) => tokio::task::yield_now().await,
            }
        };
        provider.configure(|settings| settings.oidc.par = Par::Required);
        self.shop.provider = provider;
    }
}

#[tokio::test]
async fn a_provider_that_was_down_at_the_start_works_again() {
    let mut world = World::open(Dialect::OpenId).await;
    let at = world.stop_provider().await;
    let (page, took) = world.sign_in().await;
    assert_refused(&page, took, "refused at the start");
    assert!(world.shop.layer.warm_up().await.is_err());
    world.assert_session_works("refused at the start").await;
    world.start_provider(at).await;
    world.assert_sign_in_works("back at the start").await;
}

#[tokio::test]
async fn a_provider_that_was_down_at_the_callback_works_again() {
    for dialect in DIALECTS {
        let case = format!("{dialect:?} refused at the callback");
        let mut world = World::open(dialect).await;
        let mut browser = world.shop.browser();
        let away = browser.visit("/").await;
        let callback = browser.act(&away, JIWOO).await;
        let at = world.stop_provider().await;
        let start = Instant::now();
        let page = browser.visit(&callback).await;
        assert_refused(&page, start.elapsed(), &case);
        world.assert_session_works(&case).await;
        world.start_provider(at).await;
        world.assert_sign_in_works(&case).await;
    }
}

#[tokio::test]
async fn metadata_that_fail_at_the_start_are_read_later() {
    for failure in failure::ALL.into_iter().filter(|failure| failure.refuses()) {
        let case = format!("{failure:?} at the start");
        let world = World::open(Dialect::OpenId).await;
        world
            .shop
            .provider
            .fail(Endpoint::Discovery, failure.fault());
        let start = Instant::now();
        assert!(world.shop.layer.warm_up().await.is_err(), "{case}");
        assert!(start.elapsed() < LIMIT + MORE, "{case}");
        world.assert_session_works(&case).await;
        world.shop.provider.clear_faults(Endpoint::Discovery);
        assert!(world.shop.layer.warm_up().await.is_ok(), "{case}");
        world.assert_sign_in_works(&case).await;
    }
}

#[tokio::test]
async fn keys_that_change_between_two_sign_ins_fail_no_sign_in() {
    for dialect in [Dialect::OpenId, Dialect::Google] {
        let world = World::with_long_timeout(dialect).await;
        world.assert_sign_in_works("the first keys").await;
        world.shop.provider.rotate_keys();
        world.assert_sign_in_works("other keys").await;
        world.shop.provider.rotate_keys_before_next_token();
        world
            .assert_sign_in_works("keys that change in the middle")
            .await;
        world.assert_session_works("other keys").await;
    }
}

#[tokio::test]
async fn clocks_that_differ_by_ten_minutes_fail_sign_ins_only_until_they_agree() {
    const TEN: Duration = Duration::from_secs(10 * 60);
    for dialect in DIALECTS {
        for ahead in [true, false] {
            let case = format!("{dialect:?} ahead: {ahead}");
            let world = World::with_long_timeout(dialect).await;
            let time = &world.shop.time;
            if ahead {
                time.set_forward(TEN);
            } else {
                time.set_back(TEN);
            }
            let (page, took) = world.sign_in().await;
            if page.status() != 303 {
                assert_refused(&page, took, &case);
            }
            let checked = matches!(dialect, Dialect::OpenId | Dialect::Google);
            if !checked {
                assert_eq!(page.status(), 303, "{case}: {}", text(&page));
            }
            if ahead {
                time.set_back(TEN);
            } else {
                time.set_forward(TEN);
            }
            world.assert_session_works(&case).await;
            world.assert_sign_in_works(&case).await;
        }
    }
}
