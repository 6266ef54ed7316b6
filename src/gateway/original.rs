//! The request that a proxy asks about, read from the headers of that proxy alone.
//!
//! Each proxy sets its own headers, and passes on the headers of other proxies as the browser sent
//! them. A service that read whichever header is there would take the browser's word for the
//! address: `X-Original-URI: /healthz` through Caddy would open every page.

use std::fmt;

use http::{
    HeaderMap, HeaderName, Method, Uri,
    request::Parts,
    uri::{InvalidUri, PathAndQuery},
};

const X_ORIGINAL_METHOD: HeaderName = HeaderName::from_static("x-original-method");
const X_ORIGINAL_URI: HeaderName = HeaderName::from_static("x-original-uri");
const X_FORWARDED_METHOD: HeaderName = HeaderName::from_static("x-forwarded-method");
const X_FORWARDED_URI: HeaderName = HeaderName::from_static("x-forwarded-uri");

/// The headers in which a proxy names the method and the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// `X-Original-Method` and `X-Original-URI`.
    Original,
    /// `X-Forwarded-Method` and `X-Forwarded-Uri`.
    Forwarded,
    /// The request's own method, and its path behind this prefix.
    Prefixed(&'static str),
}

/// A request of the proxy that does not say what it asks about.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unclear {
    /// The header is missing.
    Missing(HeaderName),
    /// The header is there more than once.
    Repeated(HeaderName),
    /// The header has no method or address.
    Malformed(HeaderName),
    /// The path does not begin with the prefix.
    OtherPath,
}

impl fmt::Display for Unclear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(f, "the proxy sends no header {name}"),
            Self::Repeated(name) => write!(f, "the proxy sends the header {name} more than once"),
            Self::Malformed(name) => write!(f, "the header {name} has no method or no path"),
            Self::OtherPath => f.write_str("the path does not begin with path_prefix"),
        }
    }
}

impl Source {
    /// Turns the request of the proxy into the request that it asks about.
    pub(super) fn restore(self, head: &mut Parts) -> Result<(), Unclear> {
        let (method, uri) = match self {
            Self::Original => pair(&head.headers, X_ORIGINAL_METHOD, X_ORIGINAL_URI)?,
            Self::Forwarded => pair(&head.headers, X_FORWARDED_METHOD, X_FORWARDED_URI)?,
            Self::Prefixed(prefix) => (head.method.clone(), behind(prefix, &head.uri)?),
        };
        head.method = method;
        head.uri = uri;
        // Values of an outer service belong to the request of the proxy.
        head.extensions.clear();
        Ok(())
    }
}

fn pair(
    headers: &HeaderMap,
    method: HeaderName,
    uri: HeaderName,
) -> Result<(Method, Uri), Unclear> {
    let sent = once(headers, &method)?;
    let Ok(sent) = Method::from_bytes(sent) else {
        return Err(Unclear::Malformed(method));
    };
    let address = once(headers, &uri)?;
    match address_of(address) {
        Some(Ok(address)) => Ok((sent, address.into())),
        _ => Err(Unclear::Malformed(uri)),
    }
}

/// The only value of a header. A second value may come from the browser, so both are refused.
fn once<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<&'a [u8], Unclear> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Err(Unclear::Missing(name.clone())),
        (Some(value), None) => Ok(value.as_bytes()),
        (Some(_), Some(_)) => Err(Unclear::Repeated(name.clone())),
    }
}

/// Path and query. A value with `#` is refused, because the proxy may send the part behind it to
/// the application while a parser drops it. A value with a host is refused too.
fn address_of(value: &[u8]) -> Option<Result<PathAndQuery, InvalidUri>> {
    let is_path = value.first() == Some(&b'/') && !value.contains(&b'#');
    is_path.then(|| PathAndQuery::try_from(value))
}

/// The address behind the prefix, which must end at a `/`.
fn behind(prefix: &str, uri: &Uri) -> Result<Uri, Unclear> {
    let sent = uri.path_and_query().map_or("", PathAndQuery::as_str);
    let rest = sent.strip_prefix(prefix).ok_or(Unclear::OtherPath)?;
    match address_of(rest.as_bytes()) {
        Some(Ok(address)) => Ok(address.into()),
        _ => Err(Unclear::OtherPath),
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn restored(source: Source, path: &str, lines: &[(&str, &str)]) -> Result<String, Unclear> {
        let mut request = Request::get(path);
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        let (mut head, ()) = request.body(()).unwrap().into_parts();
        source.restore(&mut head)?;
        Ok(format!("{} {}", head.method, head.uri))
    }

    const NGINX: [(&str, &str); 2] = [
        ("x-original-method", "POST"),
        ("x-original-uri", "/orders?page=2"),
    ];
    const CADDY: [(&str, &str); 2] = [
        ("x-forwarded-method", "DELETE"),
        ("x-forwarded-uri", "/orders/1"),
    ];

    #[test]
    fn the_headers_of_another_proxy_are_not_read() {
        let both: Vec<_> = NGINX.into_iter().chain(CADDY).collect();
        let read = |source| restored(source, "/check", &both).unwrap();
        assert_eq!(read(Source::Original), "POST /orders?page=2");
        assert_eq!(read(Source::Forwarded), "DELETE /orders/1");
        let missing = restored(Source::Forwarded, "/check", &NGINX).unwrap_err();
        assert_eq!(missing, Unclear::Missing(X_FORWARDED_METHOD));
    }

    #[test]
    fn a_value_beside_another_is_refused() {
        let lines = [NGINX[0], NGINX[1], ("x-original-uri", "/healthz")];
        let refused = restored(Source::Original, "/check", &lines).unwrap_err();
        assert_eq!(refused, Unclear::Repeated(X_ORIGINAL_URI));
    }

    #[test]
    fn an_address_that_has_two_readings_is_refused() {
        for address in [
            "",
            "orders",
            "//",
            "http://other/",
            "/public#/../orders",
            "*",
            "/a b",
        ] {
            let lines = [NGINX[0], ("x-original-uri", address)];
            let read = restored(Source::Original, "/check", &lines);
            match address {
                // A path, which the layer normalises.
                "//" => assert_eq!(read.unwrap(), "POST //"),
                _ => assert_eq!(
                    read.unwrap_err(),
                    Unclear::Malformed(X_ORIGINAL_URI),
                    "{address:?}"
                ),
            }
        }
        let lines = [("x-original-method", "G T"), NGINX[1]];
        let refused = restored(Source::Original, "/check", &lines).unwrap_err();
        assert_eq!(refused, Unclear::Malformed(X_ORIGINAL_METHOD));
    }

    #[test]
    fn envoy_puts_its_prefix_in_front_of_the_path() {
        let read = |path: &str| restored(Source::Prefixed("/check"), path, &[]);
        assert_eq!(read("/check/orders?page=2").unwrap(), "GET /orders?page=2");
        for path in ["/check", "/checked/orders", "/orders", "/check?x=/orders"] {
            assert_eq!(read(path).unwrap_err(), Unclear::OtherPath, "{path}");
        }
    }
}
