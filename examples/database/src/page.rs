//! The frame of all pages, in English and Korean.

use axum::{http::HeaderMap, response::Html};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use tower_phone_auth::Text;

const STYLE: &str = include_str!("../../shop/page.css");

/// Chooses a text, the English or the Korean one.
pub(crate) type Say<'a> = dyn for<'t> Fn(&'t str, &'t str) -> &'t str + 'a;

/// Chooses by `Accept-Language`.
pub(crate) fn in_language_of(headers: &HeaderMap) -> impl for<'t> Fn(&'t str, &'t str) -> &'t str {
    let language = Text::en("en").ko("ko");
    let is_korean = language.for_user(headers) == "ko";
    move |english, korean| if is_korean { korean } else { english }
}

/// The name of a provider.
pub(crate) fn name(provider: &str, say: &Say<'_>) -> String {
    match provider {
        "kakao" => say("Kakao", "카카오").to_owned(),
        "line" => say("LINE", "라인").to_owned(),
        other => other.to_owned(),
    }
}

pub(crate) fn names(providers: &[String], say: &Say<'_>) -> String {
    let names: Vec<_> = providers.iter().map(|it| name(it, say)).collect();
    names.join(", ")
}

pub(crate) fn document(title: &str, content: &Markup, headers: &HeaderMap) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang=(in_language_of(headers)("en", "ko")) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { h1 { (title) } (content) } }
        }
    };
    Html(page.into_string())
}
