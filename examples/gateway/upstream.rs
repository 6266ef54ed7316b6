//! A reverse proxy over HTTP/1.1, which knows nothing of users. Bodies are streamed in both
//! directions, and WebSockets pass.

use std::{error::Error, net::SocketAddr, time::Duration};

use axum::{
    body::Body,
    extract::Request,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, Version,
        header::{CONNECTION, CONTENT_LENGTH, HOST, TE, TRAILER, TRANSFER_ENCODING, UPGRADE},
    },
    response::{IntoResponse, Response},
};
use hyper::upgrade::{OnUpgrade, on as upgrade};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo},
};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// Headers for one connection alone (RFC 9110, section 7.6.1), besides those that `Connection`
/// names. Without `Trailer`, no trailer reaches the application, which may merge trailers into the
/// headers.
const HOP_BY_HOP: [HeaderName; 7] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

#[derive(Clone)]
pub(crate) struct Upstream {
    client: Client<HttpConnector, Body>,
    address: Uri,
}

impl Upstream {
    /// The application at this address, such as `http://127.0.0.1:8080`.
    pub(crate) fn new(address: &str) -> Result<Self, Box<dyn Error>> {
        let address: Uri = address.parse()?;
        if address.scheme_str() != Some("http") || address.path() != "/" {
            return Err("UPSTREAM: give an address such as http://127.0.0.1:8080".into());
        }
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(Duration::from_secs(5)));
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new()).build(connector);
        Ok(Self { client, address })
    }

    /// Sends a request to the application. 502 if it does not answer. A WebSocket is closed when
    /// `until` completes.
    ///
    /// `write` changes the headers last, after those that the browser's `Connection` names are
    /// removed. A browser could otherwise remove a header of the gateway by
    /// `Connection: X-Auth-Phone`.
    pub(crate) async fn send(
        &self,
        mut request: Request,
        client: SocketAddr,
        write: impl FnOnce(&mut HeaderMap),
        until: impl Future<Output = ()> + Send + 'static,
    ) -> Response {
        let browser = is_websocket(request.headers()).then(|| upgrade(&mut request));
        let Some(uri) = self.uri(request.uri()) else {
            return StatusCode::BAD_REQUEST.into_response();
        };
        *request.uri_mut() = uri;
        *request.version_mut() = Version::HTTP_11;
        let headers = request.headers_mut();
        remove_hop_by_hop(headers);
        if browser.is_some() {
            ask_for_websocket(headers);
        }
        name_client(headers, client);
        write(headers);
        match self.client.request(request).await {
            Ok(response) => answer(response.map(Body::new), browser, until),
            Err(error) => {
                tracing::warn!(%error, "the application does not answer");
                (
                    StatusCode::BAD_GATEWAY,
                    "The application does not answer.\n",
                )
                    .into_response()
            }
        }
    }

    /// The address at the application. The browser chooses path and query alone.
    fn uri(&self, asked: &Uri) -> Option<Uri> {
        let mut parts = self.address.clone().into_parts();
        parts.path_and_query = Some(asked.path_and_query()?.clone());
        Uri::from_parts(parts).ok()
    }
}

/// The answer for the browser. After 101, both connections are joined.
fn answer(
    mut response: Response,
    browser: Option<OnUpgrade>,
    until: impl Future<Output = ()> + Send + 'static,
) -> Response {
    let is_joined = response.status() == StatusCode::SWITCHING_PROTOCOLS;
    if is_joined && let Some(browser) = browser {
        tokio::spawn(join(browser, upgrade(&mut response), until));
        remove_hop_by_hop(response.headers_mut());
        ask_for_websocket(response.headers_mut());
    } else {
        remove_hop_by_hop(response.headers_mut());
    }
    response
}

async fn join(browser: OnUpgrade, application: OnUpgrade, until: impl Future<Output = ()>) {
    let Ok((browser, application)) = tokio::try_join!(browser, application) else {
        return;
    };
    let (mut browser, mut application) = (TokioIo::new(browser), TokioIo::new(application));
    tokio::select! {
        () = until => {}
        _ = tokio::io::copy_bidirectional(&mut browser, &mut application) => {}
    }
}

/// Whether the browser opens a WebSocket. No other protocol passes: behind an upgrade to `h2c`,
/// further requests would reach the application without a decision.
fn is_websocket(headers: &HeaderMap) -> bool {
    let value = headers.get(UPGRADE).map(HeaderValue::as_bytes);
    value.is_some_and(|value| value.eq_ignore_ascii_case(b"websocket"))
}

fn ask_for_websocket(headers: &mut HeaderMap) {
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
}

fn remove_hop_by_hop(headers: &mut HeaderMap) {
    // With both headers, the length is wrong (RFC 9112, section 6.3).
    if headers.contains_key(TRANSFER_ENCODING) {
        headers.remove(CONTENT_LENGTH);
    }
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove(name);
    }
}

/// Whether an application may read the client's address, the path or the method from a header. An
/// underscore counts as a hyphen, because CGI and WSGI do not tell them apart.
fn is_about_the_request(name: &HeaderName) -> bool {
    let name = name.as_str().replace('_', "-");
    let starts = ["x-forwarded-", "x-original-", "x-method-", "x-http-method"];
    let names = [
        "forwarded",
        "x-real-ip",
        "x-rewrite-url",
        "client-ip",
        "true-client-ip",
    ];
    starts.iter().any(|start| name.starts_with(start)) || names.contains(&&*name)
}

/// Replaces the headers about the request, which the browser may have forged.
fn name_client(headers: &mut HeaderMap, client: SocketAddr) {
    let forged: Vec<HeaderName> = headers
        .keys()
        .filter(|name| is_about_the_request(name))
        .cloned()
        .collect();
    for name in forged {
        headers.remove(name);
    }
    if let Ok(address) = HeaderValue::try_from(client.ip().to_string()) {
        headers.insert(X_FORWARDED_FOR, address);
    }
    if let Some(host) = headers.get(HOST).cloned() {
        headers.insert(X_FORWARDED_HOST, host);
    }
}
