//! The log in a stream of Redis or Valkey.
//!
//! Each entry of the log is one entry of the stream with one field, and the positions are the ids
//! of the stream. A second key names the generation of the stream. A server that was emptied gets a
//! new name, so positions from before are recognised.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use ::redis::{RedisResult, cmd, pipe};
use bytes::Bytes;

use super::{
    log::{LogBatch, LogPosition, RevocationLog, within},
    log_error::LogError,
};
use crate::{error::ConfigError, http_client::BoxFuture};

use cause::Used;
use reading::Reading;
use server::{Connection, Server};
pub(crate) use shared::SharedServer;
use slot::Slot;

mod address;
mod cause;
mod reading;
mod server;
mod shared;
mod slot;

/// The time limit of one call. It is shorter than the layer's own, so that an error names the
/// server and its place instead of a time limit.
const LIMIT: Duration = Duration::from_millis(1500);
/// The only field of an entry of the stream. It is short, because each entry stores it.
const FIELD: &str = "p";

/// A [`RevocationLog`] in a stream of Redis (6.2 or newer) or Valkey, for several replicas (feature
/// `redis`). Clones share the connections.
///
/// The log keeps two connections to the server, one for writing and one that waits for entries. All
/// entries are sealed with the [session key](crate::Builder::session_key). The server needs about
/// 120 bytes for each revocation. It must not evict keys (`maxmemory-policy noeviction`). The ACL
/// user needs `+get +set +time +xadd +xread +xrange +xinfo|stream +xtrim` (with Cluster,
/// `+cluster|slots` too) on the keys `phone-auth-revocations*` and `{phone-auth-revocations}*`.
///
/// | address | server |
/// |---|---|
/// | `redis://host:6379/0` | plain; `valkey://` is the same |
/// | `rediss://user:password@host:6379/0` | TLS, with the system's certificate authorities; `valkeys://` is the same |
/// | `redis+unix:///run/redis.sock?db=0` | a Unix socket on the same machine |
/// | `redis-cluster://host:6379?node=host2:6379` | Cluster, with some of its nodes; `rediss-cluster://` with TLS |
/// | `redis-sentinel://user:password@host:26379/0?service=mymaster&node=host2:26379` | Sentinel. User, password and database are those of the server; those of the Sentinels are `sentinel_user` and `sentinel_password` in the query; `rediss-sentinel://` with TLS |
///
/// With `redis://`, the password crosses the network unencrypted. The log warns about that, unless
/// the host is a loopback one. Characters other than letters and digits in the user or the password
/// are percent-encoded.
///
/// ```
/// use tower_phone_auth::{revocation::RedisLog, OAuthLayer};
///
/// let log = RedisLog::new("rediss://shop:secret@redis.internal:6379/0")?;
/// let builder = OAuthLayer::builder().revocation_log(log);
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct RedisLog {
    inner: Arc<Inner>,
    keys: Arc<Keys>,
    /// Entries from before this time may have been removed. In milliseconds by the server's clock.
    trimmed: Arc<AtomicU64>,
}

/// The connections, which clones of the log share.
struct Inner {
    server: Server,
    /// Shared by all calls that write.
    writing: Slot,
    /// Taken by the reading that waits, because a command that blocks on the server holds up all
    /// later ones of its connection.
    reading: Slot,
}

/// The names of the two keys. The braces in the second one make a Cluster hash only the text inside
/// them, so both keys are in one slot and thus on one server.
struct Keys {
    /// The key of the stream.
    stream: String,
    /// The key of the stream's name. See `reading`.
    generation: String,
}

impl Keys {
    fn new(stream: &str) -> Self {
        Self {
            stream: stream.to_owned(),
            generation: format!("{{{stream}}}:generation"),
        }
    }
}

/// Checks a name that keys begin with. Braces would change the slot of a Cluster.
///
/// # Errors
/// If the name does not consist of 1 to 128 letters, digits and `-_.:`.
pub(crate) fn check_name(setting: &'static str, name: &str) -> Result<(), ConfigError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    if (1..=128).contains(&name.len()) && name.bytes().all(plain) {
        return Ok(());
    }
    let problem = format!("{name:?} cannot begin the names of keys");
    let remedy = "give 1 to 128 letters, digits, hyphens, underscores, dots and colons";
    Err(ConfigError::new(setting, problem, remedy))
}

