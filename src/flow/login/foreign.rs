//! Links to the sign-in on other sites.
//!
//! Such a link must not change the account or the freshness of a live session without the user's
//! consent (login cross-site request forgery). The layer shows a page with a button instead.
//!
//! A user without a session is not asked, because such a link then does what any page visit does.
//! The new session belongs to the account that the user chooses at the provider, in this browser.

use http::{HeaderMap, StatusCode, header::REFERER, request::Parts};

use crate::flow::{Flow, request::same_origin};
use crate::{
    page::{sign_in_again, texts::Texts},
    session::user::VerifiedUser,
    web::reply::Reply,
};

/// The page with the button, if the visit came from another site and there is a session to change.
/// The session is found by its user in the extensions or by its cookies, because a middleware may
/// have removed one of the two on the way to a route. `login` is the link of the button. A click on
/// the button is a visit from this site.
pub(crate) fn ask(flow: &Flow, status: StatusCode, login: &str, head: &Parts) -> Option<Reply> {
    let headers = &head.headers;
    if !is_foreign(headers, flow.config.origin.as_str()) {
        return None;
    }
    let is_signed_in = head.extensions.get::<VerifiedUser>().is_some();
    if !is_signed_in && flow.sessions(headers).is_empty() {
        return None;
    }
    let page = sign_in_again::render(Texts::preferred(headers), login, flow.home().as_str());
    Some(flow.html_page(status, page))
}

/// Whether the browser names a page of another site as the source of the visit. A browser that
/// sends neither header is old or hides the source, and its visit counts as one from this site.
fn is_foreign(headers: &HeaderMap, origin: &str) -> bool {
    match same_origin::site(headers) {
        // `none` is an address that the user typed or a bookmark.
        Some(site) => !matches!(site, "same-origin" | "none"),
        None => headers
            .get_all(REFERER)
            .iter()
            .any(|page| !is_page_of(page.as_bytes(), origin)),
    }
}

/// Whether an address is on this origin. The character after the origin decides, because
/// `https://example.com.evil` begins with `https://example.com` as well.
fn is_page_of(page: &[u8], origin: &str) -> bool {
    let path = page.strip_prefix(origin.as_bytes());
    path.is_some_and(|path| path.is_empty() || path.starts_with(b"/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_referer_is_of_this_origin_only_up_to_its_path() {
        for (page, is_own) in [
            ("https://shop.example.com", true),
            ("https://shop.example.com/", true),
            ("https://shop.example.com/a?b", true),
            ("https://shop.example.com.evil.example/", false),
            ("https://shop.example.com@evil.example/", false),
            ("https://shop.example.com:8443/", false),
            ("http://shop.example.com/", false),
            ("", false),
        ] {
            let found = is_page_of(page.as_bytes(), "https://shop.example.com");
            assert_eq!(found, is_own, "{page}");
        }
    }
}
