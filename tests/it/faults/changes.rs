//! A provider that is gone, one whose keys change, and clocks that differ.

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

/// Where the provider listened, to stand there again.
fn address(provider: &LocalProvider) -> SocketAddr {
    let origin = provider.origin();
    origin.strip_prefix("http://").unwrap().parse().unwrap()
}

impl World {
    /// Nothing listens at the provider's port any more.
    async fn loses_its_provider(&mut self) -> SocketAddr {
        let at = address(&self.shop.provider);
        let spare = LocalProvider::start().await.unwrap();
        drop(std::mem::replace(&mut self.shop.provider, spare));
        tokio::task::yield_now().await;
        at
    }

    /// The same client is known there again, on the same port.
    async fn has_it_back(&mut self, at: SocketAddr) {
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
async fn a_provider_that_refuses_connections_at_the_start_comes_back() {
    let mut world = World::open(Dialect::OpenId).await;
    let at = world.loses_its_provider().await;
    let (page, took) = world.sign_in().await;
    assert_refused(&page, took, "refused at the start");
    assert!(world.shop.layer.warm_up().await.is_err());
    world.session_goes_on("refused at the start").await;
    world.has_it_back(at).await;
    world.next_sign_in_works("back at the start").await;
}

#[tokio::test]
async fn a_provider_that_refuses_connections_at_the_callback_comes_back() {
    for dialect in DIALECTS {
        let case = format!("{dialect:?} refused at the callback");
        let mut world = World::open(dialect).await;
        let mut browser = world.shop.browser();
        let away = browser.visit("/").await;
        let callback = browser.act(&away, JIWOO).await;
        let at = world.loses_its_provider().await;
        let start = Instant::now();
        let page = browser.visit(&callback).await;
        assert_refused(&page, start.elapsed(), &case);
        world.session_goes_on(&case).await;
        world.has_it_back(at).await;
        world.next_sign_in_works(&case).await;
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
        world.session_goes_on(&case).await;
        world.shop.provider.heal(Endpoint::Discovery);
        assert!(world.shop.layer.warm_up().await.is_ok(), "{case}");
        world.next_sign_in_works(&case).await;
    }
}

#[tokio::test]
async fn keys_that_change_between_two_sign_ins_keep_nobody_out() {
    for dialect in [Dialect::OpenId, Dialect::Google] {
        let world = World::patient(dialect).await;
        world.next_sign_in_works("the first keys").await;
        world.shop.provider.rotate_keys();
        world.next_sign_in_works("other keys").await;
        world.shop.provider.rotate_keys_before_next_token();
        world
            .next_sign_in_works("keys that change in the middle")
            .await;
        world.session_goes_on("other keys").await;
    }
}

#[tokio::test]
async fn clocks_that_differ_by_ten_minutes_refuse_at_most_until_they_agree() {
    const TEN: Duration = Duration::from_secs(10 * 60);
    for dialect in DIALECTS {
        for ahead in [true, false] {
            let case = format!("{dialect:?} ahead: {ahead}");
            let world = World::patient(dialect).await;
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
            world.session_goes_on(&case).await;
            world.next_sign_in_works(&case).await;
        }
    }
}
