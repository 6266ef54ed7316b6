use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use tower_phone_auth::phone_step::SendErrorKind::{Misconfigured, Refused, Unknown};
use tower_phone_auth_senders::{AlimTalk, Sens};

use crate::fake::{Fake, TEXT, american, at_millis, korean, raw, refused, send_to, summary};

fn sens() -> Sens {
    let sens = Sens::new(
        "test-access",
        "test-secret",
        "ncp:sms:kr:100:demo",
        "0212345678",
    );
    sens.unwrap().clock(at_millis(1_700_000_000_000))
}

fn with_alimtalk() -> Sens {
    let template = AlimTalk::new("@shop", "code").text("[#{site}] 인증번호는 #{code}입니다. #{x}");
    let template = template.variable("site", "{site}");
    sens()
        .alimtalk("ncp:kkobizmsg:kr:100:demo", template)
        .unwrap()
}

fn accepted() -> Value {
    json!({ "requestId": "r", "requestTime": "t", "statusCode": "202", "statusName": "success" })
}

/// The vector was computed with another implementation of HMAC.
#[tokio::test]
async fn the_signature_is_over_the_very_path_that_is_sent() {
    let fake = Fake::of(202, &accepted());
    send_to(&sens(), &fake, &korean()).await.unwrap();
    let path = "/sms/v2/services/ncp:sms:kr:100:demo/messages";
    assert_eq!(
        fake.request().uri().to_string(),
        format!("https://sens.apigw.ntruss.com{path}")
    );
    assert_eq!(fake.request().uri().path(), path);
    assert_eq!(fake.header("x-ncp-apigw-timestamp"), "1700000000000");
    assert_eq!(fake.header("x-ncp-iam-access-key"), "test-access");
    assert_eq!(
        fake.header("x-ncp-apigw-signature-v2"),
        "vmIuoRkDuKQzgZVOeuxCTSf8wRVB+VD7AnPwfd0v4HE="
    );
    let expected = json!({
        "type": "SMS", "contentType": "COMM", "countryCode": "82", "from": "0212345678",
        "content": TEXT, "messages": [{ "to": "01012345678" }],
    });
    assert_eq!(fake.json(), expected);
}

#[tokio::test]
async fn alimtalk_is_signed_over_its_own_path() {
    let mut reply = accepted();
    reply["messages"] = json!([{ "to": "01012345678", "requestStatusCode": "A000" }]);
    let fake = Fake::of(202, &reply);
    send_to(&with_alimtalk(), &fake, &korean()).await.unwrap();
    let path = "/alimtalk/v2/services/ncp:kkobizmsg:kr:100:demo/messages";
    assert_eq!(fake.request().uri().path(), path);
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, b"test-secret");
    let signed = format!("POST {path}\n1700000000000\ntest-access");
    let tag = STANDARD.encode(aws_lc_rs::hmac::sign(&key, signed.as_bytes()));
    assert_eq!(fake.header("x-ncp-apigw-signature-v2"), tag);
    let body = fake.json();
    assert_eq!(body["plusFriendId"], "@shop");
    assert_eq!(body["templateCode"], "code");
    // A variable that is not known stays as the template has it.
    assert_eq!(
        body["messages"][0]["content"],
        "[Shop] 인증번호는 012345입니다. #{x}"
    );
    assert_eq!(body["messages"][0]["useSmsFailover"], true);
    assert_eq!(body["messages"][0]["failoverConfig"]["content"], TEXT);
}

#[tokio::test]
async fn a_number_abroad_gets_an_sms_with_its_country() {
    let fake = Fake::of(202, &accepted());
    send_to(&with_alimtalk(), &fake, &american()).await.unwrap();
    assert_eq!(fake.json()["countryCode"], "1");
    assert_eq!(fake.json()["messages"][0]["to"], "4255551212");
}

#[tokio::test]
async fn a_status_of_200_is_no_success() {
    assert_eq!(refused(&sens(), 200, &accepted()).await.0, Unknown);
    let mut body = accepted();
    body["statusCode"] = json!("400");
    assert_eq!(
        refused(&sens(), 202, &body).await,
        (Refused, "400".to_owned())
    );
}

#[tokio::test]
async fn an_accepted_request_with_a_refused_message_is_a_refusal() {
    let mut reply = accepted();
    reply["messages"] = json!([{ "to": "01012345678", "requestStatusCode": "E108" }]);
    let refusal = refused(&with_alimtalk(), 202, &reply).await;
    assert_eq!(refusal, (Refused, "E108".to_owned()));
}

#[tokio::test]
async fn errors_are_read_in_all_shapes_and_as_plain_text() {
    let gateway = |code: Value| json!({ "error": { "errorCode": code, "message": "x" } });
    for (status, body, kind, code) in [
        (401, gateway(json!("200")), Misconfigured, "200"),
        (403, gateway(json!(210)), Misconfigured, "210"),
        (
            400,
            json!({ "status": 400, "errors": ["no 01012345678"] }),
            Refused,
            "400",
        ),
        (
            400,
            json!({ "status": 400, "error": "x", "message": "y" }),
            Refused,
            "400",
        ),
        (400, json!({ "errorMessage": "x" }), Refused, "400"),
        (500, json!({ "status": 500, "errors": [] }), Unknown, "500"),
    ] {
        assert_eq!(
            refused(&sens(), status, &body).await,
            (kind, code.to_owned())
        );
    }
    let fake = Fake::new([raw(401, "text/html", "<html>01012345678</html>")]);
    let error = send_to(&sens(), &fake, &korean()).await.unwrap_err();
    assert_eq!(summary(&error), (Misconfigured, "401".to_owned()));
    assert!(error.operator_remedy().unwrap().contains("clock"));
}

#[test]
fn alimtalk_needs_the_text_of_the_template() {
    let error = sens().alimtalk("ncp:kkobizmsg:kr:100:demo", AlimTalk::new("@shop", "code"));
    assert_eq!(error.unwrap_err().setting(), "alimtalk");
}
