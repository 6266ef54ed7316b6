//! The modules of `src/` form layers: `lib.rs` lists them, the lowest first, and a module uses only
//! modules that stand before it. Inside a folder no module uses a sibling that uses it, directly or
//! through others.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

type Module = Vec<String>;

/// Each module with the modules that its source names.
type Imports = BTreeMap<Module, BTreeSet<Module>>;

fn layers() -> Vec<String> {
    let lib = fs::read_to_string("src/lib.rs").unwrap();
    let name = |line: &str| {
        Some(
            line.strip_prefix("mod ")
                .or(line.strip_prefix("pub mod "))?
                .trim_end_matches(';')
                .to_owned(),
        )
    };
    lib.lines().filter_map(name).collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn module(source: &Path, root: &str) -> Module {
    let path = source.strip_prefix(root).unwrap().with_extension("");
    let mut module: Module = path
        .iter()
        .map(|part| part.to_str().unwrap().to_owned())
        .collect();
    module.pop_if(|last| last == "mod" || last == "lib");
    module
}

/// The code alone, without comments and without the tests inside of the file.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    code.lines().filter(is_code).collect::<Vec<_>>().join("\n")
}

/// The paths of a tree of imports such as `a::{b, c::{self, d}}`.
fn paths(tree: &str, above: &[&str], found: &mut Vec<Module>) {
    let (head, rest) = match tree.split_once('{') {
        Some((head, rest)) => (head, rest.strip_suffix('}')),
        None => (tree, None),
    };
    let head = head.split(" as ").next().unwrap();
    let parts = head.split("::").map(str::trim);
    let parts = parts.filter(|part| !part.is_empty());
    let path: Vec<&str> = above.iter().copied().chain(parts).collect();
    let Some(list) = rest else {
        found.push(path.into_iter().map(str::to_owned).collect());
        return;
    };
    let (mut depth, mut start) = (0, 0);
    for (index, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                paths(list[start..index].trim(), &path, found);
                start = index + 1;
            }
            _ => {}
        }
    }
    if !list[start..].trim().is_empty() {
        paths(list[start..].trim(), &path, found);
    }
}

/// Every path that begins with `crate`, `super` or `self`.
fn named(code: &str) -> Vec<Module> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(start) = ["crate::", "super::", "self::"]
        .iter()
        .filter_map(|root| rest.find(root))
        .min()
    {
        let is_inside = rest[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let text = &rest[start..];
        let end = end_of_path(text);
        if !is_inside && !rest[..start].ends_with("::") {
            paths(&text[..end], &[], &mut found);
        }
        rest = &text[end..];
    }
    found
}

/// The length of a path, with the list in braces that may end it.
fn end_of_path(text: &str) -> usize {
    let mut depth = 0;
    for (index, character) in text.char_indices() {
        match character {
            '{' if depth > 0 || text[..index].ends_with("::") => depth += 1,
            '}' if depth == 1 => return index + 1,
            '}' if depth > 1 => depth -= 1,
            c if depth > 0 || c.is_alphanumeric() || c == '_' || c == ':' => {}
            _ => return index,
        }
    }
    text.len()
}

fn absolute(path: &[String], from: &[String]) -> Module {
    let mut base: Module = Vec::new();
    let mut rest = path;
    match path.first().map(String::as_str) {
        Some("crate") => rest = &path[1..],
        Some("self") => (base, rest) = (from.to_vec(), &path[1..]),
        _ => base = from.to_vec(),
    }
    while let Some(("super", more)) = rest.split_first().map(|(first, more)| (&**first, more)) {
        base.pop();
        rest = more;
    }
    base.extend(rest.iter().cloned());
    base
}

fn imports(root: &str) -> Imports {
    let mut files = Vec::new();
    sources(Path::new(root), &mut files);
    // Tests may use what the code beside them must not.
    let is_test = |module: &Module| module.iter().any(|part| part == "tests");
    let modules: BTreeMap<Module, String> = files
        .iter()
        .map(|file| (module(file, root), code(&fs::read_to_string(file).unwrap())))
        .filter(|(module, _)| !is_test(module))
        .collect();
    let of = |from: &Module, code: &String| {
        let target = |path: Module| {
            let path = absolute(&path, from);
            let lengths = (1..=path.len()).rev();
            let known = lengths.map(|length| path[..length].to_vec());
            known.into_iter().find(|path| modules.contains_key(path))
        };
        named(code).into_iter().filter_map(target).collect()
    };
    let imports = modules
        .iter()
        .map(|(name, code)| (name.clone(), of(name, code)));
    imports.collect()
}

#[test]
fn every_module_uses_lower_layers_only() {
    let layers = layers();
    let folders = fs::read_dir("src").unwrap().count() - 1;
    assert_eq!(layers.len(), folders, "lib.rs lists all: {layers:?}");
    let level = |module: &Module| layers.iter().position(|layer| *layer == module[0]);
    let mut looked_at = 0;
    for (module, used) in imports("src")
        .iter()
        .filter(|(module, _)| !module.is_empty())
    {
        for other in used.iter().filter(|other| other[0] != module[0]) {
            looked_at += 1;
            let text = format!("{} must not use {}", module.join("::"), other.join("::"));
            assert!(level(other) < level(module), "{text}");
        }
    }
    assert!(looked_at > 300, "the imports were found: {looked_at}");
}

#[test]
fn no_module_uses_a_sibling_that_uses_it() {
    assert_no_circle("src", 15);
}

/// Whether this is a packaged crate, which cargo makes without the other packages of the repository.
fn is_packaged() -> bool {
    Path::new("Cargo.toml.orig").exists()
}

#[test]
fn no_module_of_the_local_provider_uses_a_sibling_that_uses_it() {
    if is_packaged() {
        return;
    }
    assert_no_circle("local-provider/src", 7);
}

#[test]
fn no_module_of_the_senders_uses_a_sibling_that_uses_it() {
    if is_packaged() {
        return;
    }
    assert_no_circle("senders/src", 0);
}

/// For each folder below `root`, of which there are more than `least`, no child uses a sibling that
/// uses it.
fn assert_no_circle(root: &str, least: usize) {
    let mut folders: BTreeMap<Module, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (module, used) in imports(root) {
        for other in used {
            let shared = module
                .iter()
                .zip(&other)
                .take_while(|(a, b)| a == b)
                .count();
            if let (Some(one), Some(two)) = (module.get(shared), other.get(shared)) {
                let folder = folders.entry(module[..shared].to_vec()).or_default();
                folder.entry(one.clone()).or_default().insert(two.clone());
            }
        }
    }
    assert!(folders.len() > least, "the folders were found: {folders:?}");
    for (folder, uses) in folders {
        for start in uses.keys() {
            let (mut reached, mut next) = (BTreeSet::new(), vec![start]);
            while let Some(module) = next.pop() {
                for used in uses.get(module).into_iter().flatten() {
                    assert_ne!(
                        used,
                        start,
                        "{}: {start} uses itself through {module}",
                        folder.join("::")
                    );
                    if reached.insert(used) {
                        next.push(used);
                    }
                }
            }
        }
    }
}
