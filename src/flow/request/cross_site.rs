//! Cross-site request forgery: unsafe requests that a page of another origin makes a browser send
//! with the user's session.
//!
//! The session cookie has `SameSite=Lax`, which stops most of these requests. It does not stop
//! those of another origin on the same site, such as a subdomain or another port, nor those of old
//! browsers.
//!
//! | `Sec-Fetch-Site` | `Origin` | an unsafe request |
//! |---|---|---|
//! | `same-origin`, `none` | any | passes |
//! | `same-site`, `cross-site` | listed | passes |
//! | `same-site`, `cross-site` | any other, or missing | is refused |
//! | missing | this origin, listed, or missing | passes |
//! | missing | any other | is refused |
//! | another value, or either header twice | any | is refused |

use http::{
    HeaderMap, HeaderName, HeaderValue, Method,
    header::{ORIGIN, SEC_WEBSOCKET_KEY, UPGRADE},
};

/// The relation between the page that caused the request and this origin. Scripts cannot set it.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether the request is unsafe and comes from another origin. The `listed` origins count as this
/// one.
pub(crate) fn is_foreign_act(
    method: &Method,
    headers: &HeaderMap,
    origin: &str,
    listed: &[HeaderValue],
) -> bool {
    acts(method, headers) && is_foreign(headers, origin, listed)
}

/// Whether a script of a listed origin of the same site sent the request. A browser without fetch
/// metadata does not name the site. A script of another site brings no cookie with `SameSite=Lax`.
/// The layer would answer it with a success, although no session has ended.
pub(crate) fn is_same_site_script(headers: &HeaderMap, listed: &[HeaderValue]) -> bool {
    let (Ok(site), Ok(Some(sent))) = (
        at_most_one(headers, &SEC_FETCH_SITE),
        at_most_one(headers, &ORIGIN),
    ) else {
        return false;
    };
    site.is_none_or(|site| site == "same-site") && listed.iter().any(|known| known == sent)
}

/// Whether a request can change something: any method that is not safe (RFC 9110 section 9.2.1),
/// and a WebSocket handshake, which is `Upgrade` over HTTP/1.1 (RFC 6455 section 4.1) and CONNECT
/// over HTTP/2 (RFC 8441 section 4). A handshake is a GET, and gives another site a connection
/// with the user's session. A proxy that asks the layer about a request may leave `Upgrade` out,
/// because it is for one connection alone. `Sec-WebSocket-Key` is for both ends.
fn acts(method: &Method, headers: &HeaderMap) -> bool {
    let is_safe = matches!(
        *method,
        Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE
    );
    !is_safe || headers.contains_key(UPGRADE) || headers.contains_key(SEC_WEBSOCKET_KEY)
}

/// Whether the request comes from another origin. `Sec-Fetch-Site` decides
/// (<https://www.w3.org/TR/fetch-metadata/>), and `Origin` if that is missing. A client that sends
/// neither is no browser. A header that stands twice is refused, because a proxy and this layer
/// could read different ones.
fn is_foreign(headers: &HeaderMap, origin: &str, listed: &[HeaderValue]) -> bool {
    let (Ok(site), Ok(sent)) = (
        at_most_one(headers, &SEC_FETCH_SITE),
        at_most_one(headers, &ORIGIN),
    ) else {
        return true;
    };
    let is_listed = sent.is_some_and(|sent| listed.iter().any(|known| known == sent));
    match site.map(HeaderValue::as_bytes) {
        // `none` means that the user caused the request, by the address bar or a bookmark.
        Some(b"same-origin" | b"none") => false,
        Some(b"same-site" | b"cross-site") => !is_listed,
        // No browser sends another value.
        Some(_) => true,
        None => sent.is_some_and(|sent| sent != origin && !is_listed),
    }
}

/// The value of a header, or `None` if it is missing. The error means that the header stands more
/// than once.
fn at_most_one<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> Result<Option<&'a HeaderValue>, ()> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    values.next().map_or(Ok(first), |_| Err(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "https://shop.example.com";
    const LISTED: &str = "https://app.example.com";

    fn refused(method: &str, lines: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let listed = [HeaderValue::from_static(LISTED)];
        is_foreign_act(&method, &headers, HERE, &listed)
    }

    #[test]
    fn this_origin_the_address_bar_listed_origins_and_clients_without_headers_pass() {
        for lines in [
            &[][..],
            &[("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "same-origin"), ("origin", "null")],
            &[("sec-fetch-site", "same-origin"), ("origin", HERE)],
            &[("sec-fetch-site", "none")],
            &[("origin", HERE)],
            &[("origin", LISTED)],
            &[("origin", LISTED), ("sec-fetch-site", "same-site")],
            &[("origin", LISTED), ("sec-fetch-site", "cross-site")],
        ] {
            assert!(!refused("POST", lines), "{lines:?}");
        }
    }

    #[test]
    fn other_origins_and_doubtful_headers_are_refused() {
        for lines in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site"), ("origin", HERE)],
            &[("sec-fetch-site", "same-site"), ("origin", "null")],
            &[("sec-fetch-site", "")],
            &[("sec-fetch-site", "Same-Origin")],
            &[("sec-fetch-site", "same-origin, same-origin")],
            &[
                ("sec-fetch-site", "same-origin"),
                ("sec-fetch-site", "same-origin"),
            ],
            &[("sec-fetch-site", "none"), ("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "sideways"), ("origin", LISTED)],
            &[("origin", "null")],
            &[("origin", "")],
            &[("origin", "https://evil.example")],
            &[("origin", "http://shop.example.com")],
            &[("origin", "https://shop.example.com:8443")],
            &[("origin", "https://shop.example.com/")],
            &[("origin", "https://shop.example.com.evil.example")],
            &[("origin", HERE), ("origin", HERE)],
            &[("origin", LISTED), ("origin", "https://evil.example")],
            &[
                ("sec-fetch-site", "same-origin"),
                ("origin", HERE),
                ("origin", HERE),
            ],
        ] {
            assert!(refused("POST", lines), "{lines:?}");
        }
    }

    #[test]
    fn only_safe_methods_without_an_upgrade_pass_unchecked() {
        let foreign = ("sec-fetch-site", "cross-site");
        for method in ["GET", "HEAD", "OPTIONS", "TRACE"] {
            assert!(!refused(method, &[foreign]), "{method}");
            for upgrade in ["websocket", "WebSocket", "h2c, websocket"] {
                assert!(
                    refused(method, &[foreign, ("upgrade", upgrade)]),
                    "{method}"
                );
            }
        }
        for method in [
            "POST", "PUT", "PATCH", "DELETE", "CONNECT", "QUERY", "get", "PROPFIND",
        ] {
            assert!(refused(method, &[foreign]), "{method}");
        }
    }
}
