//! Connections to one server, to a Cluster, or to the server that the Sentinels name.
//!
//! The client of the redis crate differs by the kind of server. This module hides the difference
//! from the log.

use std::time::Duration;

use ::redis::{
    AsyncConnectionConfig, Client, Cmd, FromRedisValue, Pipeline, RedisResult, TlsMode,
    aio::MultiplexedConnection,
    cluster::{ClusterClient, ClusterClientBuilder},
    cluster_async::ClusterConnection,
    sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType},
};
use tokio::sync::Mutex;

use super::{
    LIMIT,
    address::{Address, Kind, Sentinels},
};
use crate::error::ConfigError;

/// The time limit for connecting. Two attempts fit into one call of 1.5 seconds.
const CONNECT: Duration = Duration::from_millis(700);

/// A server of the settings, to which connections can be made.
pub(super) struct Server {
    client: ClientKind,
    /// Host and port, or the path of a socket, for messages.
    place: String,
}

/// The client of the redis crate for each kind of server.
enum ClientKind {
    Single(Box<Client>),
    Cluster(Box<ClusterClient>),
    /// Connecting needs the client mutably. The lock is held across an `await`, so the mutex is
    /// tokio's.
    Sentinel(Box<Mutex<SentinelClient>>),
}

/// A connection that carries commands. Clones share it.
#[derive(Clone)]
pub(super) enum Connection {
    /// To one server, which Sentinels may have named.
    Single(MultiplexedConnection),
    /// To the nodes of a Cluster. The client finds the node of each key.
    Cluster(ClusterConnection),
}

impl Server {
    /// Reads an address, and warns of a password that crosses a network unencrypted.
    ///
    /// # Errors
    /// If the address has none of the documented forms.
    pub(super) fn at(url: &str) -> Result<Self, ConfigError> {
        let address = Address::parse(url)?;
        if address.exposes_password {
            let server = &address.place;
            tracing::warn!(
                server,
                "the password of Redis goes over the network unencrypted: give rediss:// for TLS"
            );
        }
        Self::new(address)
    }

    /// Prepares the client. Does not connect yet, so that an application starts although its Redis
    /// is down.
    ///
    /// # Errors
    /// If the redis crate does not accept the address. Its own message is not repeated, because it
    /// may contain the password.
    fn new(address: Address) -> Result<Self, ConfigError> {
        if address.tls {
            choose_crypto();
        }
        let client = match address.kind {
            Kind::Single(info) => {
                Client::open(*info).map(|client| ClientKind::Single(Box::new(client)))
            }
            Kind::Cluster(nodes) => ClusterClientBuilder::new(nodes)
                .connection_timeout(CONNECT)
                // A reading waits for more on the server.
                .response_timeout(2 * LIMIT)
                .retries(1)
                .build()
                .map(|client| ClientKind::Cluster(Box::new(client))),
            Kind::Sentinel(sentinels) => sentinel(*sentinels)
                .map(|client| ClientKind::Sentinel(Box::new(Mutex::new(client)))),
        };
        match client {
            Ok(client) => Ok(Self {
                client,
                place: address.place,
            }),
            Err(_) => Err(Address::refuse("cannot be used")),
        }
    }

    /// Host and port, or the path of a socket, for messages.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// Opens a connection. For Sentinels, this asks for the current primary, so a connection that
    /// was opened after a failover leads to the new one.
    pub(super) async fn connect(&self) -> RedisResult<Connection> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT))
            // A reading waits for entries on the server. `within` limits each call as a whole.
            .set_response_timeout(None);
        match &self.client {
            ClientKind::Single(client) => client
                .get_multiplexed_async_connection_with_config(&config)
                .await
                .map(Connection::Single),
            ClientKind::Cluster(client) => {
                client.get_async_connection().await.map(Connection::Cluster)
            }
            ClientKind::Sentinel(client) => client
                .lock()
                .await
                .get_async_connection_with_config(&config)
                .await
                .map(Connection::Single),
        }
    }
}

impl Connection {
    /// Whether the connection may lead to another server without being opened again. A connection
    /// to a Cluster finds the new primary by itself after a failover.
    pub(super) const fn may_change_server(&self) -> bool {
        matches!(self, Self::Cluster(_))
    }

    /// Sends one command and reads its answer.
    pub(super) async fn query<T: FromRedisValue>(&mut self, command: &Cmd) -> RedisResult<T> {
        match self {
            Self::Single(connection) => command.query_async(connection).await,
            Self::Cluster(connection) => command.query_async(connection).await,
        }
    }

    /// Sends several commands at once. Fails if any of them fails.
    pub(super) async fn pipe(&mut self, commands: &Pipeline) -> RedisResult<()> {
        match self {
            Self::Single(connection) => commands.query_async(connection).await,
            Self::Cluster(connection) => commands.query_async(connection).await,
        }
    }
}

/// The client that asks Sentinels for the primary. The Sentinels and the server have a user and a
/// password of their own each.
fn sentinel(sentinels: Sentinels) -> RedisResult<SentinelClient> {
    let master = SentinelServerType::Master;
    let mut builder = SentinelClientBuilder::new(sentinels.nodes, sentinels.service, master)?
        .set_client_to_redis_db(sentinels.database);
    if sentinels.tls {
        builder = builder.set_client_to_redis_tls_mode(TlsMode::Secure);
    }
    if let Some(user) = sentinels.user {
        builder = builder.set_client_to_redis_username(user);
    }
    if let Some(password) = sentinels.password {
        builder = builder.set_client_to_redis_password(password);
    }
    if let Some(user) = sentinels.sentinel_user {
        builder = builder.set_client_to_sentinel_username(user);
    }
    if let Some(password) = sentinels.sentinel_password {
        builder = builder.set_client_to_sentinel_password(password);
    }
    builder.build()
}

/// Sets the cryptographic library of rustls for the process, unless the application has set one.
/// The redis crate panics if two libraries are compiled in and none is set.
fn choose_crypto() {
    use rustls::crypto::{CryptoProvider, aws_lc_rs};

    if CryptoProvider::get_default().is_none() {
        // The application may have set one since the check. That one is kept.
        let _ = aws_lc_rs::default_provider().install_default();
    }
}
