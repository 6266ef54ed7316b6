//! `cargo run --example doctor`: the settings of the other examples, checked, and the codes of errors, explained.

use std::{process::Output, time::Duration};

use serde_json::Value;
use tokio::time::timeout;
use tower_phone_auth_local_provider::LocalProvider;

use super::{KEY, named_example};
use crate::support::folder::Folder;

pub(super) struct Said {
    pub(super) status: i32,
    pub(super) out: String,
    error: String,
}

pub(super) async fn doctor(settings: &[(&str, &str)], arguments: &[&str]) -> Said {
    let mut command = named_example("doctor", settings);
    let output = command.args(arguments).output();
    let output = timeout(Duration::from_secs(60), output).await;
    let Output {
        status,
        stdout,
        stderr,
    } = output.expect("it ends").unwrap();
    Said {
        status: status.code().unwrap(),
        out: String::from_utf8(stdout).unwrap(),
        error: String::from_utf8(stderr).unwrap(),
    }
}

#[tokio::test]
async fn without_any_setting_it_checks_the_local_provider() {
    let said = doctor(&[], &[]).await;
    assert_eq!((said.status, said.error.as_str()), (0, ""), "{}", said.out);
    assert!(said.out.contains("0 failed"), "{}", said.out);
    assert!(said.out.contains("/auth/callback/local"), "{}", said.out);
}

#[tokio::test]
async fn every_provider_of_the_contract_is_checked_and_json_is_printed() {
    let provider = LocalProvider::start().await.unwrap();
    let (id, secret) = (provider.client_id(), provider.client_secret().unwrap());
    let (base, issuer) = (provider.origin(), provider.oidc_issuer());
    let settings = [
        ("OAUTH_PROVIDER", "kakao,naver,google,oidc"),
        ("OAUTH_CLIENT_ID", &*id),
        ("OAUTH_CLIENT_SECRET", &*secret),
        ("OAUTH_ENDPOINT_BASE", &*base),
        ("OIDC_ISSUER", &*issuer),
        ("SESSION_KEY", KEY),
    ];
    let said = doctor(&settings, &["--json"]).await;
    assert_eq!((said.status, said.error.as_str()), (0, ""), "{}", said.out);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(report["good"], true);
    for subject in ["application", "kakao", "naver", "google", "oidc"] {
        let checks = report["checks"].as_array().unwrap().iter();
        assert!(checks.filter(|check| check["subject"] == subject).count() > 3);
    }
    assert!(said.out.contains("from SESSION_KEY") && !said.out.contains(KEY));
    assert!(!said.out.contains(&*secret));
}

#[tokio::test]
async fn a_failed_check_is_status_1_with_its_remedy() {
    let base = [
        ("OAUTH_PROVIDER", "oidc"),
        ("OAUTH_CLIENT_ID", "id"),
        ("OAUTH_CLIENT_SECRET", "s3cret-word"),
        ("SESSION_KEY", KEY),
    ];
    let provider = LocalProvider::start().await.unwrap();
    let issuer = format!("{}/", provider.oidc_issuer());
    let redis = ("REDIS_URL", "redis://127.0.0.1:1");
    for (more, part) in [
        (&[("OIDC_ISSUER", &*issuer)][..], "the slash at the end"),
        (
            &[("OIDC_ISSUER", "http://127.0.0.1:1/realm")],
            "that the server runs",
        ),
        (&[("OIDC_ISSUER", &*issuer), redis], "revocation_log"),
    ] {
        let said = doctor(&[&base[..], more].concat(), &[]).await;
        assert_eq!(said.status, 1, "{}", said.out);
        let words: Vec<_> = said.out.split_whitespace().collect();
        assert!(
            words.join(" ").contains(part) && said.error.is_empty(),
            "{}",
            said.out
        );
        assert!(!said.out.contains("s3cret"), "{}", said.out);
        assert!(said.out.lines().all(|line| line.chars().count() <= 120));
    }
}

#[tokio::test]
async fn a_wrong_setting_is_status_2_and_names_its_variable() {
    let folder = Folder::new();
    let nowhere = folder.log().join("nowhere").join("log");
    for (settings, part) in [
        (
            &[("PUBLIC_URL", "http://shop.example.com")][..],
            "error: PUBLIC_URL: ",
        ),
        (&[("OAUTH_PROVIDER", "facebook")], "error: OAUTH_PROVIDER: "),
        (
            &[("OAUTH_PROVIDER", "kakao")],
            "error: OAUTH_CLIENT_ID: is not set",
        ),
        (
            &[("SESSION_KEY", "c2hvcnQ=")],
            "error: SESSION_KEY: a key has 5 bytes",
        ),
        (
            &[("REVOCATION_FILE", nowhere.to_str().unwrap())],
            "error: REVOCATION_FILE: ",
        ),
    ] {
        let said = doctor(settings, &[]).await;
        assert_eq!((said.status, said.out.as_str()), (2, ""), "{}", said.error);
        assert!(said.error.starts_with(part), "{}", said.error);
        assert_eq!(said.error.lines().count(), 1, "{}", said.error);
    }
    let said = doctor(&[], &["--yaml"]).await;
    assert_eq!((said.status, said.out.as_str()), (2, ""));
    assert!(said.error.contains("--json"), "{}", said.error);
}

#[tokio::test]
async fn codes_are_explained_in_both_languages_without_any_setting() {
    for (code, parts) in [
        ("KOE006", ["/auth/callback/kakao", "리다이렉트 URI"]),
        (" koe010 ", ["Kakao::without_secret", "클라이언트 시크릿"]),
        ("invalid_scope", ["Oidc::phone_scope", "제공자 콘솔"]),
        ("-401", ["does not exist", "액세스 토큰"]),
        ("024", ["Naver", "네이버"]),
        ("SERVICE_DISABLED", ["People API", "Google Cloud 콘솔"]),
        ("at_hash", ["access token", "액세스 토큰"]),
    ] {
        let said = doctor(&[("PUBLIC_URL", "no URL at all")], &[code]).await;
        assert_eq!((said.status, said.error.as_str()), (0, ""), "{code}");
        for part in parts {
            assert!(said.out.contains(part), "{part} in {}", said.out);
        }
    }
    let said = doctor(&[], &["KOE006", "login_required"]).await;
    assert!(said.status == 0 && said.out.contains("KOE006") && said.out.contains("login_required"));
}

#[tokio::test]
async fn an_unknown_code_is_status_1_with_near_spellings() {
    let said = doctor(&[], &["invalid_scop"]).await;
    assert_eq!((said.status, said.out.as_str()), (1, ""));
    assert_eq!(
        said.error,
        "error: invalid_scop: is not known; similar codes: invalid_scope\n"
    );
    let said = doctor(&[], &["bicycle"]).await;
    assert_eq!(
        (said.status, said.error.as_str()),
        (1, "error: bicycle: is not known\n")
    );
}
