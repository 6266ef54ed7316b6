//! The pages inside a frame of this origin.
//!
//! A provider shows no page in a frame (`X-Frame-Options`, or `frame-ancestors` of its policy), so
//! links to a sign-in open in the whole window. A page about waiting links to the frame's own
//! address and stays in the frame. The callers are in `flow/refuse/`.
//!
//! | `Framed` | link | opens in |
//! |---|---|---|
//! | `SignedOut` | a sign-in | the whole window |
//! | `Refused` | a fresh sign-in | the whole window |
//! | `Unavailable` | the same address | the frame |

use maud::html;

use super::{in_place, layout};
use crate::web::language::Language;

/// The reason why the frame shows this page. It decides the texts, and whether the link leaves the
/// frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framed {
    /// There is no session.
    SignedOut,
    /// The user may not see the content.
    Refused,
    /// Sessions cannot be checked at the moment.
    Unavailable,
}

/// The page. `link` is on this origin, and leads to a sign-in, or to the frame's own address if
/// waiting helps. With `is_in_place`, Turbo puts the page into the open page after a form, so it
/// must not ask Turbo for a visit by the browser.
pub(crate) fn render(language: Language, framed: Framed, link: &str, is_in_place: bool) -> String {
    let (title, text, name) = match framed {
        Framed::SignedOut => (
            language.pick("Please sign in", "로그인이 필요합니다"),
            language.pick(
                "Sign in to see this part of the page.",
                "로그인하시면 이 내용을 보실 수 있습니다.",
            ),
            language.pick("Sign in", "로그인"),
        ),
        Framed::Refused => (
            language.pick("You cannot see this part", "이 내용을 볼 수 없습니다"),
            language.pick(
                "This account may not see this part of the page.",
                "지금 로그인한 계정으로는 이 내용을 볼 수 없습니다.",
            ),
            language.pick("Sign in again", "다시 로그인"),
        ),
        Framed::Unavailable => (
            language.pick("One moment, please", "잠시만 기다려 주세요"),
            language.pick(
                "This server is just catching up with the others. You are still signed in.",
                "서버가 다른 서버의 상태를 확인하고 있습니다. 로그인은 그대로 유지됩니다.",
            ),
            language.pick("Try again", "다시 시도"),
        ),
    };
    // `_top` is the whole window (HTML, "rules for choosing a navigable").
    let target = (framed != Framed::Unavailable).then_some("_top");
    let content = html! {
        p { (text) }
        nav { a.act href=(link) target=[target] { (name) } }
    };
    if is_in_place {
        return in_place(language, title, &content);
    }
    layout(language, title, &content)
}
