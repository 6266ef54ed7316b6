//! The page after a form that was not taken. Its user can go back to the page before, where the
//! text that was written still is.
//!
//! A form of another site, such as the return of a payment service, gets another advice. Its user
//! wrote nothing, but may have paid.
//!
//! Turbo puts its answer into the open page and loses the text that was written there. Its page
//! therefore gives no advice to go back ([`render_in_place`]).

use super::{
    Document, Link, Page, PageKind,
    texts::{Texts, Words},
};

/// The reason why the form was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unsent {
    /// There is no session.
    SignedOut,
    /// A fresh sign-in is needed.
    StepUp,
    /// The session got new claims.
    Renewed,
    /// The form is too long to be saved until after the sign-in.
    TooLarge,
    /// A page of another site sent the form, so the browser left out the session's cookie
    /// (`SameSite=Lax`).
    Foreign,
    /// A page of another site sent the form with the session, and the layer refused it.
    ForeignAct,
    /// The form is of a step that is over, because the user is signed in.
    SignedIn,
}

/// The links of the page, all on this origin.
pub(crate) struct Links<'a> {
    /// The sign-in. After [`Unsent::Renewed`] and [`Unsent::SignedIn`], the page to go on with.
    pub(crate) login: &'a str,
    /// The address of the form. By GET the browser sends the session with it.
    pub(crate) here: &'a str,
    /// The start page.
    pub(crate) home: &'a str,
}

/// The page for Turbo, which puts it in place of the form's page. The text that was written is lost
/// then, so there is no advice to go back.
pub(crate) fn render_in_place(texts: &Texts, unsent: Unsent, login: &str) -> Document {
    let Words { title, text } = words(texts, unsent);
    let page = Page::new(PageKind::Unsent, texts.tag, title)
        .text(text)
        .link(Link::main(login, next(texts, unsent)));
    Document::new(texts, page.in_place())
}

/// The page, with advice on how to keep the written text. A new tab keeps the page before in the
/// history of this one.
pub(crate) fn render(texts: &Texts, unsent: Unsent, links: &Links<'_>) -> Document {
    let Words { title, text } = words(texts, unsent);
    let advice = match unsent {
        Unsent::Foreign | Unsent::ForeignAct => Some(texts.unsent.check_first),
        Unsent::Renewed => Some(texts.unsent.send_again),
        Unsent::SignedIn => None,
        Unsent::SignedOut | Unsent::StepUp | Unsent::TooLarge => Some(texts.unsent.copy_first),
    };
    let page = Page::new(PageKind::Unsent, texts.tag, title).text(text);
    let page = match advice {
        Some(advice) => page.text(advice),
        None => page,
    };
    let page = match unsent {
        Unsent::Foreign | Unsent::ForeignAct => page
            .link(Link::main(links.here, texts.names.go_on))
            .link(Link::new(links.home, texts.names.start_page)),
        Unsent::Renewed | Unsent::SignedIn => page.link(Link::main(links.login, texts.names.go_on)),
        Unsent::SignedOut | Unsent::StepUp | Unsent::TooLarge => {
            let login = Link::main(links.login, texts.unsent.sign_in_in_new_tab);
            page.link(login.in_window(Some("_blank")))
        }
    };
    Document::new(texts, page)
}

/// The name of the link for Turbo.
fn next(texts: &Texts, unsent: Unsent) -> &'static str {
    match unsent {
        Unsent::Renewed | Unsent::SignedIn => texts.names.go_on,
        _ => texts.names.sign_in,
    }
}

/// The title and the text.
fn words(texts: &Texts, unsent: Unsent) -> Words {
    match unsent {
        Unsent::SignedOut => texts.unsent.signed_out,
        Unsent::StepUp => texts.unsent.step_up,
        Unsent::Renewed => texts.unsent.renewed,
        Unsent::TooLarge => texts.unsent.too_large,
        Unsent::Foreign => texts.unsent.foreign,
        Unsent::ForeignAct => texts.unsent.foreign_act,
        Unsent::SignedIn => texts.unsent.signed_in,
    }
}
