//! A client of the application for requests to providers: hyper without TLS, for loopback only.

use std::error::Error;

use bytes::Bytes;
use http::{Request, Response, header::HOST};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_phone_auth::provider::{BoxFuture, HttpClient, HttpError, HttpErrorKind};

/// The largest accepted answer.
const LARGEST: usize = 256 * 1024;

pub struct Plain;

impl HttpClient for Plain {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>> {
        Box::pin(async {
            let exchanged = exchange(request).await;
            exchanged.map_err(|_| HttpErrorKind::Unreachable.into())
        })
    }
}

/// Sends one request over a connection of its own.
async fn exchange(
    request: Request<Bytes>,
) -> Result<Response<Bytes>, Box<dyn Error + Send + Sync>> {
    let authority = request.uri().authority().ok_or("no host")?.clone();
    let stream = TcpStream::connect(authority.as_str()).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let mut request = request.map(Full::new);
    let path = request.uri().path_and_query().ok_or("no path")?.as_str();
    *request.uri_mut() = path.parse()?;
    request
        .headers_mut()
        .insert(HOST, authority.as_str().parse()?);
    let (head, body) = sender.send_request(request).await?.into_parts();
    let body = Limited::new(body, LARGEST).collect().await?.to_bytes();
    Ok(Response::from_parts(head, body))
}