impl RedisLog {
    /// A log at this address, in the stream `phone-auth-revocations`. It connects at its first use.
    ///
    /// ```
    /// # use tower_phone_auth::revocation::RedisLog;
    /// let error = RedisLog::new("http://redis.internal").unwrap_err();
    /// assert!(error.to_string().contains("rediss://"));
    /// ```
    ///
    /// # Errors
    /// If the address has none of the forms above. The message does not contain the password.
    pub fn new(url: &str) -> Result<Self, ConfigError> {
        let server = Server::at(url)?;
        Ok(Self {
            inner: Arc::new(Inner {
                server,
                writing: Slot::default(),
                reading: Slot::default(),
            }),
            keys: Arc::new(Keys::new("phone-auth-revocations")),
            trimmed: Arc::default(),
        })
    }

    /// Sets the name of the stream. Applications that share a server but not their session key need
    /// one stream each.
    ///
    /// ```
    /// # use tower_phone_auth::revocation::RedisLog;
    /// let log = RedisLog::new("redis://127.0.0.1")?.stream("staff-revocations")?;
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the name does not consist of 1 to 128 letters, digits and `-_.:`.
    pub fn stream(mut self, name: &str) -> Result<Self, ConfigError> {
        check_name("stream", name)?;
        self.keys = Arc::new(Keys::new(name));
        self.trimmed = Arc::default();
        Ok(self)
    }

    /// Appends all payloads by one pipeline.
    async fn append(&self, payloads: Vec<Bytes>) -> Result<(), LogError> {
        let mut pipe = pipe();
        for payload in &payloads {
            pipe.cmd("XADD").arg(&self.keys.stream).arg("*");
            pipe.arg(FIELD).arg(&payload[..]).ignore();
        }
        self.write(async |mut connection| connection.pipe(&pipe).await)
            .await
    }

    /// Removes old entries. The age counts by the server's clock, which gave the entries their ids,
    /// because the clock of this replica may be wrong.
    async fn trim(&self, age: Duration) -> Result<(), LogError> {
        self.write(async |mut connection| {
            let (seconds, _): (u64, u64) = connection.query(&cmd("TIME")).await?;
            let oldest = seconds.saturating_sub(age.as_secs()).saturating_mul(1000);
            let mut pipe = pipe();
            // "~": whole blocks only, which costs the server next to nothing.
            pipe.cmd("XTRIM").arg(&self.keys.stream);
            pipe.arg("MINID").arg("~").arg(oldest).ignore();
            connection.pipe(&pipe).await?;
            // Noted after the success. Noted before, a failed call would excuse the absence of
            // entries that were lost.
            self.trimmed.fetch_max(oldest, Ordering::Relaxed);
            Ok(())
        })
        .await
    }

    /// Runs `work` with the connection for writing, opened if there is none, and limits both
    /// together.
    async fn write(
        &self,
        work: impl AsyncFnOnce(Connection) -> RedisResult<()>,
    ) -> Result<(), LogError> {
        let Inner {
            server, writing, ..
        } = &*self.inner;
        let result = within(LIMIT, async {
            let connection = match writing.share() {
                Some(connection) => connection,
                None => server.connect().await.map_err(|error| self.cause(&error))?,
            };
            writing.put(Some(connection.clone()));
            let written = work(connection).await;
            written.map_err(|error| self.cause(&error))
        })
        .await;
        if result.is_err() {
            // The connection may be in any state, so the next call opens another one.
            writing.put(None);
        }
        result
    }

    /// Reads with the connection for reading. A new connection makes the reading check that the
    /// server still holds the last entry.
    async fn read(&self, after: Option<LogPosition>, wait: Duration) -> Result<LogBatch, LogError> {
        let Inner {
            server, reading, ..
        } = &*self.inner;
        // A reading that is dropped while it waits drops its connection, too. The connection would
        // otherwise return the answer of the dropped command to the next one.
        let kept = reading.take();
        within(wait + LIMIT, async {
            let is_new = kept.is_none();
            let connection = match kept {
                Some(connection) => connection,
                None => server.connect().await.map_err(|error| self.cause(&error))?,
            };
            let mut reader = Reading {
                connection,
                keys: &self.keys,
                is_new,
                trimmed: self.trimmed.load(Ordering::Relaxed),
            };
            let batch = reader.read(after, wait).await;
            let batch = batch.map_err(|error| self.cause(&error))?;
            reading.put(Some(reader.connection));
            batch.ok_or_else(LogError::lost)
        })
        .await
    }

    /// An error of the redis crate, in words for an operator.
    fn cause(&self, error: &::redis::RedisError) -> LogError {
        let used = Used {
            keys: &self.keys.stream,
            listed_by: "RedisLog",
            rename: "give RedisLog another stream",
        };
        cause::of(error, self.inner.server.place(), used)
    }
}

impl RevocationLog for RedisLog {
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
        Box::pin(self.trim(age))
    }
}

/// Hides the password.
impl fmt::Debug for RedisLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisLog")
            .field("server", &self.inner.server.place())
            .field("stream", &self.keys.stream)
            .finish_non_exhaustive()
    }
}
