//! A server with one connection, for the other parts of the crate that keep something in Redis.

use ::redis::{Cmd, FromRedisValue, RedisError, RedisResult};

use super::{LIMIT, cause, server::Server, slot::Slot};
use crate::{
    error::ConfigError,
    revocation::log::{LogError, within},
};

/// A server, and the connection that all commands share. It connects at its first use.
pub(crate) struct SharedServer {
    server: Server,
    connection: Slot,
    /// The kind of content, for messages.
    content: &'static str,
}

impl SharedServer {
    /// The server at an address.
    ///
    /// # Errors
    /// If the address has none of the forms of `RedisLog`.
    pub(crate) fn new(url: &str, content: &'static str) -> Result<Self, ConfigError> {
        Ok(Self {
            server: Server::at(url)?,
            connection: Slot::default(),
            content,
        })
    }

    /// Host and port, or the path of a socket, for messages.
    pub(crate) fn place(&self) -> &str {
        self.server.place()
    }

    /// Sends a command that changes nothing, once more over a new connection if the kept one is
    /// broken.
    pub(crate) async fn read<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, LogError> {
        self.limited(async {
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
    pub(crate) async fn write<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, LogError> {
        self.limited(self.send(command)).await
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
    async fn limited<T>(&self, call: impl Future<Output = RedisResult<T>>) -> Result<T, LogError> {
        let cause = |error: RedisError| cause::of(&error, self.place(), self.content);
        let result = within(LIMIT, async { call.await.map_err(cause) }).await;
        if result.is_err() {
            self.connection.put(None);
        }
        result
    }
}
