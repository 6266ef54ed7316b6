//! The documented table of events matches the log.

use std::collections::{BTreeMap, BTreeSet};

use tower_phone_auth::audit::AUDIT_TARGET;

use super::scenarios::{self, DIGITS, E164, Shop};
use crate::{phone_step::kit::cause_lines, support::events::Events};

/// A row of the table: the levels, the fields that are always present, and the optional fields.
struct Row {
    levels: BTreeSet<String>,
    always: BTreeSet<String>,
    optional: BTreeSet<String>,
}

/// The table in the documentation of `AUDIT_TARGET`.
fn table() -> BTreeMap<String, Row> {
    let text = std::fs::read_to_string("src/audit/target.rs").unwrap();
    let table = text.split("A callback whose sign-in").next().unwrap();
    let rows = table
        .lines()
        .filter_map(|line| line.strip_prefix("/// | `"));
    let rows = rows.map(|row| {
        let columns: Vec<_> = row.split(" | ").collect();
        let [event, levels, _, fields] = columns[..] else {
            panic!("four columns: {row}")
        };
        let fields = fields.trim_end_matches(" |").split(", ");
        let (optional, always): (Vec<_>, Vec<_>) = fields.partition(|field| field.ends_with('?'));
        let plain = |field: &str| field.trim_matches(['?', '`']).to_owned();
        let row = Row {
            levels: levels.split(", ").map(str::to_owned).collect(),
            always: always.into_iter().map(plain).collect(),
            optional: optional.into_iter().map(plain).collect(),
        };
        (event.trim_end_matches('`').to_owned(), row)
    });
    rows.collect()
}

#[tokio::test]
async fn the_table_names_every_event_with_its_levels_and_fields() {
    let events = Events::capture();
    let shop = Shop::open().await;
    scenarios::all(&shop).await;
    cause_lines().await;
    let table = table();
    assert_eq!(table.len(), 16);
    let mut seen = BTreeMap::<&str, BTreeSet<String>>::new();
    for line in events.all() {
        if line.target != AUDIT_TARGET {
            continue;
        }
        let row = &table[line.name];
        assert_eq!(line.field("event"), line.name);
        assert!(row.levels.contains(line.level.as_str()), "{line:?}");
        let fields: BTreeSet<String> = line.fields.keys().map(|name| (*name).to_owned()).collect();
        assert!(fields.is_superset(&row.always), "{line:?}");
        let known = ["event", "message"];
        for field in fields
            .iter()
            .filter(|field| !known.contains(&field.as_str()))
        {
            assert!(
                row.always.contains(field) || row.optional.contains(field),
                "{field} in {line:?}"
            );
        }
        let seen = seen.entry(line.name).or_default();
        seen.extend(fields);
        seen.insert(line.level.to_string());
    }
    for (event, row) in &table {
        let seen = seen.get(event.as_str());
        let seen = seen.unwrap_or_else(|| panic!("{event} was never written"));
        for part in row.always.iter().chain(&row.optional).chain(&row.levels) {
            // An event that could be genuine is logged at ERROR only while its provider is down.
            // Other tests cover that.
            let elsewhere = event == "event_refused" && part == "ERROR";
            assert!(elsewhere || seen.contains(part), "{part} of {event}");
        }
    }
}

#[tokio::test]
async fn lines_of_one_user_are_joined_by_the_masked_subject() {
    let events = Events::capture();
    let shop = Shop::open().await;
    scenarios::sessions(&shop).await;
    scenarios::events(&shop).await;
    for (provider, subject) in [("kakao", DIGITS.to_string()), ("oidc", E164.to_owned())] {
        let masked = shop.layer.audit_subject(provider, &subject);
        assert_eq!(masked.len(), 16);
        for name in ["sign_in", "sign_out", "event"] {
            let mut lines = events.audit(name);
            lines.retain(|line| line.field("provider") == provider);
            assert!(!lines.is_empty(), "{name} of {provider}");
            for line in lines {
                let subject = line.fields.get("subject");
                // A logout token that names a session does not name its user.
                let unnamed = subject.is_none() && line.field("cause") == "session_ended";
                assert!(unnamed || subject == Some(&masked), "{line:?}");
            }
        }
    }
    assert_ne!(
        shop.layer.audit_subject("kakao", E164),
        shop.layer.audit_subject("oidc", E164)
    );
}

#[tokio::test]
async fn a_sign_in_and_the_sign_out_after_it_name_the_same_session() {
    let events = Events::capture();
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    scenarios::sign_in(&mut browser, "kakao").await;
    browser.send(http::Method::POST, "/auth/logout", &[]).await;
    let ([sign_in], [sign_out]) = (&events.audit("sign_in")[..], &events.audit("sign_out")[..])
    else {
        panic!("expected one of each: {}", events.text())
    };
    assert_eq!(sign_in.field("session"), sign_out.field("session"));
    assert_eq!(sign_in.field("session").len(), 8);
    assert_eq!(sign_out.field("everywhere"), "false");
    assert_eq!(sign_out.field("complete"), "true");
}

#[tokio::test]
async fn the_reference_on_the_page_is_in_the_line() {
    let events = Events::capture();
    let shop = Shop::open().await;
    let page = shop
        .browser()
        .visit("/auth/callback/kakao?code=1&state=2")
        .await;
    let [line] = &events.audit("refusal")[..] else {
        panic!("expected one line: {}", events.text())
    };
    assert_eq!(line.field("cause"), "NoCookies");
    let page = String::from_utf8_lossy(page.body()).into_owned();
    assert!(page.contains(line.field("reference")));
}
