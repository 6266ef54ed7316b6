//! The pages that users see: one layout, in the languages of `texts/`.
//!
//! Every page is plain HTML without anything from elsewhere, except the logo and the icon of the
//! [`Site`]. It has its style, at most one script of a few lines, and marks as inline SVG. Hashes in the `Content-Security-Policy` allow exactly these, so
//! that injected markup could load and send nothing. Texts are escaped by `maud`. Links lead to
//! this origin alone, except those to a provider or out of an app.
//!
//! Each module is one page. The texts of all pages are in `texts/`, one file for each language.
//!
//! | module | status | shown when |
//! |---|---|---|
//! | `sign_in` | 200, 404 | the user chooses one of several providers |
//! | `sign_in_again` | 200, 403 | a link on another site asks a signed-in user to sign in again |
//! | `refusal` | by the cause | a sign-in failed, or an account is not accepted |
//! | `sign_out` | 200, 403 | before and after a sign-out |
//! | `saved_form` | by the form's state | a saved form is offered after the sign-in, or has ended |
//! | `unsent` | 401, 403, 413 | a form was not taken |
//! | `phone` | by the cause | the phone step asks for a number or a code |
//! | `framed` | 401, 403, 503 | the reader is a frame of this origin, or Turbo |
//! | `unavailable` | 503 | this replica cannot check sessions yet |
//! | `missing` | 404, 405 | the layer has no such path, or the path does not take the method |
//!
//! A page gets its texts, links and flags from the flow and decides nothing. It knows neither
//! requests nor sessions, so it can be rendered in a test with a few values.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::HeaderValue;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use texts::{SiteWords, Texts};

use crate::provider::Title;

pub(crate) mod framed;
pub(crate) mod missing;
pub(crate) mod phone;
pub(crate) mod refusal;
pub(crate) mod saved_form;
pub(crate) mod sign_in;
pub(crate) mod sign_in_again;
pub(crate) mod sign_out;
mod site;
pub(crate) mod texts;
pub(crate) mod unavailable;
pub(crate) mod unsent;

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

/// The `Content-Security-Policy` headers of the pages. They are made once, when the layer is built,
/// because the hashes do not change.
#[derive(Clone, Debug)]
pub(crate) struct Policies {
    /// Permits the style, one script and the site's icon, and no frame and no connection. Forms
    /// lead to this origin. No page of another site can show the page in a frame (clickjacking).
    pub(crate) strict: HeaderValue,
    /// The strict policy for a page inside a frame of this origin.
    pub(crate) framed: HeaderValue,
    /// Permits the style and one script, with no limit on forms. Browsers apply `form-action` to
    /// the redirects of a form as well, and the application's reply may lead to another site, such
    /// as a payment service.
    pub(crate) saved_form: HeaderValue,
    /// Permits the style and the script that reads the code, with no limit on forms, because the
    /// page at the return address may lead to another site.
    pub(crate) phone_code: HeaderValue,
}

impl Policies {
    /// Makes the policies from the hashes of the style and the scripts. `None` cannot occur,
    /// because all parts are ASCII. The caller turns it into an error in place of a panic.
    pub(crate) fn new(look: &Look) -> Option<Self> {
        let hash = |text: &str| STANDARD.encode(digest(&SHA256, text.as_bytes()));
        let (style, script, reload) = (hash(&look.style), hash(FRAGMENT), hash(RELOAD));
        let images = look.images();
        let buttons = hash(&sign_in::STYLE);
        let policy = format!(
            "default-src 'none'; img-src {images}; style-src 'sha256-{style}' 'sha256-{buttons}'; base-uri 'none'; frame-ancestors 'none'"
        );
        let strict = format!("{policy}; script-src 'sha256-{script}'; form-action 'self'");
        let saved_form = format!("{policy}; script-src 'sha256-{reload}'");
        let phone_code = format!("{policy}; script-src 'sha256-{}'", hash(phone::WEBOTP));
        let framed = strict.replace("frame-ancestors 'none'", "frame-ancestors 'self'");
        Some(Self {
            framed: HeaderValue::from_str(&framed).ok()?,
            strict: HeaderValue::from_str(&strict).ok()?,
            saved_form: HeaderValue::from_str(&saved_form).ok()?,
            phone_code: HeaderValue::from_str(&phone_code).ok()?,
        })
    }

