//! The log as a stream of Redis or Valkey.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use ::redis::{RedisResult, cmd, pipe};
use bytes::Bytes;

use super::{
    follower::within,
    log::{LogBatch, LogError, LogPosition, RevocationLog},
};
use crate::{error::ConfigError, http_client::BoxFuture};

use address::Address;
use reading::Reading;
use server::{Connection, Server};

mod address;
mod cause;
mod reading;
mod server;

/// For one call; the follower allows a little more.
const LIMIT: Duration = Duration::from_millis(1500);
/// The one field of an entry.
const FIELD: &str = "p";

/// A [`RevocationLog`] in a stream of Redis (6.2 or newer) or Valkey (feature `redis`). Cloning shares it.
///
/// Two connections to the server are kept, one of them for waiting. All entries are sealed with the
/// [session key](crate::Builder::session_key). The server needs some 120 bytes for each revocation, and should not
/// evict keys (`maxmemory-policy noeviction`). A user of its own needs `+get +set +time +xadd +xread +xrange
/// +xinfo|stream +xtrim` (with Cluster, `+cluster|slots` too) on the keys `phone-auth-revocations*`.
///
/// | address | |
/// |---|---|
/// | `redis://host:6379/0` | plain; `valkey://` is the same |
/// | `rediss://user:password@host:6379/0` | TLS, with the system's certificate authorities; `valkeys://` is the same |
/// | `redis+unix:///run/redis.sock?db=0` | a socket on this machine |
/// | `redis-cluster://host:6379?node=host2:6379` | Cluster, by some of its nodes; `rediss-cluster://` with TLS |
/// | `redis-sentinel://user:password@host:26379/0?service=mymaster&node=host2:26379` | Sentinel: user, password and number are the server's, `sentinel_user` and `sentinel_password` in the query the Sentinels'; `rediss-sentinel://` with TLS |
///
/// With `redis://`, the password crosses the network unencrypted: unless the host is this machine, that is logged as a
/// warning.
///
/// A user or password with other characters than letters and digits is percent-encoded.
///
/// ```
/// use tower_phone_auth::{OAuthLayer, RedisLog};
///
/// let log = RedisLog::new("rediss://shop:secret@redis.internal:6379/0")?;
/// let builder = OAuthLayer::builder().revocation_log(log);
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct RedisLog {
    inner: Arc<Inner>,
    keys: Arc<Keys>,
    /// In milliseconds by the server's clock: what is older may have been pruned.
    trimmed: Arc<AtomicU64>,
}

struct Inner {
    server: Server,
    writing: Slot,
    reading: Slot,
}

/// Both lie in one slot of a Cluster.
struct Keys {
    stream: String,
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

/// A connection that is not in use, or can be shared.
#[derive(Default)]
struct Slot(Mutex<Option<Connection>>);

impl Slot {
    fn put(&self, connection: Option<Connection>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = connection;
    }

    fn take(&self) -> Option<Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn share(&self) -> Option<Connection> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl RedisLog {
    /// The log at this address, in the stream `phone-auth-revocations`. Touches no network.
    ///
    /// ```
    /// # use tower_phone_auth::RedisLog;
    /// let error = RedisLog::new("http://redis.internal").unwrap_err();
    /// assert!(error.to_string().contains("rediss://"));
    /// ```
    ///
    /// # Errors
    /// If the address is none of the forms above. The message holds no password.
    pub fn new(url: &str) -> Result<Self, ConfigError> {
        let address = Address::parse(url)?;
        if address.exposes_password {
            let server = &address.place;
            tracing::warn!(
                server,
                "the password of Redis goes over the network unencrypted: give rediss:// for TLS"
            );
        }
        let server = Server::new(address)?;
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

    /// Another stream, for applications that share a server: each key of sessions has one of its own.
    ///
    /// ```
    /// # use tower_phone_auth::RedisLog;
    /// let log = RedisLog::new("redis://127.0.0.1")?.stream("staff-revocations")?;
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If it is no name of 1 to 128 letters, digits and `-_.:`.
    pub fn stream(mut self, name: &str) -> Result<Self, ConfigError> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
        if !(1..=128).contains(&name.len()) || !name.bytes().all(plain) {
            let problem = format!("{name:?} cannot name a stream here");
            let remedy = "give 1 to 128 letters, digits, hyphens, underscores, dots and colons";
            return Err(ConfigError::new("stream", problem, remedy));
        }
        self.keys = Arc::new(Keys::new(name));
        self.trimmed = Arc::default();
        Ok(self)
    }

    async fn append(&self, payloads: Vec<Bytes>) -> Result<(), LogError> {
        let mut pipe = pipe();
        for payload in &payloads {
            pipe.cmd("XADD").arg(&self.keys.stream).arg("*");
            pipe.arg(FIELD).arg(&payload[..]).ignore();
        }
        self.write(async |mut connection| connection.pipe(&pipe).await)
            .await
    }

    /// By the server's clock, which gave the entries their ids: a machine's own may be wrong.
    async fn trim(&self, age: Duration) -> Result<(), LogError> {
        self.write(async |mut connection| {
            let (seconds, _): (u64, u64) = connection.query(&cmd("TIME")).await?;
            let oldest = seconds.saturating_sub(age.as_secs()).saturating_mul(1000);
            let mut pipe = pipe();
            // "~": whole blocks only, which costs the server next to nothing.
            pipe.cmd("XTRIM").arg(&self.keys.stream);
            pipe.arg("MINID").arg("~").arg(oldest).ignore();
            connection.pipe(&pipe).await?;
            self.trimmed.fetch_max(oldest, Ordering::Relaxed);
            Ok(())
        })
        .await
    }

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
            // Whatever it was, the next call begins anew.
            writing.put(None);
        }
        result
    }

    async fn read(&self, after: Option<LogPosition>, wait: Duration) -> Result<LogBatch, LogError> {
        let Inner {
            server, reading, ..
        } = &*self.inner;
        // A reading that is given up where it waits takes its connection with it.
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

    fn cause(&self, error: &::redis::RedisError) -> LogError {
        cause::of(error, self.inner.server.place(), &self.keys.stream)
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

/// The password is in nobody's `Debug`.
impl fmt::Debug for RedisLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisLog")
            .field("server", &self.inner.server.place())
            .field("stream", &self.keys.stream)
            .finish_non_exhaustive()
    }
}
