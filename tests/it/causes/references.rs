//! The reference on the page of every kind of refusal is in exactly one line of the log.

use std::{collections::BTreeSet, future::pending, time::Duration};

use axum::{Router, routing::get};
use serde_json::json;
use tower_phone_auth::{
    Builder, Text,
    error::LoginError,
    hooks::Denied,
    phone::PhoneAssurance,
    phone_step::{ConsoleSender, PhoneStep},
    provider::Provider,
};
use tower_phone_auth_local_provider::{
    Endpoint::{self, Profile, Token},
    LocalProvider, Person,
    faults::Fault,
};

use super::row::{html, json as answer, koe};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Act, Browser, JIWOO, Page, altered, location},
    events::Events,
    outcome::login,
    shop::{HTTPS, ORIGIN, Shop},
};

/// The kinds of refusals whose page was opened so far.
struct Opened {
    events: Events,
    kinds: BTreeSet<String>,
}

impl Opened {
    /// Returns the reference.
    fn page(&mut self, page: &Page) -> String {
        let error = page.extensions().get::<LoginError>();
        let error = error.unwrap_or_else(|| panic!("{} {:?}", page.status(), page.body()));
        let (kind, reference) = (format!("{:?}", error.kind()), error.reference());
        let text = String::from_utf8_lossy(page.body()).into_owned();
        assert!(text.contains(reference), "{kind}");
        let mut lines = self.events.all();
        lines.retain(|line| format!("{line:?}").contains(reference));
        let [line] = &lines[..] else {
            panic!("{kind}: {lines:?}")
        };
        assert_eq!(line.field("cause"), kind);
        self.kinds.insert(kind);
        reference.to_owned()
    }
}

async fn shop(client: fn(&LocalProvider) -> Provider) -> Shop {
    with(client, |builder| builder).await
}

async fn with(
    client: fn(&LocalProvider) -> Provider,
    settings: impl FnOnce(Builder) -> Builder,
) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    let client = client(&provider);
    Shop::at(provider, client, settings)
}

fn kakao(provider: &LocalProvider) -> Provider {
    provider.kakao().into()
}

fn oidc(provider: &LocalProvider) -> Provider {
    provider.oidc().into()
}

/// Refusals that the provider, or the user at the provider, causes.
async fn at_the_provider(opened: &mut Opened) {
    let shop = shop(kakao).await;
    let account = |patch| Fault::Merge(json!({ "kakao_account": patch }));
    for (endpoint, fault) in [
        (Token, koe(400, "KOE320", "invalid_grant", "used")),
        (Token, koe(401, "KOE010", "invalid_client", "secret")),
        (Token, koe(400, "KOE237", "invalid_request", "quota")),
        (Token, html(503)),
        (Token, html(500)),
        (Profile, answer(401, &json!({ "code": -401 }))),
        (Profile, answer(403, &json!({ "code": -4 }))),
        (Profile, answer(403, &json!({ "code": -101 }))),
        (Profile, Fault::Merge(json!({ "id": "x" }))),
        (Profile, account(json!({ "phone_number": "+82 1" }))),
        (
            Profile,
            account(json!({ "phone_number": null, "phone_number_needs_agreement": null })),
        ),
        (
            Profile,
            account(json!({ "phone_number": null, "phone_number_needs_agreement": false })),
        ),
    ] {
        opened.page(&login(&shop, [(endpoint, fault)]).await);
    }
    let mut browser = shop.browser();
    opened.page(&browser.come_back("/", Act::Cancel).await);
    let user = Act::Agree(Person::PREREGISTERED);
    opened.page(&shop.browser().come_back("/", user).await);
    let mut browser = shop.browser();
    let withheld = Act::Untick(Person::WITH_PHONE);
    let again = browser.come_back("/", withheld).await;
    let callback = browser.act(&again, withheld).await;
    opened.page(&browser.visit(&callback).await);
    let shop = with(kakao, |builder| {
        builder.provider_timeout(Duration::from_secs(3))
    })
    .await;
    opened.page(&login(&shop, [(Token, Fault::Hang)]).await);
    let shop = with(oidc, |builder| builder).await;
    shop.provider
        .forge_id_token(|_, claims| claims["aud"] = "another".into());
    opened.page(&login(&shop, []).await);
}

/// Refusals that the browser causes.
async fn by_the_browser(opened: &mut Opened) {
    let shop = shop(kakao).await;
    opened.page(&shop.browser().visit("/auth/callback/kakao").await);
    let stranger = "/auth/callback/kakao?code=1&state=2";
    opened.page(&shop.browser().visit(stranger).await);
    let mut browser = shop.browser();
    let away = browser.visit("/").await;
    opened.page(&browser.visit(stranger).await);
    let callback = browser.act(&away, JIWOO).await;
    let mut other = shop.browser();
    other.visit("/other").await;
    opened.page(&other.visit(&callback).await);
    let wrong = altered(&callback, "iss", Some("https://evil.example"));
    opened.page(&browser.visit(&wrong).await);
    let mut inner = shop.browser();
    inner
        .headers
        .insert("host", "shop.internal".parse().unwrap());
    let away = inner.visit("/").await;
    let callback = inner.act(&away, JIWOO).await;
    let mut outer = shop.browser();
    outer
        .headers
        .insert("host", "127.0.0.1:3000".parse().unwrap());
    opened.page(&outer.visit(&callback).await);
    let mut late = shop.browser();
    let away = late.visit("/").await;
    let callback = late.act(&away, JIWOO).await;
    shop.time.pass(Duration::from_secs(31 * 60));
    opened.page(&late.visit(&callback).await);
    opened.page(&redirect_loop().await);
}

