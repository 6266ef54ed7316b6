//! Claims that are made anew, without a sign-out.

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::{
    Method, StatusCode,
    header::{CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE},
};
use serde_json::{Value, json};
use tower_phone_auth::{
    Builder, TestUser, VerifiedUser,
    error::LoginErrorKind,
    gateway::Judgement,
    hooks::{Denied, SignInError},
    layer::RefreshClaimsError,
};

use super::{Customer, browser, replicas::ready, shown};
use crate::support::{
    browser::{Browser, JIWOO, Page, location, refusal, set_cookies, text},
    events::Events,
    replicas::{Replicas, until},
    shop::{ORIGIN, Shop},
};

pub(super) const KAKAO: &str = "kakao";
pub(super) const SUBJECT: &str = "1376016924429759228";

/// The application's data, which a test changes.
#[derive(Clone)]
pub(super) struct Database {
    entry: Arc<Mutex<Entry>>,
    calls: Arc<AtomicUsize>,
}

#[derive(Clone)]
pub(super) enum Entry {
    Role(&'static str),
    Unknown,
    Down,
}

impl Database {
    pub(super) fn with(role: &'static str) -> Self {
        Self {
            entry: Arc::new(Mutex::new(Entry::Role(role))),
            calls: Arc::default(),
        }
    }

    pub(super) fn set(&self, entry: Entry) {
        *self.entry.lock().unwrap() = entry;
    }

    /// How often the layer asked so far.
    pub(super) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    pub(super) fn read(&self) -> Result<Customer, SignInError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        match self.entry.lock().unwrap().clone() {
            Entry::Role(role) => Ok(Customer {
                id: 1,
                role: role.to_owned(),
            }),
            Entry::Unknown => Err(Denied::new("Members only.").into()),
            Entry::Down => Err(io::Error::other("10.0.0.7 is down").into()),
        }
    }

    /// The setting that reads the claims from here.
    pub(super) fn claims(&self) -> impl FnOnce(Builder) -> Builder + use<> {
        let database = self.clone();
        move |builder| {
            builder.claims(move |_: VerifiedUser| {
                let database = database.clone();
                async move { database.read() }
            })
        }
    }
}

/// A shop whose claims come from the database, and a browser with a session.
pub(super) async fn signed_in(database: &Database) -> (Shop, Browser) {
    let shop = super::shop(database.claims()).await;
    let mut browser = browser(&shop);
    browser.sign_in("/", JIWOO).await;
    (shop, browser)
}

/// The role changes, and the application says so.
pub(super) async fn change(shop: &Shop, database: &Database, entry: Entry) {
    database.set(entry);
    shop.layer.refresh_claims(KAKAO, SUBJECT).await.unwrap();
}

