//! Solapi's `send` and `send-many/detail`
//! ([documentation](https://developers.solapi.com/references/messages/sendSimpleMessage)).

mod message;
mod signature;

use http::StatusCode;
use serde_json::{Value, json};

use self::message::{Malformed, Outcome};
use crate::{
    state::State,
    web::{
        answer::{self, Answer},
        record::Recorded,
    },
};

/// Sends one message: `{"message":{…}}`. A refusal has the status 200 too.
pub(super) fn send(state: &mut State, request: &Recorded) -> Answer {
    let body = match read(state, request) {
        Ok(body) => body,
        Err(refused) => return refused.answer(),
    };
    match message::take(state, &body["message"]) {
        Ok(outcome) => answer::json(StatusCode::OK, &entry(&body["message"], outcome)),
        Err(malformed) => Refused::malformed(malformed).answer(),
    }
}

/// Sends several messages: `{"messages":[…]}`. Refused messages are in a list of their own, with
/// the status 200.
pub(super) fn send_many(state: &mut State, request: &Recorded) -> Answer {
    let body = match read(state, request) {
        Ok(body) => body,
        Err(refused) => return refused.answer(),
    };
    let Some(messages) = body["messages"].as_array().filter(|list| !list.is_empty()) else {
        return Refused::malformed(Malformed("messages is empty")).answer();
    };
    let mut failed = Vec::new();
    for message in messages {
        match message::take(state, message) {
            Ok(Outcome::ACCEPTED) => {}
            Ok(outcome) => failed.push(entry(message, outcome)),
            Err(malformed) => return Refused::malformed(malformed).answer(),
        }
    }
    let count = json!({
        "total": messages.len(),
        "registeredFailed": failed.len(),
        "registeredSuccess": messages.len() - failed.len(),
    });
    let group = json!({ "_id": "G4V-local", "status": "SENDING", "count": count });
    let body = json!({ "failedMessageList": failed, "groupInfo": group });
    answer::json(StatusCode::OK, &body)
}

/// The body, if the request is signed right.
fn read(state: &mut State, request: &Recorded) -> Result<Value, Refused> {
    signature::verify(state, request).map_err(|code| Refused {
        status: StatusCode::FORBIDDEN,
        code,
        text: "see the documentation of the API key",
    })?;
    serde_json::from_slice(&request.body)
        .map_err(|_| Refused::malformed(Malformed("the body is not JSON")))
}

/// The answer about one message.
fn entry(message: &Value, outcome: Outcome) -> Value {
    json!({
        "groupId": "G4V-local",
        "messageId": "M4V-local",
        "accountId": "local",
        "statusCode": outcome.code,
        "statusMessage": outcome.text,
        "to": message["to"],
        "from": message["from"],
        "type": message["type"],
        "country": message["country"].as_str().unwrap_or("82"),
    })
}

/// An error of a whole request.
struct Refused {
    status: StatusCode,
    code: &'static str,
    text: &'static str,
}

impl Refused {
    fn malformed(Malformed(text): Malformed) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code: "ValidationError",
            text,
        }
    }

    fn answer(&self) -> Answer {
        let body = json!({ "errorCode": self.code, "errorMessage": self.text });
        answer::json(self.status, &body)
    }
}
