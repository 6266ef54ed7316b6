//! The pages that a person sees from us: one layout, Korean and English.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::HeaderValue;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::web::language::Language;

pub(crate) mod framed;
pub(crate) mod missing;
pub(crate) mod refusal;
pub(crate) mod saved_form;
pub(crate) mod sign_in;
pub(crate) mod sign_in_again;
pub(crate) mod sign_out;
pub(crate) mod unavailable;
pub(crate) mod unsent;

const STYLE: &str = include_str!("style.css");
/// Gives links that begin a login the fragment of the page's own address, which browsers tell no server and pass on to
/// no link. Without scripts it is lost there.
const FRAGMENT: &str = include_str!("fragment.js");
/// Loads a page again that a browser kept for its Back button, so that the server says how it is now.
const RELOAD: &str = include_str!("reload.js");

/// What our pages may load and send: `Content-Security-Policy`.
#[derive(Clone, Debug)]
pub(crate) struct Policies {
    /// Nothing but our own style, one script and the site's icon: no frame, no connection; forms to this origin.
    pub(crate) strict: HeaderValue,
    /// The strict one, inside a page of this origin.
    pub(crate) framed: HeaderValue,
    /// One script, and the form may lead on: browsers hold `form-action` against where the application's answer
    /// redirects, such as a payment service.
    pub(crate) saved_form: HeaderValue,
}

impl Policies {
    pub(crate) fn new() -> Option<Self> {
        let hash = |text: &str| STANDARD.encode(digest(&SHA256, text.as_bytes()));
        let (style, script, reload) = (hash(STYLE), hash(FRAGMENT), hash(RELOAD));
        let policy = format!(
            "default-src 'none'; img-src 'self'; style-src 'sha256-{style}'; base-uri 'none'; frame-ancestors 'none'"
        );
        let strict = format!("{policy}; script-src 'sha256-{script}'; form-action 'self'");
        let saved_form = format!("{policy}; script-src 'sha256-{reload}'");
        let framed = strict.replace("frame-ancestors 'none'", "frame-ancestors 'self'");
        Some(Self {
            framed: HeaderValue::from_str(&framed).ok()?,
            strict: HeaderValue::from_str(&strict).ok()?,
            saved_form: HeaderValue::from_str(&saved_form).ok()?,
        })
    }

    /// The strict one, with more origins where a form may lead.
    pub(crate) fn with_forms_to(&self, origins: &[String]) -> Option<HeaderValue> {
        let mut policy = self.strict.to_str().ok()?.to_owned();
        for origin in origins {
            policy.push(' ');
            policy.push_str(origin);
        }
        HeaderValue::from_str(&policy).ok()
    }
}

fn layout(language: Language, title: &str, content: &Markup) -> String {
    document(language, title, &by_browser(), content)
}

/// A page that Turbo may put into the open page.
fn in_place(language: Language, title: &str, content: &Markup) -> String {
    document(language, title, &html! {}, content)
}

/// Turbo loads the page with the browser, so that its own policy holds.
fn by_browser() -> Markup {
    html! { meta name="turbo-visit-control" content="reload"; }
}

/// A page that is loaded again by itself after some seconds.
fn reloading(language: Language, title: &str, seconds: u32, content: &Markup) -> String {
    let reload = html! {
        (by_browser())
        meta http-equiv="refresh" content=(seconds);
    };
    document(language, title, &reload, content)
}

fn document(language: Language, title: &str, head: &Markup, content: &Markup) -> String {
    html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                (head)
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { h1 { (title) } (content) } }
        }
    }
    .into_string()
}

/// For pages with links that begin a login, which have `data-login`.
fn keep_fragment() -> Markup {
    html! { script type="module" { (PreEscaped(FRAGMENT)) } }
}
