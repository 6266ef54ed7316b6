//! The report as a table and as JSON.

use serde_json::{Value, json};
use tower_phone_auth::doctor::Report;
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, SECRET_PREFIX, faults::Fault};

use super::{key_text, openid};

/// A report with checks of all states, and hostile texts of a provider.
async fn report() -> Report {
    let broken = |provider: &LocalProvider| {
        let hostile = json!({
            "scopes_supported": ["openid", "\u{1b}[31mred\r\nline", "<script>", "범위"],
            "token_endpoint": format!("{}/oidc/token?canary=1", provider.origin()),
            "response_modes_supported": ["x".repeat(10_000)],
        });
        provider.fail(Endpoint::Discovery, Fault::Merge(hostile));
    };
    let shop = openid(broken, |_, oidc| oidc, |builder| builder).await;
    shop.layer.doctor().await
}

fn without_blanks(text: &str) -> String {
    text.split_whitespace().collect()
}

#[tokio::test]
async fn json_and_table_have_the_same_checks() {
    let report = report().await;
    let document: Value = serde_json::from_str(&report.to_json()).unwrap();
    assert_eq!(document["good"], false);
    assert_eq!(document["worst"], "failed");
    let checks = document["checks"].as_array().unwrap();
    assert_eq!(checks.len(), report.checks().len());
    let table = without_blanks(&report.to_string());
    for (check, written) in report.checks().iter().zip(checks) {
        assert_eq!(written["name"], check.name());
        assert_eq!(written["subject"], check.subject());
        assert_eq!(written["state"], check.state().to_string());
        assert_eq!(written["expected"], check.expected());
        assert_eq!(written["found"], check.found());
        assert_eq!(written["remedy"].as_str(), check.remedy());
        let row = [
            &check.state().to_string(),
            check.subject(),
            check.name(),
            check.found(),
        ];
        assert!(table.contains(&without_blanks(&row.concat())), "{row:?}");
        let remedy = check.remedy().unwrap_or_default();
        assert!(table.contains(&without_blanks(remedy)), "{remedy}");
    }
}

#[tokio::test]
async fn no_line_has_more_than_120_columns_or_a_control_character() {
    let report = report().await;
    let table = report.to_string();
    for line in table.lines() {
        assert!(line.chars().count() <= 120, "{line}");
        assert!(!line.contains(char::is_control), "{line:?}");
    }
    assert!(table.ends_with(" ok\n"), "{table}");
    assert!(!report.to_json().contains("\\u001b"));
}

#[tokio::test]
async fn no_secret_key_or_query_is_in_the_report() {
    let report = report().await;
    for text in [report.to_string(), report.to_json(), format!("{report:?}")] {
        for secret in [SECRET_PREFIX, &key_text(), &key_text()[..20], "canary"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[tokio::test]
async fn every_check_that_is_not_good_has_a_remedy_and_a_documented_name() {
    let documentation = std::fs::read_to_string("src/doctor/report.rs").unwrap();
    for check in report().await.checks() {
        let is_ok = check.state() == tower_phone_auth::doctor::CheckState::Ok;
        assert_eq!(check.remedy().is_none(), is_ok, "{check:?}");
        assert!(
            documentation.contains(&format!("`{}`", check.name())),
            "{check:?}"
        );
        assert!(!check.expected().is_empty() && !check.found().is_empty());
    }
}
