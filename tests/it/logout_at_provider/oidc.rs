//! OpenID Connect RP-Initiated Logout 1.0.

use http::{HeaderMap, Method, StatusCode};
use tower_phone_auth::Oidc;
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, faults::Fault};
use url::Url;

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO, Page, altered, location, parameter, set_cookies, text},
    shop::Shop,
};

const FORM: [(&str, &str); 3] = [
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-site", "same-origin"),
    ("accept", "text/html"),
];

pub(super) async fn open() -> Shop {
    open_with(Oidc::logout_at_provider).await
}

async fn open_with(client: impl FnOnce(Oidc) -> Oidc) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    let oidc = client(provider.oidc());
    Shop::at(provider, oidc, |builder| builder)
}

pub(super) async fn sign_out(browser: &mut Browser) -> Page {
    browser.send(Method::POST, "/auth/logout", &FORM).await
}

/// Signs out here and at the provider. Returns the browser and the path of the return.
async fn sign_out_at_both(shop: &Shop) -> (Browser, String) {
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let away = sign_out(&mut browser).await;
    let back = at_provider(location(&away)).await;
    (browser, back)
}

/// The path below this origin to which the provider's logout leads.
pub(crate) async fn at_provider(logout: &str) -> String {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy();
    let answer = client.build().unwrap().get(logout).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FOUND);
    let back: Url = answer.headers()["location"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(back.path(), "/auth/logout/done");
    back[url::Position::BeforePath..].to_owned()
}

#[tokio::test]
async fn a_sign_out_goes_to_the_logout_of_the_provider() {
    let shop = open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let away = sign_out(&mut browser).await;
    assert_eq!(away.status(), StatusCode::SEE_OTHER);
    assert_eq!(away.headers()["cache-control"], "no-store");
    let logout = format!("{}/logout?", shop.provider.oidc_issuer());
    assert!(location(&away).starts_with(&logout));
    for (name, value) in [
        ("client_id", "local-demo-app"),
        (
            "post_logout_redirect_uri",
            "http://127.0.0.1:3000/auth/logout/done",
        ),
    ] {
        assert_eq!(parameter(&away, name).as_deref(), Some(value));
    }
    assert!(parameter(&away, "state").unwrap().len() >= 43);
    let hint = parameter(&away, "id_token_hint").unwrap();
    assert_eq!(hint.split('.').count(), 3);
    assert_eq!(
        browser.session(),
        None,
        "the session ends before the redirect"
    );
    assert_eq!(browser.fetch(Method::GET, "/").await.status(), 401);
}

#[tokio::test]
async fn the_page_after_the_return_names_both_sign_outs() {
    let shop = open().await;
    let (mut browser, back) = sign_out_at_both(&shop).await;
    let page = browser.visit(&back).await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(text(&page).contains("out of this site and of"));
    let left: Vec<_> = browser.cookies.keys().collect();
    assert_eq!(left, ["phone-auth-leaving"]);
    // A reload shows the same page, for ten minutes.
    let page = browser.visit(&back).await;
    assert!(text(&page).contains("out of this site and of"));
    shop.time.pass(std::time::Duration::from_secs(600));
    let page = browser.visit(&back).await;
    assert!(text(&page).contains("You may still be signed in"));
}

#[tokio::test]
async fn a_return_with_another_state_or_none_gets_a_page() {
    for state in [Some("another"), Some(""), None] {
        let shop = open().await;
        let (mut browser, back) = sign_out_at_both(&shop).await;
        let page = browser
            .visit(&altered(&format!("{back}&a=b"), "state", state))
            .await;
        assert_eq!(page.status(), StatusCode::OK, "{state:?}");
        assert!(text(&page).contains("You may still be signed in"));
        assert!(browser.cookies.is_empty());
    }
}

#[tokio::test]
async fn the_return_from_the_provider_ends_no_session() {
    let shop = open().await;
    let (mut browser, back) = sign_out_at_both(&shop).await;
    browser.sign_in("/", JIWOO).await;
    let page = browser.visit(&back).await;
    assert!(text(&page).contains("Sign out?"));
    assert_eq!(browser.fetch(Method::GET, "/").await.status(), 200);
    for path in ["/auth/logout/done", "/auth/logout/done?state=x&state=y"] {
        browser.visit(path).await;
        assert_eq!(browser.fetch(Method::GET, "/").await.status(), 200);
    }
}

