//! Positions, and the removal of old entries, at a file in a folder of its own.

use std::env;

use super::*;

const FIRST: u64 = HEAD.len() as u64;
/// The length of each entry here.
const ENTRY: u64 = 100;

/// A file that is deleted with its folder.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("tower-phone-auth-store-{name}-{}", std::process::id());
        let folder = env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self) -> PathBuf {
        self.0.join("log")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The entry of a time from 10 to 99.
fn entry(time: u64) -> Vec<u8> {
    let mut entry = Vec::new();
    record::write(&mut entry, time, format!("{time:078}").as_bytes());
    assert_eq!(entry.len() as u64, ENTRY);
    entry
}

fn times(page: &Page) -> Vec<u64> {
    let time = |payload: &Bytes| std::str::from_utf8(payload).unwrap().parse().unwrap();
    page.payloads.iter().map(time).collect()
}

/// Reads one page after a position, which must end at the end of the log.
#[track_caller]
fn read(store: &mut Store, after: u64) -> Vec<u64> {
    let page = store.page(after).unwrap();
    assert_eq!(page.next, store.end());
    times(&page)
}

fn length(folder: &Folder) -> u64 {
    fs::metadata(folder.file()).unwrap().len()
}

#[test]
fn old_entries_are_removed_when_they_are_half_of_the_file_and_positions_stay_valid() {
    let folder = Folder::new("prune");
    let (mut store, _) = Store::open(folder.file()).unwrap();
    for time in [10, 20, 30, 40] {
        store.append(&entry(time)).unwrap();
    }
    assert_eq!(store.end(), FIRST + 4 * ENTRY);
    assert_eq!(read(&mut store, 0), [10, 20, 30, 40]);
    assert_eq!(read(&mut store, FIRST + 2 * ENTRY), [30, 40]);

    store.prune(20).unwrap();
    assert_eq!(length(&folder), FIRST + 4 * ENTRY, "one of four");
    store.prune(30).unwrap();
    assert_eq!(length(&folder), FIRST + 2 * ENTRY, "two of four");
    assert_eq!(store.end(), FIRST + 4 * ENTRY);
    assert_eq!(read(&mut store, 0), [30, 40]);
    assert_eq!(read(&mut store, FIRST + 3 * ENTRY), [40]);

    store.append(&entry(50)).unwrap();
    assert_eq!(read(&mut store, FIRST + 4 * ENTRY), [50]);
    store.prune(35).unwrap();
    assert_eq!(length(&folder), FIRST + 3 * ENTRY, "one of three");
    store.prune(45).unwrap();
    assert_eq!(length(&folder), FIRST + ENTRY);
    assert_eq!(read(&mut store, FIRST + 4 * ENTRY), [50]);

    store.prune(1000).unwrap();
    assert_eq!(length(&folder), FIRST);
    assert!(read(&mut store, 0).is_empty());
    store.append(&entry(60)).unwrap();
    assert_eq!(store.end(), FIRST + 6 * ENTRY);
    assert_eq!(read(&mut store, FIRST + 5 * ENTRY), [60]);

    drop(store);
    let (mut store, found) = Store::open(folder.file()).unwrap();
    assert_eq!((found.entries, found.damaged, found.cut), (1, 0, 0));
    assert_eq!(store.end(), FIRST + ENTRY);
    assert_eq!(read(&mut store, 0), [60]);
}

#[test]
fn damaged_lines_are_counted_and_a_piece_of_a_line_is_cut_off() {
    let folder = Folder::new("damage");
    let (mut store, _) = Store::open(folder.file()).unwrap();
    for time in [10, 20] {
        store.append(&entry(time)).unwrap();
        store.append(b"damaged\n").unwrap();
    }
    store.append(b"a piece of a line").unwrap();
    drop(store);
    let whole = FIRST + 2 * ENTRY + 16;
    let (mut store, found) = Store::open(folder.file()).unwrap();
    assert_eq!((found.entries, found.damaged, found.cut), (2, 2, 17));
    assert_eq!((store.end(), length(&folder)), (whole, whole));
    assert_eq!(read(&mut store, 0), [10, 20]);
    let content = fs::read(folder.file()).unwrap();
    assert!(content.starts_with(HEAD));
}
