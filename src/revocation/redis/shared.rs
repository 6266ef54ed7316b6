//! A server with one connection, for the other parts of the crate that keep something in Redis.

use ::redis::{Cmd, FromRedisValue, RedisError, RedisResult};

use super::{
    LIMIT,
    cause::{self, Used},
    server::Server,
    slot::Slot,
};
use crate::{
    error::ConfigError,
    revocation::{log::within, log_error::LogError},
};

/// A server, and the connection that all commands share. It connects at its first use.
pub(crate) struct SharedServer {
    server: Server,
    connection: Slot,
}

impl SharedServer {
    /// The server at an address.
    ///
    /// # Errors
    /// If the address has none of the forms of `RedisLog`.
    pub(crate) fn new(url: &str) -> Result<Self, ConfigError> {
        Ok(Self {
            server: Server::at(url)?,
            connection: Slot::default(),
        })
    }

    /// Host and port, or the path of a socket, for messages.
    pub(crate) fn place(&self) -> &str {
        self.server.place()
    }

    /// Sends a command that changes nothing, once more over a new connection if the kept one is
    /// broken.
    pub(crate) async fn read<T: FromRedisValue>(
        &self,
        command: &Cmd,
        keys: &str,
    ) -> Result<T, LogError> {
        self.limited(keys, async {
            match self.send(command).await {
                Err(error) if error.is_io_error() || error.is_unrecoverable_error() => {
                    self.connection.put(None);
                    self.send(command).await
                }
                answer => answer,
            }
        })
        .await
    }

    /// Sends a command once.
    pub(crate) async fn write<T: FromRedisValue>(
        &self,
        command: &Cmd,
        keys: &str,
    ) -> Result<T, LogError> {
        self.limited(keys, self.send(command)).await
    }

    async fn send<T: FromRedisValue>(&self, command: &Cmd) -> RedisResult<T> {
        let mut connection = match self.connection.share() {
            Some(connection) => connection,
            None => self.server.connect().await?,
        };
        self.connection.put(Some(connection.clone()));
        connection.query(command).await
    }

    /// Limits the time of a call. After an error, the next one opens another connection.
    async fn limited<T>(
        &self,
        keys: &str,
        call: impl Future<Output = RedisResult<T>>,
    ) -> Result<T, LogError> {
        let used = Used {
            keys,
            listed_by: "AttemptStore",
            rename: "give AttemptStore another name",
        };
        let cause = |error: RedisError| cause::of(&error, self.place(), used);
        let result = within(LIMIT, async { call.await.map_err(cause) }).await;
        if result.is_err() {
            self.connection.put(None);
        }
        result
    }
}
