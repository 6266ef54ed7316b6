//! `cargo run --example doctor` checks the settings of the other examples and explains error codes.

use std::{
    io,
    process::{Output, Stdio},
    time::Duration,
};

use serde_json::Value;
use tokio::time::timeout;
use tower_phone_auth_local_provider::LocalProvider;

use super::{KEY, named_example};
use crate::support::folder::Folder;

pub(super) struct DoctorRun {
    pub(super) status: i32,
    pub(super) out: String,
    error: String,
}

pub(super) async fn doctor(settings: &[(&str, &str)], arguments: &[&str]) -> DoctorRun {
    let mut command = named_example("doctor", settings);
    let output = command.args(arguments).output();
    let output = timeout(Duration::from_secs(60), output).await;
    let Output {
        status,
        stdout,
        stderr,
    } = output.expect("the doctor ends").unwrap();
    DoctorRun {
        status: status.code().unwrap(),
        out: String::from_utf8(stdout).unwrap(),
        error: String::from_utf8(stderr).unwrap(),
    }
}

#[tokio::test]
async fn without_settings_the_doctor_checks_the_local_provider() {
    let run = doctor(&[], &[]).await;
    assert_eq!((run.status, run.error.as_str()), (0, ""), "{}", run.out);
    assert!(run.out.contains("0 failed"), "{}", run.out);
    assert!(run.out.contains("/auth/callback/local"), "{}", run.out);
}

#[tokio::test]
async fn a_reader_that_leaves_changes_no_exit_status() {
    let cases: [(&[&str], i32); 4] = [
        (&[], 0),
        (&["--json"], 0),
        (&["KOE006"], 0),
        (&["KOE006", "KOE006x"], 1),
    ];
    for (arguments, status) in cases {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let mut command = named_example("doctor", &[]);
        command.args(arguments).stdout(writer).stderr(Stdio::null());
        let ended = timeout(Duration::from_secs(60), command.status()).await;
        let ended = ended.expect("the doctor ends").unwrap();
        assert_eq!(ended.code(), Some(status), "{arguments:?}");
    }
}

#[tokio::test]
async fn every_provider_is_checked_and_the_report_is_json() {
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
    let run = doctor(&settings, &["--json"]).await;
    assert_eq!((run.status, run.error.as_str()), (0, ""), "{}", run.out);
    let report: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["good"], true);
    for subject in ["application", "kakao", "naver", "google", "oidc"] {
        let checks = report["checks"].as_array().unwrap().iter();
        assert!(checks.filter(|check| check["subject"] == subject).count() > 3);
    }
    assert!(run.out.contains("from SESSION_KEY") && !run.out.contains(KEY));
    assert!(!run.out.contains(&*secret));
}

#[tokio::test]
async fn a_failed_check_gives_status_1_and_a_remedy() {
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
        let run = doctor(&[&base[..], more].concat(), &[]).await;
        assert_eq!(run.status, 1, "{}", run.out);
        let words: Vec<_> = run.out.split_whitespace().collect();
        assert!(
            words.join(" ").contains(part) && run.error.is_empty(),
            "{}",
            run.out
        );
        assert!(!run.out.contains("s3cret"), "{}", run.out);
        assert!(run.out.lines().all(|line| line.chars().count() <= 120));
    }
}

#[tokio::test]
async fn a_wrong_setting_gives_status_2_and_its_variable() {
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
        let run = doctor(settings, &[]).await;
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{}", run.error);
        assert!(run.error.starts_with(part), "{}", run.error);
        assert_eq!(run.error.lines().count(), 1, "{}", run.error);
    }
    let run = doctor(&[], &["--yaml"]).await;
    assert_eq!((run.status, run.out.as_str()), (2, ""));
    assert!(run.error.contains("--json"), "{}", run.error);
}

#[tokio::test]
async fn codes_are_explained_in_both_languages_without_settings() {
    for (code, parts) in [
        ("KOE006", ["/auth/callback/kakao", "리다이렉트 URI"]),
        (" koe010 ", ["Kakao::without_secret", "클라이언트 시크릿"]),
        ("invalid_scope", ["Oidc::phone_scope", "제공자 콘솔"]),
        ("-401", ["does not exist", "액세스 토큰"]),
        ("024", ["Naver", "네이버"]),
        ("SERVICE_DISABLED", ["People API", "Google Cloud 콘솔"]),
        ("at_hash", ["access token", "액세스 토큰"]),
    ] {
        let run = doctor(&[("PUBLIC_URL", "no URL at all")], &[code]).await;
        assert_eq!((run.status, run.error.as_str()), (0, ""), "{code}");
        for part in parts {
            assert!(run.out.contains(part), "{part} in {}", run.out);
        }
    }
    let run = doctor(&[], &["KOE006", "login_required"]).await;
    assert!(run.status == 0 && run.out.contains("KOE006") && run.out.contains("login_required"));
}

#[tokio::test]
async fn an_unknown_code_gives_status_1_and_similar_codes() {
    let run = doctor(&[], &["invalid_scop"]).await;
    assert_eq!((run.status, run.out.as_str()), (1, ""));
    assert_eq!(
        run.error,
        "error: invalid_scop: is not known; similar codes: invalid_scope\n"
    );
    let run = doctor(&[], &["bicycle"]).await;
    assert_eq!(
        (run.status, run.error.as_str()),
        (1, "error: bicycle: is not known\n")
    );
}
