//! Bodies: a request's, where the layer itself reads it, and a response's: the wrapped
//! service's own, or one of ours.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use pin_project_lite::pin_project;
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

pin_project! {
    /// The body of every response that [`OAuth`](crate::OAuth) gives: the wrapped service's,
    /// untouched, or a page or problem document of the layer.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use http_body::Body;
    /// use tower_phone_auth::ResponseBody;
    ///
    /// fn is_a_body<B: Body<Data = Bytes>>() {}
    /// is_a_body::<ResponseBody<axum::body::Body>>();
    /// ```
    #[derive(Debug)]
    pub struct ResponseBody<R> {
        #[pin]
        kind: Kind<R>,
    }
}

pin_project! {
    #[derive(Debug)]
    #[project = KindProj]
    enum Kind<R> {
        Wrapped { #[pin] body: R },
        Ours { bytes: Option<Bytes> },
    }
}

impl<R> ResponseBody<R> {
    pub(crate) fn wrapped(body: R) -> Self {
        Self {
            kind: Kind::Wrapped { body },
        }
    }

    pub(crate) fn ours(bytes: Bytes) -> Self {
        let bytes = (!bytes.is_empty()).then_some(bytes);
        Self {
            kind: Kind::Ours { bytes },
        }
    }
}

impl<R: Body<Data = Bytes>> Body for ResponseBody<R> {
    type Data = Bytes;
    type Error = R::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, R::Error>>> {
        match self.project().kind.project() {
            KindProj::Wrapped { body } => body.poll_frame(cx),
            KindProj::Ours { bytes } => {
                Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Wrapped { body } => body.is_end_stream(),
            Kind::Ours { bytes } => bytes.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Wrapped { body } => body.size_hint(),
            Kind::Ours { bytes } => {
                let length = bytes.as_ref().map_or(0, Bytes::len);
                SizeHint::with_exact(length as u64)
            }
        }
    }
}
