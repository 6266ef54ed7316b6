//! The ways in which an endpoint fails.

use http::{HeaderMap, StatusCode};
use tower_phone_auth::local_provider::Fault;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Harm {
    Closes,
    Hangs,
    Drips,
    Page500,
    Garbage,
    Cut,
    Redirects,
    TooLarge,
    /// Harmless: the body decides.
    WrongType,
}

pub(super) const ALL: [Harm; 9] = [
    Harm::Closes,
    Harm::Hangs,
    Harm::Drips,
    Harm::Page500,
    Harm::Garbage,
    Harm::Cut,
    Harm::Redirects,
    Harm::TooLarge,
    Harm::WrongType,
];

impl Harm {
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
            Self::Redirects => Fault::Redirect("http://127.0.0.1:9/elsewhere".to_owned()),
            Self::TooLarge => Fault::Huge(2 << 20),
            Self::WrongType => Fault::ContentType("text/plain; charset=iso-8859-1".to_owned()),
        }
    }

    /// The time-out alone ends it.
    pub(super) fn takes_time(self) -> bool {
        matches!(self, Self::Hangs | Self::Drips)
    }

    pub(super) fn refuses(self) -> bool {
        self != Self::WrongType
    }
}
