//! The page while this replica cannot check sessions. The user stays signed in.
//!
//! A replica that has just started reads the revocation log before it accepts a session. This takes
//! less than a second in most cases, so a page that reloads by itself is enough.
//!
//! A request that sent something is not repeated by the page, because it could then be handled
//! twice. The link leads to the requested address by GET.

use std::time::Duration;

use super::{Document, Link, Page, PageKind, texts::Texts};

/// The next step, which the page describes. The method of the request and its path decide it
/// (`flow/refuse/not_caught_up.rs`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// The page reloads by itself after this time, which is safe for a GET alone.
    Reloads(Duration),
    /// The user tries again, because the request may have sent a form.
    TryAgain,
    /// The user signs in again, because this page answers a callback.
    SignInAgain,
}

/// The page. `here` is the link to try again, on this origin.
pub(crate) fn render(texts: &Texts, here: &str, then: Then) -> Document {
    let text = match then {
        Then::Reloads(_) => texts.unavailable.reloads,
        Then::TryAgain => texts.unavailable.try_again,
        Then::SignInAgain => texts.unavailable.sign_in_again,
    };
    let mut page = Page::new(PageKind::Unavailable, texts.tag, texts.unavailable.title)
        .text(text)
        .link(Link::main(here, texts.names.try_again));
    if let Then::Reloads(pause) = then {
        page.reloads = true;
        page.wait = Some(pause);
    }
    Document::new(texts, page)
}
