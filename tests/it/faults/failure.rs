//! The failures of an endpoint.

use std::{
    net::{SocketAddr, TcpListener},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use http::{HeaderMap, StatusCode};
use tower_phone_auth_local_provider::faults::Fault;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    Closes,
    Hangs,
    Drips,
    Page500,
    Garbage,
    Cut,
    Redirects,
    TooLarge,
    /// A harmless failure, because the layer reads the body.
    WrongType,
}

pub(super) const ALL: [Failure; 9] = [
    Failure::Closes,
    Failure::Hangs,
    Failure::Drips,
    Failure::Page500,
    Failure::Garbage,
    Failure::Cut,
    Failure::Redirects,
    Failure::TooLarge,
    Failure::WrongType,
];

impl Failure {
    pub(super) fn fault(self) -> Fault {
        let answer = |status, kind: &str, body: &[u8]| Fault::Answer {
            status,
            content_type: Some(kind.to_owned()),
            body: body.to_vec(),
            headers: HeaderMap::new(),
        };
        match self {
            Self::Closes => Fault::Close,
            Self::Hangs => Fault::Hang,
            Self::Drips => Fault::Drip,
            Self::Page500 => answer(
                StatusCode::INTERNAL_SERVER_ERROR,
                "text/html",
                b"<!doctype html><title>oops</title>",
            ),
            Self::Garbage => answer(StatusCode::OK, "application/json", b"\x00\xff{\"a\":\xc3("),
            Self::Cut => Fault::Cut,
            Self::Redirects => Fault::Redirect(format!("http://{}/elsewhere", TRAP.address)),
            Self::TooLarge => Fault::Huge(2 << 20),
            Self::WrongType => Fault::ContentType("text/plain; charset=iso-8859-1".to_owned()),
        }
    }

    /// Whether only the timeout ends the call.
    pub(super) fn takes_time(self) -> bool {
        matches!(self, Self::Hangs | Self::Drips)
    }

    pub(super) fn refuses(self) -> bool {
        self != Self::WrongType
    }
}

/// The address to which an endpoint redirects. A client that follows the redirect connects to it.
pub(super) static TRAP: LazyLock<Trap> = LazyLock::new(|| {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    thread::spawn(move || {
        for stream in listener.incoming() {
            counted.fetch_add(1, Ordering::Relaxed);
            drop(stream);
        }
    });
    Trap {
        address,
        connections,
    }
});

pub(super) struct Trap {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Trap {
    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}
