//! What a provider reports is compared with other times of the same provider, whatever our clock shows.

use std::time::Duration;

use axum::Router;
use http::StatusCode;
use tower_phone_auth::{FileLog, LoginErrorKind};
use tower_phone_auth_local_provider::{LocalProvider, Person};

use super::{
    FORM, OAUTH, RISC, SET, is_in,
    logout_token::{PATH, open, send, token},
    member, post,
};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO, refusal},
    folder::Folder,
    log::Log,
    replicas::{Replica, Replicas, until},
    shop::Shop,
};

/// The provider's clock differs from ours by so many seconds.
fn provider_is(shop: &Shop, ahead: i64) {
    shop.provider.forge_id_token(move |_, claims| {
        for name in ["iat", "exp", "auth_time"] {
            if let Some(time) = claims[name].as_i64() {
                claims[name] = (time + ahead).into();
            }
        }
    });
}

/// A provider whose logout tokens name the user alone.
async fn open_without_sid() -> Shop {
    let shop = open().await;
    shop.provider
        .configure(|settings| settings.oidc.names_sessions = false);
    shop
}

#[tokio::test]
async fn a_logout_token_ends_the_sessions_of_its_user_although_our_clock_is_ahead() {
    for ahead in [50, 61, 90, 150, 300, 400, 600] {
        for shop in [open().await, open_without_sid().await] {
            provider_is(&shop, -ahead);
            let mut browser = member(&shop).await;
            let page = send(&shop, &token(&shop)).await;
            assert_eq!(page.status(), StatusCode::OK, "{ahead}");
            assert!(!is_in(&mut browser).await, "{ahead}");
            // Signed in again without a page, in the same second perhaps.
            assert!(is_in(&mut member(&shop).await).await, "{ahead}");
        }
    }
}

#[tokio::test]
async fn a_logout_token_ends_the_sessions_of_its_user_although_our_clock_is_behind() {
    for behind in [50, 61, 90, 150, 300] {
        for shop in [open().await, open_without_sid().await] {
            let mut browser = member(&shop).await;
            provider_is(&shop, behind);
            let page = send(&shop, &token(&shop)).await;
            assert_eq!(page.status(), StatusCode::OK, "{behind}");
            assert!(!is_in(&mut browser).await, "{behind}");
        }
    }
}

#[tokio::test]
async fn a_security_event_ends_the_sessions_of_its_user_although_our_clock_is_wrong() {
    for ahead in [-300, -90, 90, 300, 600] {
        let shop = open().await;
        provider_is(&shop, -ahead.max(0));
        let mut browser = member(&shop).await;
        provider_is(&shop, -ahead);
        let event = format!("{RISC}/sessions-revoked");
        let event = shop
            .provider
            .oidc_event(&event, Person::WITH_PHONE)
            .unwrap();
        let page = post(&shop, PATH, SET, event).await;
        assert_eq!(page.status(), StatusCode::ACCEPTED, "{ahead}");
        assert!(!is_in(&mut browser).await, "{ahead}");
        provider_is(&shop, -ahead.max(0));
        assert!(is_in(&mut member(&shop).await).await, "{ahead}");
    }
}

#[tokio::test]
async fn security_events_of_google_and_kakao_end_sessions_although_our_clock_is_ahead() {
    for ahead in [61, 90, 600] {
        let provider = LocalProvider::start().await.unwrap();
        let google = provider.google();
        let shop = Shop::at(provider, google, |builder| builder);
        shop.time.set_forward(Duration::from_secs(ahead));
        let mut browser = member(&shop).await;
        let event = format!("{RISC}/sessions-revoked");
        let event = shop.provider.google_event(&event, Person::WITH_PHONE);
        let page = post(&shop, "/auth/events/google", SET, event.unwrap()).await;
        assert_eq!(page.status(), StatusCode::ACCEPTED, "{ahead}");
        assert!(!is_in(&mut browser).await, "{ahead}");

        let shop = Shop::open().await;
        shop.provider
            .configure(|settings| settings.kakao_oidc = true);
        shop.time.set_forward(Duration::from_secs(ahead));
        let mut browser = member(&shop).await;
        let event = format!("{OAUTH}/user-unlinked");
        let event = shop.provider.kakao_event(&event, Person::WITH_PHONE);
        let page = post(&shop, "/auth/events/kakao", SET, event.unwrap()).await;
        assert_eq!(page.status(), StatusCode::ACCEPTED, "{ahead}");
        assert!(!is_in(&mut browser).await, "{ahead}");
    }
}

#[tokio::test]
async fn a_session_that_began_after_the_logout_by_the_provider_s_clock_lives() {
    for ahead in [-600, -90, 0, 50] {
        let shop = open_without_sid().await;
        provider_is(&shop, ahead);
        let mut browser = member(&shop).await;
        // Made before the sign-in, and on its way for a while: another logout than any that is known here.
        provider_is(&shop, ahead - 2);
        assert_eq!(send(&shop, &token(&shop)).await.status(), StatusCode::OK);
        assert!(is_in(&mut browser).await, "{ahead}");
        provider_is(&shop, ahead + 2);
        assert_eq!(send(&shop, &token(&shop)).await.status(), StatusCode::OK);
        assert!(!is_in(&mut browser).await, "{ahead}");
    }
}

