//! One call of the doctor, without credentials.
//!
//! A call without credentials is refused by a working endpoint, which shows that the address, the
//! network and TLS are right. Such a call uses up no code, and needs no user.

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, Request, Response,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, LOCATION},
};
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::doctor::facts::{Answer, Call, Failure};
use crate::{
    calls::{date, encoding::IDENTITY},
    clock::{Clock, UnixTime},
    error::{escaped, sources},
    http_client::{CallName, HttpClient, HttpError, HttpErrorKind},
};

/// The client of the doctor's calls, and their deadline.
pub(super) struct Caller<'a> {
    /// The client that sign-ins use, so that its proxy and certificates are examined too.
    pub(super) http: &'a dyn HttpClient,
    /// The clock of the layer, to compare with the provider's.
    pub(super) clock: &'a Clock,
    /// For all calls to one provider together.
    pub(super) deadline: Instant,
}

impl Caller<'_> {
    /// Makes one call. Documents and profiles are read without a token. Endpoints that take forms
    /// get an empty form.
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

    /// Sends the request, and notes the clock of the answer.
    async fn send(&self, request: Request<Bytes>) -> Result<Answer, HttpError> {
        let began = self.clock.unix_millis();
        let answer = timeout_at(self.deadline, self.http.send(request)).await;
        let answer = answer.unwrap_or(Err(HttpErrorKind::TimedOut.into()))?;
        let ended = self.clock.unix_millis();
        // The provider wrote its `Date` at some time between the two.
        Ok(read(answer, began.midpoint(ended) / 1000))
    }
}

/// The facts of an answer. Its texts are escaped, because the report shows them.
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
        clock: date::of(&answer).and_then(|date| difference(date, now)),
        body: answer.into_body(),
    }
}

/// A header as text. `None` if it has other than visible ASCII characters.
fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// The clock of the provider minus that of this replica, in seconds.
fn difference(date: UnixTime, now: u64) -> Option<i64> {
    let (date, now) = (i64::try_from(date.as_secs()), i64::try_from(now));
    Some(date.ok()? - now.ok()?)
}

/// The facts of an error of the client.
fn failure(error: &HttpError) -> Failure {
    Failure {
        kind: error.kind(),
        source: sources(error),
    }
}

/// An address for the report, without query, fragment and user, which may hold secrets.
fn shown(address: &str) -> String {
    let Ok(mut url) = Url::parse(address) else {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        return escaped(path);
    };
    url.set_query(None);
    url.set_fragment(None);
    // This fails only for an address that cannot have a user.
    let _ = (url.set_username(""), url.set_password(None));
    escaped(url.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

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
