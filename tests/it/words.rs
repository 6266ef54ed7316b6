//! The words of CONTRIBUTING.md: plain English and the standard terms of OAuth 2.0, OpenID Connect
//! and tower.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Vague words and private metaphors. `.ci/measures` has the same list.
const WORDS: [&str; 27] = [
    "somebody", "nobody", "anybody", "someone", "whoever", "whomever", "anyhow", "floor", "floors",
    "room", "rooms", "journey", "journeys", "told", "untold", "heard", "unheard", "voice", "heal",
    "heals", "healed", "lie", "lies", "manner", "house", "hears", "hear",
];

/// Names of types that gave way to terms of the field.
const NAMES: [&str; 16] = [
    "Journey",
    "Verdict",
    "Dialect",
    "Connected",
    "Manner",
    "Heard",
    "Unheard",
    "Told",
    "Whose",
    "Whom",
    "Remembered",
    "Allowance",
    "Asker",
    "Leaving",
    "Demand",
    "Trust",
];

fn files(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            if name != "target" && name != "node_modules" {
                files(&path, endings, found);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) && name != "words.rs" {
            found.push(path);
        }
    }
}

/// Whether this is a packaged crate, which cargo makes without the other packages of the repository.
fn is_packaged() -> bool {
    Path::new("Cargo.toml.orig").exists()
}

/// The words of a line; an identifier is several.
fn words(line: &str) -> impl Iterator<Item = String> {
    let words = line.split(|c: char| !c.is_alphanumeric());
    words.map(str::to_lowercase)
}

#[test]
fn sources_and_documents_have_no_vague_word() {
    if is_packaged() {
        return;
    }
    let mut found = Vec::new();
    for folder in [
        "src",
        "examples",
        "benches",
        "tests",
        "fuzz",
        "local-provider",
        "senders",
    ] {
        files(Path::new(folder), &[".rs"], &mut found);
    }
    files(Path::new("src/guide"), &[".md"], &mut found);
    found.extend(["README.md", "SECURITY.md", "CHANGELOG.md"].map(PathBuf::from));
    assert!(found.len() > 800, "the sources were found: {}", found.len());
    let mut faults = Vec::new();
    for path in found {
        for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            let is_vague = |word: &String| WORDS.contains(&&**word);
            let vague = words(line).find(is_vague);
            let vague = vague.or(line
                .contains(" all the same")
                .then(|| "all the same".to_owned()));
            if let Some(word) = vague {
                faults.push(format!("{}:{}: {word}", path.display(), number + 1));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_type_of_the_layer_has_a_private_name() {
    let mut found = Vec::new();
    files(Path::new("src"), &[".rs"], &mut found);
    for path in found {
        let text = fs::read_to_string(&path).unwrap();
        let mut names = text.split(|c: char| !c.is_alphanumeric());
        let private = names.find(|name| NAMES.contains(name));
        assert_eq!(private, None, "{}", path.display());
    }
}
