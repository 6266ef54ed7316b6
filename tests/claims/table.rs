//! The data in `claims.tsv`: one claim a line, with columns separated by tabs.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Met,
    Partly,
    NotMet,
    NotApplicable,
}

impl Verdict {
    pub(crate) const ALL: [Self; 4] = [Self::Met, Self::Partly, Self::NotMet, Self::NotApplicable];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Partly => "partly",
            Self::NotMet => "not met",
            Self::NotApplicable => "not applicable",
        }
    }
}

#[derive(Debug)]
pub(crate) struct Claim {
    pub(crate) source: String,
    pub(crate) id: String,
    pub(crate) rule: String,
    pub(crate) verdict: Verdict,
    pub(crate) tests: Vec<String>,
    pub(crate) note: String,
}

/// Panics at a line without six columns or with an unknown verdict.
pub(crate) fn read(text: &str) -> Vec<Claim> {
    text.lines()
        .enumerate()
        .skip(1)
        .map(|(number, line)| {
            let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
            let [source, id, rule, verdict, tests, note] = columns[..] else {
                panic!("claims.tsv:{}: six columns: {line}", number + 1);
            };
            let verdict = Verdict::ALL
                .into_iter()
                .find(|known| known.word() == verdict)
                .unwrap_or_else(|| panic!("claims.tsv:{}: verdict {verdict:?}", number + 1));
            Claim {
                source: source.to_owned(),
                id: id.to_owned(),
                rule: rule.to_owned(),
                verdict,
                tests: tests
                    .split(' ')
                    .filter(|name| !name.is_empty())
                    .map(str::to_owned)
                    .collect(),
                note: note.to_owned(),
            }
        })
        .collect()
}

#[test]
fn a_line_with_an_unknown_verdict_is_refused() {
    let read = std::panic::catch_unwind(|| read("head\nRFC\t1\trule\tperhaps\t\t\n"));
    assert!(read.is_err());
}

#[test]
fn tests_are_divided_by_a_space() {
    let claims = read("head\nRFC\t1\trule\tmet\tit::a it::b\t\n");
    assert_eq!(claims[0].tests, ["it::a", "it::b"]);
    assert_eq!(claims[0].verdict, Verdict::Met);
}
