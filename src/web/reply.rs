//! The layer's own responses.
//!
//! All of them are kept out of caches, and the pages send no `Referer`. A response that grows, such
//! as one with several cookies, is measured before it is sent, because proxies answer long headers
//! with an error page of their own.

use std::borrow::Cow;

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Response, StatusCode,
    header::{
        CACHE_CONTROL, CONTENT_TYPE, LOCATION, REFERRER_POLICY, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
    },
};
use percent_encoding::{AsciiSet, utf8_percent_encode};

/// Keeps a response out of every cache.
pub(crate) const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// The most bytes of header lines in one reply. Proxies take 4,000 by default (nginx,
/// `proxy_buffer_size`), and the server adds some lines.
pub(crate) const MAX_HEADER_BYTES: usize = 3700;
/// The bytes of `: ` and of the end of a header line.
const AROUND: usize = 4;

/// A response of the layer, which can still be changed.
#[derive(Clone, Debug)]
pub(crate) struct Reply(Response<Bytes>);

impl Reply {
    /// A response without a body.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self::new(status, Bytes::new())
    }

    /// 303 to `location`, which the browser opens by GET whatever the method was (RFC 9110 section
    /// 15.4.4).
    pub(crate) fn see_other(location: &str) -> Self {
        Self::empty(StatusCode::SEE_OTHER).leading_to(location)
    }

    /// Adds `Location` to a reply. A URI reference is ASCII (RFC 9110 section 10.2.2), and clients
    /// read other bytes in two ways. An address with a control character becomes 400, because no
    /// caller makes one on purpose.
    pub(crate) fn leading_to(self, location: &str) -> Self {
        match HeaderValue::from_str(&sendable(location)) {
            Ok(location) => self.header(LOCATION, location),
            Err(_) => Self::empty(StatusCode::BAD_REQUEST),
        }
    }

    /// A page, in UTF-8.
    pub(crate) fn html(status: StatusCode, page: String) -> Self {
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        Self::new(status, page.into()).header(CONTENT_TYPE, html)
    }

    /// A problem document (RFC 9457).
    pub(crate) fn problem(status: StatusCode, document: &serde_json::Value) -> Self {
        let problem = HeaderValue::from_static("application/problem+json");
        Self::new(status, document.to_string().into()).header(CONTENT_TYPE, problem)
    }

    /// A JSON document.
    pub(crate) fn json(status: StatusCode, value: &serde_json::Value) -> Self {
        let json = HeaderValue::from_static("application/json");
        Self::new(status, value.to_string().into()).header(CONTENT_TYPE, json)
    }

    /// Sets a header, and replaces one of the same name.
    pub(crate) fn header(mut self, name: http::HeaderName, value: HeaderValue) -> Self {
        self.0.headers_mut().insert(name, value);
        self
    }

    /// A header that the reply has.
    pub(crate) fn get(&self, name: http::HeaderName) -> Option<&HeaderValue> {
        self.0.headers().get(name)
    }

    /// Adds a `Set-Cookie`, if there is one.
    pub(crate) fn cookie(mut self, cookie: Option<HeaderValue>) -> Self {
        if let Some(cookie) = cookie {
            self.0.headers_mut().append(SET_COOKIE, cookie);
        }
        self
    }

    /// Adds a `Set-Cookie`, if the reply stays small enough for a proxy. It is for cookies that
    /// the reply can do without.
    pub(crate) fn cookie_if_it_fits(self, cookie: Option<HeaderValue>) -> Self {
        let cookie = cookie.filter(|cookie| self.fits(std::slice::from_ref(cookie)));
        self.cookie(cookie)
    }

    /// Whether a `Location` still fits.
    pub(crate) fn fits_link(&self, link: &str) -> bool {
        let link = sendable(link);
        self.header_bytes() + LOCATION.as_str().len() + link.len() + AROUND <= MAX_HEADER_BYTES
    }

    /// Whether all of these cookies still fit.
    pub(crate) fn fits(&self, cookies: &[HeaderValue]) -> bool {
        let line = |cookie: &HeaderValue| SET_COOKIE.as_str().len() + cookie.len() + AROUND;
        let lines: usize = cookies.iter().map(line).sum();
        self.header_bytes() + lines <= MAX_HEADER_BYTES
    }

    /// The bytes of the header lines, as HTTP/1.1 writes them.
    pub(crate) fn header_bytes(&self) -> usize {
        let lines = self.0.headers().iter();
        lines
            .map(|(name, value)| name.as_str().len() + value.len() + AROUND)
            .sum()
    }

    /// Adds a value for the code around the layer, such as the error of a failed sign-in.
    pub(crate) fn extension<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        self.0.extensions_mut().insert(value);
        self
    }

    /// The finished response.
    pub(crate) fn into_response(self) -> Response<Bytes> {
        self.0
    }

    /// Sets a header, unless the application's own response has it already.
    pub(crate) fn header_if_missing(mut self, name: http::HeaderName, value: HeaderValue) -> Self {
        self.0.headers_mut().entry(name).or_insert(value);
        self
    }

    /// The application's own response in place of a refusal with `status`. The response is kept out
    /// of caches. A status of success is replaced by `status`, because a client would take the
    /// refusal for a success. A redirect must have a `Location`.
    pub(crate) fn from_application(mut response: Response<Bytes>, status: StatusCode) -> Self {
        let given = response.status();
        // A 304 would show the page that the browser still has.
        let leads_away = given.is_redirection() && response.headers().contains_key(LOCATION);
        if given < StatusCode::BAD_REQUEST && !leads_away {
            *response.status_mut() = status;
        }
        forbid_caching(response.headers_mut());
        Self(response)
    }

    /// A response with the headers that all responses of the layer have.
    fn new(status: StatusCode, body: Bytes) -> Self {
        let mut response = Response::new(body);
        *response.status_mut() = status;
        Self(response)
            .header(CACHE_CONTROL, NO_STORE)
            .header(REFERRER_POLICY, HeaderValue::from_static("no-referrer"))
            .header(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"))
    }
}

