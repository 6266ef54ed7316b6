//! Cookies belong to one origin and one prefix, even if applications share key, client and cookie
//! name.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use http::{Method, StatusCode};
use tower_phone_auth::{
    Builder, OAuthLayer, SessionKey, Text, error::LoginErrorKind, hooks::Denied,
    revocation::InProcessLog,
};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Person};

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO, location, parameter, refusal, text},
    replicas::until,
    shop::{HTTPS, routes},
};

/// Other origins and prefixes than `https://shop.example.com` with `/auth`.
const ELSEWHERE: [(&str, &str); 5] = [
    ("https://staff.example.com", "/auth"),
    ("https://staging.shop.example.com", "/auth"),
    ("https://shop.example.com:8443", "/auth"),
    (HTTPS, "/staff/auth"),
    (HTTPS, "/auth2"),
];

/// Other ways to write the same origin.
const SAME: [&str; 4] = [
    HTTPS,
    "https://shop.example.com/",
    "https://shop.example.com:443",
    "HTTPS://SHOP.Example.com",
];

/// Applications that share everything but origin and prefix.
struct Applications {
    provider: LocalProvider,
    key: SessionKey,
}

impl Applications {
    async fn new() -> Self {
        let provider = LocalProvider::start().await.unwrap();
        let places = ELSEWHERE.iter().chain(&[(HTTPS, "/auth")]);
        let uris = places.flat_map(|(origin, prefix)| {
            ["kakao", "oidc"].map(|name| format!("{origin}{prefix}/callback/{name}"))
        });
        let uris = uris.collect();
        provider.configure(|settings| settings.redirect_uris = uris);
        Self {
            provider,
            key: SessionKey::random(),
        }
    }

    fn layer(&self, place: (&str, &str), settings: impl FnOnce(Builder) -> Builder) -> OAuthLayer {
        let builder = OAuthLayer::builder()
            .public_url(place.0)
            .allow_test_endpoints()
            .prefix(place.1)
            .session_key(self.key.clone())
            .provider(self.provider.kakao())
            .provider(self.provider.oidc().named("oidc").logout_at_provider())
            .save_forms();
        settings(builder).build().unwrap()
    }

    fn browser(&self, place: (&str, &str)) -> Browser {
        let layer = self.layer(place, |builder| builder);
        Browser::new(routes().layer(layer), place.0)
    }

    /// A browser that signed in at the shop by its second provider, with all cookies of that.
    async fn signed_in(&self) -> Browser {
        let mut browser = self.browser((HTTPS, "/auth"));
        let back = browser.come_back("/auth/login?provider=oidc", JIWOO).await;
        assert_eq!(back.status(), StatusCode::SEE_OTHER);
        browser
    }
}

#[tokio::test]
async fn a_session_of_another_origin_or_prefix_is_refused() {
    let applications = Applications::new().await;
    let shop = applications.signed_in().await;
    for place in ELSEWHERE {
        let mut there = applications.browser(place);
        there.cookies = shop.cookies.clone();
        let page = there.fetch(Method::GET, "/").await;
        assert_eq!(page.status(), StatusCode::UNAUTHORIZED, "{place:?}");
    }
    for origin in SAME {
        let mut here = applications.browser((origin, "/auth"));
        here.cookies = shop.cookies.clone();
        let page = here.fetch(Method::GET, "/").await;
        assert_eq!(page.status(), StatusCode::OK, "{origin}");
    }
}

