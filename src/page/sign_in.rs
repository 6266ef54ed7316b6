//! The page where a user chooses a provider.
//!
//! The page is shown if there are several providers, or if the only one refuses the browser of an
//! app. The order of the providers and the notes beside them come from `flow/login/choose.rs`.
//!
//! A signed-in user gets a note above the list, with a button that leads on. The providers below it
//! are then for a sign-in with another account.

use std::borrow::Cow;

use maud::{Markup, html};

use super::{Page, keep_fragment, layout, texts::Texts};
use crate::{
    language::Accepted,
    provider::{Title, brand::Brand},
};

/// One provider of the page.
#[derive(Debug)]
pub(crate) struct Choice<'a> {
    /// The text of the button.
    pub(crate) title: &'a Title,
    /// The brand of the provider, which decides the colours of the button.
    pub(crate) brand: Brand,
    /// The sign-in at this provider, on this origin.
    pub(crate) link: String,
    /// The note beside the button. `None` for most providers.
    pub(crate) note: Option<Note>,
}

/// The note beside a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// This browser used the provider last.
    LastUsed,
    /// The provider does not work in browsers inside apps.
    RefusesApp,
    /// The provider does not work in browsers inside apps, and the page may be in one.
    MayRefuseApp,
    /// The provider failed so often that calls to it are paused. The link stays, because the
    /// provider may have recovered.
    Unavailable,
}

/// The note for a user who is signed in already (`flow/login/signed_in.rs`).
#[derive(Debug)]
pub(crate) enum SignedIn {
    /// The link to the return address, through the sign-in page of this origin.
    Continue(String),
    /// The page at the return address led back here, and a link to it would do so again.
    SentBack,
}

/// The page. `accepted` chooses among the languages of a title that the application gave. `way_out`
/// opens a full browser if the page is shown inside an app. An empty list of providers cannot
/// occur, because a layer has at least one.
pub(crate) fn render(
    texts: &Texts,
    accepted: &Accepted<'_>,
    choices: &[Choice<'_>],
    way_out: Option<&str>,
    signed_in: Option<&SignedIn>,
) -> Page {
    let heading = texts.names.sign_in;
    let content = html! {
        @match signed_in {
            Some(signed_in) => (already(texts, signed_in)),
            None => p { (texts.sign_in.choose) },
        }
        nav aria-label=(heading) {
            ul { @for choice in choices { li { (offer(texts, accepted, choice)) } } }
            @if let Some(way_out) = way_out {
                a href=(way_out) { (texts.names.open_in_browser) }
            }
        }
        (keep_fragment())
    };
    layout(texts, heading, &content)
}

/// The note for a user who is signed in already (`flow/login/signed_in.rs`).
fn already(texts: &Texts, signed_in: &SignedIn) -> Markup {
    match signed_in {
        SignedIn::Continue(link) => html! {
            p { (texts.sign_in.signed_in) }
            nav { a.act href=(link) data-login { (texts.names.go_on) } }
            p.more { (texts.sign_in.for_another_account) }
        },
        SignedIn::SentBack => html! {
            p { (texts.sign_in.sent_back) }
        },
    }
}

/// The button of one provider. The note stands below the button, where a screen reader reads it
/// after the button's text.
fn offer(texts: &Texts, accepted: &Accepted<'_>, choice: &Choice<'_>) -> Markup {
    let note = choice.note.map(|note| match note {
        Note::LastUsed => texts.sign_in.last_used,
        Note::RefusesApp => texts.sign_in.refuses_app,
        Note::MayRefuseApp => texts.sign_in.may_refuse_app,
        Note::Unavailable => texts.sign_in.unavailable,
    });
    let (title, lang) = title(texts, accepted, choice.title);
    // The link stays usable. Its colours and `aria-disabled` say that it will probably fail.
    let down = choice.note == Some(Note::Unavailable);
    html! {
        a class={ (class(choice.brand)) @if down { " off" } } aria-disabled=[down.then_some("true")] href=(choice.link) data-login lang=[lang] dir=[lang.and(Some("auto"))] {
            (title)
        }
        @if let Some(note) = note { small { (note) } }
    }
}

/// The text of a button, with the attribute `lang` if its language differs from that of the page.
fn title<'a>(
    texts: &Texts,
    accepted: &Accepted<'_>,
    title: &'a Title,
) -> (Cow<'a, str>, Option<&'a str>) {
    match title {
        Title::Plain => (texts.names.sign_in.into(), None),
        Title::Brand(brand) => ((texts.sign_in.with_brand)(brand).into(), None),
        Title::Name(name) => ((texts.sign_in.with_name)(name).into(), None),
        Title::Given(text) => {
            let written = text.written(accepted);
            (written.text.into(), written.lang(texts.tag))
        }
    }
}

/// The class of the button in `style.css`, where the brand's colours are.
fn class(brand: Brand) -> &'static str {
    match brand {
        Brand::Kakao => "kakao",
        Brand::Naver => "naver",
        Brand::Google => "google",
        Brand::Line => "line",
        Brand::Other => "other",
    }
}
