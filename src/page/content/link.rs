//! The links of a page, and the buttons of the providers.

use std::fmt;

use maud::{Markup, PreEscaped, html};

use super::PageText;

/// A link of a [`Page`](super::Page). Its `Display` is the finished `<a>` element.
///
/// ```
/// use tower_phone_auth::page::Page;
///
/// fn navigation(page: &Page) -> String {
///     page.links.iter().map(ToString::to_string).collect()
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Link {
    /// The address. It is on this origin, except a way out of an app and the inbox of the local
    /// provider.
    pub href: PageText,
    /// The text.
    pub label: PageText,
    /// Whether this is the link that helps most. Its element has the class `act`.
    pub is_main: bool,
    /// The window in which it opens, `_blank` or `_top`. `None` for the same one. A link out of a
    /// frame needs it, because providers show no page in a frame.
    pub target: Option<&'static str>,
    /// Whether it begins a sign-in. The [script](super::Page::script) of the page adds the fragment
    /// of the page's address to such links, which have the attribute `data-login`.
    pub is_sign_in: bool,
}

impl Link {
    pub(in crate::page) fn new(href: &str, label: impl Into<PageText>) -> Self {
        Self {
            href: href.to_owned().into(),
            label: label.into(),
            is_main: false,
            target: None,
            is_sign_in: false,
        }
    }

    /// The link that helps most.
    pub(in crate::page) fn main(href: &str, label: impl Into<PageText>) -> Self {
        Self {
            is_main: true,
            ..Self::new(href, label)
        }
    }

    /// Keeps the fragment of the page.
    pub(in crate::page) fn beginning_sign_in(self) -> Self {
        Self {
            is_sign_in: true,
            ..self
        }
    }

    /// Opens in another window.
    pub(in crate::page) fn in_window(self, target: Option<&'static str>) -> Self {
        Self { target, ..self }
    }

    pub(in crate::page) fn markup(&self) -> Markup {
        html! {
            a class=[self.is_main.then_some("act")] href=(self.href.as_str()) target=[self.target]
                data-login[self.is_sign_in] {
                (self.label.as_str())
            }
        }
    }
}

/// The `<a>` element.
impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.markup().0)
    }
}

/// A provider of the sign-in [page](super::Page). Its `Display` is the finished `<a>` element with
/// the mark of the brand. The [style](super::Page::style) of the layer's page gives it the colours
/// that the brand prescribes.
///
/// ```
/// use tower_phone_auth::page::Page;
///
/// fn buttons(page: &Page) -> String {
///     page.providers.iter().map(|provider| format!("<li>{provider}</li>")).collect()
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ProviderLink {
    /// The name in the settings, such as `kakao`.
    pub name: PageText,
    /// The address that begins the sign-in.
    pub href: PageText,
    /// The text that the brand prescribes, such as "카카오 로그인".
    pub label: PageText,
    /// The symbol of the brand as SVG. Kakao, Naver, Google and LINE have one.
    pub mark: Option<&'static str>,
    /// The badge of the provider that this browser used last.
    pub badge: Option<PageText>,
    /// A note about the provider. It does not work inside of this app, or fails at the moment.
    pub note: Option<PageText>,
    /// Whether the provider fails at the moment.
    pub is_down: bool,
    /// The class of the brand's colours.
    pub(in crate::page) class: &'static str,
    /// The language of the page, for the badge in a label of another language.
    pub(in crate::page) page: &'static str,
}

impl ProviderLink {
    /// "Used last time" is a badge in the link, so it is a part of its name for a screen reader.
    /// Any other note stands below the link and describes it.
    pub(in crate::page) fn markup(&self) -> Markup {
        let lang = self.label.lang();
        let id = self
            .note
            .as_ref()
            .map(|_| format!("note-{}", self.name.as_str()));
        html! {
            a class={ (self.class) @if self.is_down { " off" } }
                aria-disabled=[self.is_down.then_some("true")]
                href=(self.href.as_str()) data-login aria-describedby=[id.as_ref()]
                lang=[lang] dir=[lang.and(Some("auto"))] {
                @if let Some(mark) = self.mark { (PreEscaped(mark)) }
                (self.label.as_str())
                @if let Some(badge) = &self.badge {
                    " " small lang=[lang.and(Some(self.page))] { (badge.as_str()) }
                }
            }
            @if let Some(note) = &self.note { small id=[id.as_ref()] { (note.as_str()) } }
        }
    }
}

/// The `<a>` element, and the note below it.
impl fmt::Display for ProviderLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.markup().0)
    }
}
