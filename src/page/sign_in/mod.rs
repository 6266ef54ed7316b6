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

use maud::{Markup, html};

use super::{
    Document, FRAGMENT, Link, Page, PageKind, PageText, ProviderLink, next_steps, texts::Texts,
};
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
) -> Document {
    let mut page = Page::new(PageKind::SignIn, texts.tag, texts.names.sign_in).script_of(FRAGMENT);
    if let Some(signed_in) = signed_in {
        page = already(texts, signed_in, page);
    }
    page.providers = providers(texts, accepted, choices);
    let out = way_out.map(|out| Link::new(out, texts.names.open_in_browser));
    page.links.extend(out);
    page.parts.styles.push(STYLE.clone());
    let content = arranged(texts, &page);
    Document::arranged(texts, page, content)
}

/// The note for a user who is signed in already (`flow/login/signed_in.rs`). The link that leads on
/// is the only one with the mark of the main link.
fn already(texts: &Texts, signed_in: &SignedIn, page: Page) -> Page {
    match signed_in {
        SignedIn::Continue(link) => page
            .text(texts.sign_in.signed_in)
            .link(Link::main(link, texts.names.go_on).beginning_sign_in())
            .text(texts.sign_in.for_another_account),
        SignedIn::SentBack => page.text(texts.sign_in.sent_back),
    }
}

/// The link that leads on stands between the texts, and a way out of an app below the providers.
fn arranged(texts: &Texts, page: &Page) -> Markup {
    let on = page.links.iter().filter(|link| link.is_main);
    let mut paragraphs = page.texts.iter();
    html! {
        @if let Some(text) = paragraphs.next() { (text.paragraph(None)) }
        (next_steps(texts, on, false))
        @for text in paragraphs { p.more { (text.as_str()) } }
        nav aria-label=(page.title.as_str()) {
            ul { @for provider in &page.providers { li { (provider.markup()) } } }
            @for link in page.links.iter().filter(|link| !link.is_main) { (link.markup()) }
        }
    }
}

/// The buttons. The provider's name tells buttons apart that would have the same label, such as
/// those of two realms of one server.
fn providers(texts: &Texts, accepted: &Accepted<'_>, choices: &[Choice<'_>]) -> Vec<ProviderLink> {
    let labels: Vec<_> = choices
        .iter()
        .map(|choice| label(texts, accepted, choice))
        .collect();
    let all = choices.iter().zip(&labels);
    all.map(|(choice, label)| {
        let is_same = |other: &&PageText| other.as_str() == label.as_str();
        let label = match labels.iter().filter(is_same).count() {
            ..=1 => label.clone(),
            _ => label.followed_by(&format!(" ({})", choice.name)),
        };
        provider(texts, choice, label)
    })
    .collect()
}

/// The button of one provider. It stays usable while the provider is down, because the provider may
/// have recovered.
fn provider(texts: &Texts, choice: &Choice<'_>, label: PageText) -> ProviderLink {
    let (badge, note) = match choice.note {
        Some(Note::LastUsed) => (Some(texts.sign_in.last_used), None),
        Some(Note::RefusesApp) => (None, Some(texts.sign_in.refuses_app)),
        Some(Note::MayRefuseApp) => (None, Some(texts.sign_in.may_refuse_app)),
        Some(Note::Unavailable) => (None, Some(texts.sign_in.unavailable)),
        None => (None, None),
    };
    let design = design::of(choice.brand);
    ProviderLink {
        name: choice.name.to_owned().into(),
        href: choice.link.clone().into(),
        label,
        mark: design.map(|design| design.mark),
        badge: badge.map(Into::into),
        note: note.map(Into::into),
        is_down: choice.note == Some(Note::Unavailable),
        class: design.map_or("other", |design| design.class),
        page: texts.tag,
    }
}

/// The label of a button, in the language of the page if it is not the application's own.
fn label(texts: &Texts, accepted: &Accepted<'_>, choice: &Choice<'_>) -> PageText {
    let words = &texts.sign_in;
    match (choice.title, choice.brand) {
        (Title::Given(text), _) => PageText::written(text.written(accepted), texts.tag),
        (_, Brand::Kakao) => PageText::in_language(words.labels.kakao, words.labels.english),
        (_, Brand::Naver) => PageText::in_language(words.labels.naver, words.labels.english),
        (_, Brand::Google) => words.labels.google.into(),
        (_, Brand::Line) => words.labels.line.into(),
        (Title::Brand(brand), Brand::Other) => (words.with_brand)(brand).into(),
        (Title::Name(name), Brand::Other) => (words.with_name)(name).into(),
    }
}
