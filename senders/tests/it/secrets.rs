//! Secrets, numbers and codes are in no `Debug` and in no error.

use std::error::Error;

use serde_json::json;
use tower_phone_auth_senders::{AlimTalk, Nhn, Sens, Solapi, TwilioVerify, VonageVerify};

use crate::fake::{CODE, Fake, korean, reply, send_to};

const SECRET: &str = "top-secret-value";

#[test]
fn debug_hides_secrets() {
    let template = || AlimTalk::new("c", "t").text(SECRET).variable("x", SECRET);
    let solapi = Solapi::new("k", SECRET, "0212345678").unwrap();
    let sens = Sens::new("k", SECRET, "ncp:sms:kr:1:x", "0212345678").unwrap();
    let nhn = Nhn::new(SECRET, SECRET, "0212345678").unwrap();
    for shown in [
        format!("{:?}", solapi.alimtalk(template())),
        format!("{:?}", sens.alimtalk("s", template()).unwrap()),
        format!("{:?}", nhn.alimtalk(SECRET, SECRET, template()).unwrap()),
        format!("{:?}", TwilioVerify::new("AC", SECRET, "VA").unwrap()),
        format!("{:?}", VonageVerify::new("k", SECRET, "Shop").unwrap()),
    ] {
        assert!(!shown.contains(SECRET), "{shown}");
    }
}

#[tokio::test]
async fn headers_with_secrets_are_hidden_and_errors_have_no_number_and_no_code() {
    let solapi = Solapi::new("k", SECRET, "0212345678").unwrap();
    let leak = json!({ "statusCode": CODE, "errorCode": "01012345678" });
    for status in [200, 400, 500] {
        let fake = Fake::new([reply(status, &leak)]);
        let error = send_to(&solapi, &fake, &korean()).await.unwrap_err();
        assert!(!format!("{:?}", fake.request().headers()).contains("signature="));
        let mut texts = vec![format!("{error:?} {error}")];
        let mut source = error.source();
        while let Some(cause) = source {
            texts.push(format!("{cause:?} {cause}"));
            source = cause.source();
        }
        for text in texts {
            for hidden in [SECRET, CODE, "1012345678"] {
                assert!(!text.contains(hidden), "{text}");
            }
        }
    }
}

#[test]
fn a_setting_that_cannot_work_is_refused_without_its_value() {
    let refusals = [
        Solapi::new("k", "top secret", "0212345678").err(),
        Solapi::new("k", "top-secret\n", "0212345678").err(),
        Solapi::new("", SECRET, "0212345678").err(),
        Solapi::new("k", SECRET, "+82212345678").err(),
        Solapi::new("k", SECRET, "112").err(),
        Sens::new("k", SECRET, "a/../b", "0212345678").err(),
        Nhn::new("a?b", SECRET, "0212345678").err(),
        TwilioVerify::new("AC", SECRET, "VA/x").err(),
        VonageVerify::new("k", SECRET, "").err(),
    ];
    for refusal in refusals {
        let line = refusal.unwrap().to_string();
        assert!(
            !line.contains("secret-value") && !line.contains('\n'),
            "{line}"
        );
    }
}

#[test]
fn an_endpoint_base_must_be_an_origin_on_loopback() {
    let solapi = || Solapi::new("k", SECRET, "0212345678").unwrap();
    for origin in [
        "https://sms.example.com",
        "http://127.0.0.1:9000/path",
        "http://127.0.0.1.example.com",
        "http://user@127.0.0.1:9000",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "127.0.0.1:9000",
        "",
    ] {
        let error = solapi().endpoint_base(origin).unwrap_err();
        assert_eq!(error.setting(), "endpoint_base", "{origin}");
    }
    for origin in [
        "http://127.0.0.1:9000",
        "http://localhost:1/",
        "http://[::1]:9000",
    ] {
        solapi().endpoint_base(origin).unwrap();
    }
}
