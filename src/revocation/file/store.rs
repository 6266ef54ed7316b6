//! The file has a first line with the version, then one line per entry.
//!
//! A write that fails is cut off again, so the file always ends with a whole line. A crash can
//! leave a piece of a line, which is cut off when the file is opened. `compaction.rs` removes old
//! entries.
//!
//! A position counts all bytes that the log ever held since it was opened, including those that
//! compaction removed. A position therefore stays valid when the file becomes shorter.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read, Seek, SeekFrom, Write},
    path::PathBuf,
};

use bytes::Bytes;

use super::{
    disk::{beside, create, options, sync_folder},
    record,
};

#[cfg(test)]
mod tests;

/// The first line. Another version of the format has another first line.
pub(super) const HEAD: &[u8] = b"tower-phone-auth revocations 1\n";
/// The bytes that one read takes. No entry is longer, so a read without a line end is damage.
const PAGE: u64 = 1024 * 1024;

/// The open file, and the facts about it that the file itself does not say.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) path: PathBuf,
    pub(super) file: File,
    /// The length of the undamaged beginning of the file, which ends with a line. New entries go
    /// here.
    pub(super) length: u64,
    /// The file has bytes after `length` that could not be cut off yet. They are cut off before the
    /// next write.
    pub(super) is_ragged: bool,
    /// The name of the file may not be on the disk yet, because the folder was not synchronised.
    pub(super) is_unplaced: bool,
    /// The bytes that compaction removed from the beginning. Positions include them.
    pub(super) removed: u64,
    /// Every entry before this offset may be removed. Kept between calls, so that each call of
    /// `prune` reads only the entries that have become stale since.
    pub(super) stale: u64,
}

/// A batch of payloads, and the position after it.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) payloads: Vec<Bytes>,
    pub(super) next: u64,
}

/// The contents that an earlier process left.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) entries: u64,
    /// Lines that are not entries.
    pub(super) damaged: u64,
    /// Bytes after the last whole line.
    pub(super) cut: u64,
}

impl Store {
    /// Opens or creates the file, and cuts off a piece of a line at its end.
    /// [`ErrorKind::InvalidData`] if it is not a log; such a file is not changed.
    pub(super) fn open(path: PathBuf) -> io::Result<(Self, Found)> {
        // A process may have ended while it wrote this file. Creating it also shows that the folder
        // can be written.
        let new = beside(&path, ".new");
        create(&new)?;
        fs::remove_file(&new)?;
        let file = options().create(true).truncate(false).open(&path)?;
        let mut store = Self {
            path,
            file,
            length: 0,
            is_ragged: false,
            is_unplaced: true,
            removed: 0,
            stale: 0,
        };
        let found = store.recover()?;
        store.mend()?;
        Ok((store, found))
    }

    /// Finds the undamaged entries, and counts the rest. A new file gets its first line.
    ///
    /// A file with a damaged first line is still read if it has an entry, because the revocations
    /// matter more than the first line.
    fn recover(&mut self) -> io::Result<Found> {
        let end = self.file.metadata()?.len();
        let mut start = vec![0; HEAD.len().min(usize::try_from(end).unwrap_or(usize::MAX))];
        self.file.seek(SeekFrom::Start(0))?;
        self.file.read_exact(&mut start)?;
        // Empty, or cut off within the first line.
        if start.len() < HEAD.len() && HEAD.starts_with(&start) {
            self.begin()?;
            return Ok(Found::default());
        }
        let mut found = Found::default();
        while self.length < end {
            let chunk = self.chunk(self.length, end)?;
            // The last bytes of the file are not a whole line. A piece of a too long line in the
            // middle is skipped as damage instead.
            if !chunk.ends_with(b"\n") && self.length + chunk.len() as u64 == end {
                (found.cut, self.is_ragged) = (end - self.length, true);
                break;
            }
            for line in lines(&chunk) {
                let is_entry = record::read(line).is_some();
                found.entries += u64::from(is_entry);
                found.damaged += u64::from(!is_entry);
            }
            self.length += chunk.len() as u64;
        }
        if start != HEAD && found.entries == 0 {
            return Err(ErrorKind::InvalidData.into());
        }
        Ok(found)
    }

    /// Writes the first line into a new file, or into one whose process ended while it wrote the
    /// first line.
    fn begin(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(HEAD)?;
        self.file.sync_all()?;
        self.length = HEAD.len() as u64;
        Ok(())
    }

    /// The whole lines from an offset, at most a page of them. Returns a page without a line end in
    /// one piece. No entry is that long, so the piece is damage that readers skip.
    pub(super) fn chunk(&mut self, from: u64, end: u64) -> io::Result<Vec<u8>> {
        let length = end.saturating_sub(from).min(PAGE);
        let mut chunk = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
        self.file.seek(SeekFrom::Start(from))?;
        self.file.read_exact(&mut chunk)?;
        if let Some(last) = memchr::memrchr(b'\n', &chunk) {
            chunk.truncate(last + 1);
        }
        Ok(chunk)
    }

    /// The position after the last entry.
    pub(super) fn end(&self) -> u64 {
        self.removed + self.length
    }

    /// Writes entries to the disk. If that fails, the file holds none of them, or the next call
    /// cuts them off.
    pub(super) fn append(&mut self, entries: &[u8]) -> io::Result<()> {
        self.mend()?;
        self.file.seek(SeekFrom::Start(self.length))?;
        let written = self.file.write_all(entries);
        // `fdatasync` also writes the new length, which reading the data needs.
        let kept = written.and_then(|()| self.file.sync_data());
        match kept {
            Ok(()) => self.length += entries.len() as u64,
            Err(_) => self.is_ragged = self.file.set_len(self.length).is_err(),
        }
        kept
    }

    /// Completes an earlier cut or an earlier synchronisation that failed. Nothing is written
    /// before both have succeeded, because an entry after a piece of a line would be lost with it.
    pub(super) fn mend(&mut self) -> io::Result<()> {
        if self.is_ragged {
            self.file.set_len(self.length)?;
            self.file.sync_all()?;
            self.is_ragged = false;
        }
        if self.is_unplaced {
            sync_folder(&self.path)?;
            self.is_unplaced = false;
        }
        Ok(())
    }

    /// The next entries after a position. Damaged lines are skipped. A position that compaction
    /// removed continues at the oldest entry that is left.
    pub(super) fn page(&mut self, after: u64) -> io::Result<Page> {
        let from = after.saturating_sub(self.removed).min(self.length);
        let chunk = self.chunk(from, self.length)?;
        let payloads = lines(&chunk).filter_map(record::read);
        Ok(Page {
            payloads: payloads.map(|(_, payload)| payload).collect(),
            next: self.removed + from + chunk.len() as u64,
        })
    }
}

/// The lines of a chunk, without the head and the empty ones.
fn lines(chunk: &[u8]) -> impl Iterator<Item = &[u8]> {
    let head = HEAD.trim_ascii_end();
    let lines = chunk.split(|byte| *byte == b'\n');
    lines.filter(move |line| !line.is_empty() && *line != head)
}
