//! The pages before and after a sign-out.
//!
//! The flow is in `flow/logout/`. Neither page has a script, so a sign-out works with scripts
//! switched off.
//!
//! | `Ended` | what the page says about the provider |
//! |---|---|
//! | `Here`, `Everywhere` | the user may still be signed in there |
//! | `AtProvider`, `EverywhereAndAtProvider` | the user is signed out there too |
//! | `Partly` | nothing, because this replica is still publishing the sign-out |

use super::{
    Button, Document, Form, Link, Page, PageKind, named,
    texts::{Texts, Words},
};
use crate::provider::Title;

/// The page that asks first, because a link or an image alone must sign no user out. `logout` is
/// the address of the form, and `place` the page before, to which the user can go back.
pub(crate) fn ask(texts: &Texts, logout: &str, place: &str, everywhere: bool) -> Document {
    let sign_out = &texts.sign_out;
    let (Words { title, text }, button) = match everywhere {
        true => (sign_out.ask_everywhere, sign_out.button_everywhere),
        false => (sign_out.ask, sign_out.button),
    };
    let page = Page::new(PageKind::SignOut, texts.tag, title)
        .text(text)
        .form(Form::new(logout, Button::new(button)))
        .link(Link::new(place, texts.names.cancel));
    Document::new(texts, page)
}

/// The extent of a sign-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// This browser's session, which is the ordinary case.
    Here,
    /// All sessions of the user.
    Everywhere,
    /// This browser's session, and the one at the provider.
    AtProvider,
    /// All sessions of the user, and the one at the provider.
    EverywhereAndAtProvider,
    /// This browser's session, on this replica. The others do not know it yet, and a copy of the
    /// session may still work there.
    Partly,
}

/// The links of the page, all on this origin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ways<'a> {
    /// A public page. It comes first, because it signs no user in again. `None` if neither the page
    /// before nor the start page is public.
    pub(crate) open: Option<Open<'a>>,
    /// The sign-in, with the page before as the return address.
    pub(crate) login: &'a str,
}

/// A public page, with its address.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Open<'a> {
    /// The page before.
    Before(&'a str),
    /// The start page.
    Start(&'a str),
}

/// The page after a sign-out. Its text says no more than was done. After a sign-out here, the
/// provider may still have a session. `provider` is known if the layer has only one.
pub(crate) fn done(
    texts: &Texts,
    ended: Ended,
    provider: Option<&Title>,
    ways: &Ways<'_>,
) -> Document {
    let sign_out = &texts.sign_out;
    let text = match ended {
        Ended::Here => sign_out.here,
        Ended::Everywhere => sign_out.everywhere,
        Ended::AtProvider => sign_out.at_provider,
        Ended::EverywhereAndAtProvider => sign_out.everywhere_and_at_provider,
        Ended::Partly => sign_out.partly,
    };
    let open = ways.open.map(|open| match open {
        Open::Before(link) => Link::main(link, sign_out.page_before),
        Open::Start(link) => Link::main(link, texts.names.start_page),
    });
    let mut page =
        Page::new(PageKind::SignedOut, texts.tag, sign_out.done).text(named(texts, provider, text));
    page.links.extend(open);
    let again = Link::new(ways.login, texts.names.sign_in_again);
    Document::new(texts, page.link(again))
}