#[tokio::test]
async fn a_session_at_the_provider_that_was_ended_begins_no_session_here() {
    for ahead in [-600, -90, 0, 50] {
        let shop = open().await;
        shop.provider.forge_id_token(move |_, claims| {
            claims["sid"] = "the-same".into();
            claims["iat"] = (claims["iat"].as_i64().unwrap() + ahead).into();
        });
        let mut browser = member(&shop).await;
        assert_eq!(send(&shop, &token(&shop)).await.status(), StatusCode::OK);
        assert!(!is_in(&mut browser).await);
        // A refusal with a page: the browser does not go round in circles.
        shop.time.pass(Duration::from_secs(60 * 60));
        let page = shop.browser().come_back("/", JIWOO).await;
        assert_eq!(page.status(), StatusCode::FORBIDDEN);
        assert_eq!(refusal(&page), Some(LoginErrorKind::ProviderRefused));
        shop.provider.heal_id_tokens();
        assert!(is_in(&mut member(&shop).await).await);
    }
}

fn differences(log: &Log) -> Vec<String> {
    let text = log.text();
    let lines = text.lines().filter(|line| line.contains("difference_s"));
    lines.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_token_that_is_accepted_although_the_clocks_differ_has_one_line_with_the_seconds() {
    for (ahead, expected) in [(90, 1), (600, 1), (75, 1), (40, 0)] {
        let shop = open_without_sid().await;
        let log = Log::capture();
        provider_is(&shop, -ahead);
        for _ in 0..20 {
            member(&shop).await;
            send(&shop, &token(&shop)).await;
        }
        let lines = differences(&log);
        assert_eq!(lines.len(), expected, "{lines:?}");
        let seconds = |away: i64| lines.iter().any(|line| line.contains(&format!("{away} s")));
        let near = (ahead - 15..=ahead + 15).any(seconds);
        assert!(near || expected == 0, "{lines:?}");
    }
}

#[tokio::test]
async fn a_logout_token_has_the_line_where_no_id_token_showed_the_difference() {
    for ahead in [-300, -90, 90, 300] {
        let shop = open_without_sid().await;
        member(&shop).await;
        let log = Log::capture();
        provider_is(&shop, ahead);
        // Without `exp`, which would have passed by our clock.
        let forged = move |_: &mut _, claims: &mut serde_json::Value| {
            claims["iat"] = (claims["iat"].as_i64().unwrap() + ahead).into();
            claims.as_object_mut().unwrap().remove("exp");
        };
        shop.provider.forge_id_token(forged);
        for _ in 0..5 {
            assert_eq!(send(&shop, &token(&shop)).await.status(), StatusCode::OK);
        }
        let lines = differences(&log);
        assert_eq!(lines.len(), 1, "{lines:?}");
        let line = &lines[0];
        assert!(
            line.contains("WARN") && line.contains("logout token"),
            "{line}"
        );
        let ours = if ahead < 0 { "is ahead" } else { "is behind" };
        assert!(line.contains(ours), "{line}");
    }
}

async fn signed_in(replica: &Replica<impl Sized>) -> Browser {
    let mut browser = replica.browser();
    let away = browser.visit("/auth/login?provider=oidc").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    browser
}

fn forge_clock(shop: &Replicas, ahead: i64) {
    shop.provider.forge_id_token(move |_, claims| {
        claims.as_object_mut().unwrap().remove("sid");
        for name in ["iat", "exp", "auth_time"] {
            if let Some(time) = claims[name].as_i64() {
                claims[name] = (time + ahead).into();
            }
        }
    });
}

#[tokio::test]
async fn every_replica_compares_the_provider_s_times_also_after_the_log_lost_everything() {
    let shop = Replicas::new().await;
    let (one, other) = (shop.ready().await, shop.ready().await);
    forge_clock(&shop, -90);
    let before = signed_in(&one).await;
    let token = shop.provider.logout_token(1376016924429759228).unwrap();
    forge_clock(&shop, -88);
    let since = signed_in(&other).await;
    let headers = [("content-type", FORM)];
    let body = format!("logout_token={token}");
    let told = one.browser().submit_as(&headers, PATH, body).await;
    assert_eq!(told.status(), StatusCode::OK);
    other.eventually_answers(&before, (401, "ended")).await;
    assert!(other.lets_in(&since).await && one.lets_in(&since).await);

    shop.log.lose_everything();
    let begins = shop.start();
    begins.eventually_answers(&before, (401, "ended")).await;
    assert!(begins.lets_in(&since).await);
}

#[tokio::test]
async fn the_provider_s_time_survives_a_restart_in_the_file() {
    let (shop, folder) = (Replicas::new().await, Folder::new());
    let path = folder.log();
    let open = || shop.start_with(FileLog::open(&path).unwrap(), |builder| builder);
    let replica = open();
    replica.layer.warm_up().await.unwrap();
    forge_clock(&shop, -90);
    let mut before = signed_in(&replica).await;
    let token = shop.provider.logout_token(1376016924429759228).unwrap();
    forge_clock(&shop, -88);
    let mut since = signed_in(&replica).await;
    let headers = [("content-type", FORM)];
    let body = format!("logout_token={token}");
    let told = replica.browser().submit_as(&headers, PATH, body).await;
    assert_eq!(told.status(), StatusCode::OK);
    before.moves_to(Router::new());
    since.moves_to(Router::new());
    drop(replica);
    until(async || FileLog::open(&path).is_ok()).await;
    let again = open();
    again.layer.warm_up().await.unwrap();
    again.eventually_answers(&before, (401, "ended")).await;
    assert!(again.lets_in(&since).await);
}
