//! The lock that keeps a second process away from the file.

// `File::try_lock` is stable since Rust 1.89. Where the standard library has it, it is called; a method of the type
// comes before a method of a trait. The trait stands in for it in Rust 1.88, which then refuses to open any file.
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

/// A process that is ending at this moment holds the lock a little longer, and so does a child of it until it runs its own
/// program.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(10);

fn lock(file: &File) -> io::Result<()> {
    file.try_lock().map_err(io::Error::from)
}

/// A lock of the operating system, which ends with the process, however that ends.
///
/// The file beside the log is never removed: two processes could otherwise lock two files of one name.
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
