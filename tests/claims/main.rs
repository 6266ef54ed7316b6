//! The table of claims, which lists for each rule of a standard its tests, or the reason why it has
//! none.
//!
//! `claims.tsv` has the data, and `CLAIMS.md` is the page made of it. After a change of the data,
//! run `UPDATE_CLAIMS=1 cargo test --all-features --test claims`.

#![allow(clippy::unwrap_used, clippy::panic)]

mod page;
mod scan;
mod sources;
mod table;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Command,
};

use sources::Test;
use table::{Claim, Verdict};

fn claims() -> Vec<Claim> {
    table::read(&fs::read_to_string("tests/claims/claims.tsv").unwrap())
}

fn fail_with(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// The names of tests that the text has in backticks.
fn names_in<'a>(text: &'a str, tests: &BTreeMap<String, Test>) -> Vec<&'a str> {
    let program = |name: &str| name.split("::").next().map(str::to_owned);
    let programs: BTreeSet<_> = tests.keys().map(|name| program(name)).collect();
    let quoted = text.split('`').skip(1).step_by(2);
    let paths = quoted.filter(|name| name.matches("::").count() > 1 && !name.contains('('));
    paths
        .filter(|name| programs.contains(&program(name)))
        .collect()
}

#[test]
fn every_named_test_exists_and_is_not_ignored() {
    let tests = sources::all();
    let mut faults = Vec::new();
    for claim in claims() {
        for name in claim
            .tests
            .iter()
            .map(String::as_str)
            .chain(names_in(&claim.note, tests))
        {
            match tests.get(name) {
                None => faults.push(format!("{} {}: no test `{name}`", claim.source, claim.id)),
                Some(test) if test.ignored => faults.push(format!("`{name}` is ignored")),
                Some(_) => {}
            }
        }
    }
    fail_with(&faults);
}

#[test]
fn every_rule_has_a_test_or_a_reason() {
    let mut faults = Vec::new();
    let mut seen = Vec::new();
    for claim in claims() {
        let place = format!("{} {}", claim.source, claim.id);
        let held = match claim.verdict {
            Verdict::Met => !claim.tests.is_empty(),
            Verdict::Partly => !claim.tests.is_empty() && !claim.note.is_empty(),
            Verdict::NotMet | Verdict::NotApplicable => !claim.note.is_empty(),
        };
        if !held {
            faults.push(format!("{place}: neither a test nor a reason"));
        }
        if claim.rule.is_empty() {
            faults.push(format!("{place}: no rule"));
        }
        if seen.contains(&place) {
            faults.push(format!("{place} is listed twice"));
        }
        seen.push(place);
    }
    fail_with(&faults);
}

#[test]
fn the_page_is_generated_from_the_data() {
    let wanted = page::write(&claims(), sources::all());
    let path = "tests/claims/CLAIMS.md";
    if std::env::var_os("UPDATE_CLAIMS").is_some() {
        fs::write(path, &wanted).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == wanted,
        "{path} is outdated: UPDATE_CLAIMS=1 cargo test --all-features --test claims"
    );
}

/// README.md and the pages of the guide, each with single spaces.
fn documents() -> Vec<String> {
    let pages = fs::read_dir("src/guide").unwrap();
    let mut paths: Vec<_> = pages.map(|page| page.unwrap().path()).collect();
    paths.push("README.md".into());
    let texts = paths.iter().map(|path| fs::read_to_string(path).unwrap());
    texts.map(|text| one_line(&text)).collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_quoted_promise_is_in_the_readme_or_the_guide() {
    let documents = documents();
    let is_said = |claim: &&Claim| {
        let rule = one_line(&claim.rule);
        documents.iter().any(|text| text.contains(&rule))
    };
    let claims = claims();
    let promises = claims
        .iter()
        .filter(|claim| claim.source == "README and guide");
    let (said, unsaid): (Vec<_>, Vec<_>) = promises.partition(is_said);
    assert!(said.len() > 70, "{} promises were found", said.len());
    let faults = unsaid
        .iter()
        .map(|claim| format!("no page says: {}", claim.rule));
    fail_with(&faults.collect::<Vec<_>>());
}

#[test]
fn every_test_that_security_md_names_exists() {
    let tests = sources::all();
    let text = fs::read_to_string("SECURITY.md").unwrap();
    let named = text.split('`').skip(1).step_by(2);
    let named: Vec<&str> = named
        .filter(|name| name.matches("::").count() > 1)
        .collect();
    assert!(named.len() > 40, "the names were found: {}", named.len());
    let missing = named.into_iter().filter(|name| !tests.contains_key(*name));
    fail_with(
        &missing
            .map(|name| format!("SECURITY.md names `{name}`"))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn every_advisory_class_is_in_security_md() {
    let text = fs::read_to_string("SECURITY.md").unwrap();
    let classes = claims();
    let classes = classes
        .iter()
        .filter(|claim| claim.source == "Advisory classes");
    let rows: Vec<String> = classes
        .map(|claim| format!("| {} | {} |", claim.id, claim.rule))
        .collect();
    assert!(rows.len() >= 16, "{}", rows.len());
    let missing = rows.into_iter().filter(|row| !text.contains(row));
    fail_with(&missing.collect::<Vec<_>>());
}

#[test]
fn the_scan_finds_the_tests_that_this_program_lists() {
    let program = std::env::current_exe().unwrap();
    let listed = Command::new(program).arg("--list").output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let mut listed: Vec<String> = listed
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .map(|name| format!("claims::{name}"))
        .collect();
    listed.sort();
    let tests = sources::all();
    let found: Vec<&String> = tests
        .keys()
        .filter(|name| name.starts_with("claims::"))
        .collect();
    assert_eq!(found, listed.iter().collect::<Vec<_>>());
}
