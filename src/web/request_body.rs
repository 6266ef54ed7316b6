//! The body of a request that the layer answers itself, with limits on its length and time.
//!
//! Any client can send a body to the layer's own paths, so both limits hold before anything in the
//! body is verified.

use std::{error::Error, future::Future, pin::Pin, time::Duration};

use bytes::Bytes;
use http_body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};

/// Any error, as `tower::BoxError` is.
pub(crate) type BoxError = Box<dyn Error + Send + Sync>;

/// The longest body that is read, in bytes. It is far more than a saved form or a security event
/// token needs.
const LONGEST: usize = 64 * 1024;
/// The time for the whole body. A slower client would hold the connection and its memory.
const SLOWEST: Duration = Duration::from_secs(5);

/// The body of a request. It is read when it is awaited, and dropped otherwise. The type of the
/// body is erased, so that the flow knows nothing of the wrapped service.
pub(crate) struct RequestBody(Pin<Box<dyn Future<Output = Result<Bytes, Unread>> + Send>>);

/// The reason why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// The body is longer than [`LONGEST`].
    TooLong,
    /// The body did not arrive within [`SLOWEST`].
    TooSlow,
    /// The connection failed, or the body is malformed.
    Broken,
}

impl RequestBody {
    /// Wraps a body. Nothing is read yet.
    pub(crate) fn new<B>(body: B) -> Self
    where
        B: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
    {
        Self(Box::pin(async {
            let reading = Limited::new(body, LONGEST).collect();
            match tokio::time::timeout(SLOWEST, reading).await {
                Ok(Ok(whole)) => Ok(whole.to_bytes()),
                Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Unread::TooLong),
                Ok(Err(_)) => Err(Unread::Broken),
                Err(_) => Err(Unread::TooSlow),
            }
        }))
    }

    /// A body without content.
    pub(crate) fn empty() -> Self {
        Self(Box::pin(async { Ok(Bytes::new()) }))
    }

    /// Reads the whole body. The limit on the time needs the timer of a tokio runtime.
    pub(crate) async fn read(self) -> Result<Bytes, Unread> {
        self.0.await
    }
}
