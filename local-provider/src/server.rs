//! The HTTP server, which answers on loopback only, and applies the faults that were ordered.

use std::{io, time::Duration};

use http::{HeaderMap, Request, Response, StatusCode, header::HOST, uri::Authority};
use http_body_util::{BodyExt as _, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use crate::{
    dialects,
    faults::{Fault, body::Body},
    state::{Shared, State},
    web::{
        answer::{self, Answer},
        loopback,
        record::Recorded,
    },
};

/// Accepts connections until it is dropped, and its connections with it.
pub(crate) async fn run(listener: TcpListener, shared: Shared) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(serve(stream, shared.clone()));
            }
            // Usually the process has no file descriptor left. A connection that ends frees one.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
        // Removes the connections that have ended, which the set keeps otherwise.
        while connections.try_join_next().is_some() {}
    }
}

/// Serves one connection. Requests on it are answered one after another.
async fn serve(stream: TcpStream, shared: Shared) {
    let service = service_fn(move |request| {
        let shared = shared.clone();
        async move { respond(&shared, request).await }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // An error means that the client broke the connection, which a real provider ignores too.
    let _ = connection.await;
}

/// Answers one request: checks the `Host`, reads the body, records the request, and applies a fault
/// if there is one. An error closes the connection without an answer.
async fn respond(shared: &Shared, request: Request<Incoming>) -> io::Result<Response<Body>> {
    let (parts, body) = request.into_parts();
    if !names_loopback(&parts.headers) {
        // DNS rebinding (a page of another site whose name resolves to a loopback address) would
        // otherwise let that page sign in as any person.
        let refused = answer::text(StatusCode::FORBIDDEN, "the Host is not a loopback name");
        return Ok(refused.map(Body::Whole));
    }
    let Ok(body) = Limited::new(body, BODY_LIMIT).collect().await else {
        let refused = answer::text(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large");
        return Ok(refused.map(Body::Whole));
    };
    let request = Recorded::new(parts, body.to_bytes());
    let fault = note(shared, &request);
    let right = || answer_to(&mut shared.lock(), &request);
    match fault {
        Some(fault) => fault.apply(right).await,
        None => Ok(right().map(Body::Whole)),
    }
}

/// The right answer to a request, without any fault.
fn answer_to(state: &mut State, request: &Recorded) -> Answer {
    match dialects::resource(&state.settings, &request.path) {
        Some(resource) => resource.answer(state, request),
        None => answer::text(StatusCode::NOT_FOUND, "not found"),
    }
}

/// Records the request, and takes the next fault of its endpoint.
fn note(shared: &Shared, request: &Recorded) -> Option<Fault> {
    let mut state = shared.lock();
    state.records.push(request.clone());
    let endpoint = request.endpoint?;
    state.faults.take(endpoint)
}

/// Whether the `Host` is a loopback name. A request without a `Host` is refused (RFC 9112 section
/// 3.2).
fn names_loopback(headers: &HeaderMap) -> bool {
    let host = headers
        .get(HOST)
        .map(|host| Authority::try_from(host.as_bytes()));
    let Some(Ok(authority)) = host else {
        return false;
    };
    loopback::is_host(authority.host())
}

/// The most bytes of a body, far more than a right request has.
const BODY_LIMIT: usize = 64 * 1024;
