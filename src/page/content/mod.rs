//! The content of a page as data. The layer's own markup is made of it, and so is that of the
//! application ([`Builder::pages`](crate::Builder::pages)).
//!
//! | module | content |
//! |---|---|
//! | `text` | texts that escape themselves |
//! | `link` | links, and the buttons of the providers |
//! | `form` | forms with their fields and buttons |
//! | `kind` | the kinds of pages |
//! | `hook` | the function of the application, and the check of its markup |

use std::{fmt, time::Duration};

use http::StatusCode;
use maud::{Markup, PreEscaped, html};

pub use form::{Button, Field, Form};
pub(crate) use hook::Pages;
pub use kind::PageKind;
pub use link::{Link, ProviderLink};
pub use text::PageText;

use crate::error::LoginErrorKind;

mod form;
mod hook;
mod kind;
mod link;
mod text;

/// A page that the layer is about to show, as [`Builder::pages`](crate::Builder::pages) gets it.
///
/// All texts are in the language of the user. The page has no secret: no token, no
/// one-time code and no full phone number. A saved form has what the user typed in its hidden
/// fields, so do not log the page.
///
/// ```
/// use tower_phone_auth::page::{Page, PageKind};
///
/// fn pages(page: &Page) -> Option<String> {
///     if page.kind != PageKind::Refusal {
///         return None; // the layer's own page
///     }
///     let texts: String = page.texts.iter().map(|text| format!("<p>{text}</p>")).collect();
///     let links: String = page.links.iter().map(ToString::to_string).collect();
///     Some(format!(
///         r#"<!doctype html><html lang="{}"><head>{}</head><body><h1>{}</h1>{texts}{links}</body></html>"#,
///         page.language,
///         page.head(),
///         page.title,
///     ))
/// }
///
/// let builder = tower_phone_auth::OAuthLayer::builder().pages(pages);
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Page {
    /// The kind.
    pub kind: PageKind,
    /// The status of the response, which stays as it is.
    pub status: StatusCode,
    /// The tag of the language, for the attribute `lang`.
    pub language: &'static str,
    /// The name of the [`Site`](crate::Site), if one is set.
    pub site: Option<PageText>,
    /// The title, which is also the heading.
    pub title: PageText,
    /// The paragraphs below the heading.
    pub texts: Vec<PageText>,
    /// The providers to choose from. Empty on all pages but the sign-in page.
    pub providers: Vec<ProviderLink>,
    /// The forms. All of them must stand on the page.
    pub forms: Vec<Form>,
    /// The links. One of them must stand on a page without a form.
    pub links: Vec<Link>,
    /// Small print, such as the reference that also stands in the log.
    pub notes: Vec<PageText>,
    /// The cause of a refused sign-in.
    pub cause: Option<LoginErrorKind>,
    /// The code of the error for the operator, such as `invalid_scope`. `None` if there is none, or
    /// if it says nothing to a user.
    pub code: Option<PageText>,
    /// The reference of a refusal, which also stands in the log.
    pub reference: Option<PageText>,
    /// The time until the user may try again, or until the page reloads by itself.
    pub wait: Option<Duration>,
    /// Whether the page reloads by itself after [`wait`](Self::wait). The element for it is in the
    /// [`head`](Self::head).
    pub reloads: bool,
    /// Whether Turbo puts the page into the open one, whose policy then applies.
    pub is_in_place: bool,
    pub(in crate::page) parts: Parts,
}

/// The finished parts of a page, for [`Page::head`] and the methods beside it.
#[derive(Clone, Default)]
pub(in crate::page) struct Parts {
    pub(in crate::page) icon: Option<String>,
    pub(in crate::page) styles: Vec<String>,
    pub(in crate::page) script: Option<&'static str>,
    pub(in crate::page) details: Option<String>,
    pub(in crate::page) nonce: String,
}

impl Page {
    pub(in crate::page) fn new(
        kind: PageKind,
        language: &'static str,
        title: impl Into<PageText>,
    ) -> Self {
        Self {
            kind,
            status: StatusCode::OK,
            language,
            site: None,
            title: title.into(),
            texts: Vec::new(),
            providers: Vec::new(),
            forms: Vec::new(),
            links: Vec::new(),
            notes: Vec::new(),
            cause: None,
            code: None,
            reference: None,
            wait: None,
            reloads: false,
            is_in_place: false,
            parts: Parts::default(),
        }
    }

