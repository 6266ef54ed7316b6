//! The page that asks before a link of another site signs a user in again.
//!
//! Without this page, another site could change the account of a live session (login cross-site
//! request forgery). `flow/login/foreign.rs` decides when the page is shown.

use maud::html;

use super::{
    Page, keep_fragment, layout, next_steps,
    texts::{Texts, Words},
};

/// The page. `login` continues, and `home` leaves the session as it is. Both are links on this
/// origin.
pub(crate) fn render(texts: &Texts, login: &str, home: &str) -> Page {
    let Words { title, text } = texts.sign_in_again.question;
    let links = html! {
        a.act href=(login) data-login { (texts.names.sign_in_again) }
        a href=(home) { (texts.names.cancel) }
    };
    let content = html! {
        p { (text) }
        p { (texts.sign_in_again.advice) }
        (next_steps(texts, &links))
        (keep_fragment())
    };
    layout(texts, title, &content)
}
