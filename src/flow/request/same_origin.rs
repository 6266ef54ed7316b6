//! The origin of a POST to the layer's own paths.
//!
//! These checks are stricter than `cross_site`, which is for the application's requests. A sign-out
//! or a saved form must come from this very origin, whatever origins the settings list.
//!
//! | `Sec-Fetch-Site` | `Origin` | from this origin |
//! |---|---|---|
//! | `same-origin` | this origin, `null`, or missing | yes |
//! | `same-origin` | any other | no |
//! | any other value | any | no |
//! | missing | this origin | yes |
//! | missing | any other | no |
//! | missing | missing | is no browser |

use http::{HeaderMap, HeaderName, header::ORIGIN};

use super::navigation::{self, once};

/// The relation between the page that sent the request and this origin.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// The kind of the request. A form that the user sends has `navigate`.
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// Whether a page of another site sent the request. A client that sends neither header is no
/// browser, and no other site can make it act.
pub(crate) fn is_foreign(headers: &HeaderMap, origin: &str) -> bool {
    let silent = !headers.contains_key(SEC_FETCH_SITE) && !headers.contains_key(ORIGIN);
    !silent && !is_here(headers, origin)
}

/// Whether a page of this origin sent the request by a form, and not by a script. A browser that
/// sends `Sec-Fetch-Site` also sends `Sec-Fetch-Mode`. A request with only one of the two was not
/// made by a browser.
pub(crate) fn is_navigation(headers: &HeaderMap, origin: &str) -> bool {
    let is_whole = headers.contains_key(SEC_FETCH_MODE) == headers.contains_key(SEC_FETCH_SITE);
    is_whole && navigation::may_navigate(headers) && is_here(headers, origin)
}

/// Whether the headers name this origin. A header that stands twice does not count.
/// `Sec-Fetch-Site` decides if it is there, because a page without a `Referer`, as the layer's are,
/// has `null` for its `Origin` (Fetch, "append a request `Origin` header").
fn is_here(headers: &HeaderMap, origin: &str) -> bool {
    let (site, sent) = (once(headers, &SEC_FETCH_SITE), once(headers, &ORIGIN));
    match (
        headers.contains_key(SEC_FETCH_SITE),
        headers.contains_key(ORIGIN),
    ) {
        (true, true) => {
            site.is_some_and(|site| site == "same-origin")
                && sent.is_some_and(|sent| sent == origin || sent == "null")
        }
        (true, false) => site.is_some_and(|site| site == "same-origin"),
        // Browsers such as Safari before 16.4 send no `Sec-Fetch-Site`. `null` is not enough then,
        // because a sandboxed frame of any site has it too.
        (false, _) => sent.is_some_and(|sent| sent == origin),
    }
}

/// The value of `Sec-Fetch-Site`. `None` if the header is missing, and empty if it stands twice or
/// is not ASCII, so that an invalid header is no reason to trust the request.
pub(crate) fn site(headers: &HeaderMap) -> Option<&str> {
    if !headers.contains_key(SEC_FETCH_SITE) {
        return None;
    }
    let site = once(headers, &SEC_FETCH_SITE);
    Some(site.and_then(|site| site.to_str().ok()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let lines = lines.iter();
        lines
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    fn allowed(lines: &[(&'static str, &'static str)]) -> bool {
        !is_foreign(&headers(lines), "https://shop.example.com")
    }

    #[test]
    fn pages_of_this_origin_and_plain_clients_are_not_foreign() {
        assert!(allowed(&[]));
        assert!(allowed(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "null")
        ]));
        assert!(allowed(&[("origin", "https://shop.example.com")]));
        assert!(allowed(&[("sec-fetch-site", "same-origin")]));
        assert!(allowed(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "https://shop.example.com"),
        ]));
    }

    #[test]
    fn other_sites_are_foreign() {
        for lines in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("origin", "http://shop.example.com")],
            &[("origin", "https://shop.example.com:8443")],
            &[
                ("sec-fetch-site", "same-origin"),
                ("origin", "https://evil.example"),
            ],
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://shop.example.com"),
            ],
        ] {
            assert!(!allowed(lines), "{lines:?}");
        }
    }

    #[test]
    fn a_form_is_a_browsers_own_navigation_on_this_origin() {
        let is_form = |lines: &[_]| is_navigation(&headers(lines), "https://shop.example.com");
        let (navigate, here) = (
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-site", "same-origin"),
        );
        let origin = ("origin", "https://shop.example.com");
        assert!(is_form(&[navigate, here, origin]));
        assert!(is_form(&[navigate, here, ("origin", "null")]));
        assert!(is_form(&[origin]));
        for lines in [
            &[][..],
            &[here],
            &[navigate],
            &[here, origin],
            &[navigate, origin],
            &[navigate, ("sec-fetch-site", "same-site"), origin],
            &[navigate, here, ("origin", "https://evil.example")],
            &[("sec-fetch-mode", "cors"), here, origin],
            &[("origin", "null")],
        ] {
            assert!(!is_form(lines), "{lines:?}");
        }
    }
}
