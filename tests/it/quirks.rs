//! `QUIRKS.md` lists every quirk number of a test name, with the tests of each number.
//!
//! After renaming a test: `UPDATE_QUIRKS=1 cargo test --test it quirks`.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

const CATALOGUE: &str = "tests/it/QUIRKS.md";
/// Lists tests that have no number in their names.
const PHONE_STEP: &str = "tests/it/PHONE_STEP_QUIRKS.md";

#[test]
fn every_number_in_a_test_name_is_in_the_catalogue() {
    let missing = unlisted(&catalogue(), &quirk_tests());
    assert!(missing.is_empty(), "not in {CATALOGUE}: {missing:#?}");
}

#[test]
fn every_row_of_the_catalogue_has_the_tests_of_its_number() {
    let (found, tests) = (catalogue(), quirk_tests());
    assert!(tests.len() > 100, "the tests are found: {}", tests.len());
    let wanted = with_tests(&found, &tests);
    let untested: Vec<&str> = wanted.lines().filter(|row| row.ends_with("|  |")).collect();
    assert!(untested.is_empty(), "no test: {untested:#?}");
    if env::var_os("UPDATE_QUIRKS").is_some() {
        fs::write(CATALOGUE, &wanted).unwrap();
    } else {
        let command = "UPDATE_QUIRKS=1 cargo test --test it quirks";
        assert!(
            rows(&found) == rows(&wanted),
            "{CATALOGUE} is outdated: {command}"
        );
    }
}

#[test]
fn a_test_with_two_numbers_belongs_to_both_rows() {
    let table = "| no. | tests |\n|---|---|\n| 80 | `it::gone` |\n| 81 | |\n";
    let both = "it::logout::quirk_80_81_sign_out".to_owned();
    let other = "it::logout::quirk_82_empty".to_owned();
    let tests = BTreeSet::from([both, other.clone()]);
    let cell = "`it::logout::quirk_80_81_sign_out`";
    let wanted = format!("| no. | tests |\n|---|---|\n| 80 | {cell} |\n| 81 | {cell} |\n");
    assert_eq!(with_tests(table, &tests), wanted);
    assert_eq!(unlisted(table, &tests), [(82, other)]);
}

#[test]
fn every_quirk_of_the_phone_step_has_tests_that_exist() {
    if is_packaged() {
        return;
    }
    let text = fs::read_to_string(PHONE_STEP).unwrap();
    let listed = named_tests(&text);
    let numbers: BTreeSet<u32> = listed.iter().map(|(number, _)| *number).collect();
    let wanted = (1..=11).chain(13..=23).chain(31..=53);
    assert_eq!(numbers, wanted.collect());
    let known = tests(
        &[
            ("tests/it", "it"),
            ("src", "lib"),
            ("senders/tests/it", "senders"),
            ("senders/src", "senders_lib"),
        ],
        "",
    );
    let gone: Vec<_> = listed
        .iter()
        .filter(|(_, test)| !known.contains(*test))
        .collect();
    assert!(gone.is_empty(), "{PHONE_STEP} names no test: {gone:#?}");
}

/// Whether this is a packaged crate, which cargo makes without the other packages of the repository.
fn is_packaged() -> bool {
    Path::new("Cargo.toml.orig").exists()
}

/// The number of each row, with each test in its last cell.
fn named_tests(text: &str) -> BTreeSet<(u32, &str)> {
    let mut named = BTreeSet::new();
    for line in text.lines() {
        if let Some(number) = row(line) {
            let names = line.split('`').filter(|name| name.contains("::"));
            named.extend(names.map(|name| (number, name)));
        }
    }
    named
}

fn catalogue() -> String {
    fs::read_to_string(CATALOGUE).unwrap()
}

/// `it::module::quirk_80_81_name` has the numbers 80 and 81.
fn numbers(test: &str) -> Vec<u32> {
    let Some((_, rest)) = test.split_once("::quirk_") else {
        return Vec::new();
    };
    let parts = rest.split('_');
    parts.map_while(|part| part.parse().ok()).collect()
}

/// The number of a table row.
fn row(line: &str) -> Option<u32> {
    line.strip_prefix('|')?
        .split('|')
        .next()?
        .trim()
        .parse()
        .ok()
}

/// The tests of each row that have a number in their names.
fn rows(text: &str) -> BTreeSet<(u32, &str)> {
    let mut rows = named_tests(text);
    rows.retain(|(_, name)| name.contains("::quirk_"));
    rows
}

/// The numbers of test names that have no row.
fn unlisted(text: &str, tests: &BTreeSet<String>) -> Vec<(u32, String)> {
    let listed: BTreeSet<u32> = text.lines().filter_map(row).collect();
    let numbered = tests.iter().flat_map(|test| {
        let numbers = numbers(test).into_iter();
        numbers.map(move |number| (number, test.clone()))
    });
    numbered
        .filter(|(number, _)| !listed.contains(number))
        .collect()
}

/// The same text, with the tests of each number in the last cell of its row.
fn with_tests(text: &str, tests: &BTreeSet<String>) -> String {
    let mut updated = String::new();
    for line in text.lines() {
        let cells = line.trim_end().trim_end_matches('|');
        match (row(line), cells.rsplit_once('|')) {
            (Some(number), Some((rest, _))) => {
                let tests = tests.iter().filter(|test| numbers(test).contains(&number));
                let names: Vec<String> = tests.map(|test| format!("`{test}`")).collect();
                updated.push_str(&format!("{rest}| {} |\n", names.join("<br>")));
            }
            _ => updated.push_str(&format!("{line}\n")),
        }
    }
    updated
}

/// The full names of all tests with a quirk number, by their files.
fn quirk_tests() -> BTreeSet<String> {
    tests(&[("tests/it", "it"), ("src", "lib")], "quirk_")
}

/// The full names of all functions in these folders whose names begin so, by their files.
fn tests(folders: &[(&str, &str)], start: &str) -> BTreeSet<String> {
    let mut tests = BTreeSet::new();
    for (folder, program) in folders {
        let mut files = Vec::new();
        sources(Path::new(folder), &mut files);
        for file in files {
            let module = file.strip_prefix(folder).unwrap().with_extension("");
            let module = module.iter().map(|part| part.to_str().unwrap());
            let module = module.filter(|part| *part != "mod");
            let path: Vec<&str> = [*program].into_iter().chain(module).collect();
            for line in fs::read_to_string(&file).unwrap().lines() {
                let line = line.trim_start();
                let line = line.strip_prefix("async ").unwrap_or(line);
                let name = line
                    .strip_prefix("fn ")
                    .and_then(|rest| rest.split('(').next());
                if let Some(name) = name.filter(|name| name.starts_with(start)) {
                    tests.insert(format!("{}::{name}", path.join("::")));
                }
            }
        }
    }
    tests
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}
