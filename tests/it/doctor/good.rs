//! Set-ups without a fault.

use crate::support::clients::Clients as _;
use tower_phone_auth::{doctor::CheckState, provider::Provider, revocation::InProcessLog};
use tower_phone_auth_local_provider::LocalProvider;

use super::{check, names, openid, openid_with, shop};

#[tokio::test]
async fn a_good_set_up_has_only_notes_at_any_provider() {
    for name in [
        "oidc",
        "kakao",
        "kakao with OpenID Connect",
        "naver",
        "google",
    ] {
        let provider = LocalProvider::start().await.unwrap();
        provider.configure(|settings| settings.kakao_oidc = true);
        let client: Provider = match name {
            "oidc" => provider.oidc().into(),
            "kakao" => provider.kakao().into(),
            "naver" => provider.naver().into(),
            "google" => provider.google().into(),
            _ => provider.kakao().openid_connect().into(),
        };
        let shop = shop(provider, client, |builder| builder);
        let report = shop.layer.doctor().await;
        assert_eq!(report.worst(), CheckState::Note, "{name}\n{report}");
        assert!(report.is_good());
        let expected: &[&str] = match name {
            "oidc" => &[
                "key_set",
                "token_endpoint",
                "profile_endpoint",
                "metadata",
                "issuer",
            ],
            "kakao" | "naver" => &["token_endpoint", "profile_endpoint"],
            _ => &["key_set", "token_endpoint", "profile_endpoint"],
        };
        let subject = name.split(' ').next().unwrap();
        for name in expected.iter().chain(&["clock"]) {
            let state = check(&report, subject, name).state();
            assert_eq!(state, CheckState::Ok, "{name}\n{report}");
        }
    }
}

#[tokio::test]
async fn the_report_has_the_providers_in_the_order_of_the_layer() {
    let provider = LocalProvider::start().await.unwrap();
    let (first, second) = (provider.oidc(), provider.naver());
    let shop = shop(provider, first, |builder| builder.provider(second));
    let report = shop.layer.doctor().await;
    let mut subjects: Vec<_> = report
        .checks()
        .iter()
        .map(|check| check.subject())
        .collect();
    subjects.dedup();
    assert_eq!(subjects, ["application", "oidc", "naver"]);
}

#[tokio::test]
async fn the_addresses_to_register_are_named_with_prefix_and_path() {
    let shop = openid(
        |_| {},
        |_, oidc| oidc.logout_at_provider(),
        |builder| {
            builder
                .public_url("https://example.com:8443/shop")
                .prefix("/sso")
        },
    );
    let report = shop.await.layer.doctor().await;
    for (name, address) in [
        (
            "redirect_uri",
            "https://example.com:8443/shop/sso/callback/oidc",
        ),
        (
            "events_uri",
            "https://example.com:8443/shop/sso/events/oidc",
        ),
        (
            "post_logout_redirect_uri",
            "https://example.com:8443/shop/sso/logout/done",
        ),
    ] {
        let check = check(&report, "oidc", name);
        assert_eq!((check.found(), check.state()), (address, CheckState::Note));
        assert!(check.remedy().unwrap().contains("register"));
    }
    let public_url = check(&report, "application", "public_url");
    assert!(
        public_url.remedy().unwrap().contains("/shop"),
        "{public_url:?}"
    );
}

#[tokio::test]
async fn the_report_counts_the_keys_with_their_algorithms_and_ids() {
    let shop = openid_with(|builder| builder).await;
    let report = shop.layer.doctor().await;
    let found = check(&report, "oidc", "key_set").found();
    // Five of the keys have types and uses that the layer ignores.
    assert!(found.starts_with("1 of 6 usable: RS256 (kid "), "{found}");
    let found = check(&report, "oidc", "algorithms").found();
    assert_eq!(found, "RS256");
}

#[tokio::test]
async fn the_report_has_the_age_of_the_last_reading_of_the_log() {
    let log = InProcessLog::default();
    let shop = openid_with(|builder| builder.revocation_log(log)).await;
    shop.layer.warm_up().await.unwrap();
    let report = shop.layer.doctor().await;
    let found = check(&report, "application", "revocation_log_read").found();
    assert!(found.contains("ms ago"), "{found}");
    assert_eq!(names(&report, CheckState::Warning), [""; 0]);
}
