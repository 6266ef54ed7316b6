//! Damaged files.

use std::fs;

use super::{Folder, open, publish, read};
use crate::support::log::Log;

const PAYLOADS: [&str; 3] = ["first", "second", "third"];

/// The bytes of a log with three entries, and where each entry ends.
async fn written() -> (Vec<u8>, Vec<usize>) {
    let folder = Folder::new();
    let log = open(folder.log());
    let mut ends = Vec::new();
    for payload in PAYLOADS {
        publish(&log, payload).await.unwrap();
        // The last line is without its end.
        ends.push(fs::read(folder.log()).unwrap().len() - 1);
    }
    (fs::read(folder.log()).unwrap(), ends)
}

fn lines(log: &Log) -> usize {
    let text = log.text();
    text.lines()
        .filter(|line| line.contains("was damaged"))
        .count()
}

#[tokio::test]
async fn a_file_cut_at_any_byte_is_read_as_far_as_it_is_whole_and_written_on() {
    let (bytes, ends) = written().await;
    let folder = Folder::new();
    for cut in 0..=bytes.len() {
        fs::write(folder.log(), &bytes[..cut]).unwrap();
        let whole = ends.iter().filter(|end| **end <= cut).count();
        let said = Log::capture();
        let log = open(folder.log());
        assert!(lines(&said) <= 1, "cut at {cut}");
        assert_eq!(read(&log).await, PAYLOADS[..whole], "cut at {cut}");
        publish(&log, "later").await.unwrap();
        drop(log);
        let said = Log::capture();
        let expected = [&PAYLOADS[..whole], &["later"]].concat();
        assert_eq!(read(&open(folder.log())).await, expected, "cut at {cut}");
        assert_eq!(lines(&said), 0, "damage is left after the cut at {cut}");
    }
}

#[tokio::test]
async fn a_changed_byte_costs_one_entry_at_most_and_is_reported_in_one_line() {
    let (bytes, _) = written().await;
    let folder = Folder::new();
    for at in 0..bytes.len() {
        for flip in [1, 0x80, bytes[at] ^ b'\n'] {
            let mut damaged = bytes.clone();
            damaged[at] ^= flip;
            fs::write(folder.log(), &damaged).unwrap();
            let said = Log::capture();
            let log = open(folder.log());
            let whole = read(&log).await;
            assert!(whole.len() >= 2, "{at} {flip}: {whole:?}");
            assert!(whole.iter().all(|one| PAYLOADS.contains(&one.as_str())));
            assert!(whole.len() == 3 || lines(&said) == 1, "{at} {flip}");
            publish(&log, "later").await.unwrap();
            drop(log);
            let read = read(&open(folder.log())).await;
            assert_eq!(read, [&whole[..], &["later".to_owned()]].concat());
        }
    }
}

/// Some file systems leave such bytes after a power failure.
#[tokio::test]
async fn zeros_and_megabytes_of_junk_hide_no_entry() {
    let (bytes, _) = written().await;
    for junk in [
        vec![0; 5000],
        vec![b'x'; 3_000_000],
        b"\n \n\xff\n".repeat(9),
    ] {
        let folder = Folder::new();
        fs::write(folder.log(), [&bytes[..], &junk, b"\n", &bytes].concat()).unwrap();
        let log = open(folder.log());
        assert_eq!(read(&log).await, [PAYLOADS, PAYLOADS].concat());
        publish(&log, "later").await.unwrap();
        assert_eq!(read(&log).await.len(), 7);
    }
}

/// The process ended while it wrote the next version of the file.
#[tokio::test]
async fn the_leftover_of_an_interrupted_compaction_is_removed() {
    let (bytes, _) = written().await;
    let folder = Folder::new();
    fs::write(folder.log(), &bytes).unwrap();
    fs::write(folder.join("revocations.new"), &bytes[..50]).unwrap();
    let log = open(folder.log());
    assert_eq!(read(&log).await, PAYLOADS);
    assert!(!folder.join("revocations.new").exists());
}
