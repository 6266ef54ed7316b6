//! The page where a user chooses a provider.
//!
//! The page is shown if there are several providers, or if the only one refuses the browser of an
//! app. The order of the providers and the notes beside them come from `flow/login/choose.rs`.
//!
//! Buttons of brands have the mark, the label and the colours of `design.rs`. Two buttons never have
//! the same text: the names of the providers then stand behind it.
//!
//! A signed-in user gets a note above the list, with a button that leads on. The providers below it
//! are then for a sign-in with another account.

use std::borrow::Cow;

use maud::{Markup, PreEscaped, html};

use super::{Page, keep_fragment, next_steps, styled, texts::Texts};
use crate::{
    language::Accepted,
    provider::{Title, brand::Brand},
};

pub(super) use design::STYLE;

mod design;

/// One provider of the page.
#[derive(Debug)]
pub(crate) struct Choice<'a> {
    /// The provider's name in the settings, which no other provider has.
    pub(crate) name: &'a str,
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
    let buttons = buttons(texts, accepted, choices);
    let content = html! {
        @if let Some(signed_in) = signed_in { (already(texts, signed_in)) }
        nav aria-label=(heading) {
            ul { @for button in &buttons { li { (offer(texts, button)) } } }
            @if let Some(way_out) = way_out {
                a href=(way_out) { (texts.names.open_in_browser) }
            }
        }
        (keep_fragment())
    };
    styled(texts, heading, &STYLE, &content)
}

/// The note for a user who is signed in already (`flow/login/signed_in.rs`).
fn already(texts: &Texts, signed_in: &SignedIn) -> Markup {
    match signed_in {
        SignedIn::Continue(link) => {
            let link = html! { a.act href=(link) data-login { (texts.names.go_on) } };
            html! {
                p { (texts.sign_in.signed_in) }
                (next_steps(texts, &link))
                p.more { (texts.sign_in.for_another_account) }
            }
        }
        SignedIn::SentBack => html! {
            p { (texts.sign_in.sent_back) }
        },
    }
}

/// A provider with the text of its button.
struct Button<'a> {
    choice: &'a Choice<'a>,
    label: Cow<'a, str>,
    /// The language of the label, if it differs from that of the page.
    lang: Option<&'a str>,
}

/// The buttons. The provider's name tells buttons apart that would have the same label, such as
/// those of two realms of one server.
fn buttons<'a>(
    texts: &Texts,
    accepted: &Accepted<'_>,
    choices: &'a [Choice<'a>],
) -> Vec<Button<'a>> {
    let labels: Vec<_> = choices
        .iter()
        .map(|choice| label(texts, accepted, choice))
        .collect();
    let all = choices.iter().zip(&labels);
    all.map(|(choice, (label, lang))| {
        let same = labels.iter().filter(|(other, _)| other == label).count();
        let label = match same {
            ..=1 => label.clone(),
            _ => format!("{label} ({})", choice.name).into(),
        };
        let lang = *lang;
        Button {
            choice,
            label,
            lang,
        }
    })
    .collect()
}

/// The button of one provider. "Used last time" is a badge in the link, so it is a part of its
/// name for a screen reader. Any other note stands below the link and describes it.
fn offer(texts: &Texts, button: &Button<'_>) -> Markup {
    let Button {
        choice,
        label,
        lang,
    } = button;
    let (badge, note) = match choice.note {
        Some(Note::LastUsed) => (Some(texts.sign_in.last_used), None),
        Some(Note::RefusesApp) => (None, Some(texts.sign_in.refuses_app)),
        Some(Note::MayRefuseApp) => (None, Some(texts.sign_in.may_refuse_app)),
        Some(Note::Unavailable) => (None, Some(texts.sign_in.unavailable)),
        None => (None, None),
    };
    let design = design::of(choice.brand);
    let class = design.map_or("other", |design| design.class);
    // The link stays usable. Its colours and `aria-disabled` say that it will probably fail.
    let down = choice.note == Some(Note::Unavailable);
    let id = note.map(|_| format!("note-{}", choice.name));
    html! {
        a class={ (class) @if down { " off" } } aria-disabled=[down.then_some("true")] href=(choice.link) data-login aria-describedby=[id.as_ref()] lang=[lang] dir=[lang.and(Some("auto"))] {
            @if let Some(design) = design { (PreEscaped(design.mark)) }
            (label)
            @if let Some(badge) = badge { " " small lang=[lang.and(Some(texts.tag))] { (badge) } }
        }
        @if let Some(note) = note { small id=[id.as_ref()] { (note) } }
    }
}

/// The label of a button, and its language if that differs from the page's.
fn label<'a>(
    texts: &Texts,
    accepted: &Accepted<'_>,
    choice: &'a Choice<'a>,
) -> (Cow<'a, str>, Option<&'a str>) {
    let words = &texts.sign_in;
    match (choice.title, choice.brand) {
        (Title::Given(text), _) => {
            let written = text.written(accepted);
            (written.text.into(), written.lang(texts.tag))
        }
        (_, Brand::Kakao) => (words.labels.kakao.into(), words.labels.english),
        (_, Brand::Naver) => (words.labels.naver.into(), words.labels.english),
        (_, Brand::Google) => (words.labels.google.into(), None),
        (_, Brand::Line) => (words.labels.line.into(), None),
        (Title::Brand(brand), Brand::Other) => ((words.with_brand)(brand).into(), None),
        (Title::Name(name), Brand::Other) => ((words.with_name)(name).into(), None),
    }
}
