//! The page inside a frame of this origin whose user is not signed in.

use maud::html;

use super::layout;
use crate::language::Language;

/// `login` is a link on this origin. A provider shows no page in a frame, so it leads the whole window there.
pub(crate) fn render(language: Language, login: &str) -> String {
    let content = html! {
        p {
            (language.pick(
                "Sign in to see this part of the page.",
                "로그인하시면 이 내용을 보실 수 있습니다.",
            ))
        }
        nav {
            a.act href=(login) target="_top" { (language.pick("Sign in", "로그인")) }
        }
    };
    let title = language.pick("Please sign in", "로그인이 필요합니다");
    layout(language, title, &content)
}
