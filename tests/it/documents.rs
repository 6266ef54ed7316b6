//! README.md, README.ko.md, the guide in `src/guide`, and the list of examples.

use std::{collections::BTreeSet, fs, path::Path};

use tower_phone_auth_local_provider::Person;

/// The address of a file of the repository.
const FILE: &str = "https://github.com/tower-phone-auth/tower-phone-auth/blob/main/";
/// The address of a picture of the repository.
const PICTURE: &str = "https://raw.githubusercontent.com/tower-phone-auth/tower-phone-auth/main/";
/// The address of a page of the guide.
const GUIDE: &str = "https://docs.rs/tower-phone-auth/latest/tower_phone_auth/guide/";
const READMES: [&str; 2] = ["README.md", "README.ko.md"];
/// The longest line of code that the registry's page shows whole.
const WIDTH: usize = 90;

/// Whether this is a packaged crate, which cargo makes without the other packages of the repository.
fn is_packaged() -> bool {
    Path::new("Cargo.toml.orig").exists()
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path).unwrap()
}

/// The pages of the guide, as name and text.
fn pages() -> Vec<(String, String)> {
    let files = fs::read_dir("src/guide").unwrap();
    let paths = files.map(|file| file.unwrap().path());
    let pages = paths.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let mut pages: Vec<_> = pages.map(|path| (name(&path), read(path))).collect();
    pages.sort();
    pages
}

/// The blocks of code, each with its language and its lines.
fn blocks(text: &str) -> Vec<(&str, Vec<&str>)> {
    let parts = text.split("```").collect::<Vec<_>>();
    assert!(parts.len() % 2 == 1, "a block is not closed");
    let blocks = parts.iter().skip(1).step_by(2);
    blocks
        .map(|part| {
            let mut lines = part.lines();
            (lines.next().unwrap_or_default(), lines.collect())
        })
        .collect()
}

/// The text without its blocks of code.
fn prose(text: &str) -> String {
    text.split("```").step_by(2).collect()
}

/// The targets of all links and pictures.
fn links(text: &str) -> Vec<String> {
    let prose = prose(text);
    let targets = prose.split("](").skip(1);
    targets
        .map(|rest| rest.split(')').next().unwrap().to_owned())
        .collect()
}

/// The number of blocks, headings, table rows and list items.
fn shape(text: &str) -> [usize; 4] {
    let prose = prose(text);
    let count = |start: &str| prose.lines().filter(|line| line.starts_with(start)).count();
    let steps = ["1. ", "2. ", "3. "].map(count).iter().sum::<usize>();
    [
        blocks(text).len(),
        count("## "),
        count("| "),
        count("- ") + steps,
    ]
}

