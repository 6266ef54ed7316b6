//! The answers that the clients got, and the memory of the process.

use std::{
    collections::BTreeMap,
    fs,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// Sign-outs may be published late for this time after Redis is back or the keys have changed.
const CATCHES_UP: Duration = Duration::from_secs(10);
/// The number of unexpected answers that are printed.
const SHOWN: usize = 20;

#[derive(Default)]
pub(crate) struct Ledger {
    counts: Mutex<BTreeMap<(&'static str, u16), u64>>,
    unexpected: Mutex<Vec<String>>,
    memory: Mutex<Vec<usize>>,
    away: AtomicBool,
    back_at: Mutex<Option<Instant>>,
    stopped: AtomicBool,
    began: std::sync::OnceLock<Instant>,
}

impl Ledger {
    /// Counts the status of an answer, and records it as unexpected if it is not allowed.
    pub(crate) fn expect(&self, act: &'static str, status: u16, allowed: &[u16]) -> bool {
        *self
            .counts
            .lock()
            .unwrap()
            .entry((act, status))
            .or_default() += 1;
        let is_expected = allowed.contains(&status);
        if !is_expected {
            self.unexpected(format!("{act}: {status}, and not one of {allowed:?}"));
        }
        is_expected
    }

    pub(crate) fn unexpected(&self, event: String) {
        self.unexpected.lock().unwrap().push(event);
    }

    pub(crate) fn redis_is_away(&self, away: bool) {
        self.away.store(away, Ordering::SeqCst);
        if !away {
            *self.back_at.lock().unwrap() = Some(Instant::now());
        }
    }

    pub(crate) fn keys_change(&self) {
        *self.back_at.lock().unwrap() = Some(Instant::now());
    }

    /// Whether some replica may not know the latest sign-outs.
    pub(crate) fn is_disturbed(&self) -> bool {
        let back_at = *self.back_at.lock().unwrap();
        self.away.load(Ordering::SeqCst) || back_at.is_some_and(|at| at.elapsed() < CATCHES_UP)
    }

    /// Whether each replica knows the sign-outs up to this time.
    pub(crate) fn has_caught_up(&self, with: Instant) -> bool {
        !self.is_disturbed() && with.elapsed() > CATCHES_UP
    }

    pub(crate) fn began(&self) -> Duration {
        self.began.get_or_init(Instant::now).elapsed()
    }

    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    pub(crate) fn sample(&self, bytes: usize) {
        self.memory.lock().unwrap().push(bytes);
    }

    /// The median of the samples between two percentages of the time.
    fn memory(&self, from: usize, to: usize) -> usize {
        let samples = self.memory.lock().unwrap();
        let (from, to) = (samples.len() * from / 100, samples.len() * to / 100);
        let mut bytes = samples[from..to].to_vec();
        bytes.sort_unstable();
        bytes[bytes.len() / 2]
    }

    pub(crate) fn verify(&self, growth: usize) {
        for ((act, status), count) in &*self.counts.lock().unwrap() {
            println!("{count:>8}  {act}: {status}");
        }
        let (middle, end) = (self.memory(40, 60), self.memory(80, 100));
        println!(
            "{} MiB resident in the middle, {} at the end",
            middle >> 20,
            end >> 20
        );
        let unexpected = self.unexpected.lock().unwrap();
        let shown = unexpected.iter().take(SHOWN).collect::<Vec<_>>();
        assert!(unexpected.is_empty(), "{}: {shown:#?}", unexpected.len());
        assert!(
            end < middle + growth,
            "memory grew from {middle} to {end} bytes"
        );
    }
}

/// The resident memory of this process in bytes, on Linux.
pub(crate) fn resident() -> usize {
    let pages = fs::read_to_string("/proc/self/statm").unwrap();
    let pages: usize = pages.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}
