use std::time::{Duration, SystemTime};

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{StatusCode, header::AUTHORIZATION};
use serde_json::{Value, json};
use tower_phone_auth_local_provider::{Endpoint, faults::Fault};

use super::app::{App, Outcome};

const SEND: &str = "/messages/v4/send";
const SALT: &str = "0123456789abcdef0123456789abcdef";

/// The date of now and so many seconds, as ISO 8601.
fn date(offset: i64) -> String {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let at = now.checked_add_signed(offset).unwrap();
    let (mut year, mut days) = (1970, at / 86_400);
    let is_leap = |year| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + u64::from(is_leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let (day, time) = (days + 1, at % 86_400);
    let (hour, minute, second) = (time / 3_600, time / 60 % 60, time % 60);
    format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.000Z")
}

fn signed(date: &str, salt: &str, key: &str, secret: &str) -> String {
    let secret = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&secret, format!("{date}{salt}").as_bytes());
    let tag: String = tag
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("HMAC-SHA256 apiKey={key}, date={date}, salt={salt}, signature={tag}")
}

/// Sends a message with a right signature. `salt` makes it another one.
async fn send(app: &App, salt: &str, message: Value) -> reqwest::Result<(StatusCode, Value)> {
    let header = signed(&date(0), salt, "local-solapi-key", "lpsecret-solapi");
    post(app, SEND, &header, &json!({ "message": message })).await
}

async fn post(
    app: &App,
    path: &str,
    header: &str,
    body: &Value,
) -> reqwest::Result<(StatusCode, Value)> {
    let request = app.client.post(app.url(path)).header(AUTHORIZATION, header);
    let answer = request.body(body.to_string()).send().await?;
    let status = answer.status();
    let body = answer.bytes().await?;
    Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
}

fn sms(to: &str, text: &str) -> Value {
    json!({ "to": to, "from": "0212345678", "text": text, "type": "SMS" })
}

