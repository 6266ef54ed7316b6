//! All tests of the repository, found by following `mod` items from the root of each test program.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use crate::scan::{self, Item};

#[derive(Debug)]
pub(crate) struct Test {
    pub(crate) file: String,
    pub(crate) ignored: bool,
}

/// The test programs with their root files: the unit tests, and each `tests/NAME/main.rs`.
fn programs() -> Vec<(String, PathBuf)> {
    let folders = fs::read_dir("tests").unwrap();
    let mut programs: Vec<_> = folders
        .map(|entry| entry.unwrap())
        .map(|entry| {
            (
                entry.file_name().into_string().unwrap(),
                entry.path().join("main.rs"),
            )
        })
        .filter(|(_, root)| root.exists())
        .collect();
    programs.push(("lib".to_owned(), PathBuf::from("src/lib.rs")));
    programs
}

/// The tests that `over_both!(name)` makes in a module `name`, see `tests/replicas/setup`.
const OVER_BOTH: [&str; 2] = ["over_redis", "over_valkey"];

/// The tests by full name, which is program, modules and function.
pub(crate) fn all() -> &'static BTreeMap<String, Test> {
    static TESTS: LazyLock<BTreeMap<String, Test>> = LazyLock::new(|| {
        let mut tests = BTreeMap::new();
        for (program, root) in programs() {
            file(&root, root.parent().unwrap(), &program, &mut tests);
        }
        tests
    });
    &TESTS
}

fn file(path: &Path, children: &Path, module: &str, tests: &mut BTreeMap<String, Test>) {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let place = path.to_str().unwrap().replace('\\', "/");
    let mut add = |name: String, ignored| {
        let file = place.clone();
        tests.insert(name, Test { file, ignored });
    };
    let mut modules = Vec::new();
    for item in scan::items(&text) {
        match item {
            Item::Test {
                inside,
                name,
                ignored,
            } => add(join(module, &inside, &name), ignored),
            Item::OverBoth { inside, name } => {
                for made in OVER_BOTH {
                    add(format!("{}::{made}", join(module, &inside, &name)), false);
                }
            }
            Item::Module { inside, name, path } => modules.push((inside, name, path)),
        }
    }
    for (inside, name, at) in modules {
        let full = join(module, &inside, &name);
        let folder = inside
            .iter()
            .fold(children.to_path_buf(), |at, name| at.join(name));
        let (source, children) = match at {
            Some(at) => beside(&path.parent().unwrap().join(at)),
            None => child(&folder, &name),
        };
        file(&source, &children, &full, tests);
    }
}

fn join(module: &str, inside: &[String], name: &str) -> String {
    let mut parts = vec![module.to_owned()];
    parts.extend_from_slice(inside);
    parts.push(name.to_owned());
    parts.join("::")
}

/// The file of `mod name;` and the folder of that module's own modules.
fn child(folder: &Path, name: &str) -> (PathBuf, PathBuf) {
    let own = folder.join(name);
    let flat = folder.join(format!("{name}.rs"));
    if flat.exists() {
        (flat, own)
    } else {
        (own.join("mod.rs"), own)
    }
}

/// The file that `#[path]` names, and its folder, which has the files of its modules.
fn beside(path: &Path) -> (PathBuf, PathBuf) {
    (path.to_path_buf(), path.parent().unwrap().to_path_buf())
}

#[test]
fn tests_of_every_program_are_found() {
    let programs: Vec<String> = programs().into_iter().map(|(program, _)| program).collect();
    for program in ["browser", "claims", "interop", "it", "lib", "replicas"] {
        assert!(programs.contains(&program.to_owned()), "{program}");
        let prefix = format!("{program}::");
        assert!(
            all().keys().any(|name| name.starts_with(&prefix)),
            "{program}"
        );
    }
}
