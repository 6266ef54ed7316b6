//! The pages before and after signing out.

use maud::html;

use super::layout;
use crate::language::Language;

/// Asks first: a link or an image alone never signs anybody out.
pub(crate) fn ask(language: Language, logout: &str, home: &str) -> String {
    let content = html! {
        form method="post" action=(logout) {
            button { (language.pick("Sign out", "로그아웃")) }
            a href=(home) { (language.pick("Cancel", "취소")) }
        }
    };
    layout(
        language,
        language.pick("Sign out?", "로그아웃할까요?"),
        &content,
    )
}

pub(crate) fn done(language: Language, login: &str) -> String {
    let told = language.pick(
        "You are signed out of this site. You may still be signed in at the sign-in service.",
        "이 사이트에서 로그아웃했습니다. 로그인 서비스에는 계속 로그인되어 있을 수 있습니다.",
    );
    is_done(language, told, login)
}

/// The provider sent the person back from its own logout.
pub(crate) fn done_everywhere(language: Language, login: &str) -> String {
    let told = language.pick(
        "You are signed out of this site and of the sign-in service.",
        "이 사이트와 로그인 서비스에서 모두 로그아웃했습니다.",
    );
    is_done(language, told, login)
}

fn is_done(language: Language, told: &str, login: &str) -> String {
    let content = html! {
        p { (told) }
        nav { a.act href=(login) { (language.pick("Sign in again", "다시 로그인")) } }
    };
    layout(
        language,
        language.pick("You are signed out", "로그아웃했습니다"),
        &content,
    )
}
