//! `/auth/logout`: ends the session here, when a page of this site asks for it.

use http::{HeaderMap, HeaderName, StatusCode, header::ORIGIN, request::Parts};

use super::{Flow, navigation, refuse};
use crate::{language::Language, page::sign_out, reply::Reply};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// GET: asks first, or says that it is done.
pub(super) fn ask(flow: &Flow, head: &Parts) -> Reply {
    let language = Language::preferred(&head.headers);
    let page = if flow.is_signed_in(&head.headers) {
        sign_out::ask(language, &flow.config.prefix.logout(), "/")
    } else {
        sign_out::done(language, &flow.config.prefix.login())
    };
    flow.page(StatusCode::OK, page)
}

/// POST.
pub(super) async fn answer(flow: &Flow, head: &Parts) -> Reply {
    if !is_same_origin(&head.headers, flow.config.origin.as_str()) {
        return refuse::cross_site();
    }
    if let Some(user) = flow.user(&head.headers) {
        flow.config.hooks.sign_out(user).await;
    }
    let reply = if navigation::wants_page(&head.headers) {
        Reply::see_other(&flow.config.prefix.logout())
    } else {
        Reply::empty(StatusCode::NO_CONTENT)
    };
    let cookies = &flow.config.cookies;
    let reply = reply.cookie(cookies.delete(cookies.session()));
    reply.cookie(cookies.forget_rounds(&head.headers))
}

/// Browsers say where a POST comes from, in one header or both; each that is there must be right, and
/// once. A client that sends neither is no browser, and no other site can make it act.
fn is_same_origin(headers: &HeaderMap, origin: &str) -> bool {
    let all = |name: HeaderName, expected: &str| {
        let values = headers.get_all(name);
        values.iter().count() <= 1 && values.iter().all(|value| value == expected)
    };
    all(SEC_FETCH_SITE, "same-origin") && all(ORIGIN, origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(lines: &[(&'static str, &'static str)]) -> bool {
        let headers = lines
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        is_same_origin(&headers, "https://shop.example.com")
    }

    #[test]
    fn pages_of_this_origin_and_plain_clients_may_sign_out() {
        assert!(allowed(&[]));
        assert!(allowed(&[("origin", "https://shop.example.com")]));
        assert!(allowed(&[("sec-fetch-site", "same-origin")]));
        assert!(allowed(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "https://shop.example.com"),
        ]));
    }

    #[test]
    fn other_sites_may_not() {
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
}
