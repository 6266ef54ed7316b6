//! The pages inside a frame of this origin.
//!
//! A provider shows no page in a frame (`X-Frame-Options`, or `frame-ancestors` of its policy), so
//! links to a sign-in open in the whole window. A page about waiting links to the frame's own
//! address and stays in the frame. The callers are in `flow/refuse/`.
//!
//! | `Framed` | link | opens in |
//! |---|---|---|
//! | `SignedOut` | a sign-in | the whole window |
//! | `Refused` | a fresh sign-in | the whole window |
//! | `Unavailable` | the same address | the frame |

use super::{
    Document, Link, Page, PageKind,
    texts::{Texts, Words},
};

/// The reason why the frame shows this page. It decides the texts, and whether the link leaves the
/// frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framed {
    /// There is no session.
    SignedOut,
    /// The user may not see the content.
    Refused,
    /// Sessions cannot be checked at the moment.
    Unavailable,
}

/// The page. `link` is on this origin, and leads to a sign-in, or to the frame's own address if
/// waiting helps. With `is_in_place`, Turbo puts the page into the open page after a form, so it
/// must not ask Turbo for a visit by the browser.
pub(crate) fn render(texts: &Texts, framed: Framed, link: &str, is_in_place: bool) -> Document {
    let (Words { title, text }, name) = match framed {
        Framed::SignedOut => (texts.framed.signed_out, texts.names.sign_in),
        Framed::Refused => (texts.framed.refused, texts.names.sign_in_again),
        Framed::Unavailable => (texts.framed.unavailable, texts.names.try_again),
    };
    // `_top` is the whole window (HTML, "rules for choosing a navigable").
    let target = (framed != Framed::Unavailable).then_some("_top");
    let page = Page::new(PageKind::Framed, texts.tag, title)
        .text(text)
        .link(Link::main(link, name).in_window(target));
    Document::new(texts, if is_in_place { page.in_place() } else { page })
}
