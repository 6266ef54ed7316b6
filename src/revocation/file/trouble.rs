//! Error texts for the operator of the application. Each names the path, the cause and the remedy.

use std::{
    io::{self, ErrorKind},
    path::Path,
};

use super::{ConfigError, LogError, store::Found};

/// The setting that an error of opening names. The example reads the path from `REVOCATION_FILE`.
const SETTING: &str = "revocation_file";

/// The error of a log that was open. `done` is the failed action as a participle, such as
/// `written`.
pub(super) fn failed(path: &Path, done: &str, error: &io::Error) -> LogError {
    let (path, remedy) = (path.display(), remedy(error));
    LogError::new(format!("{path} cannot be {done} ({error}); {remedy}"))
}

/// Warns once if the file was damaged when it was opened. Silent otherwise.
pub(super) fn report(
    path: &Path,
    Found {
        entries,
        damaged,
        cut,
    }: &Found,
) {
    if *damaged + *cut > 0 {
        tracing::warn!(
            entries,
            damaged,
            cut_bytes = cut,
            "{} was damaged or not written completely; undamaged entries were read, and the others skipped",
            path.display()
        );
    }
}

/// The error of a file that cannot be opened.
pub(super) fn refuse(path: &Path, error: &io::Error) -> ConfigError {
    let path = path.display();
    match error.kind() {
        ErrorKind::WouldBlock => ConfigError::new(
            SETTING,
            format!("{path} is open in another process, or twice in this one"),
            "end the other process first, or clone the FileLog; several processes share a RedisLog",
        ),
        ErrorKind::InvalidData => ConfigError::new(
            SETTING,
            format!("{path} is no revocation log that this version reads"),
            "give another path, or remove the file",
        ),
        ErrorKind::Unsupported => ConfigError::new(
            SETTING,
            format!("{path} cannot be locked against a second process"),
            "build the program with Rust 1.89 or newer, and use a local disk",
        ),
        _ => ConfigError::new(
            SETTING,
            format!("{path} cannot be opened ({error})"),
            remedy(error),
        ),
    }
}

/// The remedy of an error of the operating system.
fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            "free space on its disk, or raise the limit of this process"
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "let this process write the file and its folder"
        }
        ErrorKind::NotFound | ErrorKind::NotADirectory => "give a path in a folder that exists",
        ErrorKind::IsADirectory => "give the path of a file",
        _ => "check the disk",
    }
}
