//! The rule of the house: a module of `src/` uses modules of lower floors only.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

/// The blocks of `mod` lines in `lib.rs`, ground first.
fn floors() -> HashMap<String, usize> {
    let lib = fs::read_to_string("src/lib.rs").unwrap();
    let floors = lib.split("// Beside the floors").next().unwrap();
    let mut floor = 0;
    let mut found = HashMap::new();
    for line in floors.lines() {
        match line.strip_prefix("mod ") {
            Some(name) => {
                found.insert(name.trim_end_matches(';').to_owned(), floor);
            }
            None if line.is_empty() => floor += 1,
            None => {}
        }
    }
    found
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}

/// The modules that a source text names, outside comments and its own tests.
fn used(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    let code: String = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .map(|line| format!("{line}\n"))
        .collect();
    let word = |text: &str| -> String {
        text.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let mut found = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let Some(list) = rest.strip_prefix('{') else {
            found.push(word(rest));
            continue;
        };
        let mut depth = 0;
        let mut start = true;
        for (index, character) in list.char_indices() {
            match character {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => start = true,
                c if start && !c.is_whitespace() => {
                    start = false;
                    found.push(word(&list[index..]));
                }
                _ => {}
            }
        }
    }
    found
}

#[test]
fn every_module_uses_lower_floors_only() {
    let floors = floors();
    assert!(floors.len() > 20, "lib.rs lists the floors: {floors:?}");
    let mut sources = Vec::new();
    files(Path::new("src"), &mut sources);
    let mut looked_at = 0;
    for source in sources {
        let room = source.strip_prefix("src").unwrap().iter().next().unwrap();
        let room = room.to_str().unwrap().trim_end_matches(".rs").to_owned();
        let Some(floor) = floors.get(&room) else {
            continue;
        };
        for other in used(&fs::read_to_string(&source).unwrap()) {
            let Some(lower) = floors.get(&other) else {
                continue;
            };
            looked_at += 1;
            assert!(
                other == room || lower < floor,
                "{} must not use crate::{other}",
                source.display()
            );
        }
    }
    assert!(looked_at > 80, "the imports were found: {looked_at}");
}

#[test]
fn the_local_provider_knows_nothing_of_flows_and_sessions() {
    let mut sources = Vec::new();
    files(Path::new("src/local_provider"), &mut sources);
    for source in sources {
        for other in used(&fs::read_to_string(&source).unwrap()) {
            let secret = ["flow", "session", "pending", "seal", "service", "layer"];
            assert!(
                !secret.contains(&other.as_str()),
                "{} uses {other}",
                source.display()
            );
        }
    }
}
