//! The page while sessions cannot be checked.

use maud::html;

use super::layout;
use crate::language::Language;

/// `here` is the address on this origin that was asked for.
pub(crate) fn render(language: Language, here: &str) -> String {
    let content = html! {
        p {
            (language.pick(
                "This server is just catching up with the others. You are still signed in.",
                "서버가 다른 서버의 상태를 확인하고 있습니다. 로그인은 그대로 유지됩니다.",
            ))
        }
        nav { a.act href=(here) { (language.pick("Try again", "다시 시도")) } }
    };
    let title = language.pick("One moment, please", "잠시만 기다려 주세요");
    layout(language, title, &content)
}
