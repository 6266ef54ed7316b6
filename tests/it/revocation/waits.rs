//! How long a reading of the log may wait for entries.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::body::Bytes;
use tower_phone_auth::{
    provider::BoxFuture,
    revocation::{InProcessLog, LogBatch, LogError, LogPosition, RevocationLog},
};

use crate::support::replicas::{Replicas, until};

/// A log that notes the wait of each reading.
#[derive(Clone, Default)]
struct Waits(InProcessLog, Arc<Mutex<Vec<Duration>>>);

impl Waits {
    fn all(&self) -> Vec<Duration> {
        self.1.lock().unwrap().clone()
    }
}

impl RevocationLog for Waits {
    fn publish(&self, payloads: Vec<Bytes>) -> BoxFuture<'_, Result<(), LogError>> {
        self.0.publish(payloads)
    }

    fn follow(
        &self,
        after: Option<LogPosition>,
        wait: Duration,
    ) -> BoxFuture<'_, Result<LogBatch, LogError>> {
        self.1.lock().unwrap().push(wait);
        self.0.follow(after, wait)
    }

    fn prune(&self, age: Duration) -> BoxFuture<'_, Result<(), LogError>> {
        self.0.prune(age)
    }
}

#[tokio::test]
async fn the_first_reading_and_one_from_the_beginning_wait_for_nothing() {
    let log = Waits::default();
    let shop = Replicas::new().await;
    let replica = shop.start_with(log.clone(), |builder| builder);
    replica.layer.warm_up().await.unwrap();
    until(async || log.all().len() >= 2).await;
    let second = Duration::from_millis(500);
    assert_eq!(log.all()[..2], [Duration::ZERO, second]);
    // Entries that were passed over as expired may be live by a clock that went back.
    replica.time.set_back(Duration::from_secs(60 * 60));
    until(async || log.all()[2..].contains(&Duration::ZERO)).await;
}
