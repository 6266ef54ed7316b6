//! The body of a request that the layer answers itself.

use std::{future::Future, pin::Pin, time::Duration};

use bytes::Bytes;
use http_body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tower::BoxError;

/// The most that is read of a request.
const LONGEST: usize = 64 * 1024;
/// Whoever sends slower has nothing to say to the layer.
const SLOWEST: Duration = Duration::from_secs(5);

/// The body of a request that the layer answers itself: read by whoever awaits it, else dropped.
pub(crate) struct RequestBody(Pin<Box<dyn Future<Output = Result<Bytes, Unread>> + Send>>);

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    TooLong,
    TooSlow,
    Broken,
}

impl RequestBody {
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

    pub(crate) async fn read(self) -> Result<Bytes, Unread> {
        self.0.await
    }
}
