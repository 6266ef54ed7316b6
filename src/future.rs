//! The response: the wrapped service's, or ours.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Response,
    header::{CACHE_CONTROL, SET_COOKIE},
};
use pin_project_lite::pin_project;

use crate::{
    body::ResponseBody,
    flow::{Flow, Renewal},
};

pin_project! {
    /// The future of [`OAuth`](crate::OAuth)'s response.
    ///
    /// Requests that pass hold the wrapped service's own future: no box, no `Send` or `'static` asked.
    ///
    /// ```
    /// use std::{convert::Infallible, future::Ready};
    /// use http::Response;
    /// use tower_phone_auth::{ResponseBody, ResponseFuture};
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
        Pass { #[pin] future: F, renewal: Option<Box<(Renewal, Arc<Flow>)>> },
        Answer { future: Answer },
    }
}

/// An answer of the layer's own.
pub(crate) type Answer = Pin<Box<dyn Future<Output = Response<Bytes>> + Send>>;

impl<F> ResponseFuture<F> {
    pub(crate) fn pass(future: F, renewal: Option<Box<(Renewal, Arc<Flow>)>>) -> Self {
        Self {
            kind: Kind::Pass { future, renewal },
        }
    }

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
            KindProj::Pass { future, renewal } => {
                let mut response = ready!(future.poll(cx)?);
                if let Some(renewal) = renewal.take() {
                    let (renewal, flow) = &*renewal;
                    if let Some(cookie) = flow.still_live(renewal) {
                        renew(response.headers_mut(), cookie);
                    }
                }
                Poll::Ready(Ok(response.map(ResponseBody::wrapped)))
            }
            KindProj::Answer { future } => future
                .as_mut()
                .poll(cx)
                .map(|response| Ok(response.map(ResponseBody::ours))),
        }
    }
}

/// A response with a session is one person's: no shared cache may keep it (RFC 9111 section
/// 5.2.2.7). What else the application said of caches stays.
fn renew(headers: &mut HeaderMap, cookie: HeaderValue) {
    headers.append(SET_COOKIE, cookie);
    let lines = headers
        .get_all(CACHE_CONTROL)
        .iter()
        .filter_map(|line| line.to_str().ok());
    let mut kept: Vec<String> = lines
        .flat_map(|line| line.split(','))
        .map(|part| part.trim().to_ascii_lowercase())
        .filter(|part| part != "public" && !part.starts_with("s-maxage") && !part.is_empty())
        .collect();
    if !kept
        .iter()
        .any(|part| part == "private" || part == "no-store")
    {
        kept.push("private".to_owned());
    }
    if let Ok(control) = HeaderValue::from_str(&kept.join(", ")) {
        headers.insert(CACHE_CONTROL, control);
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
