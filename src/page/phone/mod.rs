//! The pages of the phone step: the number, and the code.
//!
//! Both are forms that work without a script. An error stands at its field, with the form below it.
//! The user corrects it there, and need not go back. The page of the code has one script. It reads
//! the code from the message, in browsers that offer it (WebOTP,
//! <https://wicg.github.io/web-otp/>).
//!
//! | module | shown for | fields |
//! |---|---|---|
//! | `number` | `GET` and refused `POST /auth/phone` | `number` |
//! | `code` | `GET` and refused `POST /auth/phone/code`, or a message that may have arrived | `code`, `action` |

use maud::{Markup, html};

use super::{Page, by_browser, framework, texts::Texts};
use crate::language::Written;

pub(crate) mod code;
pub(crate) mod number;

/// The script of the page of the code.
pub(super) const WEBOTP: &str = include_str!("webotp.js");

/// The id of the error, which the field names by `aria-describedby`.
const ERROR: &str = "error";

/// The ids of the texts that describe a field. Screen readers read the error first.
fn described_by(is_refused: bool, text: &str) -> String {
    match is_refused {
        true => format!("{ERROR} {text}"),
        false => text.to_owned(),
    }
}

/// A page with the name of the site above its heading. The name can be in another language than
/// the page.
fn titled(texts: &Texts, site: Option<Written<'_>>, title: &str, content: &Markup) -> Page {
    let lang = site.and_then(|name| name.lang(texts.tag));
    let main = html! {
        @if let Some(name) = site {
            p.site lang=[lang] dir=[lang.and(Some("auto"))] { (name.text) }
        }
        h1 { (title) }
        (content)
    };
    framework(texts, title, &by_browser(), &main)
}

/// An error above its field. Screen readers read it at once, because the page opens with it.
fn error(text: Option<&str>) -> Markup {
    html! {
        @if let Some(text) = text { p.error id=(ERROR) role="alert" { (text) } }
    }
}
