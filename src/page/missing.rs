//! The page at an address of the layer that does not exist, or does not take the method.
//!
//! The page serves 404 and 405 alike, because a user can do the same in both cases. Programs get an
//! empty body.

use super::{
    Document, Link, Page, PageKind,
    texts::{Texts, Words},
};

/// The page. `home` is the start page, on this origin and below the path of the public URL.
pub(crate) fn render(texts: &Texts, home: &str) -> Document {
    let Words { title, text } = texts.missing;
    let page = Page::new(PageKind::Missing, texts.tag, title)
        .text(text)
        .link(Link::main(home, texts.names.start_page));
    Document::new(texts, page)
}
