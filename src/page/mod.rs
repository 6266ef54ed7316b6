//! The pages that a person sees from us: one layout, Korean and English.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::HeaderValue;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::language::Language;

pub(crate) mod refusal;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod unavailable;

const STYLE: &str = include_str!("style.css");

/// Nothing but our own style: no script, no image, no frame; forms end here, or at `form_to`.
pub(crate) fn content_security_policy(form_to: &str) -> Option<HeaderValue> {
    let hash = STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    let forms = format!("'self' {form_to}");
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; \
         form-action {}; base-uri 'none'; frame-ancestors 'none'",
        forms.trim_end()
    );
    HeaderValue::from_str(&policy).ok()
}

fn layout(language: Language, title: &str, content: &Markup) -> String {
    html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { h1 { (title) } (content) } }
        }
    }
    .into_string()
}
