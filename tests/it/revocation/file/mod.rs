//! The revocation log in a file.

use std::{path::Path, time::Duration};

use axum::body::Bytes;
use tower_phone_auth::revocation::{FileLog, LogError, LogPosition, RevocationLog};

use crate::support::folder::Folder;

mod damage;
mod open;
mod process_end;
mod restart;
mod space;

fn open(path: impl AsRef<Path>) -> FileLog {
    FileLog::open(path).unwrap()
}

async fn publish(log: &FileLog, payload: &str) -> Result<(), LogError> {
    log.publish(vec![Bytes::from(payload.to_owned())]).await
}

/// All entries of the log.
async fn read(log: &FileLog) -> Vec<String> {
    read_after(log, None).await.0
}

async fn read_after(
    log: &FileLog,
    mut position: Option<LogPosition>,
) -> (Vec<String>, Option<LogPosition>) {
    let mut payloads = Vec::new();
    loop {
        let batch = log.follow(position, Duration::ZERO).await.unwrap();
        let texts = batch.payloads.iter();
        payloads.extend(texts.map(|text| String::from_utf8(text.to_vec()).unwrap()));
        position = Some(batch.next);
        if batch.complete {
            return (payloads, position);
        }
    }
}
