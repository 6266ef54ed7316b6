//! The page where a person chooses a provider.

use maud::html;

use super::layout;
use crate::language::Language;

/// Each choice is a name to show and a link on this origin.
pub(crate) fn render(language: Language, choices: &[(&str, String)]) -> String {
    let content = html! {
        p { (language.pick("Choose a sign-in service.", "로그인 서비스를 선택해 주세요.")) }
        nav {
            @for (name, link) in choices {
                a href=(link) { (name) }
            }
        }
    };
    layout(language, language.pick("Sign in", "로그인"), &content)
}
