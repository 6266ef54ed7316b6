use serde_json::json;
use tower_phone_auth::phone_step::SendErrorKind::{Misconfigured, NumberRefused, Refused, Unknown};
use tower_phone_auth_senders::{AlimTalk, Solapi};

use crate::fake::{Fake, TEXT, american, at_millis, korean, refused, reply, send_to};

fn solapi() -> Solapi {
    let solapi = Solapi::new("test-key", "test-secret", "02-1234-5678").unwrap();
    solapi.clock(at_millis(1_767_323_045_000))
}

fn accepted() -> serde_json::Value {
    json!({
        "groupId": "G4V", "messageId": "M4V", "accountId": "1", "statusCode": "2000",
        "statusMessage": "정상 접수", "to": "01012345678", "from": "0212345678", "type": "SMS",
        "country": "82",
    })
}

#[tokio::test]
async fn a_korean_number_is_sent_with_one_zero_and_no_plus() {
    let fake = Fake::of(200, &accepted());
    send_to(&solapi(), &fake, &korean()).await.unwrap();
    let request = fake.request();
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://api.solapi.com/messages/v4/send");
    assert_eq!(
        request.headers()["content-type"],
        "application/json; charset=utf-8"
    );
    let expected = json!({
        "message": { "to": "01012345678", "from": "0212345678", "type": "SMS", "text": TEXT },
    });
    assert_eq!(fake.json(), expected);
}

#[tokio::test]
async fn a_number_abroad_is_sent_with_its_country_apart() {
    let fake = Fake::of(200, &accepted());
    let solapi = solapi().alimtalk(AlimTalk::new("pf", "tp"));
    send_to(&solapi, &fake, &american()).await.unwrap();
    let message = &fake.json()["message"];
    assert_eq!(message["to"], "4255551212");
    assert_eq!(message["country"], "1");
    assert_eq!(message["type"], "SMS");
}

#[tokio::test]
async fn two_messages_in_one_second_are_signed_differently() {
    let fake = Fake::new([reply(200, &accepted()), reply(200, &accepted())]);
    for _ in 0..2 {
        send_to(&solapi(), &fake, &korean()).await.unwrap();
    }
    let headers: Vec<_> = fake
        .requests()
        .iter()
        .map(|request| {
            let header = request.headers()["authorization"]
                .to_str()
                .unwrap()
                .to_owned();
            let (start, rest) = header.split_once(", salt=").unwrap();
            assert_eq!(
                start,
                "HMAC-SHA256 apiKey=test-key, date=2026-01-02T03:04:05Z"
            );
            let (salt, signature) = rest.split_once(", signature=").unwrap();
            (salt.to_owned(), signature.to_owned())
        })
        .collect();
    assert!((12..=64).contains(&headers[0].0.len()));
    assert_ne!(headers[0].0, headers[1].0);
    assert_ne!(headers[0].1, headers[1].1);
}

#[tokio::test]
async fn a_status_of_200_with_another_code_is_a_refusal() {
    for (code, kind) in [
        ("1062", Misconfigured),
        ("1031", Misconfigured),
        ("1043", Misconfigured),
        ("1030", Refused),
        ("1026", Refused),
        ("1011", NumberRefused),
        ("3104", NumberRefused),
        ("2230", Unknown),
    ] {
        let body = json!({ "statusCode": code, "statusMessage": "x" });
        assert_eq!(
            refused(&solapi(), 200, &body).await,
            (kind, code.to_owned())
        );
        let failed = json!([{ "to": "01012345678", "statusCode": code }]);
        let count = json!({ "total": 1, "registeredFailed": 1, "registeredSuccess": 0 });
        let body = json!({ "failedMessageList": failed, "groupInfo": { "count": count } });
        assert_eq!(
            refused(&solapi(), 200, &body).await,
            (kind, code.to_owned())
        );
    }
    // All failed, and the list does not say which.
    let count = json!({ "total": 1, "registeredFailed": 1, "registeredSuccess": 0 });
    let body = json!({ "failedMessageList": [], "groupInfo": { "count": count } });
    assert_eq!(refused(&solapi(), 200, &body).await.0, Unknown);
}

#[tokio::test]
async fn an_empty_list_of_failed_messages_is_a_success() {
    let count = json!({ "total": 1, "registeredFailed": 0, "registeredSuccess": 1 });
    let body = json!({ "failedMessageList": [], "groupInfo": { "count": count } });
    let fake = Fake::of(200, &body);
    send_to(&solapi(), &fake, &korean()).await.unwrap();
}

#[tokio::test]
async fn a_wrong_clock_and_a_wrong_key_are_faults_of_the_setup() {
    for (status, code, kind) in [
        (403, "RequestTimeTooSkewed", Misconfigured),
        (403, "SignatureDoesNotMatch", Misconfigured),
        (403, "InvalidAPIKey", Misconfigured),
        (402, "NotEnoughBalance", Refused),
        (400, "ValidationError", Refused),
        // The signature was seen before, so a proxy has sent the request twice.
        (403, "DuplicatedSignature", Unknown),
        (500, "InternalError", Unknown),
    ] {
        let body = json!({ "errorCode": code, "errorMessage": "01012345678" });
        assert_eq!(
            refused(&solapi(), status, &body).await,
            (kind, code.to_owned())
        );
    }
    let skew = json!({ "errorCode": "RequestTimeTooSkewed", "errorMessage": "x" });
    let error = send_to(&solapi(), &Fake::of(403, &skew), &korean())
        .await
        .unwrap_err();
    assert!(error.operator_remedy().unwrap().contains("clock"));
}

#[tokio::test]
async fn alimtalk_has_one_code_as_text_and_falls_back_on_sms_unless_switched_off() {
    let template = AlimTalk::new("pf", "tp").variable("site", "{site}");
    for (template, disabled) in [(template.clone(), false), (template.without_sms(), true)] {
        let fake = Fake::of(200, &accepted());
        send_to(&solapi().alimtalk(template), &fake, &korean())
            .await
            .unwrap();
        let expected = json!({
            "to": "01012345678", "from": "0212345678", "type": "ATA",
            "kakaoOptions": {
                "pfId": "pf", "templateId": "tp", "disableSms": disabled,
                "variables": { "#{code}": "012345", "#{site}": "Shop" },
            },
        });
        assert_eq!(fake.json()["message"], expected);
    }
}
