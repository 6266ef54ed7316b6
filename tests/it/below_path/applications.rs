//! Applications below two paths of one origin, and the settings and rules that ignore the path.

use axum::{Router, routing::get};
use http::{Method, StatusCode};
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, TestUser, VerifiedUser};
use tower_phone_auth_local_provider::LocalProvider;

use super::{BASE, LOGIN, proxied, shop, shop_with};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO, location, text},
    shop::{ORIGIN, routes},
};

fn application(provider: &LocalProvider, path: &str, key: &SessionKey) -> Router {
    let layer = OAuthLayer::builder()
        .public_url(format!("{ORIGIN}{path}"))
        .session_key(key.clone())
        .provider(provider.kakao())
        .build()
        .unwrap();
    Router::new()
        .route("/", get(async |user: VerifiedUser| user.phone.to_string()))
        .layer(layer)
}

#[tokio::test]
async fn applications_below_two_paths_of_one_origin_share_no_session() {
    let provider = LocalProvider::start().await.unwrap();
    let key = SessionKey::random();
    let both = Router::new()
        .nest_service("/a", application(&provider, "/a", &key))
        .nest_service("/b", application(&provider, "/b", &key))
        .fallback_service(application(&provider, "", &key));
    let mut browser = Browser::new(both, ORIGIN);
    browser.sign_in("/a/", JIWOO).await;
    let names = |browser: &Browser| browser.cookies.keys().cloned().collect::<Vec<_>>();
    let (first, before) = (names(&browser), browser.jar());
    for other in ["/b/", "/"] {
        let stranger = browser.fetch(Method::GET, other).await;
        assert_eq!(stranger.status(), StatusCode::UNAUTHORIZED, "{other}");
        assert_eq!(browser.jar(), before, "{other}");
    }
    browser.sign_in("/b/", JIWOO).await;
    browser.sign_in("/", JIWOO).await;
    assert!(first.iter().all(|name| name.starts_with("phone-auth-")));
    let sessions = names(&browser);
    let sessions: Vec<_> = sessions
        .iter()
        .filter(|name| {
            let rest = name
                .strip_prefix("phone-auth")
                .unwrap()
                .trim_start_matches('-');
            rest.is_empty() || rest.len() == 8 && rest.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
        .collect();
    assert_eq!(sessions.len(), 3, "{sessions:?}");
    // A session cookie under the name of another application is refused.
    let [root, one, two] = [sessions[0], sessions[1], sessions[2]];
    let swapped = |from: &str, to: &str, browser: &Browser| {
        let mut other = Browser::new(Router::new(), ORIGIN);
        other
            .cookies
            .insert(to.to_owned(), browser.cookies[from].clone());
        other.cookies
    };
    for (from, to) in [(root, one), (one, two), (two, one), (one, root)] {
        let cookies = swapped(from, to, &browser);
        let mut thief = Browser::new(Router::new(), ORIGIN);
        thief.cookies = cookies;
        let apps = Router::new()
            .nest_service("/a", application(&provider, "/a", &key))
            .nest_service("/b", application(&provider, "/b", &key))
            .fallback_service(application(&provider, "", &key));
        thief.moves_to(apps);
        for path in ["/a/", "/b/", "/"] {
            let refused = thief.fetch(Method::GET, path).await;
            assert_eq!(
                refused.status(),
                StatusCode::UNAUTHORIZED,
                "{from} {to} {path}"
            );
        }
    }
    browser.submit("/a/auth/logout", "").await;
    assert_eq!(browser.fetch(Method::GET, "/a/").await.status(), 401);
    assert_eq!(browser.fetch(Method::GET, "/b/").await.status(), 200);
    assert_eq!(browser.fetch(Method::GET, "/").await.status(), 200);
}

#[tokio::test]
async fn another_loopback_host_redirects_to_the_public_host_with_the_path() {
    let shop = shop().await;
    for (path, moved) in [
        (
            "/shop/me?cart=7",
            "/auth/login?return_to=%2Fshop%2Fme%3Fcart%3D7&moved=1",
        ),
        (
            "/shop/auth/login?provider=kakao",
            "/auth/login?provider=kakao&moved=1",
        ),
        ("/shop/auth/logout", "/auth/logout?moved=1"),
        (
            "/shop/auth/callback/kakao?code=1&state=2",
            "/auth/callback/kakao?code=1&state=2&moved=1",
        ),
    ] {
        let mut browser = shop.browser();
        browser
            .headers
            .insert("host", "localhost:3000".parse().unwrap());
        let page = browser.visit(path).await;
        assert_eq!(location(&page), format!("{BASE}{moved}"), "{path}");
    }
}

#[tokio::test]
async fn settings_name_paths_as_the_application_receives_them() {
    let mut shop = shop_with(|builder| builder.public(["/open/{*rest}"]).prefix("/session")).await;
    let open = routes().route("/open/a", get(async || "open"));
    shop.app = proxied(open.layer(shop.layer.clone()));
    let mut browser = shop.browser();
    assert_eq!(text(&browser.visit("/shop/healthz").await), "ok");
    assert_eq!(text(&browser.visit("/shop/open/a").await), "open");
    let away = browser.visit("/shop/closed").await;
    assert!(location(&away).starts_with("/shop/session/login?"));
    let build = |public: &str| {
        OAuthLayer::builder()
            .public_url(BASE)
            .session_key(SessionKey::random())
            .provider(Kakao::new("id", "secret"))
            .public([public])
            .build()
    };
    assert!(build("/shop/auth/login").is_ok());
    assert_eq!(build("/auth/login").unwrap_err().setting(), "public");
}

#[tokio::test]
async fn cross_site_rules_compare_the_origin_without_the_path() {
    let shop = shop().await;
    let mut browser = shop.browser();
    browser.come_back(LOGIN, JIWOO).await;
    for (origin, status) in [
        ("http://127.0.0.1:3000", 200),
        ("http://127.0.0.1:3000/shop", 403),
        ("http://127.0.0.1:4000", 403),
        ("https://evil.example", 403),
    ] {
        let sent = browser
            .send(Method::POST, "/shop/order", &[("origin", origin)])
            .await;
        assert_eq!(sent.status().as_u16(), status, "{origin}");
    }
}

#[test]
fn an_https_cookie_is_bound_to_the_host_below_a_path_too() {
    let layer = OAuthLayer::builder()
        .public_url("https://example.com/shop")
        .session_key(SessionKey::random())
        .provider(Kakao::new("id", "secret"))
        .build()
        .unwrap();
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    let cookie = user.cookie(&layer).unwrap();
    assert!(cookie.starts_with("__Host-phone-auth-"), "{cookie}");
}
