//! The page while this replica cannot check sessions. The user stays signed in.
//!
//! A replica that has just started reads the revocation log before it accepts a session. This takes
//! less than a second in most cases, so a page that reloads by itself is enough.
//!
//! A request that sent something is not repeated by the page, because it could then be handled
//! twice. The link leads to the requested address by GET.

use maud::html;

use super::{layout, reloading};
use crate::web::language::Language;

/// The seconds between two reloads of the page. It is longer than the reading usually takes, so the
/// first reload finds the answer.
const PAUSE: u32 = 2;

/// The next step, which the page describes. The method of the request and its path decide it
/// (`flow/refuse/not_caught_up.rs`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// The page reloads by itself, which is safe for a GET alone.
    Reloads,
    /// The user tries again, because the request may have sent a form.
    TryAgain,
    /// The user signs in again, because this page answers a callback.
    SignInAgain,
}

impl Then {
    /// The text in English and in Korean.
    const fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::Reloads => (
                "This server is just catching up with the others. You are still signed in, and this page tries again \
                 by itself.",
                "서버가 다른 서버의 상태를 확인하고 있습니다. 로그인은 그대로 유지되며, 잠시 후 자동으로 다시 시도합니다.",
            ),
            Self::TryAgain => (
                "This server is just catching up with the others. You are still signed in.",
                "서버가 다른 서버의 상태를 확인하고 있습니다. 로그인은 그대로 유지됩니다.",
            ),
            Self::SignInAgain => (
                "This server is just catching up with the others, so you are not signed in yet. Please try again.",
                "서버가 다른 서버의 상태를 확인하고 있어 아직 로그인하지 못했습니다. 잠시 후 다시 시도해 주세요.",
            ),
        }
    }
}

/// The page. `here` is the link to try again, on this origin.
pub(crate) fn render(language: Language, here: &str, then: Then) -> String {
    let (english, korean) = then.text();
    let content = html! {
        p { (language.pick(english, korean)) }
        nav { a.act href=(here) { (language.pick("Try again", "다시 시도")) } }
    };
    let title = language.pick("One moment, please", "잠시만 기다려 주세요");
    if then == Then::Reloads {
        return reloading(language, title, PAUSE, &content);
    }
    layout(language, title, &content)
}
