//! A layer with changed settings takes the place of a running one, and knows its revocations.

use std::{sync::atomic::Ordering, time::Duration};

use axum::Router;
use http::Method;
use tower_phone_auth::{
    Builder, ConfigError, OAuthLayer, SessionKey,
    layer::Variables,
    revocation::{InProcessLog, WhenStale},
};

use tower_phone_auth_local_provider::LocalProvider;

use crate::support::{
    browser::{Browser, JIWOO, text},
    clients::Clients as _,
    folder::Folder,
    log::Log,
    replicas::{Replica, Replicas, until},
    shop::{ORIGIN, routes},
};

const ENDED: (u16, &str) = (401, "ended");

/// The settings of a replica, without its log.
fn settings(shop: &Replicas) -> Builder {
    OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(shop.key.clone())
        .provider(shop.provider.kakao())
        .provider(shop.provider.oidc().named("oidc"))
}

/// The replica with a new layer in place of the present one.
fn rebuilt(replica: &Replica, builder: Builder) -> Replica {
    let layer = replica.layer.rebuilt(builder).unwrap();
    Replica {
        app: routes().layer(layer.clone()),
        layer,
        time: replica.time.clone(),
        connection: replica.connection.clone(),
    }
}

async fn signed_in(replica: &Replica) -> Browser {
    let mut browser = replica.browser();
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    assert!(replica.lets_in(&browser).await);
    browser
}

/// Signs out, and gives the browser its cookies back, as a thief has who copied them before.
async fn sign_out(replica: &Replica, browser: &mut Browser) {
    let copy = browser.cookies.clone();
    browser.moves_to(replica.app.clone());
    browser.fetch(Method::POST, "/auth/logout").await;
    browser.cookies = copy;
}