    /// The elements for the `<head>`: the encoding, the width of phones, the title with the name of
    /// the site, the icon, `noindex`, and the reload of a page that waits.
    ///
    /// ```
    /// use tower_phone_auth::page::Page;
    ///
    /// fn head(page: &Page) -> String {
    ///     format!(r#"<head>{}<link rel="stylesheet" href="/s.css" nonce="{}"></head>"#,
    ///         page.head(), page.nonce())
    /// }
    /// ```
    #[must_use]
    pub fn head(&self) -> String {
        self.head_markup().0
    }

    /// `noindex` keeps the pages out of search engines. `color-scheme` follows the system's setting.
    /// Turbo loads the page by the browser, so that the page's own policy applies
    /// (<https://turbo.hotwired.dev/reference/attributes>), unless it puts the page into the open
    /// one. The reload needs no script, so it works under the strict policy.
    pub(in crate::page) fn head_markup(&self) -> Markup {
        let seconds = self.wait.filter(|_| self.reloads);
        html! {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="robots" content="noindex";
            title { (self.title.as_str()) @if let Some(site) = &self.site { " - " (site.as_str()) } }
            @if let Some(icon) = &self.parts.icon { link rel="icon" href=(icon); }
            @if !self.is_in_place { meta name="turbo-visit-control" content="reload"; }
            @if let Some(wait) = seconds { meta http-equiv="refresh" content=(wait.as_secs()); }
        }
    }

    /// The `<style>` elements of the layer's own page, with the colours of the brands. For a page
    /// that changes the markup alone. The policy permits them.
    ///
    /// ```
    /// use tower_phone_auth::page::Page;
    ///
    /// fn head(page: &Page) -> String {
    ///     format!("<head>{}{}</head>", page.head(), page.style())
    /// }
    /// ```
    #[must_use]
    pub fn style(&self) -> String {
        self.style_markup().0
    }

    pub(in crate::page) fn style_markup(&self) -> Markup {
        html! { @for style in &self.parts.styles { style { (PreEscaped(style)) } } }
    }

    /// The `<script>` element of the layer's own page. Empty for most pages, all of which work
    /// without it. It keeps the fragment of the address through the sign-in, or reads the code from
    /// the message. The policy permits it.
    ///
    /// ```
    /// use tower_phone_auth::page::Page;
    ///
    /// fn end(page: &Page) -> String {
    ///     format!("{}</body>", page.script())
    /// }
    /// ```
    #[must_use]
    pub fn script(&self) -> String {
        self.script_markup().0
    }

    pub(in crate::page) fn script_markup(&self) -> Markup {
        html! {
            @if let Some(script) = self.parts.script { script type="module" { (PreEscaped(script)) } }
        }
    }

    /// A closed `<details>` element: the fields of a saved form, without secrets, or the code of an
    /// error. Empty for all other pages.
    ///
    /// ```
    /// use tower_phone_auth::page::Page;
    ///
    /// fn end(page: &Page) -> String {
    ///     format!("<aside>{}</aside>", page.details())
    /// }
    /// ```
    #[must_use]
    pub fn details(&self) -> &str {
        self.parts.details.as_deref().unwrap_or_default()
    }

    /// The nonce of this response, for `<style>`, `<script>` and stylesheets of your own. It is new
    /// for each response. Elements without it are blocked by the `Content-Security-Policy`, and so
    /// are `style` attributes.
    ///
    /// ```
    /// use tower_phone_auth::page::Page;
    ///
    /// fn style(page: &Page) -> String {
    ///     format!(r#"<style nonce="{}">h1 {{ color: teal }}</style>"#, page.nonce())
    /// }
    /// ```
    #[must_use]
    pub fn nonce(&self) -> &str {
        &self.parts.nonce
    }

    pub(in crate::page) fn text(mut self, text: impl Into<PageText>) -> Self {
        self.texts.push(text.into());
        self
    }

    pub(in crate::page) fn link(mut self, link: Link) -> Self {
        self.links.push(link);
        self
    }

    pub(in crate::page) fn form(mut self, form: Form) -> Self {
        self.forms.push(form);
        self
    }

    pub(in crate::page) fn script_of(mut self, script: &'static str) -> Self {
        self.parts.script = Some(script);
        self
    }

    /// Kept by Turbo in the open page.
    pub(in crate::page) fn in_place(self) -> Self {
        Self {
            is_in_place: true,
            ..self
        }
    }
}

/// Leaves the finished parts out, because they repeat the others.
impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("kind", &self.kind)
            .field("status", &self.status)
            .field("language", &self.language)
            .field("title", &self.title)
            .field("texts", &self.texts)
            .field("providers", &self.providers)
            .field("forms", &self.forms)
            .field("links", &self.links)
            .finish_non_exhaustive()
    }
}
