//! The page `CLAIMS.md`, with one table for each source, in the order of the data.

use std::{collections::BTreeMap, fmt::Write};

use crate::{
    sources::Test,
    table::{Claim, Verdict},
};

const HEAD: &str = "\
# Claims

Each rule is listed with its tests, or with the reason why it is not met or does not apply. This page is
generated from `claims.tsv`. The test program `claims` fails if a named test does not exist, if a rule has
neither a test nor a reason, and if this page is outdated. To generate it, run
`UPDATE_CLAIMS=1 cargo test --all-features --test claims`.

The name of a test begins with the test program. `lib` (unit tests), `it`, `memory` and `claims` run with
`cargo test`. `replicas` and `soak` (Redis and Valkey), `interop` (providers of other projects, nginx) and
`browser` (three browser engines) need `--all-features`; `.ci/run` installs what they use.
";

pub(crate) fn write(claims: &[Claim], tests: &BTreeMap<String, Test>) -> String {
    let mut page = HEAD.to_owned();
    let sources = sources(claims);
    summary(&mut page, &sources, claims);
    for source in sources {
        write!(
            page,
            "\n## {source}\n\n| id | rule | | tests |\n|---|---|---|---|\n"
        )
        .unwrap();
        for claim in claims.iter().filter(|claim| claim.source == source) {
            row(&mut page, claim, tests);
        }
    }
    page
}

fn sources(claims: &[Claim]) -> Vec<&str> {
    let mut sources: Vec<&str> = Vec::new();
    for claim in claims {
        if !sources.contains(&claim.source.as_str()) {
            sources.push(&claim.source);
        }
    }
    sources
}

fn summary(page: &mut String, sources: &[&str], claims: &[Claim]) {
    page.push_str(
        "\n| source | met | partly | not met | not applicable |\n|---|---|---|---|---|\n",
    );
    for source in sources {
        write!(page, "| {source} ").unwrap();
        for verdict in Verdict::ALL {
            let count = claims
                .iter()
                .filter(|claim| claim.source == *source && claim.verdict == verdict)
                .count();
            write!(page, "| {count} ").unwrap();
        }
        page.push_str("|\n");
    }
}

fn row(page: &mut String, claim: &Claim, tests: &BTreeMap<String, Test>) {
    let mut cells: Vec<String> = claim
        .tests
        .iter()
        .map(|name| match tests.get(name) {
            Some(test) => format!("[`{name}`](../../{})", test.file),
            None => format!("`{name}`"),
        })
        .collect();
    if !claim.note.is_empty() {
        cells.push(claim.note.clone());
    }
    let cells = cells.join("<br>");
    let Claim { id, rule, .. } = claim;
    let rule = rule.replace('|', "\\|");
    writeln!(
        page,
        "| {id} | {rule} | {} | {cells} |",
        claim.verdict.word()
    )
    .unwrap();
}

#[test]
fn a_row_leads_to_the_source_of_its_test() {
    let claims = crate::table::read("head\nRFC\t1\ta | b\tmet\tit::a::b\tA note.\n");
    let test = Test {
        file: "tests/it/a.rs".to_owned(),
        ignored: false,
    };
    let page = write(&claims, &BTreeMap::from([("it::a::b".to_owned(), test)]));
    let row = "| 1 | a \\| b | met | [`it::a::b`](../../tests/it/a.rs)<br>A note. |";
    assert!(page.contains(row), "{page}");
    assert!(page.contains("| RFC | 1 | 0 | 0 | 0 |"), "{page}");
}