#[tokio::test]
async fn a_rebuilt_layer_refuses_the_sessions_that_ended_before() {
    let provider = LocalProvider::start().await.unwrap();
    let key = SessionKey::random();
    let builder = || {
        let builder = OAuthLayer::builder().public_url(ORIGIN);
        builder.session_key(key.clone()).provider(provider.kakao())
    };
    let present = builder().build().unwrap();
    let mut browser = Browser::new(routes().layer(present.clone()), ORIGIN);
    browser.sign_in("/", JIWOO).await;
    let copy = browser.cookies.clone();
    browser.fetch(Method::POST, "/auth/logout").await;
    let new = present.rebuilt(builder().public(["/open"])).unwrap();
    drop(present);
    browser.moves_to(routes().layer(new));
    browser.cookies = copy;
    let page = browser.fetch(Method::GET, "/place").await;
    assert_eq!(page.status(), 401);
    assert!(
        text(&page).contains(r#""reason":"ended""#),
        "{}",
        text(&page)
    );
    // The handler begins a sign-in there, so the answer is the extractor's.
    let open = browser.fetch(Method::GET, "/maybe").await;
    assert_eq!(open.status(), 401);
    let public = builder().public(["/maybe"]);
    let newest = OAuthLayer::clone(&builder().build().unwrap()).rebuilt(public);
    browser.moves_to(routes().layer(newest.unwrap()));
    let open = browser.fetch(Method::GET, "/maybe").await;
    assert_eq!(open.status(), 200, "the new settings are in effect");
}

#[tokio::test]
async fn sign_outs_at_either_layer_end_the_session_at_both_and_on_other_replicas() {
    let shop = Replicas::new().await;
    let (present, other) = (shop.ready().await, shop.ready().await);
    let (mut one, mut two) = (signed_in(&present).await, signed_in(&present).await);
    let new = rebuilt(&present, settings(&shop));
    assert!(
        new.layer.is_ready(),
        "the log is not read for a second time first"
    );
    assert!(new.lets_in(&one).await && new.lets_in(&two).await);
    sign_out(&new, &mut one).await;
    sign_out(&present, &mut two).await;
    for browser in [&one, &two] {
        assert_eq!(new.answer_to(browser).await.0, 401);
        assert_eq!(present.answer_to(browser).await.0, 401);
        other.eventually_answers(browser, ENDED).await;
    }
    // The other direction, also when the present layer is gone.
    let mut three = signed_in(&other).await;
    assert!(new.lets_in(&three).await);
    let Replica { layer, app, .. } = present;
    drop((layer, app));
    sign_out(&other, &mut three).await;
    new.eventually_answers(&three, ENDED).await;
}

#[tokio::test]
async fn one_task_reads_the_log_for_both_layers() {
    let shop = Replicas::new().await;
    let present = shop.ready().await;
    let connection = present.connection.clone();
    let holders = connection.holders();
    let new = rebuilt(&present, settings(&shop));
    new.layer.warm_up().await.unwrap();
    let again = rebuilt(&new, settings(&shop));
    again.layer.warm_up().await.unwrap();
    // Each of the two replicas has a clone of the connection, and no layer has another one.
    assert_eq!(connection.holders(), holders + 2);
    drop((present, new));
    let mut browser = signed_in(&again).await;
    let published = connection.published.load(Ordering::SeqCst);
    sign_out(&again, &mut browser).await;
    assert_eq!(connection.published.load(Ordering::SeqCst), published + 1);
}

#[tokio::test]
async fn new_keys_sign_no_user_out_and_open_the_entries_of_other_replicas() {
    let mut shop = Replicas::new().await;
    let (present, old) = (shop.ready().await, shop.key.clone());
    let browser = signed_in(&present).await;
    // Another replica seals with the new key already, and this one cannot open its entries.
    let new_key = SessionKey::random();
    shop.key = new_key.clone().and(old.clone());
    let ahead = shop.ready().await;
    let mut ended = browser.cookies.clone();
    let mut thief = ahead.browser();
    thief.cookies.append(&mut ended);
    assert!(ahead.lets_in(&thief).await);
    sign_out(&ahead, &mut thief).await;
    assert!(present.lets_in(&browser).await, "the entry does not open");

    let new = rebuilt(&present, settings(&shop));
    new.eventually_answers(&browser, ENDED).await;
    assert_eq!(present.answer_to(&browser).await.0, 401);
    let session = signed_in(&present).await;
    assert!(new.lets_in(&session).await, "a session of the old key");
    assert!(ahead.lets_in(&signed_in(&new).await).await);
}

#[tokio::test]
async fn a_code_is_used_once_at_both_layers() {
    let shop = Replicas::new().await;
    let present = shop.ready().await;
    let new = rebuilt(&present, settings(&shop));
    let mut browser = present.browser();
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    let before = browser.cookies.clone();
    browser.visit(&callback).await;
    let calls = shop.provider.requests().len();
    browser.moves_to(new.app.clone());
    browser.cookies = before;
    browser.visit(&callback).await;
    assert_eq!(shop.provider.requests().len(), calls, "no second exchange");
}

fn refused(replica: &Replica, builder: Builder) -> ConfigError {
    replica.layer.rebuilt(builder).unwrap_err()
}

#[tokio::test]
async fn a_setting_that_must_be_the_same_is_refused_by_its_name() {
    let shop = Replicas::new().await;
    let present = shop.ready().await;
    let (hour, base) = (Duration::from_secs(60 * 60), || settings(&shop));
    for (builder, setting) in [
        (base().session_lifetime(hour), "session_lifetime"),
        (base().max_revocation_lag(hour), "max_revocation_lag"),
        (base().when_stale(WhenStale::FailClosed), "when_stale"),
        (base().public_url("http://127.0.0.1:3001"), "public_url"),
        (base().public_url(format!("{ORIGIN}/shop")), "public_url"),
        (
            base().revocation_log(InProcessLog::default()),
            "revocation_log",
        ),
        (base().session_key(SessionKey::random()), "session_key"),
        (base().prefix("no slash"), "prefix"),
        (base().provider(shop.provider.kakao()), "provider"),
    ] {
        let error = refused(&present, builder);
        assert_eq!(error.setting(), setting, "{error}");
        assert!(!error.remedy().is_empty());
    }
    let mut browser = signed_in(&present).await;
    sign_out(&present, &mut browser).await;
    assert_eq!(present.answer_to(&browser).await.0, 401, "it is unchanged");
}

#[tokio::test]
async fn a_refused_rebuild_leaves_the_keys_of_the_log_alone() {
    let shop = Replicas::new().await;
    let (present, other) = (shop.ready().await, shop.ready().await);
    let wrong = settings(&shop)
        .session_key(SessionKey::random().and(shop.key.clone()))
        .provider(shop.provider.kakao());
    assert_eq!(refused(&present, wrong).setting(), "provider");
    let mut browser = signed_in(&other).await;
    sign_out(&present, &mut browser).await;
    // The entry is sealed with the key that the other replica has.
    other.eventually_answers(&browser, ENDED).await;
}

#[tokio::test]
async fn without_a_log_new_keys_may_end_all_sessions() {
    let provider = LocalProvider::start().await.unwrap();
    let builder = |key: SessionKey| {
        let builder = OAuthLayer::builder().public_url(ORIGIN);
        builder.session_key(key).provider(provider.kakao())
    };
    let present = builder(SessionKey::random()).build().unwrap();
    let mut browser = Browser::new(routes().layer(present.clone()), ORIGIN);
    browser.sign_in("/", JIWOO).await;
    let new = present.rebuilt(builder(SessionKey::random())).unwrap();
    browser.moves_to(routes().layer(new));
    let page = browser.fetch(Method::GET, "/place").await;
    assert_eq!(page.status(), 401);
}

#[tokio::test]
async fn the_clock_stays() {
    let shop = Replicas::new().await;
    let present = shop.ready().await;
    let browser = signed_in(&present).await;
    let new = rebuilt(&present, settings(&shop));
    present.time.pass(Duration::from_secs(13 * 60 * 60));
    assert_eq!(new.answer_to(&browser).await.0, 401, "it has expired");
}

#[tokio::test]
async fn a_log_of_a_variable_is_kept_while_the_variable_is_the_same() {
    let folder = Folder::new();
    let file = folder.join("log").to_str().unwrap().to_owned();
    let elsewhere = folder.join("other").to_str().unwrap().to_owned();
    let key =
        "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/QA==";
    let read = |path: Option<&str>| {
        let variable = |name: &str| {
            let value = match name {
                "PUBLIC_URL" => ORIGIN,
                "SESSION_KEY" => key,
                "OAUTH_PROVIDER" => "kakao",
                "KAKAO_CLIENT_ID" => "key",
                "REVOCATION_FILE" => path?,
                _ => return None,
            };
            Some(value.to_owned())
        };
        Variables::from_fn(variable).builder().unwrap()
    };
    let present = read(Some(&file)).build().unwrap();
    assert!(present.rebuilt(read(Some(&file))).is_ok());
    assert!(present.rebuilt(read(None)).is_ok());
    let error = present.rebuilt(read(Some(&elsewhere))).unwrap_err();
    assert_eq!(error.setting(), "REVOCATION_FILE");
    assert!(!std::path::Path::new(&elsewhere).exists());
    let without = read(None).build().unwrap();
    let error = without.rebuilt(read(Some(&elsewhere))).unwrap_err();
    assert_eq!(error.setting(), "REVOCATION_FILE");
}

#[tokio::test]
async fn two_layers_of_one_prefix_that_were_rebuilt_are_no_mistake() {
    let provider = LocalProvider::start().await.unwrap();
    let builder = |key: SessionKey| {
        let builder = OAuthLayer::builder().public_url(ORIGIN);
        builder.session_key(key).provider(provider.kakao())
    };
    let present = builder(SessionKey::random()).build().unwrap();
    let log = Log::capture();
    let new = present.rebuilt(builder(SessionKey::random())).unwrap();
    let mut browser = Browser::new(routes().layer(present), ORIGIN);
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.moves_to(routes().layer(new));
    let page = browser.visit(&callback).await;
    assert!(page.status().is_client_error(), "the keys differ");
    assert!(!log.text().contains("another OAuthLayer"), "{}", log.text());
}

#[tokio::test]
async fn many_rebuilds_leave_one_reader() {
    let shop = Replicas::new().await;
    let mut present = shop.ready().await;
    for _ in 0..50 {
        present = rebuilt(&present, settings(&shop));
    }
    let connection = present.connection.clone();
    until(async || connection.holders() <= 4).await;
    let mut browser = signed_in(&present).await;
    sign_out(&present, &mut browser).await;
    assert_eq!(present.answer_to(&browser).await.0, 401);
    drop::<Router>(present.app);
}
