//! The session at an OpenID provider ends first (RP-Initiated Logout). Otherwise the provider would
//! sign the same account in again.

use crate::support::clients::Clients as _;
use http::{Method, StatusCode};
use serde_json::json;
use tower_phone_auth::{Oidc, error::LoginErrorKind};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Person, faults::Fault};

use super::{ANOTHER, link, open, open_with, refused};
use crate::{
    logout_at_provider::oidc::at_provider,
    support::{
        browser::{Act, Browser, JIWOO, Page, location, parameter, refusal, set_cookies, text},
        events::Events,
        shop::Shop,
    },
};

/// The subject of an ID token.
fn subject(token: &str) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    let payload = token.split('.').nth(1).unwrap();
    let claims: serde_json::Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    claims["sub"].as_str().unwrap().to_owned()
}

#[track_caller]
fn assert_leads_to_the_providers_logout(page: &Page, shop: &Shop) {
    assert_eq!(page.status(), StatusCode::SEE_OTHER, "{}", text(page));
    let logout = format!("{}/logout?", shop.provider.oidc_issuer());
    assert!(location(page).starts_with(&logout), "{}", location(page));
    let back = parameter(page, "post_logout_redirect_uri");
    assert_eq!(
        back.as_deref(),
        Some("http://127.0.0.1:3000/auth/logout/done")
    );
    assert_eq!(
        parameter(page, "client_id").as_deref(),
        Some("local-demo-app")
    );
    assert!(parameter(page, "state").unwrap().len() >= 43);
    assert_eq!(page.headers()["cache-control"], "no-store");
}

#[track_caller]
fn assert_asks_the_provider_for_another_account(page: &Page) {
    assert_eq!(page.status(), StatusCode::SEE_OTHER, "{}", text(page));
    assert!(location(page).contains("/authorize?"), "{}", location(page));
    assert_eq!(parameter(page, "prompt").as_deref(), Some("select_account"));
}

/// Signs in with another account, from the page of the refusal to the page that was requested
/// first.
async fn sign_in_with_another_account(
    browser: &mut Browser,
    page: &Page,
    shop: &Shop,
    place: &str,
) {
    let another = link(page, ANOTHER).unwrap();
    let away = browser.visit(&another).await;
    assert_leads_to_the_providers_logout(&away, shop);
    assert!(parameter(&away, "id_token_hint").is_some());
    let back = at_provider(location(&away)).await;
    browser.set_provider_session(None);
    let foreign = [
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-site", "cross-site"),
        ("accept", "text/html"),
    ];
    let away = browser.send(Method::GET, &back, &foreign).await;
    assert_eq!(parameter(&away, "prompt"), None);
    let callback = browser.act(&away, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), place);
    assert_eq!(text(&browser.visit("/").await), "+821012345678");
}

#[tokio::test]
async fn a_user_without_a_number_signs_in_with_another_account_and_returns_to_the_page() {
    let shop = open().await;
    let (mut browser, page) = refused(&shop).await;
    let away = browser.visit(&link(&page, ANOTHER).unwrap()).await;
    let hint = parameter(&away, "id_token_hint").unwrap();
    assert_eq!(subject(&hint), Person::WITHOUT_PHONE.to_string());
    sign_in_with_another_account(&mut browser, &page, &shop, "/cart?item=7").await;
    let left = browser.cookies.keys().find(|name| name.contains("account"));
    assert_eq!(left, None);
}

#[tokio::test]
async fn an_unverified_and_an_unusable_number_offer_another_account() {
    let kinds = [
        (
            json!({"phone_number_verified": false}),
            LoginErrorKind::PhoneNotVerified,
        ),
        (
            json!({"phone_number": "010-1234"}),
            LoginErrorKind::PhoneInvalid,
        ),
        (
            json!({"phone_number": "+82 2 123"}),
            LoginErrorKind::PhoneInvalid,
        ),
    ];
    for (change, kind) in kinds {
        let shop = open().await;
        shop.provider.fail(Endpoint::Profile, Fault::Merge(change));
        let mut browser = shop.browser();
        let page = browser
            .come_back("/cart", Act::Agree(Person::TRUNK_ZERO))
            .await;
        assert_eq!(refusal(&page), Some(kind));
        shop.provider.clear_faults(Endpoint::Profile);
        sign_in_with_another_account(&mut browser, &page, &shop, "/cart").await;
    }
}

#[tokio::test]
async fn a_refusal_page_that_is_reloaded_offers_another_account() {
    let shop = open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/cart").await;
    let callback = browser.act(&away, Act::Agree(Person::WITHOUT_PHONE)).await;
    browser.visit(&callback).await;
    let page = browser.visit(&callback).await;
    sign_in_with_another_account(&mut browser, &page, &shop, "/cart").await;
}

