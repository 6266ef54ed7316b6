//! The page after a form that was not taken. Its user can go back to the page before, where the
//! text that was written still is.
//!
//! A form of another site, such as the return of a payment service, gets another advice. Its user
//! wrote nothing, but may have paid.
//!
//! Turbo puts its answer into the open page and loses the text that was written there. Its page
//! therefore gives no advice to go back ([`render_in_place`]).

use maud::html;

use super::{in_place, layout};
use crate::web::language::Language;

/// The reason why the form was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unsent {
    /// There is no session.
    SignedOut,
    /// A fresh sign-in is needed.
    StepUp,
    /// The form is too long to be saved until after the sign-in.
    TooLarge,
    /// A page of another site sent the form, so the browser left out the session's cookie
    /// (`SameSite=Lax`).
    Foreign,
    /// A page of another site sent the form with the session, and the layer refused it.
    ForeignAct,
}

/// The links of the page, all on this origin.
pub(crate) struct Links<'a> {
    /// The sign-in.
    pub(crate) login: &'a str,
    /// The address of the form. By GET the browser sends the session with it.
    pub(crate) here: &'a str,
    /// The start page.
    pub(crate) home: &'a str,
}

/// The page for Turbo, which puts it in place of the form's page. The text that was written is lost
/// then, so there is no advice to go back.
pub(crate) fn render_in_place(language: Language, unsent: Unsent, login: &str) -> String {
    let (title, text) = words(language, unsent);
    let content = html! {
        p { (text) }
        nav { a.act href=(login) { (language.pick("Sign in", "로그인")) } }
    };
    in_place(language, title, &content)
}

/// The page, with advice on how to keep the written text. A new tab keeps the page before in the
/// history of this one.
pub(crate) fn render(language: Language, unsent: Unsent, links: &Links<'_>) -> String {
    let (title, text) = words(language, unsent);
    let is_foreign = matches!(unsent, Unsent::Foreign | Unsent::ForeignAct);
    let advice = if is_foreign {
        language.pick(
            "If you paid for or ordered something, please check first whether it went through before you do it again.",
            "결제나 신청을 하셨다면 다시 하기 전에 처리되었는지 먼저 확인해 주세요.",
        )
    } else {
        language.pick(
            "Go back to the page before and copy what you wrote. Sign in in another tab, then send it again.",
            "이전 페이지로 돌아가 작성하신 내용을 복사해 두세요. 새 탭에서 로그인한 뒤 다시 보내면 됩니다.",
        )
    };
    let content = html! {
        p { (text) }
        p { (advice) }
        nav {
            @if is_foreign {
                a.act href=(links.here) { (language.pick("Continue", "계속하기")) }
                a href=(links.home) { (language.pick("Go to the start page", "처음으로")) }
            } @else {
                a.act href=(links.login) target="_blank" {
                    (language.pick("Sign in in a new tab", "새 탭에서 로그인"))
                }
            }
        }
    };
    layout(language, title, &content)
}

/// The title and the text.
fn words(language: Language, unsent: Unsent) -> (&'static str, &'static str) {
    match language {
        Language::English => english(unsent),
        Language::Korean => korean(unsent),
    }
}

/// The title and the text in English.
fn english(unsent: Unsent) -> (&'static str, &'static str) {
    match unsent {
        Unsent::SignedOut => (
            "Please sign in",
            "You are not signed in, so what you wrote was not sent.",
        ),
        Unsent::StepUp => (
            "Please sign in again",
            "This needs a fresh sign-in, so what you wrote was not sent.",
        ),
        Unsent::TooLarge => (
            "Please sign in",
            "You are not signed in, and what you wrote is too long to be kept here until you are. It was not sent.",
        ),
        Unsent::Foreign => (
            "Please continue on this site",
            "Another site sent you here with a form. Your browser left out your sign-in, so the form was not processed.",
        ),
        Unsent::ForeignAct => (
            "Please continue on this site",
            "Another site sent you here with a form. For your safety, it was not processed.",
        ),
    }
}

/// The title and the text in Korean.
fn korean(unsent: Unsent) -> (&'static str, &'static str) {
    match unsent {
        Unsent::SignedOut => (
            "로그인이 필요합니다",
            "로그인하지 않은 상태여서 작성하신 내용이 전송되지 않았습니다.",
        ),
        Unsent::StepUp => (
            "다시 로그인해 주세요",
            "다시 로그인해야 할 수 있는 작업이어서 작성하신 내용이 전송되지 않았습니다.",
        ),
        Unsent::TooLarge => (
            "로그인이 필요합니다",
            "로그인하지 않은 상태이고, 내용이 길어 로그인할 때까지 보관할 수 없습니다. 작성하신 내용은 전송되지 않았습니다.",
        ),
        Unsent::Foreign => (
            "이 사이트에서 계속해 주세요",
            "다른 사이트에서 보낸 요청이라 로그인 정보 없이 도착했습니다. 함께 전달된 내용은 처리되지 않았습니다.",
        ),
        Unsent::ForeignAct => (
            "이 사이트에서 계속해 주세요",
            "안전을 위해 다른 사이트에서 보낸 요청을 처리하지 않았습니다.",
        ),
    }
}