#[test]
fn the_links_of_the_readmes_are_whole_addresses_and_lead_to_pages_that_exist() {
    if is_packaged() {
        return;
    }
    let mut faults = Vec::new();
    for readme in READMES {
        let text = read(readme);
        let links = links(&text);
        assert!(links.len() > 15, "the links of {readme} were found");
        for link in links {
            let file = link.strip_prefix(FILE).or(link.strip_prefix(PICTURE));
            let page = link
                .strip_prefix(GUIDE)
                .map(|rest| rest.trim_end_matches("index.html"));
            let is_there = match (file, page) {
                (Some(file), _) => Path::new(file).exists(),
                (_, Some("")) => true,
                (_, Some(page)) => Path::new("src/guide")
                    .join(page.trim_end_matches('/'))
                    .with_extension("md")
                    .exists(),
                _ => link.starts_with("https://"),
            };
            if !is_there {
                faults.push(format!("{readme}: {link}"));
            }
        }
        // `[`OAuthLayer`]` is a link in the documentation alone.
        if prose(&text).replace("[`](", "").contains("`]") {
            faults.push(format!(
                "{readme}: brackets that are a link in the documentation alone"
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_code_of_the_readmes_is_whole_and_fits_on_the_page() {
    for readme in READMES {
        let text = read(readme);
        for (language, lines) in blocks(&text) {
            for line in lines {
                assert!(line.chars().count() <= WIDTH, "{readme}: {line}");
                let is_hidden = language.starts_with("rust") && line.starts_with("# ");
                assert!(!is_hidden, "{readme} shows a hidden line: {line}");
            }
        }
    }
}

#[test]
fn both_readmes_name_the_c_compiler_and_have_the_same_sections_and_programs() {
    let [english, korean] = READMES.map(read);
    assert!(english.contains("a C compiler") && korean.contains("C 컴파일러"));
    assert_eq!(
        shape(&english),
        shape(&korean),
        "blocks, headings, rows, items"
    );
    let code = |text: &str| -> Vec<String> {
        let lines = blocks(text).into_iter().flat_map(|(_, lines)| lines);
        let lines = lines.map(|line| line.split("//").next().unwrap_or_default());
        let lines = lines.map(|line| line.split(" # ").next().unwrap_or_default().trim());
        lines
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(code(&english), code(&korean));
    let letters = |text: &str| prose(text).chars().filter(|c| !c.is_whitespace()).count();
    assert!(
        letters(&korean) * 2 > letters(&english),
        "the Korean page is as long"
    );
}

#[test]
fn every_page_of_the_guide_is_included_listed_and_short() {
    let index = read("src/guide/mod.rs");
    let pages = pages();
    assert!(pages.len() > 20, "the pages were found: {}", pages.len());
    for (name, text) in pages {
        let included = format!("include_str!(\"{name}.md\")");
        assert!(index.contains(&included), "{name} is not included");
        assert!(
            index.contains(&format!("[`{name}`]")),
            "{name} is not listed"
        );
        assert!(text.lines().count() <= 100, "{name} is too long");
        let first = text.lines().next().unwrap_or_default();
        assert!(!first.starts_with('#'), "{name} begins with a sentence");
        assert!(
            blocks(&text)
                .iter()
                .flat_map(|(_, lines)| lines)
                .all(|line| line.len() <= 120),
            "{name} has a wide line of code"
        );
    }
}

/// Blocks that need a crate that this one does not build. A file that another package compiles has
/// the same lines.
#[test]
fn code_of_the_guide_that_no_doctest_compiles_is_in_a_file_of_another_package() {
    if is_packaged() {
        return;
    }
    let mut faults = Vec::new();
    for (name, text) in pages() {
        for (language, lines) in blocks(&text) {
            if !language.contains("ignore") {
                continue;
            }
            let block = lines.join("\n");
            let files = [
                "examples/tonic/build.rs",
                "examples/tonic/src/lib.rs",
                "tests/compose/src/lambda.rs",
            ];
            if !files
                .iter()
                .any(|file| read(file).contains(block.trim_end()))
            {
                faults.push(format!("{name}:\n{block}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_list_of_examples_has_every_example() {
    let list = read("examples/README.md");
    let manifest = read("Cargo.toml");
    let targets = manifest.split("[[example]]").skip(1);
    let name = |target: &str| target.split('"').nth(1).unwrap().to_owned();
    let mut examples: BTreeSet<String> = targets.map(name).collect();
    for entry in fs::read_dir("examples").unwrap() {
        let path = entry.unwrap().path();
        if path.join("Cargo.toml").exists() {
            examples.insert(path.file_name().unwrap().to_str().unwrap().to_owned());
        }
    }
    assert!(examples.len() >= 6, "{examples:?}");
    for example in examples {
        assert!(
            list.contains(&format!("## `{example}`")),
            "{example} is not listed"
        );
    }
}

#[test]
fn the_curl_of_the_guide_signs_in_a_person_of_the_local_provider() {
    let person = format!("&person={}&", Person::WITH_PHONE);
    let guide = read("src/guide/testing.md");
    assert!(guide.contains(&person), "{person}");
}
