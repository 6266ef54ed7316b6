use serde_json::{Value, json};
use tower_phone_auth::phone_step::SendErrorKind::{
    Busy, Misconfigured, NumberRefused, Refused, Unknown,
};
use tower_phone_auth_senders::{AlimTalk, Nhn};

use crate::fake::{Fake, TEXT, american, korean, refused, reply, send_to};

fn nhn() -> Nhn {
    Nhn::new("appKey1", "secret1", "0212345678").unwrap()
}

fn with_alimtalk() -> Nhn {
    nhn()
        .alimtalk("appKey2", "secret2", AlimTalk::new("k", "tp"))
        .unwrap()
}

fn header(code: i64) -> Value {
    json!({ "isSuccessful": code == 0, "resultCode": code, "resultMessage": "01012345678" })
}

fn sms(header: &Value, entry: i64) -> Value {
    let entry = json!({ "recipientNo": "01012345678", "resultCode": entry, "recipientSeq": 1 });
    let data = json!({ "requestId": "r", "statusCode": "2", "sendResultList": [entry] });
    json!({ "header": header, "body": { "data": data } })
}

fn alimtalk(header: &Value, entry: i64) -> Value {
    let entry = json!({ "recipientSeq": 1, "recipientNo": "01012345678", "resultCode": entry });
    json!({ "header": header, "message": { "requestId": "r", "sendResults": [entry] } })
}

#[tokio::test]
async fn an_sms_goes_to_the_queue_for_codes() {
    let fake = Fake::of(200, &sms(&header(0), 0));
    send_to(&nhn(), &fake, &korean()).await.unwrap();
    assert_eq!(
        fake.request().uri(),
        "https://sms.api.nhncloudservice.com/sms/v3.0/appKeys/appKey1/sender/auth/sms"
    );
    assert_eq!(fake.header("x-secret-key"), "secret1");
    let expected = json!({
        "body": TEXT, "sendNo": "0212345678",
        "recipientList": [{ "recipientNo": "01012345678", "countryCode": "82" }],
    });
    assert_eq!(fake.json(), expected);
    let fake = Fake::of(200, &sms(&header(0), 0));
    send_to(&with_alimtalk(), &fake, &american()).await.unwrap();
    let expected = json!([{ "internationalRecipientNo": "14255551212" }]);
    assert_eq!(fake.json()["recipientList"], expected);
}

#[tokio::test]
async fn a_refusal_is_found_in_the_header_and_in_the_entry() {
    for (code, kind) in [
        (-2019, NumberRefused),
        (-1000, Misconfigured),
        (-2312, Misconfigured),
        (-8000, Misconfigured),
        (-2045, Refused),
        (-6001, Refused),
        (-2052, Busy { retry_after: None }),
        (-9999, Unknown),
    ] {
        let expected = (kind, code.to_string());
        let in_header = sms(&header(code), 0);
        assert_eq!(refused(&nhn(), 200, &in_header).await, expected);
        let in_entry = sms(&header(0), code);
        assert_eq!(refused(&nhn(), 200, &in_entry).await, expected);
        let in_entry = alimtalk(&header(0), code);
        assert_eq!(refused(&with_alimtalk(), 200, &in_entry).await, expected);
    }
}

#[tokio::test]
async fn a_success_needs_header_and_entries() {
    let mut unsuccessful = header(0);
    unsuccessful["isSuccessful"] = json!(false);
    for body in [
        sms(&unsuccessful, 0),
        json!({ "header": header(0) }),
        json!({ "header": header(0), "body": { "data": { "sendResultList": [] } } }),
        json!({}),
        Value::Null,
    ] {
        assert_eq!(refused(&nhn(), 200, &body).await.0, Unknown);
    }
}

#[tokio::test]
async fn alimtalk_has_a_key_against_doubles_and_sms_as_fall_back() {
    let right = alimtalk(&header(0), 0);
    let fake = Fake::new([reply(200, &right), reply(200, &right)]);
    for _ in 0..2 {
        send_to(&with_alimtalk(), &fake, &korean()).await.unwrap();
    }
    let requests = fake.requests();
    let [first, second] = [0, 1].map(|index: usize| &requests[index]);
    assert_eq!(
        first.uri(),
        "https://kakaotalk-bizmessage.api.nhncloudservice.com\
         /alimtalk/v2.3/appkeys/appKey2/auth/messages"
    );
    assert_eq!(first.headers()["x-secret-key"], "secret2");
    let key = "x-nc-api-idempotency-key";
    assert_ne!(first.headers()[key], second.headers()[key]);
    let body: Value = serde_json::from_slice(first.body()).unwrap();
    let expected = json!({
        "senderKey": "k", "templateCode": "tp",
        "recipientList": [{
            "recipientNo": "01012345678", "templateParameter": { "code": "012345" },
            "resendParameter": {
                "isResend": true, "resendType": "SMS", "resendContent": TEXT,
                "resendSendNo": "0212345678",
            },
        }],
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_key_that_was_seen_before_is_no_refusal() {
    let seen = json!({ "header": header(-1005) });
    let refusal = refused(&with_alimtalk(), 200, &seen).await;
    assert_eq!(refusal, (Unknown, "-1005".to_owned()));
}
