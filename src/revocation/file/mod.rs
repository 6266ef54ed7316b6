//! The log in a file, for one process.
//!
//! The parts, from the outside: `queue` collects the callers that publish, `store` is the file,
//! `record` is one line of it, `lock` keeps other processes away, `trouble` has the texts of
//! errors. Everything that touches the disk runs on a thread for blocking work.

use std::{
    fmt, fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use tokio::{runtime::Handle, sync::watch, time::timeout};

use super::{
    log::{LogBatch, LogPosition, RevocationLog},
    log_error::LogError,
};
use crate::{clock::Clock, error::ConfigError, http_client::BoxFuture};

use lock::Lock;
use queue::{Queue, Waiting};
use store::{Page, Store};

mod compaction;
mod disk;
mod lock;
mod queue;
mod record;
mod store;
mod trouble;

/// Upper bound of a payload, so that one read of the file (`store::PAGE`) holds every line, also if
/// each byte were escaped to three.
const LONGEST_PAYLOAD: usize = 64 * 1024;

/// A [`RevocationLog`] in a file, for an application that runs in one process. Revoked sessions
/// stay revoked after a restart or a crash. Clones share the file.
///
/// An entry is on the disk (`fdatasync`) before [`publish`](RevocationLog::publish) returns, and
/// thus before a sign-out is answered. An entry has about 150 bytes, and is removed when every
/// session that it could end has expired. Damage by a crash or a faulty disk costs the damaged
/// lines; a warning says how many.
///
/// Reading and writing run on tokio's threads for blocking work. Several processes need a
/// `RedisLog` instead.
///
/// ```no_run
/// use tower_phone_auth::{revocation::FileLog, Kakao, OAuthLayer, SessionKey};
///
/// let auth = OAuthLayer::builder()
///     .public_url("https://shop.example.com")
///     .session_key(SessionKey::from_env("SESSION_KEY")?)
///     .provider(Kakao::new("rest-api-key", "client-secret"))
///     .revocation_log(FileLog::open("/var/lib/shop/revocations")?)
///     .build()?;
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct FileLog(Arc<Inner>);

/// The state that clones share.
struct Inner {
    /// Part of every position. A position of a log that was opened before is recognised by it, and
    /// then counts as lost, because the file may have been replaced meanwhile.
    name: u64,
    /// The path without links, for messages.
    path: PathBuf,
    clock: Clock,
    /// Held by one reading or writing at a time, on threads that may block.
    store: Mutex<Store>,
    queue: Queue,
    /// The position after the last entry. Wakes the readings that wait for more.
    end: watch::Sender<u64>,
    _lock: Lock,
}

impl FileLog {
    /// Opens or creates the file, which only its owner may read. The folder must exist, and must be
    /// on a local disk.
    ///
    /// The log also uses two names beside the file: `.lock` at the end for a lock of the operating
    /// system, which ends with the process, and `.new` for the next version of the file while it is
    /// written. This call blocks while it reads the file, so call it when the application starts.
    ///
    /// ```
    /// use tower_phone_auth::revocation::FileLog;
    ///
    /// let folder = std::env::temp_dir().join(format!("example-open-{}", std::process::id()));
    /// std::fs::create_dir_all(&folder)?;
    /// let log = FileLog::open(folder.join("revocations"))?;
    /// # drop(log);
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If another process or another `FileLog` has the file open, if the file or its folder cannot
    /// be written, or if the file is not a revocation log. Rust 1.88 has no file locks, so a
    /// program built with it always gets an error; build with 1.89 or newer.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        Self::open_with_clock(path, Clock::system())
    }

    /// Like [`open`](Self::open), with another clock. [`prune`](RevocationLog::prune) reads the
    /// time from it.
    ///
    /// ```
    /// use tower_phone_auth::{Clock, revocation::FileLog};
    ///
    /// let folder = std::env::temp_dir().join(format!("example-clock-{}", std::process::id()));
    /// std::fs::create_dir_all(&folder)?;
    /// let log = FileLog::open_with_clock(folder.join("revocations"), Clock::system())?;
    /// # drop(log);
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_with_clock(path: impl AsRef<Path>, clock: Clock) -> Result<Self, ConfigError> {
        static NAMES: AtomicU64 = AtomicU64::new(0);
        let given = path.as_ref();
        let refused = |error: &io::Error| trouble::refuse(given, error);
        let path = real(given).map_err(|error| refused(&error))?;
        let lock = Lock::take(&disk::beside(&path, ".lock"));
        let lock = lock.map_err(|error| refused(&error))?;
        let (store, found) = Store::open(path.clone()).map_err(|error| refused(&error))?;
        trouble::report(&path, &found);
        Ok(Self(Arc::new(Inner {
            name: NAMES.fetch_add(1, Ordering::Relaxed),
            path,
            clock,
            end: watch::Sender::new(store.end()),
            store: Mutex::new(store),
            queue: Queue::default(),
            _lock: lock,
        })))
    }

    /// Waits in the queue until the payloads are on the disk.
    async fn append(&self, payloads: Vec<Bytes>) -> Result<(), LogError> {
        if payloads.iter().any(|one| one.len() > LONGEST_PAYLOAD) {
            return Err(LogError::new("an entry is longer than 64 KiB"));
        }
        let runtime = runtime()?;
        let (written, turn) = Queue::enter(&self.0, payloads);
        if let Some(turn) = turn {
            runtime.spawn_blocking(|| turn.run());
        }
        written.await.unwrap_or_else(|_| Err(stopped()))
    }

    /// Reads the entries after a position. If there are none, it waits for more.
    async fn read(&self, after: Option<LogPosition>, wait: Duration) -> Result<LogBatch, LogError> {
        let Inner { end, .. } = &*self.0;
        let from = after.map_or(Ok(0), |position| self.0.index(&position))?;
        if !wait.is_zero() {
            let mut end = end.subscribe();
            // After `wait` the log is read too, and the batch is empty.
            let _ = timeout(wait, end.wait_for(|end| *end > from)).await;
        }
        // Answered without a thread, because a follower that waits comes here twice a second.
        if *end.borrow() <= from {
            return Ok(LogBatch::new(Vec::new(), self.0.position(from), true));
        }
        self.blocking(move |log| log.read(from)).await
    }

    /// Runs `work` on a thread for blocking work, with the log kept alive.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, LogError> {
        let log = Arc::clone(&self.0);
        let done = runtime()?.spawn_blocking(move || work(&log));
        done.await.unwrap_or_else(|_| Err(stopped()))
    }
}

