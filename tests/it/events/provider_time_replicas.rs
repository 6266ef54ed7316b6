//! Replicas, and a process after a restart, compare the times of a provider's events in the same
//! way.

use axum::Router;
use http::StatusCode;
use tower_phone_auth::revocation::FileLog;
use tower_phone_auth_local_provider::Person;

use super::{FORM, logout_token::PATH, provider_time::set_provider_clock};
use crate::support::{
    browser::{Browser, JIWOO},
    folder::Folder,
    replicas::{Replica, Replicas, until},
};

/// Replicas at a provider whose logout tokens name only the user.
async fn replicas() -> Replicas {
    let replicas = Replicas::new().await;
    let provider = &replicas.provider;
    provider.configure(|settings| settings.oidc.names_sessions = false);
    replicas
}

async fn signed_in(replica: &Replica<impl Sized>) -> Browser {
    let mut browser = replica.browser();
    let away = browser.visit("/auth/login?provider=oidc").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    browser
}

#[tokio::test]
async fn every_replica_compares_the_providers_times_even_if_the_log_lost_everything() {
    let shop = replicas().await;
    let (one, other) = (shop.ready().await, shop.ready().await);
    set_provider_clock(&shop.provider, -90);
    let before = signed_in(&one).await;
    let token = shop.provider.logout_token(Person::WITH_PHONE).unwrap();
    set_provider_clock(&shop.provider, -88);
    let since = signed_in(&other).await;
    let headers = [("content-type", FORM)];
    let body = format!("logout_token={token}");
    let page = one.browser().submit_as(&headers, PATH, body).await;
    assert_eq!(page.status(), StatusCode::OK);
    other.eventually_answers(&before, (401, "ended")).await;
    assert!(other.lets_in(&since).await && one.lets_in(&since).await);

    shop.log.lose_everything();
    let new = shop.start();
    new.eventually_answers(&before, (401, "ended")).await;
    assert!(new.lets_in(&since).await);
}

#[tokio::test]
async fn the_providers_time_stays_in_the_file_after_a_restart() {
    let (shop, folder) = (replicas().await, Folder::new());
    let path = folder.log();
    let open = || shop.start_with(FileLog::open(&path).unwrap(), |builder| builder);
    let replica = open();
    replica.layer.warm_up().await.unwrap();
    set_provider_clock(&shop.provider, -90);
    let mut before = signed_in(&replica).await;
    let token = shop.provider.logout_token(Person::WITH_PHONE).unwrap();
    set_provider_clock(&shop.provider, -88);
    let mut since = signed_in(&replica).await;
    let headers = [("content-type", FORM)];
    let body = format!("logout_token={token}");
    let page = replica.browser().submit_as(&headers, PATH, body).await;
    assert_eq!(page.status(), StatusCode::OK);
    before.moves_to(Router::new());
    since.moves_to(Router::new());
    drop(replica);
    until(async || FileLog::open(&path).is_ok()).await;
    let again = open();
    again.layer.warm_up().await.unwrap();
    again.eventually_answers(&before, (401, "ended")).await;
    assert!(again.lets_in(&since).await);
}
