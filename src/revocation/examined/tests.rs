//! The trial entry, at logs that lose it, delay it, or fail.

use std::{
    collections::VecDeque,
    future::ready,
    sync::{Arc, Mutex},
    time::SystemTime,
};

use super::*;
use crate::{
    clock::{Clock, UnixTime},
    http_client::BoxFuture,
    revocation::{InProcessLog, LogBatch, Settings, log_choice::LogChoice, wire::Entry},
    seal::{Purpose, Sealer, key::SessionKey},
};

const LIFE_OF_SESSIONS: Duration = Duration::from_secs(60 * 60);

/// A log whose readings are written down in advance. It accepts and forgets each entry.
#[derive(Default)]
struct Scripted {
    readings: Mutex<VecDeque<Result<LogBatch, LogError>>>,
    asked: Mutex<Vec<Option<LogPosition>>>,
    published: Mutex<Vec<Bytes>>,
}

impl RevocationLog for Scripted {
    fn publish(&self, payloads: Vec<Bytes>) -> BoxFuture<'_, Result<(), LogError>> {
        self.published.lock().unwrap().extend(payloads);
        Box::pin(ready(Ok(())))
    }

    /// The next reading of the script. After its end, an empty batch at the end of the wait.
    fn follow(
        &self,
        after: Option<LogPosition>,
        wait: Duration,
    ) -> BoxFuture<'_, Result<LogBatch, LogError>> {
        self.asked.lock().unwrap().push(after);
        let next = self.readings.lock().unwrap().pop_front();
        Box::pin(async move {
            match next {
                Some(reading) => reading,
                None => {
                    tokio::time::sleep(wait).await;
                    Ok(batch(&[], "end"))
                }
            }
        })
    }

    fn prune(&self, _: Duration) -> BoxFuture<'_, Result<(), LogError>> {
        Box::pin(ready(Ok(())))
    }
}

fn batch(payloads: &[&'static str], next: &str) -> LogBatch {
    let payloads = payloads
        .iter()
        .map(|text| Bytes::from_static(text.as_bytes()));
    LogBatch::new(payloads.collect(), LogPosition::new(next), true)
}

fn scripted(readings: impl IntoIterator<Item = Result<LogBatch, LogError>>) -> Scripted {
    Scripted {
        readings: Mutex::new(readings.into_iter().collect()),
        ..Scripted::default()
    }
}

/// Reads back the entry `ours`, from the position `from`. The positions that were asked for.
async fn read_ours(
    from: Option<&str>,
    readings: impl IntoIterator<Item = Result<LogBatch, LogError>>,
) -> (Result<(), LogError>, Vec<Option<String>>) {
    let log = scripted(readings);
    let from = from.map(LogPosition::new);
    let read = read_back(&log, from, &Bytes::from_static(b"ours")).await;
    let asked = log.asked.into_inner().unwrap();
    let text = |position: LogPosition| position.as_str().to_owned();
    (
        read.map(drop),
        asked.into_iter().map(|at| at.map(text)).collect(),
    )
}

fn positions(texts: &[Option<&str>]) -> Vec<Option<String>> {
    texts.iter().map(|text| text.map(str::to_owned)).collect()
}

#[tokio::test(start_paused = true)]
async fn the_entry_is_looked_for_page_by_page() {
    let readings = [
        Ok(batch(&["other"], "2")),
        Ok(batch(&[], "3")),
        Ok(batch(&["another", "ours"], "4")),
    ];
    let (read, asked) = read_ours(Some("1"), readings).await;
    assert_eq!(read, Ok(()));
    assert_eq!(asked, positions(&[Some("1"), Some("2"), Some("3")]));
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_no_reading_returns_is_an_error_after_two_seconds() {
    let began = Instant::now();
    let (read, _) = read_ours(None, []).await;
    assert!(read.unwrap_err().to_string().contains("not read back"));
    let passed = began.elapsed();
    assert!(passed >= LIMIT && passed < LIMIT + WAIT, "{passed:?}");
}

#[tokio::test(start_paused = true)]
async fn a_lost_position_is_read_from_the_beginning_and_another_error_ends_the_reading() {
    let found = || Ok(batch(&["ours"], "1"));
    let (read, asked) = read_ours(Some("7"), [Err(LogError::lost()), found()]).await;
    assert_eq!((read, asked), (Ok(()), positions(&[Some("7"), None])));
    // The beginning is no position that a log can lose.
    for (from, error) in [
        (None, LogError::lost()),
        (None, LogError::new("down")),
        (Some("7"), LogError::new("down")),
    ] {
        let (read, asked) = read_ours(from, [Err(error.clone()), found()]).await;
        assert_eq!((read, asked), (Err(error), positions(&[from])));
    }
}

fn sealer(key: &SessionKey) -> Sealer {
    Sealer::for_tests(key, Purpose::Revocation)
}

/// A layer's revocations with this log. Its monotonic clock stands at one minute.
fn revocations(key: &SessionKey, log: Arc<dyn RevocationLog>) -> Revocations {
    let now = || SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let clock = Clock::new(now).with_monotonic(|| Duration::from_secs(60));
    let settings = Settings {
        log: LogChoice::Given(log),
        ..Settings::default()
    };
    Revocations::new(settings, sealer(key), clock, LIFE_OF_SESSIONS).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_log_that_returns_its_entries_is_healthy() {
    let key = SessionKey::random();
    let revocations = revocations(&key, Arc::new(InProcessLog::default()));
    let facts = revocations.examine().await.unwrap();
    assert!(facts.written.is_ok(), "{:?}", facts.written);
    assert!(facts.read.unwrap().is_ok());
    assert_eq!(facts.lag, Some(Duration::ZERO));
    assert!(facts.is_trusted);
}

#[tokio::test(start_paused = true)]
async fn the_trial_entry_is_one_that_other_replicas_read() {
    let (key, log) = (SessionKey::random(), Arc::new(scripted([])));
    let given: Arc<dyn RevocationLog> = Arc::<Scripted>::clone(&log);
    let facts = revocations(&key, given).examine().await.unwrap();
    assert!(facts.written.is_ok() && facts.read.unwrap().is_err());
    let published = log.published.lock().unwrap().clone();
    let opened = Entry::open_all(
        &sealer(&key),
        &published,
        UnixTime::from_secs(1_800_000_000),
    );
    assert_eq!((published.len(), opened.entries.len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_log_that_cannot_be_read_is_reported_with_the_error_and_no_lag() {
    let down = || Err(LogError::new("down"));
    let log = scripted(std::iter::repeat_with(down).take(100));
    let revocations = revocations(&SessionKey::random(), Arc::new(log));
    let facts = revocations.examine().await.unwrap();
    assert!(facts.written.is_ok());
    assert_eq!(facts.read.unwrap().unwrap_err(), LogError::new("down"));
    assert_eq!(facts.lag, None);
    assert!(!facts.is_trusted);
}