pub(super) fn reason(page: &Page) -> String {
    let document: Value = serde_json::from_str(&text(page)).unwrap();
    document["reason"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_page_visit_gets_new_claims_and_comes_back_to_the_same_address() {
    let database = Database::with("guest");
    let (shop, mut browser) = signed_in(&database).await;
    assert_eq!(shown(&mut browser).await["claims"]["role"], "guest");
    let before = browser.session().unwrap().to_owned();
    change(&shop, &database, Entry::Role("staff")).await;

    let page = browser.visit("/?tab=2").await;
    assert_eq!(page.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(location(&page), "/?tab=2");
    assert_eq!(page.headers()[CACHE_CONTROL], "no-store");
    assert_ne!(browser.session().unwrap(), before);
    assert_eq!(browser.visit("/?tab=2").await.status(), StatusCode::OK);
    assert_eq!(shown(&mut browser).await["claims"]["role"], "staff");
}

#[tokio::test]
async fn the_session_keeps_its_id_and_its_end() {
    let database = Database::with("guest");
    let shop = super::shop(database.claims()).await;
    let facts = async |user: VerifiedUser| {
        format!(
            "{} {:?} {:?}",
            user.session_id(),
            user.authenticated_at(),
            user.expires_at()
        )
    };
    let app = axum::Router::new().route("/", axum::routing::get(facts));
    let mut browser = Browser::new(app.layer(shop.layer.clone()), ORIGIN);
    browser.sign_in("/", JIWOO).await;
    let before = text(&browser.visit("/").await);
    shop.time.pass(Duration::from_secs(600));
    change(&shop, &database, Entry::Role("staff")).await;
    let page = browser.visit("/").await;
    assert_eq!(page.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(text(&browser.visit("/").await), before);
}

#[tokio::test]
async fn any_other_request_gets_401_with_the_cookie_and_passes_when_it_comes_again() {
    let database = Database::with("guest");
    let shop = super::shop(database.claims()).await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    for method in [Method::GET, Method::POST] {
        change(&shop, &database, Entry::Role("staff")).await;
        let page = browser.fetch(method.clone(), "/orders").await;
        assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(reason(&page), "claims");
        let challenge = page.headers()[WWW_AUTHENTICATE].to_str().unwrap();
        assert!(challenge.contains("reason=\"claims\""), "{challenge}");
        assert_eq!(set_cookies(&page).len(), 1);
        assert_eq!(
            browser.fetch(method, "/orders").await.status(),
            StatusCode::OK
        );
    }
}

#[tokio::test]
async fn claims_of_another_type_and_missing_ones_are_made_anew() {
    let database = Database::with("guest");
    let shop = super::shop(database.claims()).await;
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    let old = user
        .clone()
        .claims(&json!({ "customer_number": 1 }))
        .unwrap();
    for user in [old, user] {
        let cookie = user.cookie(&shop.layer).unwrap();
        let (name, value) = cookie.split_once('=').unwrap();
        let mut browser = browser(&shop);
        browser.cookies.insert(name.to_owned(), value.to_owned());
        let page = browser.visit("/").await;
        assert_eq!(page.status(), StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(shown(&mut browser).await["claims"]["role"], "guest");
    }
}

#[tokio::test]
async fn what_on_sign_in_returns_counts_until_new_claims_are_asked_for() {
    let database = Database::with("guest");
    let returned = || async {
        Ok(Customer {
            id: 1,
            role: "returned".to_owned(),
        })
    };
    let shop =
        super::shop(|builder| (database.claims())(builder).on_sign_in(move |_| returned())).await;
    let mut browser = browser(&shop);
    browser.sign_in("/", JIWOO).await;
    assert_eq!(shown(&mut browser).await["claims"]["role"], "returned");
    change(&shop, &database, Entry::Role("staff")).await;
    browser.visit("/").await;
    assert_eq!(shown(&mut browser).await["claims"]["role"], "staff");
}

#[tokio::test]
async fn the_rule_of_the_application_sees_the_new_claims() {
    let database = Database::with("staff");
    let is_staff = |user: &VerifiedUser| {
        let customer = user.claims::<Customer>();
        // The rule is also asked at the sign-in, before there are claims.
        customer.is_ok_and(|customer| customer.is_none_or(|customer| customer.role == "staff"))
    };
    let shop = super::shop(|builder| (database.claims())(builder).allow(is_staff)).await;
    let mut browser = browser(&shop);
    browser.sign_in("/", JIWOO).await;
    change(&shop, &database, Entry::Role("guest")).await;
    browser.visit("/").await;
    assert_eq!(browser.visit("/").await.status(), StatusCode::FORBIDDEN);
    change(&shop, &database, Entry::Role("staff")).await;
    browser.visit("/").await;
    assert_eq!(browser.visit("/").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn an_application_that_refuses_or_fails_keeps_the_session_for_later() {
    let database = Database::with("guest");
    let (shop, mut browser) = signed_in(&database).await;
    let before = browser.session().unwrap().to_owned();

    change(&shop, &database, Entry::Unknown).await;
    let page = browser.visit("/").await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert!(text(&page).contains("Members only."));
    let page = browser.fetch(Method::GET, "/").await;
    assert_eq!(
        (page.status(), reason(&page).as_str()),
        (StatusCode::FORBIDDEN, "not_allowed")
    );

    change(&shop, &database, Entry::Down).await;
    let events = Events::capture();
    let page = browser.visit("/").await;
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(page.headers()[RETRY_AFTER], "1");
    assert_eq!(refusal(&page), Some(LoginErrorKind::ApplicationBusy));
    assert!(!text(&page).contains("10.0.0.7"));
    shop.time.pass(Duration::from_secs(1));
    let page = browser.fetch(Method::GET, "/").await;
    assert_eq!(
        (page.status(), reason(&page).as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "claims")
    );
    assert_eq!(page.headers()[RETRY_AFTER], "2");
    assert!(!text(&page).contains("10.0.0.7"));
    let lines = events.audit("refusal");
    assert_eq!(lines.len(), 2);
    assert!(
        lines
            .iter()
            .all(|line| line.field("source") == "10.0.0.7 is down")
    );

    assert_eq!(browser.session().unwrap(), before);
    shop.time.pass(Duration::from_secs(2));
    database.set(Entry::Role("staff"));
    browser.visit("/").await;
    assert_eq!(shown(&mut browser).await["claims"]["role"], "staff");
}

#[tokio::test]
async fn a_public_path_stays_open_to_requests_that_are_no_page_visits() {
    let database = Database::with("guest");
    let shop = super::shop(database.claims()).await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    change(&shop, &database, Entry::Role("staff")).await;
    let page = browser.fetch(Method::GET, "/maybe").await;
    assert_eq!(
        (page.status(), text(&page).as_str()),
        (StatusCode::OK, "anonymous")
    );
    assert_eq!(
        browser.visit("/maybe").await.status(),
        StatusCode::TEMPORARY_REDIRECT
    );
    let page = browser.fetch(Method::GET, "/maybe").await;
    assert_eq!(text(&page), "+821012345678");
}

#[tokio::test]
async fn the_redirect_never_leads_to_another_host() {
    let database = Database::with("guest");
    let shop = super::shop(database.claims()).await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let long = format!("/orders?q={}", "a".repeat(3000));
    for path in ["//evil.example/", "/\\evil.example", long.as_str()] {
        change(&shop, &database, Entry::Role("staff")).await;
        let visit = [("sec-fetch-mode", "navigate"), ("accept", "text/html")];
        let Ok(uri) = path.parse::<http::Uri>() else {
            continue;
        };
        let mut request = http::Request::get(uri);
        for (name, value) in visit {
            request = request.header(name, value);
        }
        let page = browser
            .call(request.body(axum::body::Body::empty()).unwrap())
            .await;
        assert_eq!(page.status(), StatusCode::TEMPORARY_REDIRECT, "{path}");
        assert!(
            location(&page).starts_with(&format!("{ORIGIN}/")),
            "{}",
            location(&page)
        );
    }
}

#[tokio::test]
async fn other_users_and_layers_without_the_hook_keep_their_claims() {
    let database = Database::with("guest");
    let (shop, mut browser) = signed_in(&database).await;
    database.set(Entry::Role("staff"));
    shop.layer.refresh_claims(KAKAO, "2").await.unwrap();
    assert_eq!(shown(&mut browser).await["claims"]["role"], "guest");

    let (plain, mut browser) = {
        let shop = super::shop(|builder| builder.on_sign_in(|_| async { Ok("kept") })).await;
        let mut browser = super::browser(&shop);
        browser.sign_in("/", JIWOO).await;
        (shop, browser)
    };
    plain.layer.refresh_claims(KAKAO, SUBJECT).await.unwrap();
    assert_eq!(shown(&mut browser).await["claims"], "kept");
}

#[tokio::test]
async fn an_unknown_provider_and_a_long_subject_are_refused() {
    let shop = super::shop(|builder| builder).await;
    assert_eq!(
        shop.layer.refresh_claims("kakoa", "1").await,
        Err(RefreshClaimsError::UnknownProvider("kakoa".to_owned()))
    );
    assert_eq!(
        shop.layer.refresh_claims(KAKAO, &"1".repeat(256)).await,
        Err(RefreshClaimsError::SubjectTooLong(256))
    );
}

#[tokio::test]
async fn every_replica_learns_that_claims_are_old() {
    let database = Database::with("guest");
    let shop = Replicas::new().await;
    let start = async || ready(&shop, &database).await;
    let (one, other) = (start().await, start().await);
    let mut browser = one.browser();
    browser.sign_in("/auth/login?provider=kakao", JIWOO).await;
    assert!(other.lets_in(&browser).await);
    one.layer.refresh_claims(KAKAO, SUBJECT).await.unwrap();
    other.eventually_answers(&browser, (401, "claims")).await;
    // One renewal is enough for all replicas, and for those that start later.
    browser.fetch(Method::GET, "/").await;
    let third = start().await;
    until(async || one.lets_in(&browser).await && other.lets_in(&browser).await).await;
    assert!(third.lets_in(&browser).await);
}

#[tokio::test]
async fn a_gateway_passes_the_renewal_on() {
    let database = Database::with("guest");
    let shop = super::shop(database.claims()).await;
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    let cookie = user.cookie(&shop.layer).unwrap();
    let head = |accept: &str| {
        let request = http::Request::get("/orders").header("cookie", &cookie);
        request
            .header("accept", accept)
            .body(())
            .unwrap()
            .into_parts()
            .0
    };
    let Judgement::SignIn(response) = shop.layer.judge(&head("text/html")).await else {
        panic!("a page visit with old claims passes");
    };
    assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
    assert!(response.headers().contains_key("set-cookie"));
    let Judgement::Refuse(response) = shop.layer.judge(&head("*/*")).await else {
        panic!("a request with old claims passes");
    };
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert!(response.headers().contains_key("set-cookie"));
}
