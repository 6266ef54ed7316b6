//! Runs of this program under valgrind.

use std::{
    env,
    process::{Command, Stdio},
};

use super::{COUNTED, WARM};

/// The cost of one request of a case.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) instructions: f64,
    pub(crate) allocations: f64,
}

/// The cost of one request: the difference between a long and a short run, so that the start of the
/// process does not count.
pub(crate) fn cost(case: &str) -> Cost {
    let each = |tool: &str, line: &str| {
        let [long, short] = [WARM + COUNTED, WARM].map(|count| {
            let options = [
                format!("--tool={tool}"),
                "--callgrind-out-file=/dev/null".into(),
            ];
            let options = if tool == "callgrind" {
                &options[..]
            } else {
                &options[..1]
            };
            number(&run(options, case, count), line)
        });
        (long - short) / COUNTED as f64
    };
    Cost {
        instructions: each("callgrind", "Collected : "),
        allocations: each("memcheck", "total heap usage: "),
    }
}

/// Writes `target/callgrind.CASE` for `callgrind_annotate`.
pub(crate) fn profile(case: &str, count: usize) {
    let file = format!("target/callgrind.{case}");
    let out = format!("--callgrind-out-file={file}");
    run(&["--tool=callgrind".to_owned(), out], case, count);
    println!("{file}");
}

/// The files that valgrind writes about a run.
fn run(options: &[String], case: &str, count: usize) -> String {
    let program = env::current_exe().expect("this program has a path");
    let run = Command::new("valgrind")
        .args(options)
        .arg(program)
        .args(["--requests", case, &count.to_string()])
        .stdout(Stdio::null())
        .output()
        .expect("valgrind is installed (apt-get install valgrind)");
    let written = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.status.success(), "{case}: {written}");
    written
}

/// The number behind `label`.
fn number(written: &str, label: &str) -> f64 {
    let (_, rest) = written
        .split_once(label)
        .expect("valgrind writes its totals");
    let digits = rest.chars().take_while(|c| c.is_ascii_digit() || *c == ',');
    let digits: String = digits.filter(char::is_ascii_digit).collect();
    digits.parse().expect("digits are a number")
}
