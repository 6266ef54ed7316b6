//! Connections to one server, to a Cluster, or to the server that the Sentinels name.

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

/// The time limit for connecting. Two attempts fit into one call.
const CONNECT: Duration = Duration::from_millis(700);

pub(super) struct Server {
    client: ClientKind,
    place: String,
}

enum ClientKind {
    Single(Box<Client>),
    Cluster(Box<ClusterClient>),
    Sentinel(Box<Mutex<SentinelClient>>),
}

/// Clones share the connection.
#[derive(Clone)]
pub(super) enum Connection {
    Single(MultiplexedConnection),
    Cluster(ClusterConnection),
}

impl Server {
    /// Does not connect yet.
    pub(super) fn new(address: Address) -> Result<Self, ConfigError> {
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

    /// Host and port, for messages.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    pub(super) async fn connect(&self) -> RedisResult<Connection> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT))
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
    /// A connection to a Cluster finds the new primary by itself after a failover.
    pub(super) const fn may_change_server(&self) -> bool {
        matches!(self, Self::Cluster(_))
    }

    pub(super) async fn query<T: FromRedisValue>(&mut self, command: &Cmd) -> RedisResult<T> {
        match self {
            Self::Single(connection) => command.query_async(connection).await,
            Self::Cluster(connection) => command.query_async(connection).await,
        }
    }

    pub(super) async fn pipe(&mut self, commands: &Pipeline) -> RedisResult<()> {
        match self {
            Self::Single(connection) => commands.query_async(connection).await,
            Self::Cluster(connection) => commands.query_async(connection).await,
        }
    }
}

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

/// Sets the cryptographic library of rustls. The client panics if two are compiled in and none is
/// set.
fn choose_crypto() {
    use rustls::crypto::{CryptoProvider, aws_lc_rs};

    if CryptoProvider::get_default().is_none() {
        // The application may have set one meanwhile. That one is kept.
        let _ = aws_lc_rs::default_provider().install_default();
    }
}
