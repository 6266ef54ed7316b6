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

use maud::html;

use super::{
    Page, layout, named, next_steps,
    texts::{Texts, Words},
};
use crate::provider::Title;

/// The page that asks first, because a link or an image alone must sign no user out. `logout` is
/// the address of the form, and `place` the page before, to which the user can go back.
pub(crate) fn ask(texts: &Texts, logout: &str, place: &str, everywhere: bool) -> Page {
    let sign_out = &texts.sign_out;
    let (Words { title, text }, button) = match everywhere {
        true => (sign_out.ask_everywhere, sign_out.button_everywhere),
        false => (sign_out.ask, sign_out.button),
    };
    let content = html! {
        p { (text) }
        form method="post" action=(logout) {
            button { (button) }
            a href=(place) { (texts.names.cancel) }
        }
    };
    layout(texts, title, &content)
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
pub(crate) fn done(texts: &Texts, ended: Ended, provider: Option<&Title>, ways: &Ways<'_>) -> Page {
    let sign_out = &texts.sign_out;
    let text = match ended {
        Ended::Here => sign_out.here,
        Ended::Everywhere => sign_out.everywhere,
        Ended::AtProvider => sign_out.at_provider,
        Ended::EverywhereAndAtProvider => sign_out.everywhere_and_at_provider,
        Ended::Partly => sign_out.partly,
    };
    let open = ways.open.map(|open| match open {
        Open::Before(link) => (link, sign_out.page_before),
        Open::Start(link) => (link, texts.names.start_page),
    });
    let links = html! {
        @if let Some((link, name)) = open { a.act href=(link) { (name) } }
        a href=(ways.login) { (texts.names.sign_in_again) }
    };
    let content = html! {
        p { (named(texts, provider, text)) }
        (next_steps(texts, &links))
    };
    layout(texts, sign_out.done, &content)
}
