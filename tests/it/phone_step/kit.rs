//! A shop with a phone step, and a service that keeps the messages.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::{Duration, UNIX_EPOCH},
};

use http::StatusCode;
use tower_phone_auth::{
    Builder, PhoneNumber, VerifiedUser,
    phone_step::{CodeSender, Message, PhoneLimits, PhoneStep, SendError, SendErrorKind},
    provider::{BoxFuture, HttpClient},
};
use tower_phone_auth_local_provider::Person;

use crate::support::{
    browser::{Act, Browser, Page, location, text},
    shop::{ORIGIN, Shop},
};

/// A user whose account has no number.
pub(crate) const HANEUL: Act = Act::Agree(Person::WITHOUT_PHONE);
pub(crate) const NUMBER: &str = "010-2345-6789";

/// One message.
#[derive(Clone)]
pub(super) struct Sms {
    pub(super) number: PhoneNumber,
    pub(super) text: String,
    pub(super) code: String,
    pub(super) language: String,
}

/// A sender that keeps the messages, and fails if a test says so.
#[derive(Clone, Default)]
pub(crate) struct Outbox(Arc<Kept>);

#[derive(Default)]
struct Kept {
    sent: Mutex<Vec<Sms>>,
    /// The answers to the next messages. `None` for one that never comes.
    fails: Mutex<VecDeque<Option<SendError>>>,
}

impl Outbox {
    pub(super) fn sent(&self) -> Vec<Sms> {
        self.0.sent.lock().unwrap().clone()
    }

    pub(super) fn count(&self) -> usize {
        self.0.sent.lock().unwrap().len()
    }

    /// The code of the last message.
    pub(crate) fn code(&self) -> String {
        self.sent().last().unwrap().code.clone()
    }

    pub(super) fn fail_next(&self, error: impl Into<SendError>) {
        let mut fails = self.0.fails.lock().unwrap();
        fails.push_back(Some(error.into()));
    }

    pub(super) fn hang_next(&self) {
        self.0.fails.lock().unwrap().push_back(None);
    }
}

impl CodeSender for Outbox {
    fn send<'a>(
        &'a self,
        _: &'a dyn HttpClient,
        message: Message<'a>,
    ) -> BoxFuture<'a, Result<(), SendError>> {
        Box::pin(async move {
            self.0.sent.lock().unwrap().push(Sms {
                number: *message.number,
                text: message.text.to_owned(),
                code: message.code.to_owned(),
                language: message.language.to_owned(),
            });
            let fails = self.0.fails.lock().unwrap().pop_front();
            match fails {
                None => Ok(()),
                Some(Some(error)) => Err(error),
                Some(None) => std::future::pending().await,
            }
        })
    }

    fn is_for_development(&self) -> bool {
        true
    }
}

/// A shop with a phone step.
pub(super) async fn shop() -> (Shop, Outbox) {
    shop_with(|step| step, |builder| builder).await
}

pub(super) async fn shop_with(
    step: impl FnOnce(PhoneStep) -> PhoneStep,
    settings: impl FnOnce(Builder) -> Builder,
) -> (Shop, Outbox) {
    let outbox = Outbox::default();
    let step = step(PhoneStep::new(outbox.clone()).site_name("Shop"));
    let shop = Shop::with(|kakao| kakao, |builder| settings(builder.phone_step(step))).await;
    (shop, outbox)
}

/// Signs in as the user without a number. The browser is then in the step.
pub(super) async fn begin(browser: &mut Browser, path: &str) -> Page {
    let back = browser.come_back(path, HANEUL).await;
    assert_eq!(back.status(), StatusCode::SEE_OTHER, "{}", text(&back));
    assert_eq!(location(&back), "/auth/phone");
    browser.visit("/auth/phone").await
}

/// Types a number.
pub(crate) async fn number(browser: &mut Browser, number: &str) -> Page {
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("number", number)
        .finish();
    browser.submit("/auth/phone", body).await
}

/// Types a code.
pub(crate) async fn code(browser: &mut Browser, code: &str) -> Page {
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("code", code)
        .finish();
    browser.submit("/auth/phone/code", body).await
}

/// Asks for a new code.
pub(super) async fn resend(browser: &mut Browser) -> Page {
    browser.submit("/auth/phone/code", "action=resend").await
}

/// A code that is not this one.
pub(super) fn other_than(code: &str) -> String {
    let last = code.bytes().last().unwrap();
    let other = if last == b'9' {
        '0'
    } else {
        char::from(last + 1)
    };
    format!("{}{other}", &code[..5])
}

/// A browser that has typed a number and got a message.
pub(super) async fn asked(shop: &Shop, path: &str) -> Browser {
    let mut browser = shop.browser();
    begin(&mut browser, path).await;
    let sent = number(&mut browser, NUMBER).await;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER, "{}", text(&sent));
    assert_eq!(location(&sent), "/auth/phone/code");
    browser
}

/// The seconds of `Retry-After`.
pub(super) fn retry_after(page: &Page) -> u64 {
    let value = page.headers().get("retry-after").unwrap();
    value.to_str().unwrap().parse().unwrap()
}

/// Causes lines of the audit log at each of their levels: a start, a message that was refused, and
/// the limit on all messages.
pub(crate) async fn cause_lines() {
    let limits = PhoneLimits::new().total(1);
    let (shop, outbox) = shop_with(|step| step.limits(limits), |builder| builder).await;
    let mut browser = shop.browser();
    begin(&mut browser, "/").await;
    outbox.fail_next(SendErrorKind::Refused);
    for _ in 0..3 {
        number(&mut browser, NUMBER).await;
        shop.time.pass(Duration::from_secs(31));
    }
}

/// The number of the browser's user, its assurance, and the seconds of its confirmation.
pub(super) async fn known_as(shop: &Shop, browser: &mut Browser) -> (String, Option<u64>) {
    let app = axum::Router::new().fallback(|user: VerifiedUser| async move {
        let at = user.confirmed_at();
        let at = at.map(|at| at.duration_since(UNIX_EPOCH).unwrap().as_secs());
        let at = at.map_or_else(String::new, |at| at.to_string());
        format!("{} {} {at}", user.phone, user.phone_assurance.as_str())
    });
    let mut second = Browser::new(app.layer(shop.layer.clone()), ORIGIN);
    second.cookies = browser.cookies.clone();
    let page = text(&second.visit("/user").await);
    let (number, at) = page.rsplit_once(' ').unwrap();
    (number.to_owned(), at.parse().ok())
}
