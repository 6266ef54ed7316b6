//! Positions of readings, and entries that are removed.

use tokio::time::Instant;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// An empty log, and its clock in seconds.
fn log() -> (InProcessLog, Arc<AtomicU64>) {
    let time = Arc::new(AtomicU64::new(0));
    let seconds = Arc::clone(&time);
    let now = move || {
        let seconds = seconds.load(Ordering::Relaxed);
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    };
    (InProcessLog::with_clock(Clock::new(now)), time)
}

async fn publish(log: &InProcessLog, payloads: impl IntoIterator<Item = u16>) {
    let bytes = |number: u16| Bytes::copy_from_slice(&number.to_be_bytes());
    let payloads = payloads.into_iter().map(bytes).collect();
    log.publish(payloads).await.unwrap();
}

/// Reads one page. Returns the numbers, the next position, and whether it was the last page.
async fn read(log: &InProcessLog, after: Option<&LogPosition>) -> (Vec<u16>, LogPosition, bool) {
    let batch = log.follow(after.cloned(), Duration::ZERO).await.unwrap();
    let number = |payload: &Bytes| u16::from_be_bytes(payload[..].try_into().unwrap());
    let numbers = batch.payloads.iter().map(number).collect();
    (numbers, batch.next, batch.complete)
}

#[tokio::test]
async fn a_reading_continues_where_the_one_before_ended() {
    let (log, _) = log();
    let page = u16::try_from(PAGE).unwrap();
    publish(&log, 0..page + 2).await;
    let (first, next, is_complete) = read(&log, None).await;
    assert_eq!((first.len(), is_complete), (PAGE, false));
    let (second, next, is_complete) = read(&log, Some(&next)).await;
    assert_eq!((second, is_complete), (vec![page, page + 1], true));
    publish(&log, [7]).await;
    let (third, _, is_complete) = read(&log, Some(&next)).await;
    assert_eq!((third, is_complete), (vec![7], true));
}

#[tokio::test]
async fn a_position_stays_valid_when_older_entries_are_removed() {
    let (log, time) = log();
    publish(&log, [1, 2, 3]).await;
    let (_, third, _) = read(&log, None).await;
    time.store(60, Ordering::Relaxed);
    publish(&log, [4, 5, 6]).await;
    time.store(100, Ordering::Relaxed);
    log.prune(40 * SECOND).await.unwrap();
    let (rest, _, is_complete) = read(&log, None).await;
    assert_eq!(
        (rest, is_complete),
        (vec![4, 5, 6], true),
        "40 s old at most"
    );
    let (rest, sixth, _) = read(&log, Some(&third)).await;
    assert_eq!(rest, [4, 5, 6]);
    publish(&log, [7]).await;
    time.store(1000, Ordering::Relaxed);
    assert_eq!(read(&log, Some(&sixth)).await.0, [7]);
    log.prune(SECOND).await.unwrap();
    publish(&log, [8]).await;
    assert_eq!(read(&log, Some(&third)).await.0, [8]);
}

#[tokio::test(start_paused = true)]
async fn a_reading_that_waits_ends_with_the_next_entry() {
    let (log, _) = log();
    publish(&log, [1]).await;
    let (_, next, _) = read(&log, None).await;
    let start = Instant::now();
    let reading = log.follow(Some(next), 10 * SECOND);
    let (batch, ()) = tokio::join!(reading, publish(&log, [2]));
    assert_eq!(batch.unwrap().payloads.len(), 1);
    assert_eq!(start.elapsed(), Duration::ZERO);
}
