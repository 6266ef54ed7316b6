//! Compaction: old entries are removed by a second file that is renamed over the first one.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read, Seek, SeekFrom, Write},
    path::Path,
};

use super::{
    disk::{beside, create},
    record,
    store::{HEAD, Store},
};

impl Store {
    /// Removes the entries that were appended before a time (in seconds since 1970), once they are
    /// half of the file. Each compaction copies the rest, so waiting for half keeps the work in
    /// proportion to what is written.
    pub(super) fn prune(&mut self, before: u64) -> io::Result<()> {
        while self.stale < self.length {
            let chunk = self.chunk(self.stale, self.length)?;
            let stale = stale(&chunk, before);
            self.stale += stale;
            if stale < chunk.len() as u64 {
                break;
            }
        }
        if self.stale > HEAD.len() as u64 && self.stale >= self.length / 2 {
            self.compact()?;
        }
        Ok(())
    }

    /// Replaces the file by one without stale entries. The rename is atomic, so a crash leaves
    /// either file undamaged.
    ///
    /// If the new file cannot be made, the old one stays in use.
    fn compact(&mut self) -> io::Result<()> {
        let new = beside(&self.path, ".new");
        let moved = self.copy_kept(&new).and_then(|file| {
            fs::rename(&new, &self.path)?;
            Ok(file)
        });
        let file = moved.inspect_err(|_| {
            // If this fails too, the next compaction overwrites the file.
            let _ = fs::remove_file(&new);
        })?;
        // Positions count the removed bytes, so those of other readers stay valid.
        let removed = self.stale - HEAD.len() as u64;
        self.removed += removed;
        self.length -= removed;
        (self.file, self.stale) = (file, HEAD.len() as u64);
        (self.is_ragged, self.is_unplaced) = (false, true);
        self.mend()
    }

    /// Writes the head and the kept entries to a new file, and synchronises it before the caller
    /// renames it. A rename that reaches the disk before the content would leave an empty log.
    fn copy_kept(&mut self, to: &Path) -> io::Result<File> {
        let mut file = create(to)?;
        file.write_all(HEAD)?;
        self.file.seek(SeekFrom::Start(self.stale))?;
        let length = self.length - self.stale;
        if io::copy(&mut Read::by_ref(&mut self.file).take(length), &mut file)? < length {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        file.sync_all()?;
        Ok(file)
    }
}

/// How many bytes of a chunk come before its first entry of this time or a later one. Damaged lines
/// count as stale.
fn stale(chunk: &[u8], before: u64) -> u64 {
    let is_kept = |line: &&[u8]| {
        let entry = record::read(line.trim_ascii_end());
        entry.is_some_and(|(time, _)| time >= before)
    };
    let lines = chunk.split_inclusive(|byte| *byte == b'\n');
    lines
        .take_while(|line| !is_kept(line))
        .map(|line| line.len() as u64)
        .sum()
}
