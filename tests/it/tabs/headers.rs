//! The size of all header lines of an answer. Proxies keep them in one buffer, which in nginx is
//! `proxy_buffer_size` with 4 KiB.

use http::StatusCode;
use tower_phone_auth::Oidc;
use tower_phone_auth_local_provider::{LocalProvider, Person};

use super::{encoded, header_bytes};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Act, Browser, FORM, JIWOO, Page, location, parameter, set_cookies, text},
    shop::{HTTPS, Shop},
};

#[track_caller]
fn assert_small(page: &Page, case: &str) {
    let bytes = header_bytes(page);
    assert!(bytes < 4000, "{case}: {bytes} {:?}", page.headers());
}

/// An address of this length, like that of a search for Korean words.
fn address(length: usize) -> String {
    let text = format!("/search?q={}", "%EA%B9%80".repeat(length / 9 + 1));
    text[..length].trim_end_matches(['%']).to_owned()
}

async fn signs_out_at_the_provider(https: bool) -> (Shop, Browser) {
    let provider = LocalProvider::start().await.unwrap();
    if https {
        provider.configure(|settings| {
            settings.redirect_uris = vec![format!("{HTTPS}/auth/callback/oidc")];
        });
    }
    let oidc = provider.oidc().logout_at_provider();
    let shop = Shop::at(provider, oidc, |builder| {
        if https {
            builder.public_url(HTTPS)
        } else {
            builder
        }
    });
    let browser = Browser::new(
        shop.app.clone(),
        if https {
            HTTPS
        } else {
            crate::support::shop::ORIGIN
        },
    );
    (shop, browser)
}

#[tokio::test]
async fn with_any_id_token_and_address_the_answers_stay_below_4000_bytes() {
    for (ballast, length) in [
        (0, 2000),
        (700, 200),
        (700, 1106),
        (700, 2040),
        (1300, 900),
        (2000, 20),
        (2000, 1500),
    ] {
        let (shop, mut browser) = signs_out_at_the_provider(true).await;
        shop.provider
            .forge_id_token(move |_, claims| claims["ballast"] = "a".repeat(ballast).into());
        let (case, place) = (format!("{ballast} {length}"), address(length));
        let away = browser.visit(&place).await;
        assert_small(&away, &case);
        let callback = browser.act(&away, JIWOO).await;
        let back = browser.visit(&callback).await;
        assert_small(&back, &case);
        assert_eq!(location(&back), place, "{case}");
        assert_eq!(browser.visit("/").await.status(), StatusCode::OK, "{case}");
        let away = browser
            .send(http::Method::POST, "/auth/logout", &FORM[4..])
            .await;
        assert_small(&away, &case);
        assert!(parameter(&away, "client_id").is_some(), "{case}");
    }
}

