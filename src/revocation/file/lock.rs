//! The lock that keeps a second process from using the file.

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

trait TryLock {
    fn try_lock(&self) -> io::Result<()>;
}

impl TryLock for File {
    fn try_lock(&self) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }
}

/// A process that is ending holds the lock a little longer. A child that it has forked holds the
/// lock until its `exec`.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(10);

fn lock(file: &File) -> io::Result<()> {
    file.try_lock().map_err(io::Error::from)
}

/// A lock of the operating system. It ends with the process, also in a crash.
///
/// The lock file is never removed, because two processes could otherwise lock two files of the same
/// name.
#[derive(Debug)]
pub(super) struct Lock {
    _held: File,
}

impl Lock {
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
