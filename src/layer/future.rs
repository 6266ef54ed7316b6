//! The response of the wrapped service or of the layer.

use std::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Response,
    header::{Entry, SET_COOKIE},
};
use pin_project_lite::pin_project;

use super::body::ResponseBody;
use crate::{
    flow::{Caching, Flow, Renewal},
    web::reply::forbid_caching,
};

pin_project! {
    /// The future of [`AuthService`](crate::layer::AuthService)'s response.
    ///
    /// For a request that passes, it holds the future of the wrapped service itself, which is not
    /// boxed and needs neither `Send` nor `'static`.
    ///
    /// ```
    /// use std::{convert::Infallible, future::Ready};
    /// use http::Response;
    /// use tower_phone_auth::layer::{ResponseBody, ResponseFuture};
    ///
    /// type Wrapped = Ready<Result<Response<String>, Infallible>>;
    ///
    /// async fn status(future: ResponseFuture<Wrapped>) -> u16 {
    ///     let response: Response<ResponseBody<String>> = future.await.unwrap();
    ///     response.status().as_u16()
    /// }
    /// ```
    pub struct ResponseFuture<F> {
        #[pin]
        kind: Kind<F>,
    }
}

pin_project! {
    #[project = KindProj]
    enum Kind<F> {
        Pass { #[pin] future: F, renewal: Option<Box<(Renewal, Arc<Flow>)>>, caching: Caching },
        Answer { future: Answer },
    }
}

/// A response of the layer itself.
pub(crate) type Answer = Pin<Box<dyn Future<Output = Response<Bytes>> + Send>>;

impl<F> ResponseFuture<F> {
    /// The future of a request that passes to the wrapped service.
    pub(crate) fn pass(
        future: F,
        renewal: Option<Box<(Renewal, Arc<Flow>)>>,
        caching: Caching,
    ) -> Self {
        Self {
            kind: Kind::Pass {
                future,
                renewal,
                caching,
            },
        }
    }

    /// The future of a request that passes, whose response is not changed.
    pub(crate) fn pass_unchanged(future: F) -> Self {
        Self::pass(future, None, Caching::LeftAlone)
    }

    /// The future of a request that the layer answers. It is boxed, because its type differs for
    /// each action.
    pub(crate) fn answer(future: impl Future<Output = Response<Bytes>> + Send + 'static) -> Self {
        Self {
            kind: Kind::Answer {
                future: Box::pin(future),
            },
        }
    }
}

impl<F, R, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = Result<Response<ResponseBody<R>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().kind.project() {
            KindProj::Pass {
                future,
                renewal,
                caching,
            } => {
                let mut response = ready!(future.poll(cx)?);
                // A future is not polled after it is ready, so the values can be taken out.
                let caching = mem::replace(caching, Caching::LeftAlone);
                finish(&mut response, renewal.take(), caching);
                Poll::Ready(Ok(response.map(ResponseBody::wrapped)))
            }
            KindProj::Answer { future } => future
                .as_mut()
                .poll(cx)
                .map(|response| Ok(response.map(ResponseBody::ours))),
        }
    }
}

/// Adds the cookie of the renewed session if it is still live, else the `Cache-Control`. A response
/// with a cookie of the layer is never cached.
pub(crate) fn finish<R>(
    response: &mut Response<R>,
    renewal: Option<Box<(Renewal, Arc<Flow>)>>,
    caching: Caching,
) {
    let cookie = renewal.and_then(|renewal| renewal.1.still_live(&renewal.0));
    match cookie {
        Some(cookie) => {
            put_first(response.headers_mut(), cookie);
            forbid_caching(response.headers_mut());
        }
        None => caching.apply(response),
    }
}

/// Puts the cookie before those of the application. Behind `auth_request`, nginx before 1.23 hands on
/// only the first `Set-Cookie` of a check, and later versions join them to one that no browser can
/// split.
fn put_first(headers: &mut HeaderMap, cookie: HeaderValue) {
    let others: Vec<_> = match headers.entry(SET_COOKIE) {
        Entry::Vacant(none) => {
            none.insert(cookie);
            return;
        }
        Entry::Occupied(others) => others.remove_entry_mult().1.collect(),
    };
    headers.insert(SET_COOKIE, cookie);
    for other in others {
        headers.append(SET_COOKIE, other);
    }
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::Pass { .. } => "ResponseFuture::Pass",
            Kind::Answer { .. } => "ResponseFuture::Answer",
        })
    }
}