    /// The strict policy with more origins for the redirects of a form. `None` if an origin cannot
    /// stand in a header. `form-action` is the last directive of the strict policy, so the origins
    /// are added at its end.
    pub(crate) fn with_forms_to(&self, origins: &[String]) -> Option<HeaderValue> {
        let mut policy = self.strict.to_str().ok()?.to_owned();
        for origin in origins {
            policy.push(' ');
            policy.push_str(origin);
        }
        HeaderValue::from_str(&policy).ok()
    }
}

/// A page, without the parts that the site adds to it.
pub(crate) struct Page {
    title: String,
    head: Markup,
    main: Markup,
    words: SiteWords,
    /// The language, for the attribute `lang` and for `Content-Language`.
    pub(crate) language: &'static str,
}

impl Page {
    /// The document. `noindex` keeps the pages out of search engines. `lang` lets screen readers
    /// and browsers choose the right language. `color-scheme` follows the system's setting.
    pub(crate) fn into_html(self, look: &Look) -> String {
        let name = look.name(self.language);
        let document = html! {
            (DOCTYPE)
            html lang=(self.language) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="robots" content="noindex";
                    title { (self.title) @if let Some(name) = name { " - " (name.text) } }
                    (look.icon())
                    style { (PreEscaped(&look.style)) }
                    (self.head)
                }
                body { main { (look.header(self.language)) (self.main) (look.footer(self.words)) } }
            }
        };
        document.into_string()
    }
}

/// A page with a title and content. Turbo loads it by the browser.
fn layout(texts: &Texts, title: &str, content: &Markup) -> Page {
    document(texts, title, &by_browser(), content)
}

/// A page with an icon above its heading.
fn illustrated(texts: &Texts, title: &str, icon: &PreEscaped<&str>, content: &Markup) -> Page {
    framework(
        texts,
        title,
        &by_browser(),
        &html! { (icon) h1 { (title) } (content) },
    )
}

/// The links below a text. Screen readers list the group by its name.
fn next_steps(texts: &Texts, links: &Markup) -> Markup {
    html! { nav aria-label=(texts.names.next_steps) { (links) } }
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

/// A page with a style of its own beside that of all pages.
fn styled(texts: &Texts, title: &str, style: &str, content: &Markup) -> Page {
    let head = html! {
        (by_browser())
        style { (PreEscaped(style)) }
    };
    document(texts, title, &head, content)
}

/// A page that Turbo may put into the open page. Its style then comes with it, under the policy of
/// the open page.
fn in_place(texts: &Texts, title: &str, content: &Markup) -> Page {
    document(texts, title, &html! {}, content)
}

/// Makes Turbo load the page by the browser, so that the page's own policy applies
/// (<https://turbo.hotwired.dev/reference/attributes>). Other browsers ignore the element.
fn by_browser() -> Markup {
    html! { meta name="turbo-visit-control" content="reload"; }
}

/// A page that reloads by itself after some seconds. The element needs no script, so it works under
/// the strict policy.
fn reloading(texts: &Texts, title: &str, seconds: u32, content: &Markup) -> Page {
    let reload = html! {
        (by_browser())
        meta http-equiv="refresh" content=(seconds);
    };
    document(texts, title, &reload, content)
}

/// A page whose title is its heading.
fn document(texts: &Texts, title: &str, head: &Markup, content: &Markup) -> Page {
    framework(texts, title, head, &html! { h1 { (title) } (content) })
}

fn framework(texts: &Texts, title: &str, head: &Markup, main: &Markup) -> Page {
    Page {
        title: title.to_owned(),
        head: PreEscaped(head.0.clone()),
        main: PreEscaped(main.0.clone()),
        words: texts.site,
        language: texts.tag,
    }
}

/// The script for pages with links to the sign-in. It changes links with the attribute `data-login`
/// alone.
fn keep_fragment() -> Markup {
    html! { script type="module" { (PreEscaped(FRAGMENT)) } }
}
