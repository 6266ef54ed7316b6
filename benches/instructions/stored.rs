//! The table of all cases, and its comparison with the stored one.

use std::{fmt::Write, fs, process::ExitCode};

use super::{
    cases::{ALL, Over},
    valgrind::{Cost, cost},
};

const FILE: &str = "benches/instructions/stored.tsv";
/// The part by which instructions may grow. Another version of the compiler changes some.
const TOLERANCE: f64 = 0.03;

/// The cost of the layer in one case.
#[derive(Debug)]
pub(crate) struct Row {
    name: &'static str,
    instructions: f64,
    /// As a multiple of the bare service.
    over_bare: f64,
    /// As a multiple of one AES-256-GCM.
    over_aes: f64,
    allocations: f64,
}

/// Measures all cases.
pub(crate) fn measure() -> Vec<Row> {
    let of = |over: Over| {
        let case = ALL.iter().find(|case| case.over == over);
        cost(case.expect("each base has a case").name)
    };
    let (aes, tower, axum) = (of(Over::Aes), of(Over::BareTower), of(Over::BareAxum));
    println!(
        "AES-256-GCM {}, bare tower {}, bare axum {} instructions",
        aes.instructions, tower.instructions, axum.instructions
    );
    let row = |name: &'static str, bare: Cost| {
        let with = cost(name);
        let instructions = with.instructions - bare.instructions;
        Row {
            name,
            instructions,
            over_bare: instructions / bare.instructions,
            over_aes: instructions / aes.instructions,
            allocations: (with.allocations - bare.allocations).round(),
        }
    };
    let rows = ALL.iter().filter_map(|case| match case.over {
        Over::Tower => Some(row(case.name, tower)),
        Over::Axum => Some(row(case.name, axum)),
        Over::Aes | Over::BareTower | Over::BareAxum => None,
    });
    rows.collect()
}

/// The rows as text, with tabs.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut text =
        "case\tinstructions\tof the bare service\tof one AES-256-GCM\tallocations\n".to_owned();
    for row in rows {
        let Row {
            name,
            instructions,
            over_bare,
            over_aes,
            allocations,
        } = row;
        let _ = writeln!(
            text,
            "{name}\t{instructions:.0}\t{over_bare:.3}\t{over_aes:.3}\t{allocations}"
        );
    }
    text
}

/// Writes the file.
pub(crate) fn write(rows: &[Row]) {
    fs::write(FILE, table(rows)).expect("the file can be written");
    print!("{}", table(rows));
}

/// Compares with the file. A case fails if both ratios grew, since a compiler may change the bare
/// service or AES alone, or if it allocates more.
pub(crate) fn check(rows: &[Row]) -> ExitCode {
    let stored = fs::read_to_string(FILE).expect("the file is in the repository");
    print!("{}", table(rows));
    let mut exit = ExitCode::SUCCESS;
    for row in rows {
        let known = stored.lines().find_map(|line| {
            let mut columns = line.split('\t');
            let is_it = columns.next() == Some(row.name);
            let numbers: Vec<f64> = columns.filter_map(|column| column.parse().ok()).collect();
            is_it.then_some(numbers)
        });
        let Some([_, bare, aes, allocations]) = known.as_deref() else {
            println!("{}: not in {FILE}; add it by -- --update", row.name);
            exit = ExitCode::FAILURE;
            continue;
        };
        let grew = |now: f64, before: f64| now > before * (1.0 + TOLERANCE);
        if grew(row.over_bare, *bare) && grew(row.over_aes, *aes) {
            println!(
                "{}: more than {:.0} % more instructions than in {FILE}",
                row.name,
                TOLERANCE * 100.0
            );
            exit = ExitCode::FAILURE;
        }
        if row.allocations > *allocations {
            println!(
                "{}: {} allocations, not {allocations}",
                row.name, row.allocations
            );
            exit = ExitCode::FAILURE;
        }
    }
    exit
}