#[tokio::test]
async fn an_application_that_denies_every_user_accepts_no_session_of_another() {
    let applications = Applications::new().await;
    let shop = applications.signed_in().await;
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let staff = ("https://staff.example.com", "/auth");
    let layer = applications.layer(staff, |builder| {
        builder.on_sign_in(move |_| {
            counter.fetch_add(1, Ordering::SeqCst);
            async {
                Err::<(), _>(Denied::new(Text::en("Staff only.").ko("직원 전용입니다.")).into())
            }
        })
    });
    let mut there = Browser::new(routes().layer(layer), staff.0);
    there.cookies = shop.cookies.clone();
    let page = there.fetch(Method::GET, "/").await;
    assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
    let login = there.come_back("/auth/login?provider=kakao", JIWOO).await;
    assert_eq!(refusal(&login), Some(LoginErrorKind::Denied));
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_sign_in_that_started_at_another_origin_or_prefix_is_refused() {
    let applications = Applications::new().await;
    for place in ELSEWHERE {
        let mut shop = applications.browser((HTTPS, "/auth"));
        let away = shop.visit("/auth/login?provider=kakao").await;
        let callback = shop.act(&away, JIWOO).await;
        let before = applications.provider.count(Endpoint::Token);
        let mut there = applications.browser(place);
        there.cookies = shop.cookies.clone();
        let callback = callback.replacen("/auth", place.1, 1);
        let page = there.visit(&callback).await;
        assert_eq!(
            crate::support::browser::not_pending(refusal(&page)),
            Some(LoginErrorKind::UnknownState),
            "{place:?}"
        );
        assert_eq!(applications.provider.count(Endpoint::Token), before);
    }
}

#[tokio::test]
async fn a_sign_in_continues_if_the_origin_is_written_in_another_way() {
    let applications = Applications::new().await;
    for origin in SAME {
        let mut browser = applications.browser((HTTPS, "/auth"));
        let away = browser.visit("/auth/login?provider=kakao").await;
        let callback = browser.act(&away, JIWOO).await;
        let layer = applications.layer((origin, "/auth"), |builder| builder);
        browser.moves_to(routes().layer(layer));
        let back = browser.visit(&callback).await;
        assert_eq!(back.status(), StatusCode::SEE_OTHER, "{origin}");
    }
}

#[tokio::test]
async fn a_form_saved_at_another_origin_or_prefix_is_not_offered() {
    let applications = Applications::new().await;
    for place in ELSEWHERE {
        let mut shop = applications.browser((HTTPS, "/auth"));
        let form = [
            ("accept", "text/html"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("origin", HTTPS),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-site", "same-origin"),
        ];
        let kept = shop.submit_as(&form, "/order", "card=canary").await;
        let id = parameter_of(location(&kept), "form").unwrap();
        let mut there = applications.browser(place);
        there.cookies = shop.cookies.clone();
        let login = format!("{}/login?provider=kakao&form={id}", place.1);
        let page = there.come_back(&login, JIWOO).await;
        assert_ne!(page.status(), StatusCode::OK, "{place:?}");
        assert!(!text(&page).contains("canary"), "{place:?}");
    }
}

#[tokio::test]
async fn a_return_from_the_providers_logout_counts_only_at_its_own_origin_and_prefix() {
    let applications = Applications::new().await;
    let form = [
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-site", "same-origin"),
    ];
    for place in ELSEWHERE {
        let mut shop = applications.signed_in().await;
        let away = shop.send(Method::POST, "/auth/logout", &form).await;
        let state = parameter(&away, "state").unwrap();
        let mut there = applications.browser(place);
        let back = format!("{}/logout/done?state={state}", place.1);
        let unknown = text(&there.visit(&back).await);
        there.cookies = shop.cookies.clone();
        assert_eq!(text(&there.visit(&back).await), unknown, "{place:?}");
        let known = shop
            .visit(&format!("/auth/logout/done?state={state}"))
            .await;
        assert_ne!(text(&known), unknown);
    }
}

#[tokio::test]
async fn two_layers_of_one_application_on_one_log_end_each_others_sessions() {
    let applications = Applications::new().await;
    let log = InProcessLog::default();
    let layer = |prefix| {
        applications.layer((HTTPS, prefix), |builder| {
            builder.revocation_log(log.clone())
        })
    };
    let (shop, staff) = (layer("/auth"), layer("/staff/auth"));
    shop.warm_up().await.unwrap();
    staff.warm_up().await.unwrap();
    let mut browser = Browser::new(routes().layer(staff.clone()), HTTPS);
    browser
        .come_back("/staff/auth/login?provider=kakao", JIWOO)
        .await;
    assert_eq!(browser.visit("/").await.status(), StatusCode::OK);
    let subject = Person::WITH_PHONE.to_string();
    shop.revoke("kakao", &subject).await.unwrap();
    until(async || {
        let mut same = Browser::new(routes().layer(staff.clone()), HTTPS);
        same.cookies.clone_from(&browser.cookies);
        same.fetch(Method::GET, "/").await.status() == StatusCode::UNAUTHORIZED
    })
    .await;
}

fn parameter_of(link: &str, name: &str) -> Option<String> {
    let (_, query) = link.split_once('?')?;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}
