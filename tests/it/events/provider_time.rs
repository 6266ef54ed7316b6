//! The time of a provider's event is compared with other times of the same provider, and not with
//! our clock.

use std::time::Duration;

use http::StatusCode;
use tower_phone_auth::error::LoginErrorKind;
use tower_phone_auth_local_provider::{LocalProvider, Person};

use super::{
    OAUTH, RISC, SET, is_signed_in,
    logout_token::{PATH, open, send, token},
    post, sign_in,
};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{JIWOO, refusal},
    log::Log,
    shop::Shop,
};

/// Sets the provider's clock ahead of ours by this many seconds.
pub(super) fn set_provider_clock(provider: &LocalProvider, ahead: i64) {
    provider.forge_id_token(move |_, claims| {
        for name in ["iat", "exp", "auth_time"] {
            if let Some(time) = claims[name].as_i64() {
                claims[name] = (time + ahead).into();
            }
        }
    });
}

/// A shop at a provider whose logout tokens name only the user.
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
            set_provider_clock(&shop.provider, -ahead);
            let mut browser = sign_in(&shop).await;
            let page = send(&shop, &token(&shop)).await;
            assert_eq!(page.status(), StatusCode::OK, "{ahead}");
            assert!(!is_signed_in(&mut browser).await, "{ahead}");
            // The user signs in again without a page, possibly in the same second.
            assert!(is_signed_in(&mut sign_in(&shop).await).await, "{ahead}");
        }
    }
}

#[tokio::test]
async fn a_logout_token_ends_the_sessions_of_its_user_although_our_clock_is_behind() {
    for behind in [50, 61, 90, 150, 300] {
        for shop in [open().await, open_without_sid().await] {
            let mut browser = sign_in(&shop).await;
            set_provider_clock(&shop.provider, behind);
            let page = send(&shop, &token(&shop)).await;
            assert_eq!(page.status(), StatusCode::OK, "{behind}");
            assert!(!is_signed_in(&mut browser).await, "{behind}");
        }
    }
}

#[tokio::test]
async fn a_security_event_ends_the_sessions_of_its_user_although_our_clock_is_wrong() {
    for ahead in [-300, -90, 90, 300, 600] {
        let shop = open().await;
        set_provider_clock(&shop.provider, -ahead.max(0));
        let mut browser = sign_in(&shop).await;
        set_provider_clock(&shop.provider, -ahead);
        let event = format!("{RISC}/sessions-revoked");
        let event = shop
            .provider
            .oidc_event(&event, Person::WITH_PHONE)
            .unwrap();
        let page = post(&shop, PATH, SET, event).await;
        assert_eq!(page.status(), StatusCode::ACCEPTED, "{ahead}");
        assert!(!is_signed_in(&mut browser).await, "{ahead}");
        set_provider_clock(&shop.provider, -ahead.max(0));
        assert!(is_signed_in(&mut sign_in(&shop).await).await, "{ahead}");
    }
}

#[tokio::test]
async fn security_events_of_google_and_kakao_end_sessions_although_our_clock_is_ahead() {
    for ahead in [61, 90, 600] {
        let provider = LocalProvider::start().await.unwrap();
        let google = provider.google();
        let shop = Shop::at(provider, google, |builder| builder);
        shop.time.set_forward(Duration::from_secs(ahead));
        let mut browser = sign_in(&shop).await;
        let event = format!("{RISC}/sessions-revoked");
        let event = shop.provider.google_event(&event, Person::WITH_PHONE);
        let page = post(&shop, "/auth/events/google", SET, event.unwrap()).await;
        assert_eq!(page.status(), StatusCode::ACCEPTED, "{ahead}");
        assert!(!is_signed_in(&mut browser).await, "{ahead}");

        let shop = Shop::open().await;
        shop.provider
            .configure(|settings| settings.kakao_oidc = true);
        shop.time.set_forward(Duration::from_secs(ahead));
        let mut browser = sign_in(&shop).await;
        let event = format!("{OAUTH}/user-unlinked");
        let event = shop.provider.kakao_event(&event, Person::WITH_PHONE);
        let page = post(&shop, "/auth/events/kakao", SET, event.unwrap()).await;
        assert_eq!(page.status(), StatusCode::ACCEPTED, "{ahead}");
        assert!(!is_signed_in(&mut browser).await, "{ahead}");
    }
}

#[tokio::test]
async fn a_session_that_began_after_the_logout_by_the_providers_clock_stays() {
    for ahead in [-600, -90, 0, 50] {
        let shop = open_without_sid().await;
        set_provider_clock(&shop.provider, ahead);
        let mut browser = sign_in(&shop).await;
        // The token was made before the sign-in and arrives late.
        set_provider_clock(&shop.provider, ahead - 2);
        assert_eq!(send(&shop, &token(&shop)).await.status(), StatusCode::OK);
        assert!(is_signed_in(&mut browser).await, "{ahead}");
        set_provider_clock(&shop.provider, ahead + 2);
        assert_eq!(send(&shop, &token(&shop)).await.status(), StatusCode::OK);
        assert!(!is_signed_in(&mut browser).await, "{ahead}");
    }
}

#[tokio::test]
async fn an_ended_session_at_the_provider_starts_no_session_here() {
    for ahead in [-600, -90, 0, 50] {
        let shop = open().await;
        shop.provider.forge_id_token(move |_, claims| {
            claims["sid"] = "the-same".into();
            claims["iat"] = (claims["iat"].as_i64().unwrap() + ahead).into();
        });
        let mut browser = sign_in(&shop).await;
        assert_eq!(send(&shop, &token(&shop)).await.status(), StatusCode::OK);
        assert!(!is_signed_in(&mut browser).await);
        // The refusal is a page, so that the browser is in no redirect loop.
        shop.time.pass(Duration::from_secs(60 * 60));
        let page = shop.browser().come_back("/", JIWOO).await;
        assert_eq!(page.status(), StatusCode::FORBIDDEN);
        assert_eq!(refusal(&page), Some(LoginErrorKind::ProviderRefused));
        shop.provider.clear_id_token_faults();
        assert!(is_signed_in(&mut sign_in(&shop).await).await);
    }
}

fn differences(log: &Log) -> Vec<String> {
    let text = log.text();
    let lines = text.lines().filter(|line| line.contains("difference_s"));
    lines.map(str::to_owned).collect()
}

#[tokio::test]
async fn an_accepted_token_with_a_clock_difference_is_logged_once_with_the_seconds() {
    for (ahead, expected) in [(90, 1), (600, 1), (75, 1), (40, 0)] {
        let shop = open_without_sid().await;
        let log = Log::capture();
        set_provider_clock(&shop.provider, -ahead);
        for _ in 0..20 {
            sign_in(&shop).await;
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
async fn a_logout_token_logs_a_clock_difference_that_no_id_token_showed() {
    for ahead in [-300, -90, 90, 300] {
        let shop = open_without_sid().await;
        sign_in(&shop).await;
        let log = Log::capture();
        set_provider_clock(&shop.provider, ahead);
        // The token has no `exp`, because it would have expired by our clock.
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
