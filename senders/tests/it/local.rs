//! Solapi and Twilio Verify over HTTP, at the local provider.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use tower_phone_auth::{
    Clock,
    phone_step::{
        Checked, CodeSender as _, NumberVerifier as _,
        SendErrorKind::{Busy, Misconfigured, NumberRefused, Refused, Unavailable, Unknown},
    },
    provider::{BoxFuture, HttpClient, HttpError, HttpErrorKind},
};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, faults::Fault};
use tower_phone_auth_senders::{AlimTalk, Solapi, TwilioVerify};

use crate::fake::{CODE, TEXT, american, korean, send_to, summary};

/// A client over HTTP with a time limit.
struct Http {
    client: reqwest::Client,
    calls: AtomicUsize,
}

impl Http {
    fn new() -> Self {
        let client = reqwest::Client::builder().no_proxy();
        let client = client.redirect(reqwest::redirect::Policy::none());
        Self {
            client: client.timeout(Duration::from_secs(1)).build().unwrap(),
            calls: AtomicUsize::new(0),
        }
    }
}

fn failed(error: reqwest::Error) -> HttpError {
    let kind = match error.is_timeout() {
        true => HttpErrorKind::TimedOut,
        false => HttpErrorKind::Unreachable,
    };
    match error.is_connect() {
        true => HttpError::new(kind).unsent().caused_by(error),
        false => HttpError::new(kind).caused_by(error),
    }
}

impl HttpClient for Http {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            let request = reqwest::Request::try_from(request).map_err(failed)?;
            let reply = self.client.execute(request).await.map_err(failed)?;
            let mut response = Response::new(Bytes::new());
            *response.status_mut() = reply.status();
            *response.headers_mut() = reply.headers().clone();
            *response.body_mut() = reply.bytes().await.map_err(failed)?;
            Ok(response)
        })
    }
}

fn solapi(provider: &LocalProvider) -> Solapi {
    let sms = provider.sms_settings();
    let solapi = Solapi::new(sms.solapi_api_key, sms.solapi_api_secret, &sms.senders[0]);
    solapi.unwrap().endpoint_base(provider.origin()).unwrap()
}

fn twilio(provider: &LocalProvider) -> TwilioVerify {
    let sms = provider.sms_settings();
    let twilio = TwilioVerify::new(
        sms.twilio_account_sid,
        sms.twilio_auth_token,
        sms.twilio_service_sid,
    );
    twilio.unwrap().endpoint_base(provider.origin()).unwrap()
}

#[tokio::test]
async fn a_message_by_solapi_arrives_byte_for_byte() {
    let (provider, http) = (LocalProvider::start().await.unwrap(), Http::new());
    let solapi = solapi(&provider);
    assert!(solapi.is_for_development());
    send_to(&solapi, &http, &korean()).await.unwrap();
    send_to(&solapi, &http, &american()).await.unwrap();
    let inbox = provider.inbox();
    assert_eq!(inbox[0].to, "+14255551212");
    assert_eq!(inbox[1].to, "+821012345678");
    assert_eq!(inbox[1].text, TEXT);
    let template = AlimTalk::new("pf", "tp");
    send_to(&solapi.alimtalk(template), &http, &korean())
        .await
        .unwrap();
    assert_eq!(provider.inbox()[0].kind, "ATA");
    assert_eq!(provider.inbox()[0].code(), Some(CODE));
}

#[tokio::test]
async fn solapi_refusals_and_faults_have_their_kinds_after_one_call() {
    let (provider, http) = (LocalProvider::start().await.unwrap(), Http::new());
    let page = Fault::Answer {
        status: StatusCode::OK,
        content_type: Some("text/html".to_owned()),
        body: b"<html>".to_vec(),
        headers: http::HeaderMap::new(),
    };
    let json = |status: u16| Fault::solapi(StatusCode::from_u16(status).unwrap(), "InternalError");
    for (fault, kind, arrived) in [
        (Fault::solapi_refusal("1062"), Misconfigured, 0),
        (Fault::solapi_refusal("1030"), Refused, 0),
        (Fault::solapi_refusal("1011"), NumberRefused, 0),
        (
            Fault::solapi(StatusCode::FORBIDDEN, "RequestTimeTooSkewed"),
            Misconfigured,
            0,
        ),
        (json(429), Busy { retry_after: None }, 0),
        (json(500), Unknown, 0),
        (page, Unknown, 0),
        (
            Fault::Redirect("http://127.0.0.1:1/".to_owned()),
            Unknown,
            0,
        ),
        (Fault::Hang, Unknown, 0),
        (Fault::Swallow, Unknown, 1),
        (Fault::Close, Unknown, 0),
        (Fault::Cut, Unknown, 1),
    ] {
        let shown = format!("{fault:?}");
        provider.empty_inbox();
        provider.forget_requests();
        provider.fail_next(Endpoint::Message, fault);
        http.calls.store(0, Ordering::SeqCst);
        let error = send_to(&solapi(&provider), &http, &korean())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind, "{shown}");
        assert_eq!(provider.inbox().len(), arrived, "{shown}");
        assert_eq!(http.calls.load(Ordering::SeqCst), 1, "{shown}");
    }
}

