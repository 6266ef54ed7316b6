//! The pages of a saved form: the offer to send it, and the reason why it cannot be sent.
//!
//! The flow of a saved form is described in `flow/form/mod.rs`. The page of the offer sends nothing
//! by itself. Its button posts to the layer, which answers 307, so that the browser sends the same
//! body to the form's own address.
//!
//! | status | links |
//! |---|---|
//! | `Sent`, `Discarded` | on to the page before |
//! | `ProbablySent` | on to the page before, and to the form again |
//! | `SignedOut`, `OfAnotherUser` | to a sign-in, and on to the page before |
//! | `Gone` | on to the page before, and to another form that is kept |

use maud::{Markup, PreEscaped, html};

use super::{RELOAD, layout};
use crate::web::language::Language;

mod fields;

/// A form that can be sent. All links are on this origin.
pub(crate) struct Offer<'a> {
    /// The form's own address. The page names it. The form has it as its `action`, which the
    /// `formaction` of the button replaces.
    pub(crate) action: &'a str,
    /// The names and values of the form.
    pub(crate) fields: &'a [(String, String)],
    /// The layer's address of the first button, which sends the form on to its own address.
    pub(crate) send: &'a str,
    /// The layer's address of the second button, which deletes the form.
    pub(crate) discard: &'a str,
}

/// The page with the fields and both buttons. The text says nothing about the time of the sign-in,
/// so it is also true on a page that the browser restores by itself.
pub(crate) fn offer(language: Language, offer: &Offer<'_>) -> String {
    let content = html! {
        p {
            (language.pick(
                "You had to sign in first, so we kept this form. It is sent when you press the button.",
                "보내기 전에 로그인이 필요해 작성하신 내용을 잠시 보관해 두었습니다. 아래 버튼을 누르면 전송됩니다.",
            ))
        }
        (fields::details(language, offer.action, offer.fields))
        form method="post" action=(offer.action) {
            @for (name, value) in offer.fields { input type="hidden" name=(name) value=(value); }
            button formaction=(offer.send) { (language.pick("Send the form", "보내기")) }
        }
        form method="post" action=(offer.discard) {
            button.plain { (language.pick("Discard it", "보내지 않고 삭제")) }
        }
        script type="module" { (PreEscaped(RELOAD)) }
    };
    let title = language.pick("Send your form?", "작성하신 내용을 보낼까요?");
    layout(language, title, &content)
}

/// The reason why the form cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FormStatus {
    /// The user sent the form from this page.
    Sent,
    /// A form of the same length was sent to the same address, probably from the page before.
    ProbablySent,
    /// The user discarded the form.
    Discarded,
    /// There is no session.
    SignedOut,
    /// The form belongs to another user. Its content is not shown.
    OfAnotherUser,
    /// The form is not kept any more, or is in another browser.
    Gone,
}

/// The links of the page, all on this origin. Which of them are shown depends on the status.
pub(crate) struct Links<'a> {
    /// The page to go on to.
    pub(crate) place: &'a str,
    /// A sign-in, if one helps.
    pub(crate) login: Option<&'a str>,
    /// The page of a form that is still kept: this one if it was probably sent, or another one.
    pub(crate) form: Option<&'a str>,
}

/// The page that says why the form cannot be sent.
pub(crate) fn status(language: Language, status: FormStatus, links: &Links<'_>) -> String {
    let (title, text) = match language {
        Language::English => english(status),
        Language::Korean => korean(status),
    };
    let content = html! {
        p { (text) }
        nav { (ways(language, status, links)) }
    };
    layout(language, title, &content)
}

/// The links, with the one first that helps most. `act` is the class of the button that stands out.
fn ways(language: Language, status: FormStatus, links: &Links<'_>) -> Markup {
    let login = match status {
        FormStatus::OfAnotherUser => {
            language.pick("Sign in with another account", "다른 계정으로 로그인")
        }
        _ => language.pick("Sign in", "로그인"),
    };
    let form = match status {
        FormStatus::Gone => language.pick("See the form that is kept", "보관 중인 다른 내용 보기"),
        _ => language.pick("See the form again", "내용 다시 보기"),
    };
    html! {
        @if let Some(link) = links.login { a.act href=(link) { (login) } }
        a.act[links.login.is_none()] href=(links.place) { (language.pick("Continue", "계속하기")) }
        @if let Some(link) = links.form { a href=(link) { (form) } }
    }
}

/// The title and the text in English.
fn english(status: FormStatus) -> (&'static str, &'static str) {
    match status {
        FormStatus::Sent => (
            "This form was sent",
            "It is not sent a second time. If you did not see the result, please check first whether it arrived.",
        ),
        FormStatus::Discarded => ("This form was discarded", "It was deleted and is not sent."),
        FormStatus::ProbablySent => (
            "This form was probably sent",
            "A form of the same length was sent to the same address in the meantime. Please check first whether it arrived.",
        ),
        FormStatus::SignedOut => (
            "Please sign in again",
            "Your form is still kept. Sign in to send it.",
        ),
        FormStatus::OfAnotherUser => (
            "This form belongs to another account",
            "Sign in with the account that the form was written with to send it.",
        ),
        FormStatus::Gone => (
            "This form is not kept any more",
            "A form is deleted after an hour, at sign-out, and when newer forms take its place. If you wrote it in another \
             browser, please go on there.",
        ),
    }
}

/// The title and the text in Korean.
fn korean(status: FormStatus) -> (&'static str, &'static str) {
    match status {
        FormStatus::Sent => (
            "이미 보낸 내용입니다",
            "같은 내용을 두 번 보내지 않습니다. 결과를 보지 못하셨다면 접수되었는지 먼저 확인해 주세요.",
        ),
        FormStatus::Discarded => (
            "삭제한 내용입니다",
            "작성하신 내용을 보내지 않고 삭제했습니다.",
        ),
        FormStatus::ProbablySent => (
            "이미 보내신 것 같습니다",
            "그사이 같은 길이의 내용이 같은 곳으로 전송되었습니다. 접수되었는지 먼저 확인해 주세요.",
        ),
        FormStatus::SignedOut => (
            "다시 로그인해 주세요",
            "작성하신 내용은 그대로 보관되어 있습니다. 로그인하면 보낼 수 있습니다.",
        ),
        FormStatus::OfAnotherUser => (
            "다른 계정으로 작성한 내용입니다",
            "작성할 때 사용한 계정으로 로그인하면 보낼 수 있습니다.",
        ),
        FormStatus::Gone => (
            "보관된 내용이 없습니다",
            "작성하신 내용은 1시간이 지나거나, 로그아웃하거나, 다른 내용을 새로 보관하면 삭제됩니다. 다른 \
             브라우저에서 작성하셨다면 그 브라우저에서 이어서 진행해 주세요.",
        ),
    }
}
