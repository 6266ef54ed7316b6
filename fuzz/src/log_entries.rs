//! Entries of the revocation log: only a sealed entry ends a session, and no entry makes a replica
//! publish without limit.
//!
//! The first byte chooses: `r` payloads, one a line; `e` changes to a real entry, sealed again with
//! the true key; `p` any bytes, sealed; `o` a script of outages, one byte a reading.

use std::{
    future,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use tower_phone_auth::{
    Kakao,
    provider::BoxFuture,
    revocation::{LogBatch, LogError, LogPosition, RevocationLog},
};

use crate::{
    fake::Fake,
    seal::{self, Purpose},
    shop::Shop,
    text,
};

/// The associated data of an entry.
const NAME: &str = "revocation";
/// The most entries that one revocation may publish, in any failure of the log.
const MOST: usize = 64;

pub fn target(data: &[u8]) {
    let Some((choice, rest)) = text::choice(data) else {
        return;
    };
    match choice {
        b'r' => {
            let lines = rest.split(|byte| *byte == b'\n').take(64);
            let lines = lines.map(Bytes::copy_from_slice).collect();
            assert!(is_in_after(lines), "an unsealed entry ended a session");
        }
        b'e' => {
            let mut plain = entry();
            let whole = plain.clone();
            text::edit(&mut plain, rest);
            let is_in = is_in_after(vec![sealed(&plain)]);
            assert!(
                is_in || plain != whole || rest.is_empty(),
                "it names another session"
            );
        }
        b'p' => {
            is_in_after(vec![sealed(rest)]);
        }
        b'o' => outages(rest),
        _ => {}
    }
}

fn sealed(plain: &[u8]) -> Bytes {
    seal::seal(Purpose::Revocation, NAME, plain).into()
}

/// Another session's entry, as this layer writes it.
fn entry() -> Vec<u8> {
    let log = Log::default();
    let shop = shop(log.clone());
    let id = "000102030405060708090a0b0c0d0e0f"
        .parse()
        .expect("a session id");
    shop.runtime.block_on(async {
        shop.auth.warm_up().await.unwrap();
        shop.auth.revoke_session(id).await.unwrap();
    });
    let published = log.0.published.lock().unwrap();
    seal::open(
        Purpose::Revocation,
        NAME,
        published.first().expect("it is published"),
    )
}

/// Whether a replica that read these entries accepts a session.
fn is_in_after(entries: Vec<Bytes>) -> bool {
    let log = Log::default();
    *log.0.entries.lock().unwrap() = entries;
    let shop = shop(log.clone());
    shop.runtime.block_on(async {
        shop.auth.warm_up().await.unwrap();
        tokio::time::sleep(Duration::from_secs(2)).await;
    });
    let published = log.0.published.lock().unwrap().len();
    assert_eq!(published, 0, "nothing was revoked here");
    shop.lets_in(&shop.session("kakao", "1"))
}

/// One revocation, and a log that fails as the script says.
fn outages(script: &[u8]) {
    let log = Log::default();
    *log.0.script.lock().unwrap() = script.iter().copied().take(200).collect();
    let shop = shop(log.clone());
    let cookie = shop.session("kakao", "1");
    shop.runtime.block_on(async {
        // The revocation may be known to this replica alone for now.
        let _ = shop.auth.revoke("kakao", "1").await;
        tokio::time::sleep(Duration::from_secs(60)).await;
    });
    let lost = log.0.lost.load(Ordering::Relaxed);
    let published = log.0.published.lock().unwrap().len();
    assert!(
        published <= MOST + 2 * lost,
        "{published} entries of one revocation, {lost} losses"
    );
    assert!(!shop.lets_in(&cookie), "it ended here");
}

fn shop(log: Log) -> Shop {
    let kakao = Kakao::new("client", "secret");
    Shop::with(kakao, Fake::silent(), |builder| builder.revocation_log(log))
}

/// A log in this process that fails by a script.
#[derive(Clone, Default)]
struct Log(Arc<State>);

#[derive(Default)]
struct State {
    entries: Mutex<Vec<Bytes>>,
    published: Mutex<Vec<Bytes>>,
    script: Mutex<Vec<u8>>,
    readings: AtomicUsize,
    lost: AtomicUsize,
}

impl State {
    fn step(&self) -> u8 {
        let reading = self.readings.fetch_add(1, Ordering::Relaxed);
        let script = self.script.lock().unwrap();
        script.get(reading).copied().unwrap_or_default()
    }
}

impl RevocationLog for Log {
    fn publish(&self, payloads: Vec<Bytes>) -> BoxFuture<'_, Result<(), LogError>> {
        let step = self.0.step();
        Box::pin(async move {
            match step & 0xc0 {
                0x40 => return Err(LogError::new("the script refuses it")),
                0x80 => future::pending().await,
                _ => {}
            }
            self.0
                .published
                .lock()
                .unwrap()
                .extend(payloads.iter().cloned());
            if step & 0xc0 != 0xc0 {
                self.0.entries.lock().unwrap().extend(payloads);
            }
            Ok(())
        })
    }

    fn follow(
        &self,
        after: Option<LogPosition>,
        wait: Duration,
    ) -> BoxFuture<'_, Result<LogBatch, LogError>> {
        let step = self.0.step();
        Box::pin(async move {
            match step & 0x0f {
                1 => return Err(LogError::new("the script cuts the line")),
                2 => {
                    self.0.lost.fetch_add(1, Ordering::Relaxed);
                    self.0.entries.lock().unwrap().clear();
                    return Err(LogError::lost());
                }
                3 => future::pending().await,
                4 => {
                    self.0.lost.fetch_add(1, Ordering::Relaxed);
                    self.0.entries.lock().unwrap().clear();
                }
                _ => {}
            }
            let read = after.and_then(|after| after.as_str().parse::<usize>().ok());
            let read = read.unwrap_or_default();
            if self.0.entries.lock().unwrap().len() <= read {
                tokio::time::sleep(wait).await;
            }
            let entries = self.0.entries.lock().unwrap();
            let payloads: Vec<_> = entries.iter().skip(read).cloned().collect();
            let next = LogPosition::new(entries.len().max(read).to_string());
            let batch = LogBatch::new(payloads, next, step & 0x0f != 5);
            Ok(if step & 0x0f == 6 {
                batch.unsettled()
            } else {
                batch
            })
        })
    }

    fn prune(&self, _: Duration) -> BoxFuture<'_, Result<(), LogError>> {
        Box::pin(async { Ok(()) })
    }
}