#[tokio::test]
async fn the_id_token_is_kept_where_it_fits_and_left_out_first() {
    let (shop, mut browser) = signs_out_at_the_provider(true).await;
    shop.provider
        .forge_id_token(|_, claims| claims["ballast"] = "a".repeat(700).into());
    let back = browser.come_back("/", JIWOO).await;
    let has_hint = |page: &Page| {
        set_cookies(page)
            .iter()
            .any(|cookie| cookie.contains("-hint="))
    };
    assert!(has_hint(&back));
    let back = browser
        .come_back(
            &format!("/auth/login?return_to={}", encoded(&address(2000))),
            JIWOO,
        )
        .await;
    assert!(!has_hint(&back));
    assert_eq!(back.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_largest_session_beside_the_longest_address_stays_small() {
    let shop = Shop::with_two_providers().await;
    let email = format!("{}@{}.example", "a".repeat(64), "b".repeat(181));
    let person = Person::new(u64::MAX, "x")
        .name("😀".repeat(200))
        .email(&email, true, true)
        .phone("+82 10-1234-5678");
    shop.provider.add_person(person);
    for length in [100, 600, 1200, 2048] {
        let place = format!("/{}", "a".repeat(length - 1));
        let mut browser = shop.browser();
        let chooser = browser.visit(&place).await;
        assert_small(&chooser, "to the sign-in page");
        let login = format!("/auth/login?provider=second&return_to={}", encoded(&place));
        let away = browser.visit(&login).await;
        assert_small(&away, "away");
        let callback = browser.act(&away, Act::Agree(u64::MAX)).await;
        let back = browser.visit(&callback).await;
        assert_small(&back, "back");
        assert_eq!(location(&back), place);
    }
}

#[tokio::test]
async fn addresses_that_grow_in_a_link_stay_small() {
    let shop = Shop::with_two_providers().await;
    for place in [
        format!("/{}", "%".repeat(2047)),
        format!("/?{}", "&".repeat(2046)),
        format!("/{}", "%EA%B9%80".repeat(227)),
    ] {
        let mut browser = shop.browser();
        let chooser = browser.visit(&place).await;
        assert_small(&chooser, &place[..10]);
        assert!(location(&chooser).starts_with("/auth/login"));
        let htmx = [
            ("hx-request", "true"),
            ("hx-current-url", &*format!("http://127.0.0.1:3000{place}")),
        ];
        let htmx = browser.send(http::Method::GET, "/", &htmx).await;
        assert_small(&htmx, &place[..10]);
    }
    // The address of an ordinary search is kept as the place.
    let place = address(2000);
    let chooser = shop.browser().visit(&place).await;
    assert_eq!(
        location(&chooser),
        format!("/auth/login?return_to={}", encoded(&place))
    );
}

#[tokio::test]
async fn forty_tabs_stay_small() {
    for length in [20, 600, 1200, 2000] {
        let shop = Shop::secure().await;
        let mut browser = Browser::new(shop.app.clone(), HTTPS);
        for tab in 0..40 {
            let place = format!("/{:a<length$}", format!("{tab}/"));
            let away = browser.visit(&place).await;
            assert_small(&away, &format!("{tab} of {length}"));
            let bytes = super::pending_bytes(&browser);
            assert!(bytes <= 5000, "{bytes}");
        }
    }
}

#[tokio::test]
async fn a_saved_form_stays_small() {
    let shop = Shop::with(|kakao| kakao, tower_phone_auth::Builder::save_forms).await;
    for (body, page) in [(2000, 10), (2000, 1500), (2048, 2000), (100, 2000)] {
        let mut browser = shop.browser();
        let referer = format!("http://127.0.0.1:3000{}", address(page));
        let headers: Vec<_> = FORM
            .into_iter()
            .map(|(name, value)| {
                if name == "referer" {
                    (name, &*referer)
                } else {
                    (name, value)
                }
            })
            .collect();
        let body = format!("a={}", "x".repeat(body - 2));
        let away = browser.submit_as(&headers, "/order", body).await;
        assert_eq!(away.status(), StatusCode::SEE_OTHER);
        assert_small(&away, "form");
        let away = browser.visit(location(&away)).await;
        assert_small(&away, "away");
        let callback = browser.act(&away, JIWOO).await;
        let back = browser.visit(&callback).await;
        assert_small(&back, "back");
        let offer = browser.visit(location(&back)).await;
        assert_small(&offer, "offer");
        assert!(text(&offer).contains("/order"), "{}", text(&offer));
    }
}

#[tokio::test]
async fn a_check_of_a_session_stays_small() {
    let provider = LocalProvider::start().await.unwrap();
    let after = std::time::Duration::from_secs(60);
    let oidc: Oidc = provider.oidc().logout_at_provider();
    let shop = Shop::at(provider, oidc, |builder| builder.recheck_after(after));
    shop.provider
        .forge_id_token(|_, claims| claims["ballast"] = "a".repeat(1200).into());
    for length in [20, 600, 1300, 2040] {
        let mut browser = shop.browser();
        browser.sign_in("/", JIWOO).await;
        browser.set_provider_session(Some(Person::WITH_PHONE));
        shop.time.pass(after + std::time::Duration::from_secs(1));
        let away = browser.visit(&address(length)).await;
        assert_eq!(away.status(), StatusCode::SEE_OTHER);
        assert_small(&away, "away");
        let callback = browser.act(&away, JIWOO).await;
        let back = browser.visit(&callback).await;
        assert_small(&back, "back");
        if length <= 1300 {
            assert_eq!(location(&back), address(length));
        }
    }
}
