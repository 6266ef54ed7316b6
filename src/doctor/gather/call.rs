//! One call of the doctor's: it carries no credentials.

use ::cookie::time::{OffsetDateTime, format_description::well_known::Rfc2822};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, Request, Response,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, DATE, LOCATION},
};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::super::facts::{Answer, Call, Failure};
use crate::{
    calls::encoding::IDENTITY,
    clock::Clock,
    error::{escaped, sources},
    http_client::{CallName, HttpClient, HttpError, HttpErrorKind},
};

/// Who calls, and until when.
pub(super) struct Caller<'a> {
    pub(super) client: &'a dyn HttpClient,
    pub(super) clock: &'a Clock,
    pub(super) deadline: Instant,
}

impl Caller<'_> {
    /// Documents and profiles are read, without a token; what takes forms gets an empty one.
    pub(super) async fn call(&self, name: CallName, address: &str) -> Call {
        let request = match name {
            CallName::Metadata | CallName::Keys | CallName::Profile => Request::get(address),
            _ => Request::post(address).header(CONTENT_TYPE, "application/x-www-form-urlencoded"),
        };
        let request = request
            .header(ACCEPT, "application/json")
            .header(ACCEPT_ENCODING, IDENTITY)
            .extension(name)
            .body(Bytes::new());
        let outcome = match request {
            Ok(request) => self.send(request).await,
            Err(_) => Err(HttpErrorKind::Unreachable.into()),
        };
        Call {
            name,
            address: shown(address),
            outcome: outcome.map_err(|error| failure(&error)),
        }
    }

    async fn send(&self, request: Request<Bytes>) -> Result<Answer, HttpError> {
        let began = self.clock.unix_millis();
        let answer = timeout_at(self.deadline, self.client.send(request)).await;
        let answer = answer.unwrap_or(Err(HttpErrorKind::TimedOut.into()))?;
        let ended = self.clock.unix_millis();
        Ok(read(answer, began.midpoint(ended) / 1000))
    }
}

fn read(answer: Response<Bytes>, now: u64) -> Answer {
    let headers = answer.headers();
    let media_type = text(headers, CONTENT_TYPE);
    let media_type = media_type.and_then(|kind| kind.split(';').next());
    let coding = text(headers, CONTENT_ENCODING);
    let coding = coding.filter(|coding| !coding.eq_ignore_ascii_case("identity"));
    Answer {
        status: answer.status(),
        media_type: media_type.map(escaped),
        coding: coding.map(escaped),
        leads_to: text(headers, LOCATION).map(shown),
        clock: text(headers, DATE).and_then(|date| difference(date, now)),
        body: answer.into_body(),
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// The provider's clock less ours (RFC 9110 section 5.6.7).
fn difference(date: &str, now: u64) -> Option<i64> {
    let date = OffsetDateTime::parse(date, &Rfc2822).ok()?;
    date.unix_timestamp().checked_sub(now.try_into().ok()?)
}

fn failure(error: &HttpError) -> Failure {
    Failure {
        kind: error.kind(),
        source: sources(error),
    }
}

/// An address without query, fragment and user: these may hold secrets.
fn shown(address: &str) -> String {
    let Ok(mut url) = Url::parse(address) else {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        return escaped(path);
    };
    url.set_query(None);
    url.set_fragment(None);
    // An address that can have no user has none.
    let _ = (url.set_username(""), url.set_password(None));
    escaped(url.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_an_answer_is_compared_in_seconds() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        for (now, expected) in [(784_111_777, 0), (784_111_477, 300), (784_111_800, -23)] {
            assert_eq!(difference(date, now), Some(expected));
        }
        for none in ["", "yesterday", "784111777", "\u{1b}"] {
            assert_eq!(difference(none, 784_111_777), None);
        }
    }

    #[test]
    fn an_address_is_shown_without_query_fragment_and_user() {
        for (address, expected) in [
            (
                "https://id.example/token?a=secret#b",
                "https://id.example/token",
            ),
            ("https://me:secret@id.example/", "https://id.example/"),
            ("/login?secret", "/login"),
            ("a\u{1b}b", "a\\u{1b}b"),
        ] {
            assert_eq!(shown(address), expected);
        }
    }
}
