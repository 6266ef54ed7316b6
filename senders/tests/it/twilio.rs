use serde_json::{Value, json};
use tower_phone_auth::phone_step::{
    Checked, NumberVerifier as _, SendError,
    SendErrorKind::{Busy, Misconfigured, NumberRefused, Refused, Unknown},
    Verification,
};
use tower_phone_auth_senders::TwilioVerify;

use crate::fake::{Fake, american, korean, summary};

fn twilio() -> TwilioVerify {
    TwilioVerify::new("AC1", "token", "VA1").unwrap()
}

fn verification() -> Verification {
    Verification::new(korean(), "VE1").unwrap()
}

async fn check(status: u16, body: &Value) -> Result<Checked, SendError> {
    let (fake, number) = (Fake::of(status, body), korean());
    let checked = twilio()
        .check(&fake, &number, &verification(), "012345")
        .await;
    assert_eq!(fake.requests().len(), 1);
    checked
}

fn answer(status: &str, valid: bool) -> Value {
    json!({ "sid": "VE1", "to": "+821012345678", "status": status, "valid": valid })
}

#[tokio::test]
async fn a_verification_begins_with_a_plus_and_basic_authentication() {
    let fake = Fake::of(201, &answer("pending", false));
    let begun = twilio().start(&fake, &korean(), "ko-KR").await.unwrap();
    assert_eq!(begun, verification());
    assert_eq!(
        fake.request().uri(),
        "https://verify.twilio.com/v2/Services/VA1/Verifications"
    );
    assert_eq!(fake.header("authorization"), "Basic QUMxOnRva2Vu");
    assert_eq!(
        fake.request().body(),
        "To=%2B821012345678&Channel=sms&Locale=ko"
    );
    let fake = Fake::of(201, &answer("pending", false));
    twilio().start(&fake, &korean(), "tlh").await.unwrap();
    assert_eq!(fake.request().body(), "To=%2B821012345678&Channel=sms");
}

#[tokio::test]
async fn a_code_is_right_only_if_approved_and_valid() {
    for (status, valid, expected) in [
        ("approved", true, Checked::Right),
        ("approved", false, Checked::Wrong),
        ("pending", false, Checked::Wrong),
        ("pending", true, Checked::Wrong),
        ("canceled", false, Checked::Over),
        ("max_attempts_reached", false, Checked::Over),
        ("expired", true, Checked::Over),
    ] {
        assert_eq!(check(200, &answer(status, valid)).await.unwrap(), expected);
    }
    let mut other = answer("approved", true);
    other["to"] = json!("+821099999999");
    assert_eq!(check(200, &other).await.unwrap(), Checked::Wrong);
    let mut text = answer("approved", true);
    text["valid"] = json!("true");
    assert_eq!(check(200, &text).await.unwrap(), Checked::Wrong);
    assert_eq!(check(200, &Value::Null).await.unwrap_err().kind(), Unknown);
}

#[tokio::test]
async fn a_verification_that_is_not_found_is_over_and_a_limit_is_a_wait() {
    let error = |code: u32, status: u16| json!({ "code": code, "message": "x", "status": status });
    assert_eq!(check(404, &error(20404, 404)).await.unwrap(), Checked::Over);
    let limit = check(429, &error(60202, 429)).await.unwrap_err();
    assert_eq!(
        summary(&limit),
        (Busy { retry_after: None }, "60202".to_owned())
    );
}

#[tokio::test]
async fn a_verification_of_another_number_is_refused_without_a_call() {
    let fake = Fake::new([]);
    let checked = twilio()
        .check(&fake, &american(), &verification(), "012345")
        .await;
    assert_eq!(checked.unwrap(), Checked::Over);
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn errors_of_a_start_differ_by_their_code() {
    for (status, code, kind) in [
        (400, 60200, NumberRefused),
        (400, 60205, NumberRefused),
        (403, 60605, Refused),
        (403, 60410, Refused),
        (429, 60203, Busy { retry_after: None }),
        (429, 60212, Busy { retry_after: None }),
        (401, 20003, Misconfigured),
        (404, 20404, Misconfigured),
        (503, 20503, Unknown),
    ] {
        let fake = Fake::of(status, &json!({ "code": code, "message": "+821012345678" }));
        let error = twilio().start(&fake, &korean(), "en").await.unwrap_err();
        assert_eq!(summary(&error), (kind, code.to_string()));
    }
}

#[tokio::test]
async fn a_code_without_the_id_of_its_verification_is_checked_by_the_number() {
    let (fake, number) = (Fake::of(200, &answer("approved", true)), korean());
    let unknown = Verification::without_id(number);
    let checked = twilio().check(&fake, &number, &unknown, "012345").await;
    assert_eq!(checked.unwrap(), Checked::Right);
    assert_eq!(fake.request().body(), "To=%2B821012345678&Code=012345");
}
