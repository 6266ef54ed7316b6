//! A log in a file, for one process.

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

use super::log::{LogBatch, LogError, LogPosition, RevocationLog};
use crate::{clock::Clock, error::ConfigError, http_client::BoxFuture};

use lock::Lock;
use queue::{Queue, Waiting};
use store::{Page, Store};

mod lock;
mod queue;
mod record;
mod store;
mod trouble;

/// Longer than any sealed entry, and short enough that an entry is read in one go.
const LONGEST_PAYLOAD: usize = 64 * 1024;

/// A [`RevocationLog`] in a file, for an application that runs in one process: what was ended stays ended after a restart,
/// also after a crash. Cloning shares it.
///
/// An entry is on the disk (`fdatasync`) before [`publish`](RevocationLog::publish) returns, and so before a sign-out is
/// answered. Entries are sealed like those of the other logs, about 150 bytes each, and are removed when no session that
/// they could end is alive. A file that a crash or a fault of the disk damaged is read as far as it is whole; one line in
/// the log says what is missing.
///
/// Reading and writing are done on tokio's threads for blocking work. Several processes share a `RedisLog` instead.
///
/// ```no_run
/// use tower_phone_auth::{FileLog, Kakao, OAuthLayer, SessionKey};
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

struct Inner {
    /// Tells this log's positions from another one's.
    name: u64,
    path: PathBuf,
    clock: Clock,
    store: Mutex<Store>,
    queue: Queue,
    end: watch::Sender<u64>,
    _lock: Lock,
}

impl FileLog {
    /// Opens the file, or makes it, for the owner alone to read. Its folder must exist, and must be on a local disk.
    ///
    /// Two more names beside it are the log's: with `.lock` at the end, a lock of the operating system that ends with the
    /// process, and with `.new`, the next version of the file while it is written. It blocks while it reads the file: call
    /// it at the start.
    ///
    /// # Errors
    /// If another process (or another `FileLog`) has the file open, if the file or its folder cannot be written, or if the
    /// file is something else than a log. Rust 1.88 has no locks for files, so a program that is built with it always gets
    /// an error; build it with 1.89 or newer.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        Self::open_with_clock(path, Clock::system())
    }

    /// The same, with the time read from `clock`: what is old is removed by it.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_with_clock(path: impl AsRef<Path>, clock: Clock) -> Result<Self, ConfigError> {
        static NAMES: AtomicU64 = AtomicU64::new(0);
        let given = path.as_ref();
        let refused = |error: &io::Error| trouble::refuse(given, error);
        let path = real(given).map_err(|error| refused(&error))?;
        let lock = Lock::take(&store::beside(&path, ".lock"));
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

    async fn read(&self, after: Option<LogPosition>, wait: Duration) -> Result<LogBatch, LogError> {
        let Inner { end, .. } = &*self.0;
        let from = after.map_or(Ok(0), |position| self.0.index(&position))?;
        if !wait.is_zero() {
            let mut end = end.subscribe();
            // Whether more came or the time is over, what there is is read.
            let _ = timeout(wait, end.wait_for(|end| *end > from)).await;
        }
        if *end.borrow() <= from {
            return Ok(LogBatch::new(Vec::new(), self.0.position(from), true));
        }
        self.blocking(move |log| log.read(from)).await
    }

    /// Runs it where it may block.
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
    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, waiting: &[Waiting]) -> Result<(), LogError> {
        let now = self.clock.unix().as_secs();
        let mut entries = Vec::new();
        for payload in waiting.iter().flat_map(|one| &one.payloads) {
            record::write(&mut entries, now, payload);
        }
        let mut store = self.store();
        let written = store.append(&entries);
        self.end.send_replace(store.end());
        drop(store);
        written.map_err(|error| self.failed("written", &error))
    }

    fn read(&self, from: u64) -> Result<LogBatch, LogError> {
        let mut store = self.store();
        let page = store.page(from);
        let end = store.end();
        drop(store);
        let Page { payloads, next } = page.map_err(|error| self.failed("read", &error))?;
        Ok(LogBatch::new(payloads, self.position(next), next >= end))
    }

    fn prune(&self, age: Duration) -> Result<(), LogError> {
        let before = self.clock.unix().before(age).as_secs();
        let pruned = self.store().prune(before);
        pruned.map_err(|error| self.failed("made smaller", &error))
    }

    fn position(&self, index: u64) -> LogPosition {
        LogPosition::new(format!("{}-{index}", self.name))
    }

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

fn runtime() -> Result<Handle, LogError> {
    let missing = |_| LogError::new("there is no tokio runtime; call it from within one");
    Handle::try_current().map_err(missing)
}

fn stopped() -> LogError {
    LogError::new("the tokio runtime shut down before the file was written or read")
}

/// One name for one file, whatever links lead to it.
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