#[tokio::test]
async fn a_message_by_solapi_is_in_the_inbox_and_the_newest_is_first() -> Outcome {
    let app = App::start().await?;
    for (salt, code) in [(SALT, "087654"), ("0123456789ab", "654321")] {
        let text = format!("인증번호는 {code}입니다.");
        let (status, answer) = send(&app, salt, sms("01012345678", &text)).await?;
        assert_eq!(
            (status, &answer["statusCode"]),
            (StatusCode::OK, &json!("2000"))
        );
    }
    let inbox = app.provider.inbox();
    let codes: Vec<_> = inbox.iter().map(|sms| sms.code()).collect();
    assert_eq!(codes, [Some("654321"), Some("087654")]);
    assert_eq!(inbox[0].to, "+821012345678");
    assert!(!format!("{inbox:?}").contains("654321"));
    let json: Value = serde_json::from_slice(
        &app.client
            .get(app.url("/inbox.json"))
            .send()
            .await?
            .bytes()
            .await?,
    )?;
    assert_eq!(json[0]["code"], "654321");
    let page = app.client.get(app.provider.inbox_url());
    let page = page
        .header("accept-language", "ko")
        .send()
        .await?
        .text()
        .await?;
    assert!(page.find("654321").unwrap() < page.find("087654").unwrap());
    assert!(page.contains("<html lang=\"ko\">"));
    app.provider.empty_inbox();
    assert!(app.provider.inbox().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_signature_of_solapi_is_checked_and_used_once() -> Outcome {
    let app = App::start().await?;
    let body = json!({ "message": sms("01012345678", "123456") });
    let now = date(0);
    let right = signed(&now, SALT, "local-solapi-key", "lpsecret-solapi");
    let (status, _) = post(&app, SEND, &right, &body).await?;
    assert_eq!(status, StatusCode::OK);
    for (header, code) in [
        (right, "DuplicatedSignature"),
        (
            signed(&now, SALT, "other", "lpsecret-solapi"),
            "InvalidAPIKey",
        ),
        (
            signed(&now, SALT, "local-solapi-key", "x"),
            "SignatureDoesNotMatch",
        ),
        (
            signed(&date(-16 * 60), SALT, "local-solapi-key", "lpsecret-solapi"),
            "RequestTimeTooSkewed",
        ),
        (
            signed(&date(16 * 60), SALT, "local-solapi-key", "lpsecret-solapi"),
            "RequestTimeTooSkewed",
        ),
        ("Bearer x".to_owned(), "Unauthorized"),
    ] {
        let (status, answer) = post(&app, SEND, &header, &body).await?;
        assert_eq!(
            (status, &answer["errorCode"]),
            (StatusCode::FORBIDDEN, &json!(code))
        );
    }
    assert_eq!(app.provider.inbox().len(), 1);
    Ok(())
}

#[tokio::test]
async fn solapi_refuses_numbers_senders_and_texts_with_200() -> Outcome {
    let app = App::start().await?;
    let other = json!({ "to": "01012345678", "from": "0311111111", "text": "1", "type": "SMS" });
    let long = "가".repeat(46);
    for (message, code) in [
        (other, "1062"),
        (sms("821012345678", "1"), "1011"),
        (sms("001012345678", "1"), "1011"),
        (sms("01012345678", &long), "1031"),
        (sms("01012345678", "😀"), "1029"),
    ] {
        let salt = format!("salt-of-{code}-{}", message["to"].as_str().unwrap());
        let (status, answer) = send(&app, &salt, message).await?;
        assert_eq!(
            (status, &answer["statusCode"]),
            (StatusCode::OK, &json!(code))
        );
    }
    for (number, to) in ["+821012345678", "010-1234-5678"].iter().enumerate() {
        let (status, answer) =
            send(&app, &format!("salt-of-number-{number}"), sms(to, "1")).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert_eq!(answer["errorCode"], "ValidationError");
    }
    assert!(app.provider.inbox().is_empty());
    Ok(())
}

#[tokio::test]
async fn send_many_lists_the_failed_messages() -> Outcome {
    let app = App::start().await?;
    let header = signed(&date(0), SALT, "local-solapi-key", "lpsecret-solapi");
    let body = json!({ "messages": [sms("01012345678", "123456"), sms("123", "123456")] });
    let (status, answer) = post(&app, "/messages/v4/send-many/detail", &header, &body).await?;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(answer["failedMessageList"][0]["statusCode"], "1011");
    assert_eq!(answer["groupInfo"]["count"]["registeredFailed"], 1);
    assert_eq!(app.provider.inbox().len(), 1);
    Ok(())
}

/// A request to Twilio Verify with the default credentials.
async fn twilio(app: &App, name: &str, form: &str) -> reqwest::Result<(StatusCode, Value)> {
    let settings = app.provider.sms_settings();
    let pair = format!(
        "{}:{}",
        settings.twilio_account_sid, settings.twilio_auth_token
    );
    let path = format!("/v2/Services/{}/{name}", settings.twilio_service_sid);
    let basic = format!("Basic {}", STANDARD.encode(pair));
    let request = app.client.post(app.url(&path)).header(AUTHORIZATION, basic);
    let answer = request.body(form.to_owned()).send().await?;
    let status = answer.status();
    let body = answer.bytes().await?;
    Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
}

const START: &str = "To=%2B821012345678&Channel=sms&Locale=ko";

#[tokio::test]
async fn twilio_sends_the_same_code_again_and_approves_it_once() -> Outcome {
    let app = App::start().await?;
    let (status, first) = twilio(&app, "Verifications", START).await?;
    assert_eq!(
        (status, &first["status"]),
        (StatusCode::CREATED, &json!("pending"))
    );
    twilio(&app, "Verifications", START).await?;
    let inbox = app.provider.inbox();
    assert_eq!(inbox[0].code(), inbox[1].code());
    let code = inbox[0].code().unwrap();
    let sid = first["sid"].as_str().unwrap();
    let wrong = if code == "000000" { "111111" } else { "000000" };
    let wrong = format!("VerificationSid={sid}&Code={wrong}");
    let (status, answer) = twilio(&app, "VerificationCheck", &wrong).await?;
    assert_eq!((status, &answer["valid"]), (StatusCode::OK, &json!(false)));
    let right = format!("To=%2B821012345678&Code={code}");
    let (_, answer) = twilio(&app, "VerificationCheck", &right).await?;
    assert_eq!(
        (&answer["status"], &answer["valid"]),
        (&json!("approved"), &json!(true))
    );
    let (status, answer) = twilio(&app, "VerificationCheck", &right).await?;
    assert_eq!(
        (status, &answer["code"]),
        (StatusCode::NOT_FOUND, &json!(20404))
    );
    Ok(())
}

#[tokio::test]
async fn twilio_limits_messages_and_checks_to_five() -> Outcome {
    let app = App::start().await?;
    for count in 1..=6 {
        let (status, _) = twilio(&app, "Verifications", START).await?;
        assert_eq!(status == StatusCode::CREATED, count <= 5);
        let check = "To=%2B821012345678&Code=wrong";
        let (status, _) = twilio(&app, "VerificationCheck", check).await?;
        assert_eq!(status == StatusCode::OK, count <= 5);
    }
    Ok(())
}

#[tokio::test]
async fn twilio_refuses_numbers_without_a_plus_and_other_credentials() -> Outcome {
    let app = App::start().await?;
    for form in [
        "To=821012345678&Channel=sms",
        "To=01012345678&Channel=sms",
        "Channel=sms",
    ] {
        let (status, answer) = twilio(&app, "Verifications", form).await?;
        assert_eq!(
            (status, &answer["code"]),
            (StatusCode::BAD_REQUEST, &json!(60200))
        );
    }
    let path = "/v2/Services/VA00000000000000000000000000000000/Verifications";
    let (status, _) = post(&app, path, "Basic eDp5", &json!({})).await?;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    app.provider
        .configure(|settings| settings.sms.twilio_service_sid = "VAother".to_owned());
    let pair = format!("AC{:032}:lpsecret-twilio", 0);
    let header = format!("Basic {}", STANDARD.encode(pair));
    let (status, _) = post(&app, path, &header, &json!({})).await?;
    assert_eq!(status, StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test]
async fn a_swallowed_message_arrives_without_an_answer_and_a_refused_one_does_not() -> Outcome {
    let app = App::start().await?;
    app.provider.fail_next(Endpoint::Message, Fault::Swallow);
    let call = send(&app, SALT, sms("01012345678", "123456"));
    let limit = Duration::from_millis(500);
    assert!(tokio::time::timeout(limit, call).await.is_err());
    assert_eq!(app.provider.inbox().len(), 1);
    let refusal = Fault::solapi_refusal("1062");
    app.provider.fail_next(Endpoint::Message, refusal);
    let (status, answer) = send(&app, SALT, sms("01012345678", "123456")).await?;
    assert_eq!(
        (status, &answer["statusCode"]),
        (StatusCode::OK, &json!("1062"))
    );
    let skew = Fault::solapi(StatusCode::FORBIDDEN, "RequestTimeTooSkewed");
    app.provider.fail_next(Endpoint::Message, skew);
    let (status, _) = send(&app, SALT, sms("01012345678", "123456")).await?;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let busy = Fault::twilio(StatusCode::TOO_MANY_REQUESTS, 60203);
    app.provider.fail_next(Endpoint::Message, busy);
    let (_, answer) = twilio(&app, "Verifications", START).await?;
    assert_eq!(answer["code"], 60203);
    assert_eq!(app.provider.inbox().len(), 1);
    assert_eq!(app.provider.count(Endpoint::Message), 4);
    Ok(())
}
