//! `QUIRKS.md` lists every quirk number of a test name, and names only tests that exist.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const CATALOGUE: &str = include_str!("QUIRKS.md");

#[test]
fn every_number_in_a_test_name_is_in_the_catalogue() {
    let listed = rows(CATALOGUE);
    let missing = missing(&quirk_tests(), &listed);
    assert!(missing.is_empty(), "not in QUIRKS.md: {missing:#?}");
}

#[test]
fn every_test_in_the_catalogue_exists() {
    let tests = quirk_tests();
    assert!(tests.len() > 100, "the tests are found: {}", tests.len());
    let listed = rows(CATALOGUE);
    let unknown: Vec<_> = listed
        .iter()
        .filter(|row| !tests.contains(&row.1))
        .collect();
    assert!(unknown.is_empty(), "no such test: {unknown:#?}");
}

#[test]
fn each_number_of_a_name_needs_a_row_of_its_own() {
    let test = "it::logout::quirk_80_81_signing_out_asks_nothing".to_owned();
    let tests = BTreeSet::from([test.clone()]);
    let one = BTreeSet::from([(80, test.clone())]);
    let both = BTreeSet::from([(80, test.clone()), (81, test.clone())]);
    assert_eq!(missing(&tests, &one), [(81, test)]);
    assert!(missing(&tests, &both).is_empty());
}

#[test]
fn a_test_that_stands_beside_another_number_is_not_listed() {
    let table = "| 07 | Kakao | text | source | `it::a::quirk_07_one`<br>`it::b::quirk_07_two` |";
    let listed = rows(table);
    let other = "it::c::quirk_08_three".to_owned();
    let tests = BTreeSet::from(["it::b::quirk_07_two".to_owned(), other.clone()]);
    assert_eq!(missing(&tests, &listed), [(8, other)]);
}

type Row = (u32, String);

/// The numbers of test names that have no row with that test.
fn missing(tests: &BTreeSet<String>, listed: &BTreeSet<Row>) -> Vec<Row> {
    let numbered = tests.iter().flat_map(|test| {
        let numbers = numbers(test);
        numbers
            .into_iter()
            .map(move |number| (number, test.clone()))
    });
    numbered.filter(|row| !listed.contains(row)).collect()
}

/// `it::module::quirk_80_81_name` has the numbers 80 and 81.
fn numbers(test: &str) -> Vec<u32> {
    let Some((_, rest)) = test.split_once("::quirk_") else {
        return Vec::new();
    };
    rest.split('_')
        .map_while(|part| part.parse().ok())
        .collect()
}

/// The number of each table row, with each test in the last column.
fn rows(text: &str) -> BTreeSet<Row> {
    let mut rows = BTreeSet::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let (Some(Ok(number)), Some(tests)) = (cells.first().map(|no| no.parse()), cells.last())
        else {
            continue;
        };
        let names = tests.split('`').filter(|name| name.contains("::quirk_"));
        rows.extend(names.map(|name| (number, name.to_owned())));
    }
    rows
}

/// The full names of all tests with a quirk number, by their files.
fn quirk_tests() -> BTreeSet<String> {
    let mut tests = BTreeSet::new();
    for (folder, program) in [("tests/it", "it"), ("src", "lib")] {
        let mut files = Vec::new();
        sources(Path::new(folder), &mut files);
        for file in files {
            let module = file.strip_prefix(folder).unwrap().with_extension("");
            let module = module.iter().map(|part| part.to_str().unwrap());
            let module = module.filter(|part| *part != "mod");
            let path = [program]
                .into_iter()
                .chain(module)
                .collect::<Vec<_>>()
                .join("::");
            for line in fs::read_to_string(&file).unwrap().lines() {
                let line = line.trim_start();
                let line = line.strip_prefix("async ").unwrap_or(line);
                let Some(name) = line.strip_prefix("fn quirk_") else {
                    continue;
                };
                let name = name.split('(').next().unwrap();
                tests.insert(format!("{path}::quirk_{name}"));
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
