//! The page that offers a form again, which needed a login first.

use maud::html;

use super::layout;
use crate::language::Language;

/// It is sent when the person says so. `action` and `leave` are on this origin.
pub(crate) fn render(
    language: Language,
    action: &str,
    fields: &[(String, String)],
    leave: &str,
) -> String {
    let content = html! {
        p {
            (language.pick(
                "You were about to send a form and had to sign in first. You are signed in now. The form has not been sent.",
                "보내기 전에 로그인이 필요했습니다. 이제 로그인했지만, 작성하신 내용은 아직 전송되지 않았습니다.",
            ))
        }
        form method="post" action=(action) {
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            button { (language.pick("Continue: send it", "계속: 내용 보내기")) }
            a href=(leave) { (language.pick("Do not send it", "보내지 않기")) }
        }
    };
    layout(
        language,
        language.pick("Send your form?", "작성하신 내용을 보낼까요?"),
        &content,
    )
}
