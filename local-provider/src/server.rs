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

/// Serves until it is dropped, and its connections with it.
pub(crate) async fn run(listener: TcpListener, shared: Shared) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(serve(stream, shared.clone()));
            }
            // Out of file descriptors, most likely: they come back when a connection ends.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, shared: Shared) {
    let service = service_fn(move |request| {
        let shared = shared.clone();
        async move { respond(&shared, request).await }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // A connection that breaks is the client's affair, as it is at the real provider.
    let _ = connection.await;
}

/// An error closes the connection without an answer.
async fn respond(shared: &Shared, request: Request<Incoming>) -> io::Result<Response<Body>> {
    let (parts, body) = request.into_parts();
    if !names_loopback(&parts.headers) {
        // DNS rebinding: a page elsewhere whose name was made to resolve to a loopback address.
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

/// The right answer to a request.
fn answer_to(state: &mut State, request: &Recorded) -> Answer {
    match dialects::resource(&state.settings, &request.path) {
        Some(resource) => resource.answer(state, request),
        None => answer::text(StatusCode::NOT_FOUND, "not found"),
    }
}

fn note(shared: &Shared, request: &Recorded) -> Option<Fault> {
    let mut state = shared.lock();
    state.records.push(request.clone());
    let endpoint = request.endpoint?;
    state.faults.take(endpoint)
}

fn names_loopback(headers: &HeaderMap) -> bool {
    let host = headers
        .get(HOST)
        .map(|host| Authority::try_from(host.as_bytes()));
    let Some(Ok(authority)) = host else {
        return false;
    };
    loopback::is_host(authority.host())
}

const BODY_LIMIT: usize = 64 * 1024;
