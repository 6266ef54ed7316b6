//! The page while sessions cannot be checked.

use maud::html;

use super::{layout, reloading};
use crate::language::Language;

/// Between two tries of the page itself, in seconds.
const PAUSE: u32 = 2;

/// `here` is the address on this origin that was asked for. With `tries_again`, the page is loaded again by itself, as
/// only a GET may be.
pub(crate) fn render(language: Language, here: &str, tries_again: bool) -> String {
    let content = html! {
        p {
            (if tries_again { language.pick(
                "This server is just catching up with the others. You are still signed in, and this page tries again \
                 by itself.",
                "서버가 다른 서버의 상태를 확인하고 있습니다. 로그인은 그대로 유지되며, 잠시 후 자동으로 다시 시도합니다.",
            ) } else { language.pick(
                "This server is just catching up with the others. You are still signed in.",
                "서버가 다른 서버의 상태를 확인하고 있습니다. 로그인은 그대로 유지됩니다.",
            ) })
        }
        nav { a.act href=(here) { (language.pick("Try again", "다시 시도")) } }
    };
    let title = language.pick("One moment, please", "잠시만 기다려 주세요");
    if tries_again {
        return reloading(language, title, PAUSE, &content);
    }
    layout(language, title, &content)
}
