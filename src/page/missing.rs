//! The page at an address of the layer that does not exist, or does not take the method.
//!
//! The page serves 404 and 405 alike, because a user can do the same in both cases. Programs get an
//! empty body.

use maud::html;

use super::{
    Page, layout, next_steps,
    texts::{Texts, Words},
};

/// The page. `home` is the start page, on this origin and below the path of the public URL.
pub(crate) fn render(texts: &Texts, home: &str) -> Page {
    let Words { title, text } = texts.missing;
    let link = html! { a.act href=(home) { (texts.names.start_page) } };
    let content = html! {
        p { (text) }
        (next_steps(texts, &link))
    };
    layout(texts, title, &content)
}
