//! The memory of a step.

use std::{env, fs, process::Command};

use super::{Bench, HOUR, Wanted, step};
use crate::phone_step::limits::PhoneLimits;

/// Set in the process that measures. Other tests of this process would disturb the measurement.
const CHILD: &str = "PHONE_STEP_MEMORY";
const STEPS: u32 = 100_000;

/// The memory of this process in bytes.
fn resident() -> usize {
    let pages = fs::read_to_string("/proc/self/statm").unwrap();
    let resident: usize = pages.split(' ').nth(1).unwrap().parse().unwrap();
    resident * 4096
}

fn own(index: u32) -> Wanted {
    Wanted {
        step: step(index),
        number: index,
        person: index,
        address: index,
        prefix: index,
        code: index,
        is_first: true,
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_step_takes_at_most_200_bytes() {
    if env::var_os(CHILD).is_none() {
        let name = "phone_step::attempts::tests::memory::a_step_takes_at_most_200_bytes";
        let mut child = Command::new(env::current_exe().unwrap());
        let child = child.args(["--exact", name, "--nocapture"]).env(CHILD, "1");
        let output = child.output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
        return;
    }
    let mut bench = Bench::new();
    bench.limits = PhoneLimits::new().total(2 * STEPS);
    let before = resident();
    for index in 0..STEPS {
        bench
            .store
            .take_unchecked(&bench.request(&own(index)), bench.now());
    }
    let each = (resident() - before) / STEPS as usize;
    println!("{each} bytes for each step");
    assert!((40..=200).contains(&each), "{each} bytes");
    // They are forgotten after their hour.
    bench.pass(HOUR);
    let before = bench.content().len();
    bench.pass(1);
    let last = own(STEPS);
    let last = crate::phone_step::attempts::operation::Take {
        ends_at: super::UnixTime::from_secs(super::START + 2 * HOUR),
        ..bench.request(&last)
    };
    bench.store.take(&last, bench.now()).unwrap();
    assert!(
        bench.content().len() < before / 100,
        "{}",
        bench.content().len()
    );
}