async fn redirect_loop() -> Page {
    let shop = shop(kakao).await;
    let mut forgetful = shop.browser();
    for _ in 0..3 {
        forgetful.come_back("/orders", JIWOO).await;
        forgetful.cookies.remove("phone-auth");
    }
    forgetful.visit("/orders").await
}

/// Refusals that the application causes.
async fn by_the_application(opened: &mut Opened) {
    let deny = |builder: Builder| {
        builder.on_sign_in(|_| async {
            Err::<(), _>(Denied::new(Text::en("Members only.").ko("회원 전용입니다.")).into())
        })
    };
    opened.page(&login(&with(kakao, deny).await, []).await);
    let hang = |builder: Builder| {
        builder
            .on_sign_in(|_| pending::<Result<(), _>>())
            .hook_timeout(Duration::from_millis(20))
    };
    opened.page(&login(&with(kakao, hang).await, []).await);
    let unfit = |builder: Builder| builder.on_sign_in(|_| async { Ok("x".repeat(600)) });
    opened.page(&login(&with(kakao, unfit).await, []).await);
    let step = |builder: Builder| builder.phone_step(PhoneStep::new(ConsoleSender::new()));
    let shop = with(kakao, step).await;
    opened.page(&shop.browser().visit("/auth/phone").await);
    let verified = |builder: Builder| builder.minimum_assurance(PhoneAssurance::Verified);
    opened.page(&login(&with(kakao, verified).await, []).await);
    opened.page(&unproved().await);
    opened.page(&misdirected().await);
    opened.page(&another_account().await);
}

async fn unproved() -> Page {
    let shop = shop(kakao).await;
    let app = Router::new()
        .route("/pay", get(async || "paid"))
        .route_layer(shop.layer.require().max_age(Duration::from_secs(60)))
        .layer(shop.layer.clone());
    let mut browser = Browser::new(app, ORIGIN);
    browser.come_back("/pay", JIWOO).await;
    browser.visit("/pay").await
}

async fn misdirected() -> Page {
    let shop = Shop::secure().await;
    let at = |host: &str| {
        let mut browser = Browser::new(shop.app.clone(), HTTPS);
        browser.headers.insert("host", host.parse().unwrap());
        browser
    };
    let (mut apex, mut www) = (at("shop.example.com"), at("www.shop.example.com"));
    apex.sign_in("/", JIWOO).await;
    loop {
        let moved = www.visit("/orders").await;
        let page = apex
            .visit(location(&moved).strip_prefix(HTTPS).unwrap())
            .await;
        if page.status() != 303 {
            return page;
        }
    }
}

async fn another_account() -> Page {
    let after = Duration::from_secs(20 * 60);
    let shop = with(oidc, |builder| builder.recheck_after(after)).await;
    let other = Person::TRUNK_ZERO;
    shop.browser().sign_in("/", Act::Agree(other)).await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let ahead = after.as_secs() + 1;
    shop.time.pass(Duration::from_secs(ahead));
    shop.provider.forge_id_token(move |_, claims| {
        for name in ["iat", "exp"] {
            claims[name] = (claims[name].as_u64().unwrap() + ahead).into();
        }
    });
    let away = browser.visit("/").await;
    browser.set_provider_session(Some(other));
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await
}

/// The variants of `LoginErrorKind` in the source.
fn all() -> BTreeSet<String> {
    let text = std::fs::read_to_string("src/error/kind.rs").unwrap();
    let text = text.split("pub enum LoginErrorKind {").nth(1).unwrap();
    let text = text.split("\n}\n").next().unwrap();
    let variants = text.lines().filter_map(|line| line.strip_prefix("    "));
    let variants = variants.filter(|line| !line.starts_with("//"));
    let variants = variants.filter_map(|line| line.strip_suffix(','));
    variants.map(str::to_owned).collect()
}

#[tokio::test]
async fn the_reference_of_every_page_is_in_exactly_one_line() {
    let mut opened = Opened {
        events: Events::capture(),
        kinds: BTreeSet::new(),
    };
    at_the_provider(&mut opened).await;
    by_the_browser(&mut opened).await;
    by_the_application(&mut opened).await;
    assert_eq!(opened.kinds, all());
}

#[tokio::test]
async fn two_users_who_wait_for_one_failed_request_get_two_references() {
    for endpoint in [Endpoint::Discovery, Endpoint::Keys] {
        let mut opened = Opened {
            events: Events::capture(),
            kinds: BTreeSet::new(),
        };
        let shop = shop(oidc).await;
        let (mut one, mut other) = (shop.browser(), shop.browser());
        let mut targets = ["/".to_owned(), "/".to_owned()];
        if endpoint == Endpoint::Keys {
            for (browser, target) in [&mut one, &mut other].into_iter().zip(&mut targets) {
                let away = browser.visit("/").await;
                *target = browser.act(&away, JIWOO).await;
            }
        }
        shop.provider.forget_requests();
        shop.provider.fail_next(endpoint, html(503));
        let (page, second) = tokio::join!(one.visit(&targets[0]), other.visit(&targets[1]));
        assert_eq!(shop.provider.count(endpoint), 1);
        assert_ne!(opened.page(&page), opened.page(&second));
    }
}
