//! Twilio Verify, version 2
//! ([documentation](https://www.twilio.com/docs/verify/api/verification)).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{StatusCode, header::AUTHORIZATION};
use serde_json::{Value, json};

use crate::{
    state::{State, inbox::Sms},
    web::{
        answer::{self, Answer},
        params::Params,
        record::Recorded,
    },
};

/// The most messages and the most checks of one verification.
const MOST: u32 = 5;

/// Sends the code: `To=+8210…&Channel=sms`. The same code is sent again while it lives.
pub(super) fn start(state: &mut State, request: &Recorded) -> Answer {
    if let Some(refused) = refusal(state, request) {
        return refused;
    }
    let form = Params::parse(&request.body);
    let number = form.value("To").filter(|number| is_e164(number));
    let (Some(number), Some("sms")) = (number, form.value("Channel")) else {
        return error(StatusCode::BAD_REQUEST, 60200, "Invalid parameter");
    };
    let Some(verification) = state.verifications.start(number) else {
        return error(StatusCode::INTERNAL_SERVER_ERROR, 20500, "no random bytes");
    };
    if verification.sent >= MOST {
        return error(
            StatusCode::TOO_MANY_REQUESTS,
            60203,
            "Max send attempts reached",
        );
    }
    verification.sent += 1;
    let (sid, code) = (verification.sid.clone(), verification.code.clone());
    let text = match form.value("Locale") {
        Some("ko") => format!("인증번호는 {code}입니다."),
        _ => format!("Your verification code is: {code}"),
    };
    state.inbox.push(Sms {
        to: number.to_owned(),
        from: String::new(),
        kind: "SMS",
        text,
    });
    answer::json(StatusCode::CREATED, &body(&sid, number, "pending", false))
}

/// Checks a code: `VerificationSid=VE…&Code=123456`, or `To`. A wrong code has the status 200.
pub(super) fn check(state: &mut State, request: &Recorded) -> Answer {
    if let Some(refused) = refusal(state, request) {
        return refused;
    }
    let form = Params::parse(&request.body);
    let wanted = form.value("VerificationSid").or(form.value("To"));
    let (Some(wanted), Some(code)) = (wanted, form.value("Code")) else {
        return error(StatusCode::BAD_REQUEST, 60200, "Invalid parameter");
    };
    let Some((number, verification)) = state.verifications.find(wanted) else {
        return not_found();
    };
    if verification.checked >= MOST {
        return error(
            StatusCode::TOO_MANY_REQUESTS,
            60202,
            "Max check attempts reached",
        );
    }
    verification.checked += 1;
    let (number, sid) = (number.clone(), verification.sid.clone());
    if verification.code != code {
        return answer::json(StatusCode::OK, &body(&sid, &number, "pending", false));
    }
    state.verifications.end(&number);
    answer::json(StatusCode::OK, &body(&sid, &number, "approved", true))
}

/// The refusal of a request with other credentials, or for another service.
fn refusal(state: &State, request: &Recorded) -> Option<Answer> {
    let sms = &state.settings.sms;
    let pair = format!("{}:{}", sms.twilio_account_sid, sms.twilio_auth_token);
    let expected = format!("Basic {}", STANDARD.encode(pair));
    let header = request.headers.get(AUTHORIZATION);
    if header.is_none_or(|header| header.as_bytes() != expected.as_bytes()) {
        return Some(error(StatusCode::UNAUTHORIZED, 20003, "Authenticate"));
    }
    match request.path.split('/').nth(3) {
        Some(service) if service == sms.twilio_service_sid => None,
        _ => Some(not_found()),
    }
}

fn is_e164(number: &str) -> bool {
    let digits = number.strip_prefix('+').unwrap_or_default();
    (8..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0')
}

/// The verification as Twilio writes it.
fn body(sid: &str, number: &str, status: &str, valid: bool) -> Value {
    json!({
        "sid": sid,
        "to": number,
        "channel": "sms",
        "status": status,
        "valid": valid,
    })
}

fn not_found() -> Answer {
    error(
        StatusCode::NOT_FOUND,
        20404,
        "The requested resource was not found",
    )
}

fn error(status: StatusCode, code: u32, text: &str) -> Answer {
    let body = json!({
        "code": code,
        "message": text,
        "more_info": format!("https://www.twilio.com/docs/errors/{code}"),
        "status": status.as_u16(),
    });
    answer::json(status, &body)
}
