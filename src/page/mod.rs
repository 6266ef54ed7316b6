//! The pages that users see, and their content as data for pages of your own.
//!
//! Every page is plain HTML without anything from elsewhere, except the logo and the icon of the
//! [`Site`]. It has its style, at most one script of a few lines, and marks as inline SVG. Hashes
//! in the `Content-Security-Policy` permit exactly these, so that injected markup could load and
//! send nothing. Links lead to this origin, except a way out of an app, the links of the [`Site`],
//! and in development the inbox of the local provider.
//!
//! [`Builder::pages`](crate::Builder::pages) replaces the markup of each [`Page`].
//!
//! | [`PageKind`] | status | shown when |
//! |---|---|---|
//! | `SignIn` | 200, 404 | the user chooses one of several providers |
//! | `SignInAgain` | 200, 403 | a link on another site asks a signed-in user to sign in again |
//! | `Refusal` | by the cause | a sign-in failed, or an account is not accepted |
//! | `SignOut`, `SignedOut` | 200, 403 | before and after a sign-out |
//! | `SavedForm` | 200 | a saved form is offered after the sign-in |
//! | `SavedFormEnded` | by the form's state | a saved form cannot be sent |
//! | `Unsent` | 401, 403, 413 | a form was not taken |
//! | `PhoneNumber`, `PhoneCode` | by the cause | the phone step asks for a number or a code |
//! | `Framed` | 401, 403, 503 | the reader is a frame of this origin, or Turbo |
//! | `Unavailable` | 503 | this replica cannot check sessions yet |
//! | `Missing` | 404, 405 | the layer has no such path, or the path does not take the method |

// Each module beside `content`, `site` and `texts` is one kind of page. It gets its texts, links
// and flags from the flow and decides nothing. It knows neither requests nor sessions, so it can be
// rendered in a test with a few values. The texts are in `texts/`, one folder for each language.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderValue, StatusCode};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use texts::{SiteWords, Texts};

use crate::provider::Title;

mod content;
pub(crate) mod framed;
pub(crate) mod missing;
pub(crate) mod phone;
mod policies;
pub(crate) mod refusal;
pub(crate) mod saved_form;
pub(crate) mod sign_in;
pub(crate) mod sign_in_again;
pub(crate) mod sign_out;
mod site;
pub(crate) mod texts;
pub(crate) mod unavailable;
pub(crate) mod unsent;

pub(crate) use content::Pages;
pub use content::{Button, Field, Form, Link, Page, PageKind, PageText, ProviderLink};
pub(crate) use policies::{Policies, with_forms_to};
pub(crate) use site::Look;
pub use site::Site;

/// The style of all pages. It stands in the page, because a request for a file would need a public
/// path.
const STYLE: &str = include_str!("style.css");
/// A script that gives links to the sign-in the fragment of the page's own address. Browsers send
/// a fragment to no server, and pass it on to no link. Without scripts the fragment is lost.
const FRAGMENT: &str = include_str!("fragment.js");
/// A script that reloads a page that the browser kept for its Back button, so that the page shows
/// the current state. A page from that cache would show a form that was sent already.
const RELOAD: &str = include_str!("reload.js");

/// A page with its markup, without the parts that the site adds to it.
pub(crate) struct Document {
    page: Page,
    /// The content of `main` below the heading.
    content: Markup,
    icon: Markup,
    words: SiteWords,
}

impl Document {
    /// A page in the usual order: texts, forms, links, and the small print.
    fn new(texts: &Texts, page: Page) -> Self {
        let content = arranged(texts, &page);
        Self::arranged(texts, page, content)
    }

    /// A page with an icon above its heading.
    fn with_icon(texts: &Texts, page: Page, icon: PreEscaped<&str>) -> Self {
        Self {
            icon: PreEscaped(icon.0.to_owned()),
            ..Self::new(texts, page)
        }
    }

    /// A page with an order of its own.
    fn arranged(texts: &Texts, page: Page, content: Markup) -> Self {
        Self {
            page,
            content,
            icon: html! {},
            words: texts.site,
        }
    }

