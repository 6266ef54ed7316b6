//! A sender for development that writes to the console.

use std::io::{self, Write};

use super::{CodeSender, Message, SendError, SendErrorKind};
use crate::http_client::{BoxFuture, HttpClient};

/// Writes each message to the standard output of the program, with the number. For development.
///
/// `build()` refuses it, unless `public_url` is on loopback.
///
/// ```
/// use tower_phone_auth::phone_step::{CodeSender, ConsoleSender};
///
/// assert!(ConsoleSender::new().is_for_development());
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct ConsoleSender;

impl ConsoleSender {
    /// The sender.
    ///
    /// ```
    /// use tower_phone_auth::phone_step::{ConsoleSender, PhoneStep};
    ///
    /// let step = PhoneStep::new(ConsoleSender::new());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self
    }
}

impl CodeSender for ConsoleSender {
    fn send<'a>(
        &'a self,
        _: &'a dyn HttpClient,
        message: Message<'a>,
    ) -> BoxFuture<'a, Result<(), SendError>> {
        Box::pin(async move {
            // `println!` panics if the standard output is closed.
            let line = format!("SMS to {}: {}\n", message.number, message.text);
            io::stdout()
                .write_all(line.as_bytes())
                .map_err(|error| SendError::new(SendErrorKind::Unavailable).caused_by(error))
        })
    }

    fn is_for_development(&self) -> bool {
        true
    }
}