#[tokio::test]
async fn a_wrong_setup_and_a_wrong_clock_are_found_by_the_service() {
    let (provider, http) = (LocalProvider::start().await.unwrap(), Http::new());
    let code = async |solapi: Solapi| {
        let error = send_to(&solapi, &http, &korean()).await.unwrap_err();
        summary(&error)
    };
    let past = || SystemTime::now() - Duration::from_secs(1_000);
    let skewed = solapi(&provider).clock(Clock::new(past));
    let expected = (Misconfigured, "RequestTimeTooSkewed".to_owned());
    assert_eq!(code(skewed).await, expected);
    let local = |solapi: Solapi| solapi.endpoint_base(provider.origin()).unwrap();
    let wrong = Solapi::new("local-solapi-key", "other", "0212345678").unwrap();
    let expected = (Misconfigured, "SignatureDoesNotMatch".to_owned());
    assert_eq!(code(local(wrong)).await, expected);
    let foreign = Solapi::new("local-solapi-key", "lpsecret-solapi", "0311111111").unwrap();
    let expected = (Misconfigured, "1062".to_owned());
    assert_eq!(code(local(foreign)).await, expected);
    assert!(provider.inbox().is_empty());
}

#[tokio::test]
async fn a_service_that_is_away_got_nothing() {
    let (provider, http) = (LocalProvider::start().await.unwrap(), Http::new());
    let solapi = solapi(&provider);
    drop(provider);
    tokio::task::yield_now().await;
    let error = send_to(&solapi, &http, &korean()).await.unwrap_err();
    assert_eq!(error.kind(), Unavailable);
}

#[tokio::test]
async fn twilio_verifies_a_number_once() {
    let (provider, http) = (LocalProvider::start().await.unwrap(), Http::new());
    let (twilio, number) = (twilio(&provider), korean());
    let begun = twilio.start(&http, &number, "ko").await.unwrap();
    let sms = provider.inbox().remove(0);
    assert_eq!(sms.to, "+821012345678");
    assert!(sms.text.contains("인증번호"));
    let code = sms.code().unwrap();
    let wrong = if code == "000000" { "111111" } else { "000000" };
    let check = async |code: &str| twilio.check(&http, &number, &begun, code).await;
    assert_eq!(check(wrong).await.unwrap(), Checked::Wrong);
    assert_eq!(check(code).await.unwrap(), Checked::Right);
    assert_eq!(check(code).await.unwrap(), Checked::Over);
}

#[tokio::test]
async fn limits_of_twilio_are_waits() {
    let (provider, http) = (LocalProvider::start().await.unwrap(), Http::new());
    let (twilio, number) = (twilio(&provider), korean());
    let mut begun = None;
    for _ in 0..5 {
        begun = Some(twilio.start(&http, &number, "en").await.unwrap());
    }
    let error = twilio.start(&http, &number, "en").await.unwrap_err();
    assert_eq!(
        summary(&error),
        (Busy { retry_after: None }, "60203".to_owned())
    );
    let begun = begun.unwrap();
    for _ in 0..5 {
        let checked = twilio.check(&http, &number, &begun, "wrong").await;
        assert_eq!(checked.unwrap(), Checked::Wrong);
    }
    let error = twilio
        .check(&http, &number, &begun, "wrong")
        .await
        .unwrap_err();
    assert_eq!(
        summary(&error),
        (Busy { retry_after: None }, "60202".to_owned())
    );
}
