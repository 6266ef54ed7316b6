//! The application's store of confirmed numbers.

use std::{
    collections::HashMap,
    error::Error,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU8, Ordering},
    },
    time::{Duration, SystemTime},
};

use serde_json::json;
use tower_phone_auth::{
    Builder, PhoneNumber,
    phone::PhoneAssurance,
    phone_step::{KnownNumbers, PhoneStep},
    provider::BoxFuture,
};
use tower_phone_auth_local_provider::{Endpoint, Person, faults::Fault};

use super::kit::{HANEUL, NUMBER, Outbox, begin, code, known_as, number, shop_with};
use crate::support::{
    browser::{Act, Browser, JIWOO, Page, location, text},
    shop::Shop,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
type Failure = Box<dyn Error + Send + Sync>;
type Key = (String, String);

/// A store in memory, which fails or hangs if a test says so.
#[derive(Clone, Default)]
struct Known(Arc<Table>);

#[derive(Default)]
struct Table {
    numbers: Mutex<HashMap<Key, (PhoneNumber, SystemTime)>>,
    trouble: AtomicU8,
    asked: AtomicU8,
}

impl Known {
    fn count(&self) -> usize {
        self.0.numbers.lock().unwrap().len()
    }

    fn asked(&self) -> u8 {
        self.0.asked.load(Ordering::Relaxed)
    }

    fn is(&self, trouble: u8) {
        self.0.trouble.store(trouble, Ordering::Relaxed);
    }

    async fn answer(&self) -> Result<(), Failure> {
        match self.0.trouble.load(Ordering::Relaxed) {
            0 => Ok(()),
            1 => Err("+821023456789 cannot be read".into()),
            _ => std::future::pending().await,
        }
    }
}

impl KnownNumbers for Known {
    fn get<'a>(
        &'a self,
        provider: &'a str,
        subject: &'a str,
    ) -> BoxFuture<'a, Result<Option<(PhoneNumber, SystemTime)>, Failure>> {
        Box::pin(async move {
            self.0.asked.fetch_add(1, Ordering::Relaxed);
            self.answer().await?;
            let key = (provider.to_owned(), subject.to_owned());
            Ok(self.0.numbers.lock().unwrap().get(&key).copied())
        })
    }

    fn put<'a>(
        &'a self,
        provider: &'a str,
        subject: &'a str,
        number: PhoneNumber,
        confirmed_at: SystemTime,
    ) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            self.answer().await?;
            let mut numbers = self.0.numbers.lock().unwrap();
            numbers.retain(|_, (known, _)| *known != number);
            let key = (provider.to_owned(), subject.to_owned());
            numbers.insert(key, (number, confirmed_at));
            Ok(())
        })
    }

    fn forget<'a>(
        &'a self,
        provider: &'a str,
        subject: &'a str,
    ) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            self.answer().await?;
            let key = (provider.to_owned(), subject.to_owned());
            self.0.numbers.lock().unwrap().remove(&key);
            Ok(())
        })
    }
}

async fn shop(step: impl FnOnce(PhoneStep) -> PhoneStep) -> (Shop, Outbox, Known) {
    let known = Known::default();
    let settings = |given: PhoneStep| step(given.known_numbers(known.clone()));
    let limit = Duration::from_millis(300);
    let (shop, outbox) = shop_with(settings, |builder| builder.hook_timeout(limit)).await;
    (shop, outbox, known)
}

/// Signs in a new browser through the step.
async fn confirmed(shop: &Shop, outbox: &Outbox, act: Act) -> Browser {
    let mut browser = shop.browser();
    let back = browser.come_back("/", act).await;
    assert_eq!(location(&back), "/auth/phone", "{}", text(&back));
    number(&mut browser, NUMBER).await;
    let back = code(&mut browser, &outbox.code()).await;
    assert_eq!(location(&back), "/", "{}", text(&back));
    browser
}

/// The answer to the callback of a new browser.
async fn next(shop: &Shop) -> (Browser, Page) {
    let mut browser = shop.browser();
    let back = browser.come_back("/", HANEUL).await;
    (browser, back)
}

#[tokio::test]
async fn the_next_sign_in_of_a_known_user_sends_nothing_and_keeps_the_time() {
    let (shop, outbox, known) = shop(|step| step).await;
    let mut first = confirmed(&shop, &outbox, HANEUL).await;
    let user = known_as(&shop, &mut first).await;
    assert!(user.1.is_some());
    assert_eq!(known.count(), 1);
    for _ in 0..2 {
        shop.time.pass(DAY * 80);
        let (mut browser, back) = next(&shop).await;
        assert_eq!(location(&back), "/", "{}", text(&back));
        assert_eq!(known_as(&shop, &mut browser).await, user);
    }
    assert_eq!(outbox.count(), 1);
    // The time of the confirmation counts, not that of the last sign-in.
    shop.time.pass(DAY * 20);
    assert_eq!(location(&next(&shop).await.1), "/auth/phone");
}

