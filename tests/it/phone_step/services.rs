//! Services that make and check the codes themselves, and services that cannot be reached.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, StatusCode};
use tower_phone_auth::{
    PhoneNumber,
    phone_step::{
        Checked, CodeSender, Message, NumberVerifier, PhoneStep, SendError, SendErrorKind,
        Verification,
    },
    provider::{BoxFuture, HttpClient, HttpErrorKind},
};

use super::kit::{NUMBER, begin, code, number, resend};
use crate::support::{
    browser::{location, text},
    shop::Shop,
};

pub(super) const RIGHT: &str = "012345";

/// A service with one code for each number. It keeps the ids of its checks.
#[derive(Clone, Default)]
pub(super) struct Service {
    checked: Arc<Mutex<Vec<String>>>,
    /// The next start gets no answer, although the message is sent.
    loses_answer: Arc<Mutex<bool>>,
}

impl NumberVerifier for Service {
    fn start<'a>(
        &'a self,
        _: &'a dyn HttpClient,
        number: &'a PhoneNumber,
        _: &'a str,
    ) -> BoxFuture<'a, Result<Verification, SendError>> {
        Box::pin(async {
            if std::mem::take(&mut *self.loses_answer.lock().unwrap()) {
                return Err(SendErrorKind::Unknown.into());
            }
            Verification::new(*number, "VE1")
        })
    }

    fn check<'a>(
        &'a self,
        _: &'a dyn HttpClient,
        number: &'a PhoneNumber,
        verification: &'a Verification,
        code: &'a str,
    ) -> BoxFuture<'a, Result<Checked, SendError>> {
        Box::pin(async move {
            assert!(verification.is_of(number));
            let id = verification.id().to_owned();
            self.checked.lock().unwrap().push(id);
            Ok(if code == RIGHT {
                Checked::Right
            } else {
                Checked::Wrong
            })
        })
    }

    fn is_for_development(&self) -> bool {
        true
    }
}

async fn shop(service: &Service) -> Shop {
    let step = PhoneStep::verifier(service.clone());
    Shop::with(|kakao| kakao, |builder| builder.phone_step(step)).await
}

#[tokio::test]
async fn a_service_checks_the_code_by_its_verification() {
    let service = Service::default();
    let shop = shop(&service).await;
    let mut browser = shop.browser();
    begin(&mut browser, "/orders").await;
    assert_eq!(
        location(&number(&mut browser, NUMBER).await),
        "/auth/phone/code"
    );
    let wrong = code(&mut browser, "543210").await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(location(&code(&mut browser, RIGHT).await), "/orders");
    assert_eq!(*service.checked.lock().unwrap(), ["VE1", "VE1"]);
    assert_eq!(browser.visit("/").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_code_whose_start_had_no_answer_is_checked_by_the_number() {
    let service = Service::default();
    let shop = shop(&service).await;
    let mut browser = shop.browser();
    begin(&mut browser, "/").await;
    *service.loses_answer.lock().unwrap() = true;
    let page = number(&mut browser, NUMBER).await;
    assert_eq!(page.status(), StatusCode::BAD_GATEWAY);
    assert!(text(&page).contains("name=\"code\""));
    assert_eq!(location(&code(&mut browser, RIGHT).await), "/");
    assert_eq!(*service.checked.lock().unwrap(), [""]);
}

#[tokio::test]
async fn a_service_is_asked_about_five_wrong_codes() {
    let service = Service::default();
    let shop = shop(&service).await;
    let mut browser = shop.browser();
    begin(&mut browser, "/").await;
    number(&mut browser, NUMBER).await;
    for _ in 0..5 {
        code(&mut browser, "543210").await;
    }
    assert!(code(&mut browser, RIGHT).await.status().is_client_error());
    assert_eq!(service.checked.lock().unwrap().len(), 5);
}

#[tokio::test]
async fn a_verification_of_the_number_before_is_refused_without_a_call() {
    let service = Service::default();
    let shop = shop(&service).await;
    let mut browser = shop.browser();
    begin(&mut browser, "/").await;
    number(&mut browser, NUMBER).await;
    let before = browser.cookies.clone();
    shop.time.pass(std::time::Duration::from_secs(31));
    let sent = number(&mut browser, "010-9876-5432").await;
    assert_eq!(location(&sent), "/auth/phone/code");
    let after = std::mem::replace(&mut browser.cookies, before);
    let page = code(&mut browser, RIGHT).await;
    assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.session().is_none());
    assert!(service.checked.lock().unwrap().is_empty());
    browser.cookies = after;
    assert_eq!(location(&code(&mut browser, RIGHT).await), "/");
    assert_eq!(text(&browser.visit("/").await), "+821098765432");
}

/// A sender whose service does not exist. It keeps the errors of its calls.
#[derive(Clone, Default)]
struct Unreachable(Arc<Mutex<Vec<HttpErrorKind>>>);

impl CodeSender for Unreachable {
    fn send<'a>(
        &'a self,
        http: &'a dyn HttpClient,
        _: Message<'a>,
    ) -> BoxFuture<'a, Result<(), SendError>> {
        Box::pin(async move {
            let request = Request::post("http://127.0.0.1:1/send").body(Bytes::new());
            let error = http.send(request.unwrap()).await.unwrap_err();
            self.0.lock().unwrap().push(error.kind());
            Err(error.into())
        })
    }

    fn is_for_development(&self) -> bool {
        true
    }
}

#[tokio::test]
async fn each_message_is_one_call_although_the_ones_before_it_failed() {
    let sender = Unreachable::default();
    let step = PhoneStep::new(sender.clone());
    let shop = Shop::with(|kakao| kakao, |builder| builder.phone_step(step)).await;
    let mut browser = shop.browser();
    begin(&mut browser, "/").await;
    for _ in 0..8 {
        let page = number(&mut browser, NUMBER).await;
        assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
    let errors = sender.0.lock().unwrap();
    assert_eq!(errors.len(), 8);
    let reached = |kind: &HttpErrorKind| *kind == HttpErrorKind::Unreachable;
    assert!(errors.iter().all(reached), "{errors:?}");
}

#[tokio::test]
async fn a_post_without_a_live_step_is_refused_also_with_a_session() {
    let service = Service::default();
    let shop = shop(&service).await;
    let mut browser = shop.browser();
    begin(&mut browser, "/").await;
    number(&mut browser, NUMBER).await;
    assert_eq!(location(&code(&mut browser, RIGHT).await), "/");
    for page in [
        code(&mut browser, RIGHT).await,
        number(&mut browser, NUMBER).await,
        resend(&mut browser).await,
    ] {
        assert!(page.status().is_client_error(), "{}", page.status());
        assert!(text(&page).contains("/auth/login"));
    }
    // A page visit leads on, and the session stays.
    assert_eq!(location(&browser.visit("/auth/phone").await), "/");
    assert_eq!(browser.visit("/").await.status(), StatusCode::OK);
}
