//! The inbox: a page for people, and JSON for tests. The newest message comes first.

use http::StatusCode;
use maud::html;
use serde_json::{Value, json};

use crate::{
    language::Language,
    state::{State, inbox::Sms},
    web::{
        answer::{self, Answer},
        document,
        record::Recorded,
    },
};

/// The path of the page.
pub(crate) const PATH: &str = "/inbox";

/// The page with the messages.
pub(super) fn page(state: &mut State, request: &Recorded) -> Answer {
    let language = Language::preferred(&request.headers);
    let say = |english, korean| language.pick(english, korean);
    let mut messages = state.inbox.all().peekable();
    let content = html! {
        p { a href=(PATH) { (say("Check for new messages", "새 메시지 확인")) } }
        @if messages.peek().is_none() {
            p { (say("There is no message yet.", "아직 받은 메시지가 없습니다.")) }
        }
        @for sms in messages {
            section.message {
                h2 { (sms.to) @if !sms.from.is_empty() { " ← " (sms.from) } }
                p { (sms.text) }
            }
        }
    };
    let banner = say(
        "Local provider, not a phone",
        "로컬 제공자입니다. 실제 휴대폰이 아닙니다",
    );
    let heading = say("Messages", "문자 메시지");
    document::page(StatusCode::OK, language, banner, heading, &content)
}

/// The messages as a JSON array.
pub(super) fn json(state: &mut State, _: &Recorded) -> Answer {
    let messages: Value = state.inbox.all().map(written).collect();
    answer::json(StatusCode::OK, &messages)
}

fn written(sms: &Sms) -> Value {
    json!({
        "to": sms.to,
        "from": sms.from,
        "kind": sms.kind,
        "text": sms.text,
        "code": sms.code(),
    })
}
