use serde_json::{Value, json};
use tower_phone_auth::phone_step::{
    Checked, NumberVerifier as _,
    SendErrorKind::{Busy, Misconfigured, NumberRefused, Refused, Unknown},
    Verification,
};
use tower_phone_auth_senders::VonageVerify;

use crate::fake::{Fake, american, korean, summary};

fn vonage() -> VonageVerify {
    VonageVerify::new("key", "secret", "Shop").unwrap()
}

fn verification() -> Verification {
    Verification::new(korean(), "c11236f4-00bf-4b89-84ba-88b25df97315").unwrap()
}

#[tokio::test]
async fn six_digits_are_asked_for_and_the_number_has_no_plus() {
    let id = json!({ "request_id": verification().id() });
    let fake = Fake::of(202, &id);
    let begun = vonage().start(&fake, &korean(), "ko").await.unwrap();
    assert_eq!(begun, verification());
    assert_eq!(fake.request().uri(), "https://api.nexmo.com/v2/verify");
    assert_eq!(fake.header("authorization"), "Basic a2V5OnNlY3JldA==");
    let expected = json!({
        "brand": "Shop", "code_length": 6, "locale": "ko-kr",
        "workflow": [{ "channel": "sms", "to": "821012345678" }],
    });
    assert_eq!(fake.json(), expected);
}

#[tokio::test]
async fn a_running_verification_is_resumed_or_waited_for() {
    let running = json!({ "title": "Conflict", "request_id": verification().id() });
    let fake = Fake::of(409, &running);
    let begun = vonage().start(&fake, &korean(), "ko").await.unwrap();
    assert_eq!(begun, verification());
    let fake = Fake::of(409, &json!({ "title": "Conflict" }));
    let error = vonage().start(&fake, &korean(), "ko").await.unwrap_err();
    assert_eq!(error.kind(), Busy { retry_after: None });
}

#[tokio::test]
async fn the_answers_to_a_check_are_right_wrong_or_over() {
    let status = |status: &str| json!({ "request_id": "r", "status": status });
    for (code, body, expected) in [
        (200, status("completed"), Checked::Right),
        (200, status("complete"), Checked::Right),
        (200, status("pending"), Checked::Wrong),
        (200, Value::Null, Checked::Wrong),
        (400, json!({ "title": "Invalid Code" }), Checked::Wrong),
        (404, json!({ "title": "Not Found" }), Checked::Over),
        (410, json!({ "title": "Invalid Code" }), Checked::Over),
    ] {
        let fake = Fake::of(code, &body);
        let checked = vonage()
            .check(&fake, &korean(), &verification(), "012345")
            .await;
        assert_eq!(checked.unwrap(), expected);
        let path = format!("/v2/verify/{}", verification().id());
        assert_eq!(fake.request().uri().path(), path);
        assert_eq!(fake.json(), json!({ "code": "012345" }));
    }
}

#[tokio::test]
async fn a_check_that_was_not_made_is_an_error() {
    for (status, kind) in [
        (409, Busy { retry_after: None }),
        (429, Busy { retry_after: None }),
        (401, Misconfigured),
        (500, Unknown),
    ] {
        let fake = Fake::of(status, &Value::Null);
        let checked = vonage()
            .check(&fake, &korean(), &verification(), "012345")
            .await;
        assert_eq!(checked.unwrap_err().kind(), kind);
    }
    let fake = Fake::new([]);
    let checked = vonage()
        .check(&fake, &american(), &verification(), "012345")
        .await;
    assert_eq!(checked.unwrap(), Checked::Over);
}

#[tokio::test]
async fn errors_of_a_start_are_read_by_their_status() {
    for (status, kind) in [
        (401, Misconfigured),
        (402, Refused),
        (422, NumberRefused),
        (429, Busy { retry_after: None }),
        (500, Unknown),
        (202, Unknown),
    ] {
        let fake = Fake::of(status, &json!({ "title": "x" }));
        let error = vonage().start(&fake, &korean(), "ko").await.unwrap_err();
        assert_eq!(error.kind(), kind);
    }
    // An id that is no segment of a path is never called.
    let fake = Fake::of(202, &json!({ "request_id": "../../account?x=" }));
    let error = vonage().start(&fake, &korean(), "ko").await.unwrap_err();
    assert_eq!(summary(&error), (Unknown, "unreadable_id".to_owned()));
}