#[tokio::test]
async fn an_expired_state_gets_a_page() {
    let shop = open().await;
    let (mut browser, back) = sign_out_at_both(&shop).await;
    shop.time.pass(std::time::Duration::from_secs(601));
    let page = browser.visit(&back).await;
    assert!(text(&page).contains("You may still be signed in"));
}

#[tokio::test]
async fn only_a_get_is_accepted_as_the_return() {
    let shop = open().await;
    for method in [Method::POST, Method::PUT, Method::OPTIONS] {
        let page = shop.browser().fetch(method, "/auth/logout/done").await;
        assert_eq!(page.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(page.headers()["allow"], "GET, HEAD");
    }
}

#[tokio::test]
async fn the_policy_of_the_confirmation_page_allows_the_redirect_to_the_provider() {
    let shop = open().await;
    let mut browser = shop.browser();
    let forms = |page: &Page| -> Option<String> {
        let headers: &HeaderMap = page.headers();
        let policy = headers["content-security-policy"].to_str().unwrap();
        let mut directives = policy.split("; ");
        let forms = directives.find(|directive| directive.starts_with("form-action"));
        forms.map(str::to_owned)
    };
    let here = Some("form-action 'self'".to_owned());
    let asked = browser.visit("/auth/logout").await;
    assert_eq!(forms(&asked), here);
    browser.sign_in("/", JIWOO).await;
    let asked = browser.visit("/auth/logout").await;
    let there = format!("form-action 'self' {}", shop.provider.origin());
    assert_eq!(forms(&asked), Some(there));
    let plain = open_with(|oidc| oidc).await;
    let mut browser = plain.browser();
    browser.sign_in("/", JIWOO).await;
    let asked = browser.visit("/auth/logout").await;
    assert_eq!(forms(&asked), here);
}

#[tokio::test]
async fn a_script_gets_no_redirect_to_another_origin() {
    let shop = open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let page = browser.fetch(Method::POST, "/auth/logout").await;
    assert_eq!(page.status(), StatusCode::NO_CONTENT);
    assert!(browser.cookies.is_empty(), "{:?}", browser.cookies.keys());
}

#[tokio::test]
async fn without_the_setting_users_stay_signed_in_there_and_no_id_token_is_kept() {
    let shop = open_with(|oidc| oidc).await;
    let mut browser = shop.browser();
    let back = browser.come_back("/", JIWOO).await;
    let cookies = set_cookies(&back);
    let mut names = cookies.iter().filter_map(|cookie| cookie.split('=').next());
    assert!(!names.any(|name| name.contains("hint")), "{cookies:?}");
    shop.provider.forget_requests();
    let page = sign_out(&mut browser).await;
    assert_eq!(location(&page), "/auth/logout");
    assert!(shop.provider.requests().is_empty());
}

#[tokio::test]
async fn a_sign_out_here_succeeds_at_a_provider_without_logout_or_down() {
    for endpoint in [
        serde_json::json!(null),
        serde_json::json!(7),
        serde_json::json!("http://evil.example/logout"),
    ] {
        let shop = open().await;
        let patch = Fault::Merge(serde_json::json!({ "end_session_endpoint": endpoint }));
        shop.provider.fail_next(Endpoint::Discovery, patch);
        let mut browser = shop.browser();
        browser.sign_in("/", JIWOO).await;
        let page = sign_out(&mut browser).await;
        assert_eq!(location(&page), "/auth/logout");
        assert_eq!(browser.session(), None);
    }
    let shop = open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    // The metadata have been read. Now the provider is down.
    shop.provider.fail(Endpoint::Discovery, Fault::Cut);
    let page = sign_out(&mut browser).await;
    assert!(
        location(&page).contains("/oidc/logout?"),
        "known metadata are used while the provider is down"
    );
}

#[tokio::test]
async fn another_site_cannot_send_users_to_the_providers_logout() {
    let shop = open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let headers = [
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-site", "cross-site"),
    ];
    let page = browser.send(Method::POST, "/auth/logout", &headers).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert!(browser.session().is_some());
}

#[tokio::test]
async fn a_browser_without_a_session_is_not_sent_to_the_provider() {
    let shop = open().await;
    let page = sign_out(&mut shop.browser()).await;
    assert_eq!(location(&page), "/auth/logout");
}