    /// The language, for `Content-Language`.
    pub(crate) fn language(&self) -> &'static str {
        self.page.language
    }

    /// The page as it is sent: the application's markup under a policy with its nonce, or the
    /// layer's own markup under `policy`.
    pub(crate) fn finished(
        mut self,
        look: &Look,
        pages: &Pages,
        status: StatusCode,
        policy: &HeaderValue,
    ) -> (String, HeaderValue) {
        let name = look.name(self.page.language);
        let is_of_site = name.is_some();
        if let Some(name) = name {
            self.page.site = Some(PageText::written(name, self.page.language));
        }
        self.page.status = status;
        self.page.parts.icon = look.icon().map(ToOwned::to_owned);
        self.page.parts.styles.insert(0, look.style.clone());
        if pages.is_set()
            && let Some((nonce, policy)) = with_nonce(policy)
        {
            self.page.parts.nonce = nonce;
            if let Some(markup) = pages.markup(&self.page) {
                return (markup, policy);
            }
        }
        (self.into_html(look, is_of_site), policy.clone())
    }

    /// The layer's own document. `lang` lets screen readers and browsers choose the right language.
    fn into_html(self, look: &Look, is_of_site: bool) -> String {
        let page = &self.page;
        // The name of the phone step, if the site has none.
        let named = page.site.as_ref().filter(|_| !is_of_site);
        let document = html! {
            (DOCTYPE)
            html lang=(page.language) {
                head { (page.head_markup()) (page.style_markup()) }
                body {
                    main {
                        (look.header(page.language))
                        @if let Some(name) = named {
                            @let lang = name.lang();
                            p.site lang=[lang] dir=[lang.and(Some("auto"))] { (name.as_str()) }
                        }
                        (self.icon)
                        h1 { (page.title.as_str()) }
                        (self.content)
                        (page.script_markup())
                        (look.footer(self.words))
                    }
                }
            }
        };
        document.into_string()
    }
}

/// The texts, forms and links of a page, with the details of a form before it, and those of an
/// error behind all others. The first text describes the field of a form.
fn arranged(texts: &Texts, page: &Page) -> Markup {
    let details = PreEscaped(page.details());
    let is_of_form = !page.forms.is_empty();
    let fields = page.forms.iter().flat_map(|form| &form.fields);
    let described = fields
        .map(|field| field.described_by)
        .find(|id| *id == phone::SENT);
    html! {
        @for (index, text) in page.texts.iter().enumerate() {
            (text.paragraph(described.filter(|_| index == 0)))
        }
        @if is_of_form { (details) }
        @for form in &page.forms { (form.markup()) }
        (next_steps(texts, page.links.iter(), page.kind == PageKind::PhoneCode))
        @for note in &page.notes { small { (note.as_str()) } }
        @if !is_of_form { (details) }
    }
}

/// The links below a text. Screen readers list the group by its name. Small links stand side by
/// side.
fn next_steps<'a>(texts: &Texts, links: impl Iterator<Item = &'a Link>, is_small: bool) -> Markup {
    let mut links = links.peekable();
    html! {
        @if links.peek().is_some() {
            nav class=[is_small.then_some("links")] aria-label=(texts.names.next_steps) {
                @for link in links { (link.markup()) }
            }
        }
    }
}

/// A new nonce, and the policy with it. Styles and scripts with the nonce are permitted beside those
/// of the layer, and fonts of this origin. `None` without a source of random bytes, or if the policy
/// is no text, neither of which occurs.
fn with_nonce(policy: &HeaderValue) -> Option<(String, HeaderValue)> {
    let mut bytes = [0; 16];
    crate::random::fill(&mut bytes)?;
    let nonce = STANDARD.encode(bytes);
    let policy = policy.to_str().ok()?;
    let style = format!("font-src 'self'; style-src 'nonce-{nonce}' ");
    let policy = policy.replacen("style-src ", &style, 1).replacen(
        "script-src ",
        &format!("script-src 'nonce-{nonce}' "),
        1,
    );
    let policy = HeaderValue::from_str(&policy).ok()?;
    Some((nonce, policy))
}

/// A text with the provider's name. A button text of the application is no name, so the text then
/// has a general word.
fn named(texts: &Texts, provider: Option<&Title>, text: &str) -> String {
    let name = match provider {
        Some(Title::Brand(brand)) => (texts.names.brand)(brand),
        Some(Title::Name(name)) => name,
        Some(Title::Given(_)) | None => texts.names.provider,
    };
    let text = text.replace("{provider}", name);
    // A general word at the start of a sentence begins with a capital letter.
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if text.starts_with(texts.names.provider) => {
            first.to_uppercase().chain(letters).collect()
        }
        _ => text,
    }
}
