//! The size of the file, and writes that fail for lack of space.

use std::{env, fs, process::Command, time::Duration};

use axum::body::Bytes;
use tokio::runtime::Builder;
use tower_phone_auth::revocation::{FileLog, RevocationLog};

use super::{Folder, open, publish, read, read_after};
use crate::support::shop::Time;

const HOUR: Duration = Duration::from_secs(60 * 60);

#[tokio::test]
async fn expired_entries_leave_the_file_and_readers_keep_their_position() {
    let (folder, time) = (Folder::new(), Time::default());
    let log = FileLog::open_with_clock(folder.log(), time.clock()).unwrap();
    for number in 0..50 {
        publish(&log, &format!("old-{number}")).await.unwrap();
    }
    let (_, at_old) = read_after(&log, None).await;
    time.pass(HOUR);
    publish(&log, "new").await.unwrap();
    let (_, at_new) = read_after(&log, None).await;
    let before = fs::metadata(folder.log()).unwrap().len();
    log.prune(HOUR / 2).await.unwrap();
    assert!(fs::metadata(folder.log()).unwrap().len() < before / 10);
    publish(&log, "newest").await.unwrap();
    assert_eq!(read_after(&log, at_old).await.0, ["new", "newest"]);
    assert_eq!(read_after(&log, at_new).await.0, ["newest"]);
    assert_eq!(read(&log).await, ["new", "newest"]);
    drop(log);
    assert_eq!(read(&open(folder.log())).await, ["new", "newest"]);
}

#[tokio::test]
async fn the_file_has_at_most_twice_the_size_of_its_live_entries() {
    let (folder, time) = (Folder::new(), Time::default());
    let log = FileLog::open_with_clock(folder.log(), time.clock()).unwrap();
    for number in 0..300 {
        publish(&log, &format!("{number:06}")).await.unwrap();
        time.pass(HOUR);
        log.prune(10 * HOUR).await.unwrap();
        let kept = read(&log).await;
        assert!(kept.len() <= 22, "{}", kept.len());
        assert_eq!(kept.last(), Some(&format!("{number:06}")));
    }
}

#[tokio::test]
async fn a_million_bytes_are_read_page_by_page() {
    let folder = Folder::new();
    let log = open(folder.log());
    let payloads: Vec<_> = (0..9000).map(|number| format!("{number:0>300}")).collect();
    let sent = payloads.iter().cloned().map(Bytes::from);
    log.publish(sent.collect()).await.unwrap();
    assert_eq!(read(&log).await, payloads);
    let first = log.follow(None, Duration::ZERO).await.unwrap();
    assert!(!first.complete);
}

#[tokio::test]
async fn an_entry_has_at_most_64_kib() {
    let folder = Folder::new();
    let log = open(folder.log());
    // A line break is escaped, and takes more bytes in the file.
    for character in ["a", "\n"] {
        for (length, fits) in [(65_535, true), (65_536, true), (65_537, false)] {
            let payload = character.repeat(length);
            assert_eq!(publish(&log, &payload).await.is_ok(), fits, "{length}");
            assert_eq!(read(&log).await.contains(&payload), fits, "{length}");
        }
    }
}

#[tokio::test]
async fn many_simultaneous_publications_share_one_write() {
    let folder = Folder::new();
    let log = open(folder.log());
    let tasks: Vec<_> = (0..500)
        .map(|number| {
            let log = log.clone();
            tokio::spawn(async move { publish(&log, &number.to_string()).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(read(&log).await.len(), 500);
}

#[test]
fn a_runtime_that_ends_in_the_middle_does_not_stop_the_next_one() {
    let folder = Folder::new();
    let log = open(folder.log());
    let runtime = || {
        let mut builder = Builder::new_current_thread();
        builder.enable_all().build().unwrap()
    };
    for number in 0..20 {
        let (first, second) = (runtime(), runtime());
        let given_up = log.clone();
        first.block_on(async move {
            tokio::spawn(async move { publish(&given_up, "given up").await });
            // The write has begun and not finished.
            tokio::task::yield_now().await;
        });
        first.shutdown_background();
        let payload = format!("kept-{number}");
        second.block_on(publish(&log, &payload)).unwrap();
        assert!(second.block_on(read(&log)).contains(&payload));
    }
}

/// A limit on the file size acts like a full disk, as both make a write fail in its middle.
#[test]
fn a_full_disk_is_an_error_with_the_remedy_and_harms_nothing_that_is_kept() {
    let folder = Folder::new();
    let test = "revocation::file::space::child_fills_the_disk";
    let output = Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 8; exec \"$0\" --exact \"$1\" --nocapture",
        ])
        .arg(env::current_exe().unwrap())
        .arg(test)
        .env("REVOCATION_FILE_OF_CHILD", folder.log())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let said = text(output.stdout) + &text(output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("cannot be written"), "{said}");
    assert!(said.contains("free space on its disk"), "{said}");
}

/// The body of a child process. As a test of its own it does nothing.
#[tokio::test]
async fn child_fills_the_disk() {
    let Some(path) = env::var_os("REVOCATION_FILE_OF_CHILD") else {
        return;
    };
    let time = Time::default();
    let log = FileLog::open_with_clock(&path, time.clock()).unwrap();
    let mut kept = Vec::new();
    let error = loop {
        let payload = format!("{:0>200}", kept.len());
        match publish(&log, &payload).await {
            Ok(()) => kept.push(payload),
            Err(error) => break error,
        }
    };
    println!("{error}");
    assert!(publish(&log, &"x".repeat(3000)).await.is_err());
    assert_eq!(read(&log).await, kept);
    assert!(fs::read(&path).unwrap().ends_with(b"\n"));
    // A shorter entry still fits, and expired entries free space for more.
    publish(&log, "short").await.unwrap();
    time.pass(2 * HOUR);
    log.prune(HOUR).await.unwrap();
    publish(&log, "later").await.unwrap();
    drop(log);
    assert_eq!(read(&open(&path)).await, ["later"]);
}
