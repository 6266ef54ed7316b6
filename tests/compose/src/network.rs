//! An application over a real connection, as a service of the browser.

use std::{fmt::Debug, net::SocketAddr};

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use tokio::net::TcpListener;
use tower::{Service, ServiceBuilder};

/// A listener on a free port, and the origin of the application behind it.
pub async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    (listener, origin)
}

/// The server at this address, over HTTP/2 or HTTP/1.1.
pub fn server(
    address: SocketAddr,
    http2: bool,
) -> impl Service<Request<Full<Bytes>>, Response = Response<Incoming>, Error: Debug> {
    let client = Client::builder(TokioExecutor::new())
        .http2_only(http2)
        .build_http::<Full<Bytes>>();
    let absolute = move |mut request: Request<Full<Bytes>>| {
        let uri = format!("http://{address}{}", request.uri());
        *request.uri_mut() = uri.parse::<Uri>().unwrap();
        request
    };
    ServiceBuilder::new().map_request(absolute).service(client)
}
