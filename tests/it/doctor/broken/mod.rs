//! Set-ups with one fault: its check names the remedy, and no other check fails.

use std::time::Duration;

use tower_phone_auth::{
    Oidc,
    doctor::{CheckState, Report},
};
use tower_phone_auth_local_provider::LocalProvider;

use super::{check, names, shop};
use crate::support::shop::Shop;

mod announced;
mod application;
mod metadata;
mod provider;

const FAILED: CheckState = CheckState::Failed;
const WARNING: CheckState = CheckState::Warning;

/// Asserts that only this check is wrong, and that its remedy has this part.
#[track_caller]
fn assert_wrong(
    case: &str,
    report: &Report,
    (subject, name, state): (&str, &str, CheckState),
    part: &str,
) {
    println!("== {case} ==\n{report}");
    let found = check(report, subject, name);
    assert_eq!(found.state(), state, "{case}\n{report}");
    let remedy = found.remedy().unwrap();
    assert!(remedy.contains(part), "{case}: {remedy}");
    assert_eq!(names(report, WARNING), [name], "{case}\n{report}");
}

async fn at_issuer(issuer: impl FnOnce(&LocalProvider) -> String) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    let client = Oidc::new(issuer(&provider), "id", "secret");
    shop(provider, client, |builder| {
        builder.provider_timeout(Duration::from_secs(5))
    })
}

/// The origin of a port where nothing listens.
fn closed() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("https://{}", listener.local_addr().unwrap())
}
