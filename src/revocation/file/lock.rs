//! The lock that keeps a second process from using the file.
//!
//! Two processes that append to one file would each overwrite the entries of the other, because
//! each keeps the length of the file in memory.

// `File::try_lock` is stable since Rust 1.89. In Rust 1.88 the trait below provides the method, and
// opening any file is refused. From 1.89 on, the method of the type takes precedence over the
// method of the trait.
#![allow(unstable_name_collisions, dead_code, clippy::incompatible_msrv)]

use std::{
    fs::{File, OpenOptions},
    io::{self, ErrorKind},
    path::Path,
    thread::sleep,
    time::Duration,
};

/// Stands in for `File::try_lock` where the standard library does not have it.
trait TryLock {
    /// [`ErrorKind::Unsupported`], so that opening a log fails with a remedy.
    fn try_lock(&self) -> io::Result<()>;
}

impl TryLock for File {
    fn try_lock(&self) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }
}

/// How often the lock is tried, with a pause in between. A process that is ending holds the lock a
/// little longer, and a child that it has forked holds the lock until its `exec`, so a restart
/// would otherwise fail now and then.
const TRIES: u32 = 20;
/// The pause between two tries. All pauses together are 200 ms.
const PAUSE: Duration = Duration::from_millis(10);

/// Tries to lock once. The error type of the standard library is converted, because the trait above
/// has another one.
fn lock(file: &File) -> io::Result<()> {
    file.try_lock().map_err(io::Error::from)
}

/// A lock of the operating system. The system releases it when the process ends, also in a crash.
///
/// The lock file is never removed. Otherwise two processes could hold locks at once, one on the
/// removed file and one on a new file of the same name.
#[derive(Debug)]
pub(super) struct Lock {
    /// Closing the file releases the lock.
    _held: File,
}

impl Lock {
    /// Takes the lock at this path, or waits for it for a short time.
    ///
    /// [`ErrorKind::WouldBlock`] if it is held already, by this process or by another one.
    pub(super) fn take(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)?;
        for _ in 0..TRIES {
            match lock(&file) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => sleep(PAUSE),
                locked => return locked.map(|()| Self { _held: file }),
            }
        }
        Err(ErrorKind::WouldBlock.into())
    }
}