/// Otherwise another site could sign users out at the provider by such a link.
#[tokio::test]
async fn a_browser_that_was_not_refused_is_not_signed_out_at_the_provider() {
    let shop = open().await;
    let login = "/auth/login?provider=oidc&return_to=%2Fcart&another_account=1";
    assert_asks_the_provider_for_another_account(&shop.browser().visit(login).await);
    let (browser, page) = refused(&shop).await;
    let login = link(&page, ANOTHER).unwrap();
    let (name, value) = browser
        .cookies
        .iter()
        .find(|(name, _)| name.ends_with("-account"))
        .unwrap();
    let mut forged = value.clone();
    forged.replace_range(8..9, if &value[8..9] == "A" { "B" } else { "A" });
    for value in ["", "x", &forged] {
        let mut stranger = shop.browser();
        stranger.cookies.insert(name.clone(), value.to_owned());
        assert_asks_the_provider_for_another_account(&stranger.visit(&login).await);
    }
    let mut late = shop.browser();
    late.cookies.insert(name.clone(), value.clone());
    shop.time.pass(std::time::Duration::from_secs(30 * 60));
    assert_asks_the_provider_for_another_account(&late.visit(&login).await);
}

#[tokio::test]
async fn a_provider_without_logout_or_with_the_setting_is_asked_by_prompt() {
    let shop = open().await;
    let patch = Fault::Merge(json!({"end_session_endpoint": null}));
    shop.provider.fail(Endpoint::Discovery, patch);
    let (mut browser, page) = refused(&shop).await;
    assert_asks_the_provider_for_another_account(
        &browser.visit(&link(&page, ANOTHER).unwrap()).await,
    );
    let shop = open_with(Oidc::another_account_by_prompt).await;
    let (mut browser, page) = refused(&shop).await;
    let away = browser.visit(&link(&page, ANOTHER).unwrap()).await;
    assert_asks_the_provider_for_another_account(&away);
    let callback = browser.act(&away, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/cart?item=7");
}

#[tokio::test]
async fn an_id_token_that_is_too_long_for_the_cookie_is_left_out() {
    for bytes in [200, 700, 900, 1100, 1200, 1300, 1400, 6000] {
        let shop = open().await;
        shop.provider.forge_id_token(move |_, claims| {
            claims["picture"] = "x".repeat(bytes).into();
        });
        let mut browser = shop.browser();
        let away = browser.visit("/cart").await;
        let callback = browser.act(&away, Act::Agree(Person::WITHOUT_PHONE)).await;
        let page = browser.visit(&callback).await;
        let lines = page.headers().iter();
        let lines = lines.map(|(name, value)| name.as_str().len() + value.len() + 4);
        assert!(lines.sum::<usize>() < 4000, "{bytes}");
        let away = browser.visit(&link(&page, ANOTHER).unwrap()).await;
        assert_leads_to_the_providers_logout(&away, &shop);
        let hint = parameter(&away, "id_token_hint");
        if !(500..5000).contains(&bytes) {
            assert_eq!(hint.is_some(), bytes < 500, "{bytes}");
        }
    }
}

#[tokio::test]
async fn a_return_with_another_state_begins_no_sign_in() {
    let shop = open().await;
    let (mut browser, page) = refused(&shop).await;
    let away = browser.visit(&link(&page, ANOTHER).unwrap()).await;
    let state = parameter(&away, "state").unwrap();
    for query in ["", "?state=", "?state=another"] {
        let mut copy = shop.browser();
        copy.cookies = browser.cookies.clone();
        let page = copy.visit(&format!("/auth/logout/done{query}")).await;
        assert_eq!(page.status(), StatusCode::OK, "{query}");
    }
    let page = shop
        .browser()
        .visit(&format!("/auth/logout/done?state={state}"))
        .await;
    assert_eq!(page.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_session_stays_until_the_other_account_signs_in() {
    let shop = open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let session = browser.session().map(str::to_owned);
    browser.set_provider_session(Some(Person::WITHOUT_PHONE));
    let away = browser.visit("/auth/login?fresh=1").await;
    let callback = browser.act(&away, Act::Agree(Person::WITHOUT_PHONE)).await;
    let page = browser.visit(&callback).await;
    let away = browser.visit(&link(&page, ANOTHER).unwrap()).await;
    assert_leads_to_the_providers_logout(&away, &shop);
    assert_eq!(browser.session().map(str::to_owned), session);
    assert_eq!(text(&browser.visit("/").await), "+821012345678");
}

#[tokio::test]
async fn the_cookie_holds_no_readable_token_and_is_sent_to_the_layer_only() {
    let shop = open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/cart").await;
    let callback = browser.act(&away, Act::Agree(Person::WITHOUT_PHONE)).await;
    let page = browser.visit(&callback).await;
    let cookies = set_cookies(&page);
    let account = cookies.iter().find(|cookie| cookie.contains("-account="));
    let account = account.unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/auth", "Max-Age=1800"] {
        assert!(account.contains(part), "{account}");
    }
    // A JWT begins like this. Fewer letters can stand in a sealed value by chance.
    for head in ["eyJhbGciOi", "eyJ0eXAiOi"] {
        assert!(!account.contains(head), "{account}");
    }
}

#[tokio::test]
async fn the_log_names_at_start_the_addresses_to_register() {
    let provider = LocalProvider::start().await.unwrap();
    let events = Events::capture();
    let client = provider.oidc();
    let shop = Shop::at(provider, client, |builder| builder);
    let log = events.text();
    assert!(log.contains("register these addresses"), "{log}");
    for address in ["/auth/callback/oidc", "/auth/logout/done"] {
        assert!(
            log.contains(&format!("http://127.0.0.1:3000{address}")),
            "{log}"
        );
    }
    drop(shop);
}