#[tokio::test]
async fn a_known_number_counts_for_the_time_of_the_setting() {
    let (shop, outbox, _) = shop(|step| step.known_for(DAY)).await;
    confirmed(&shop, &outbox, HANEUL).await;
    shop.time.pass(DAY - Duration::from_secs(60));
    assert_eq!(location(&next(&shop).await.1), "/");
    shop.time.pass(Duration::from_secs(120));
    assert_eq!(location(&next(&shop).await.1), "/auth/phone");
}

#[tokio::test]
async fn a_known_number_does_not_count_if_the_provider_reports_another() {
    let known = Known::default();
    let step = |step: PhoneStep| step.known_numbers(known);
    let policy = |builder: Builder| builder.minimum_assurance(PhoneAssurance::Verified);
    let (shop, outbox) = shop_with(step, policy).await;
    confirmed(&shop, &outbox, HANEUL).await;
    // The provider has a number that is below the policy, or one that cannot be read.
    for (reported, place) in [
        ("+82 10-2345-6789", "/"),
        ("no number", "/"),
        ("+82 10-7777-8888", "/auth/phone"),
        // It is void for good.
        ("+82 10-2345-6789", "/auth/phone"),
    ] {
        let account = json!({ "kakao_account": {
            "has_phone_number": true, "phone_number": reported
        } });
        let fault = Fault::Merge(account);
        shop.provider.fail_next(Endpoint::Profile, fault);
        let (_, back) = next(&shop).await;
        assert_eq!(location(&back), place, "{reported}");
    }
}

#[tokio::test]
async fn a_number_that_another_user_confirmed_is_lost_to_the_first() {
    let (shop, outbox, known) = shop(|step| step).await;
    confirmed(&shop, &outbox, HANEUL).await;
    let fault = || Fault::Merge(json!({ "kakao_account": { "phone_number": null } }));
    shop.provider.fail_next(Endpoint::Profile, fault());
    let other = Act::Agree(Person::TRUNK_ZERO);
    shop.time.pass(Duration::from_secs(3600));
    let mut browser = shop.browser();
    let back = browser.come_back("/", other).await;
    if location(&back) != "/auth/phone" {
        // The provider is asked for consent once more.
        shop.provider.fail_next(Endpoint::Profile, fault());
        let callback = browser.act(&back, other).await;
        browser.visit(&callback).await;
    }
    number(&mut browser, NUMBER).await;
    assert_eq!(location(&code(&mut browser, &outbox.code()).await), "/");
    assert_eq!(known.count(), 1);
    assert_eq!(location(&next(&shop).await.1), "/auth/phone");
}

#[tokio::test]
async fn the_store_is_asked_at_the_callback_alone() {
    let (shop, outbox, known) = shop(|step| step).await;
    let mut browser = shop.browser();
    begin(&mut browser, "/").await;
    assert_eq!(known.asked(), 1);
    number(&mut browser, NUMBER).await;
    browser.visit("/auth/phone/code").await;
    code(&mut browser, &outbox.code()).await;
    browser.visit("/").await;
    assert_eq!(known.asked(), 1);
    // The number of the provider may contradict a known one.
    shop.browser().sign_in("/", JIWOO).await;
    assert_eq!(known.asked(), 2);
}

#[tokio::test]
async fn if_the_store_fails_or_hangs_the_step_runs_and_the_user_is_signed_in() {
    for trouble in [1, 2] {
        let (shop, outbox, known) = shop(|step| step).await;
        confirmed(&shop, &outbox, HANEUL).await;
        known.is(trouble);
        shop.time.pass(Duration::from_secs(3600));
        let browser = confirmed(&shop, &outbox, HANEUL).await;
        assert!(browser.session().is_some(), "{trouble}");
        assert_eq!(outbox.count(), 2);
    }
}

#[tokio::test]
async fn an_acceptable_number_of_the_provider_makes_another_known_one_void() {
    let (shop, outbox, known) = shop(|step| step).await;
    confirmed(&shop, &outbox, HANEUL).await;
    for (reported, count) in [("+82 10-2345-6789", 1), ("+82 10-7777-8888", 0)] {
        let account = json!({ "kakao_account": {
            "has_phone_number": true, "phone_number": reported
        } });
        shop.provider
            .fail_next(Endpoint::Profile, Fault::Merge(account));
        assert_eq!(location(&next(&shop).await.1), "/");
        assert_eq!(known.count(), count, "{reported}");
    }
    assert_eq!(location(&next(&shop).await.1), "/auth/phone");
}

#[tokio::test]
async fn with_known_numbers_a_live_session_keeps_no_number_that_is_too_old() {
    let (shop, outbox, known) = shop(|step| step.known_for(DAY / 24)).await;
    let mut browser = confirmed(&shop, &outbox, HANEUL).await;
    assert_eq!(known.count(), 1);
    for (minutes, place) in [(30, "/x"), (31, "/auth/phone")] {
        shop.time.pass(Duration::from_secs(minutes * 60));
        let again = "/auth/login?provider=kakao&fresh=1&return_to=/x";
        let away = browser.visit(again).await;
        let callback = browser.act(&away, HANEUL).await;
        let back = browser.visit(&callback).await;
        assert_eq!(location(&back), place, "{minutes}");
    }
}