impl Inner {
    /// The store keeps its invariants between calls, so a panic of another holder is ignored.
    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the entries of all callers by one write. They succeed or fail together.
    fn write(&self, waiting: &[Waiting]) -> Result<(), LogError> {
        let now = self.clock.unix().as_secs();
        let mut entries = Vec::new();
        for payload in waiting.iter().flat_map(|one| &one.payloads) {
            record::write(&mut entries, now, payload);
        }
        let mut store = self.store();
        let written = store.append(&entries);
        // Also after a failure, when the end is where it was.
        self.end.send_replace(store.end());
        drop(store);
        written.map_err(|error| self.failed("written", &error))
    }

    /// One page of entries. The batch is complete if it reaches the end of the file at that time.
    fn read(&self, from: u64) -> Result<LogBatch, LogError> {
        let mut store = self.store();
        let page = store.page(from);
        let end = store.end();
        drop(store);
        let Page { payloads, next } = page.map_err(|error| self.failed("read", &error))?;
        Ok(LogBatch::new(payloads, self.position(next), next >= end))
    }

    /// Removes entries that were appended longer than `age` ago.
    fn prune(&self, age: Duration) -> Result<(), LogError> {
        let before = self.clock.unix().before(age).as_secs();
        let pruned = self.store().prune(before);
        pruned.map_err(|error| self.failed("compacted", &error))
    }

    /// The text of a position: the name of this opening of the log, and an offset.
    fn position(&self, index: u64) -> LogPosition {
        LogPosition::new(format!("{}-{index}", self.name))
    }

    /// The offset of a position. [`LogError::lost`] for a position of another log or of an earlier
    /// opening, and for a text that is no position.
    fn index(&self, position: &LogPosition) -> Result<u64, LogError> {
        let index = position.as_str().split_once('-').and_then(|(name, index)| {
            (name.parse() == Ok(self.name)).then(|| index.parse().ok())?
        });
        index.ok_or_else(LogError::lost)
    }

    fn failed(&self, done: &str, error: &io::Error) -> LogError {
        trouble::failed(&self.path, done, error)
    }
}

/// The runtime of the caller. tokio would panic without one.
fn runtime() -> Result<Handle, LogError> {
    let missing = |_| LogError::new("there is no tokio runtime; call it from within one");
    Handle::try_current().map_err(missing)
}

/// The error of work that the runtime dropped before it ran.
fn stopped() -> LogError {
    LogError::new("the tokio runtime shut down before the file was written or read")
}

/// The path without links, so that two paths to one file share one lock. A file that does not exist
/// yet gets the real path of its folder.
fn real(path: &Path) -> io::Result<PathBuf> {
    if let Ok(real) = fs::canonicalize(path) {
        return Ok(real);
    }
    let name = path.file_name().ok_or(ErrorKind::IsADirectory)?;
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = fs::canonicalize(folder.unwrap_or_else(|| Path::new(".")))?;
    if !folder.is_dir() {
        return Err(ErrorKind::NotADirectory.into());
    }
    Ok(folder.join(name))
}

impl RevocationLog for FileLog {
    fn publish(&self, payloads: Vec<Bytes>) -> BoxFuture<'_, Result<(), LogError>> {
        Box::pin(self.append(payloads))
    }

    fn follow(
        &self,
        after: Option<LogPosition>,
        wait: Duration,
    ) -> BoxFuture<'_, Result<LogBatch, LogError>> {
        Box::pin(self.read(after, wait))
    }

    fn prune(&self, age: Duration) -> BoxFuture<'_, Result<(), LogError>> {
        Box::pin(self.blocking(move |log| log.prune(age)))
    }
}

impl fmt::Debug for FileLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileLog")
            .field("path", &self.0.path)
            .finish_non_exhaustive()
    }
}