/// The address with all characters outside of ASCII percent-encoded.
fn sendable(link: &str) -> Cow<'_, str> {
    const ALL_ASCII: &AsciiSet = &AsciiSet::EMPTY;

    utf8_percent_encode(link, ALL_ASCII).into()
}

/// Forbids caching of a response with a cookie of the layer, whatever the application said. A
/// shared cache would give the session to the next user. Headers that some caches put before
/// `Cache-Control` are removed (RFC 9213).
pub(crate) fn forbid_caching(headers: &mut HeaderMap) {
    let names = headers.keys().filter(|name| is_for_caches(name.as_str()));
    for name in names.cloned().collect::<Vec<_>>() {
        headers.remove(name);
    }
    headers.insert(CACHE_CONTROL, NO_STORE);
}

/// Whether a header is an instruction for caches.
fn is_for_caches(name: &str) -> bool {
    name.ends_with("cache-control") || name == "surrogate-control" || name == "x-accel-expires"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_in_a_header_is_ascii() {
        for (address, sent) in [
            ("/검색?q=김치", "/%EA%B2%80%EC%83%89?q=%EA%B9%80%EC%B9%98"),
            ("/a%20b?c=d+e&f", "/a%20b?c=d+e&f"),
            ("https://a.example/é#ü", "https://a.example/%C3%A9#%C3%BC"),
        ] {
            let reply = Reply::see_other(address).into_response();
            assert_eq!(reply.headers()[LOCATION], sent);
        }
        for broken in ["/a\r\nb", "/a\0", "/\u{7f}"] {
            let reply = Reply::see_other(broken).into_response();
            assert_eq!(reply.status(), StatusCode::BAD_REQUEST);
        }
    }
}
