//! The page that asks before a link of another site signs a user in again.
//!
//! Without this page, another site could change the account of a live session (login cross-site
//! request forgery). `flow/login/foreign.rs` decides when the page is shown.

use maud::html;

use super::{keep_fragment, layout};
use crate::web::language::Language;

/// The page. `login` continues, and `home` leaves the session as it is. Both are links on this
/// origin.
pub(crate) fn render(language: Language, login: &str, home: &str) -> String {
    let content = html! {
        p {
            (language.pick(
                "You are signed in already. A link on another site asks you to sign in again, which may also change the \
                 account you use here.",
                "이미 로그인되어 있습니다. 다른 사이트의 링크에서 다시 로그인하도록 요청했습니다. 계속하면 사용 중인 계정이 바뀔 수도 있습니다.",
            ))
        }
        p {
            (language.pick(
                "Continue only if you want to. Until then, nothing changes.",
                "직접 원하신 경우에만 계속해 주세요. 계속하기 전에는 아무것도 바뀌지 않습니다.",
            ))
        }
        nav {
            a.act href=(login) data-login { (language.pick("Sign in again", "다시 로그인")) }
            a href=(home) { (language.pick("Cancel", "취소")) }
        }
        (keep_fragment())
    };
    let title = language.pick("Sign in again?", "다시 로그인할까요?");
    layout(language, title, &content)
}
