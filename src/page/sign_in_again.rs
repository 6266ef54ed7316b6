//! The page that asks before a link of another site signs a user in again.
//!
//! Without this page, another site could change the account of a live session (login cross-site
//! request forgery). `flow/login/foreign.rs` decides when the page is shown.

use super::{
    Document, FRAGMENT, Link, Page, PageKind,
    texts::{Texts, Words},
};

/// The page. `login` continues, and `home` leaves the session as it is. Both are links on this
/// origin.
pub(crate) fn render(texts: &Texts, login: &str, home: &str) -> Document {
    let Words { title, text } = texts.sign_in_again.question;
    let page = Page::new(PageKind::SignInAgain, texts.tag, title)
        .text(text)
        .text(texts.sign_in_again.advice)
        .link(Link::main(login, texts.names.sign_in_again).beginning_sign_in())
        .link(Link::new(home, texts.names.cancel))
        .script_of(FRAGMENT);
    Document::new(texts, page)
}
