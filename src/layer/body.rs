//! The body of a response of the wrapped service or of the layer.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

pin_project! {
    /// The body of a response of [`AuthService`](crate::layer::AuthService). It is the unchanged
    /// body of the wrapped service, or a page or problem document of the layer.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use http_body::Body;
    /// use tower_phone_auth::layer::ResponseBody;
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
    /// The body of the wrapped service.
    pub(crate) fn wrapped(body: R) -> Self {
        Self {
            kind: Kind::Wrapped { body },
        }
    }

    /// A body of the layer.
    pub(crate) fn ours(bytes: Bytes) -> Self {
        // An empty body has no frame, so that a server sees its end before it polls.
        let bytes = (!bytes.is_empty()).then_some(bytes);
        Self {
            kind: Kind::Ours { bytes },
        }
    }
}

/// An empty body. `CorsLayer` and `TimeoutLayer` of tower-http answer with the default body.
///
/// ```
/// use http_body::Body;
/// use tower_phone_auth::layer::ResponseBody;
///
/// let body = ResponseBody::<axum::body::Body>::default();
/// assert!(body.is_end_stream());
/// ```
impl<R> Default for ResponseBody<R> {
    fn default() -> Self {
        Self::ours(Bytes::new())
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
