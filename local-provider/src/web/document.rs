//! HTML pages: one document without a script, with the security headers of a real sign-in page.

use std::sync::LazyLock;

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::answer::{self, Answer};
use crate::language::Language;

/// A page with this banner, heading and content.
pub(crate) fn page(
    status: StatusCode,
    language: Language,
    banner: &str,
    heading: &str,
    content: &Markup,
) -> Answer {
    let markup = html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                // With this link, browsers ask for no icon.
                link rel="icon" href="data:,";
                title { (heading) " - " (banner) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { p.banner { (banner) } h1 { (heading) } (content) } }
        }
    };
    guarded(answer::with_type(
        status,
        "text/html; charset=utf-8",
        markup.into_string().into(),
    ))
}

/// Adds headers that keep other pages from framing this one, and the query from `Referer`.
fn guarded(mut answer: Answer) -> Answer {
    let headers = answer.headers_mut();
    if let Ok(policy) = HeaderValue::try_from(POLICY.as_str()) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    let nosniff = HeaderValue::from_static("nosniff");
    headers.insert(X_CONTENT_TYPE_OPTIONS, nosniff);
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    answer
}

/// The policy allows this page's style and icon only. It has no `form-action`, because Chromium
/// applies it to the redirect after the form, too.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(digest::digest(&digest::SHA256, STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; \
         frame-ancestors 'none'"
    )
});

const STYLE: &str = include_str!("page.css");
