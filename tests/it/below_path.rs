//! The application below a path of a proxy, which takes the path off.

use std::time::Duration;

use axum::{Router, routing::get};
use http::{Method, StatusCode, header::SET_COOKIE};
use tower_phone_auth::{
    Builder, Kakao, OAuthLayer, Oidc, SessionKey, VerifiedUser, local_provider::LocalProvider,
};

use crate::support::{
    browser::{Act, Browser, FORM, JIWOO, Page, location, parameter, text},
    shop::{ORIGIN, Shop, routes},
};

const BASE: &str = "http://127.0.0.1:3000/shop";

/// A shop below `/shop`, with a proxy in front of it.
async fn shop() -> Shop {
    shop_with(|builder| builder).await
}

async fn shop_with(settings: impl FnOnce(Builder) -> Builder) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    let (first, second) = (provider.kakao(), provider.oidc());
    let mut shop = Shop::at(provider, first, |builder| {
        settings(builder.public_url(BASE).provider(second))
    });
    shop.app = proxied(routes().layer(shop.layer.clone()));
    shop
}

/// As `location /shop/ { proxy_pass http://app/; }`.
fn proxied(app: Router) -> Router {
    Router::new()
        .nest_service("/shop", app)
        .fallback(async || StatusCode::IM_A_TEAPOT)
}

const LOGIN: &str = "/shop/auth/login?provider=kakao&return_to=%2Fshop%2Fcart%3Fa%3D1";

#[tokio::test]
async fn a_sign_in_leaves_and_comes_back_below_the_path() {
    let shop = shop().await;
    let mut browser = shop.browser();
    let choice = browser.visit("/shop/cart?a=1").await;
    let login = "/shop/auth/login?return_to=%2Fshop%2Fcart%3Fa%3D1";
    assert_eq!(location(&choice), login);
    let away = browser.visit(LOGIN).await;
    let redirect_uri = format!("{BASE}/auth/callback/kakao");
    assert_eq!(parameter(&away, "redirect_uri"), Some(redirect_uri));
    let callback = browser.act(&away, JIWOO).await;
    assert!(callback.starts_with("/shop/auth/callback/kakao?"));
    let back = browser.visit(&callback).await;
    assert_eq!(location(&back), "/shop/cart?a=1");
    assert_eq!(
        text(&browser.visit("/shop/cart?a=1").await),
        "+821012345678"
    );
    // The callback once more, as after a reload.
    let again = browser.visit(&callback).await;
    assert_eq!(location(&again), "/shop/cart?a=1");
}

#[tokio::test]
async fn a_place_outside_the_path_leads_to_the_start_page() {
    let shop = shop().await;
    for (place, end) in [
        ("/shop/cart?a=1#x", "/shop/cart?a=1#x"),
        ("/shop", "/shop"),
        ("/shop/", "/shop/"),
        ("/shop/한", "/shop/%ED%95%9C"),
        ("", "/shop/"),
        ("/", "/shop/"),
        ("/cart", "/shop/"),
        ("/shopping", "/shop/"),
        ("/other/shop/", "/shop/"),
        ("/shop/../admin", "/shop/"),
        ("/shop/%2e%2e/admin", "/shop/"),
        ("/x/../shop/cart", "/shop/"),
        ("//shop/cart", "/shop/"),
        ("/shop/auth/logout", "/shop/"),
        ("/shop/./auth/login", "/shop/"),
        ("https://evil.example/shop/", "/shop/"),
        ("http://127.0.0.1:3000/shop/cart", "/shop/"),
    ] {
        let encoded: String = form_urlencoded::byte_serialize(place.as_bytes()).collect();
        let login = format!("/shop/auth/login?provider=kakao&return_to={encoded}");
        let back = shop.browser().come_back(&login, JIWOO).await;
        assert_eq!(location(&back), end, "{place}");
    }
    for (target, end) in [
        ("http://127.0.0.1:3000/shop/cart", "/shop/cart"),
        ("http://127.0.0.1:3000/cart", "/shop/"),
        ("http://127.0.0.1:3000", "/shop/"),
        ("https://evil.example/shop/cart", "/shop/"),
    ] {
        let encoded: String = form_urlencoded::byte_serialize(target.as_bytes()).collect();
        let login = format!("/shop/auth/login?provider=kakao&target_link_uri={encoded}");
        let back = shop.browser().come_back(&login, JIWOO).await;
        assert_eq!(location(&back), end, "{target}");
    }
}

/// The addresses in a page or document.
fn links(page: &str) -> Vec<String> {
    let starts = ["href=\"", "action=\"", "\"login_url\":\""];
    let links = starts.iter().flat_map(|start| page.split(start).skip(1));
    links
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

fn assert_below(page: &Page, case: &str) {
    let mut all = links(&text(page));
    for name in ["location", "hx-redirect", "x-inertia-location"] {
        all.extend(
            page.headers()
                .get(name)
                .map(|link| link.to_str().unwrap().to_owned()),
        );
    }
    assert!(!all.is_empty(), "{case}: {}", text(page));
    for link in all {
        let link = link.strip_prefix(ORIGIN).unwrap_or(&link);
        assert!(link.starts_with("/shop/"), "{case}: {link}");
    }
    for cookie in page.headers().get_all(SET_COOKIE) {
        let cookie = cookie.to_str().unwrap();
        let path = cookie.split("Path=").nth(1).unwrap().split(';').next();
        let is_below = path == Some("/") || path.unwrap().starts_with("/shop/auth");
        assert!(is_below, "{case}: {cookie}");
    }
}

#[tokio::test]
async fn every_link_of_every_page_is_below_the_path() {
    let shop = shop().await;
    let mut browser = shop.browser();
    assert_below(&browser.visit("/shop/").await, "page visit");
    assert_below(&browser.visit("/shop/auth/login").await, "choice");
    let refused = browser.fetch(Method::GET, "/shop/me").await;
    assert_below(&refused, "401");
    let challenge = refused.headers()["www-authenticate"].to_str().unwrap();
    assert!(challenge.contains("\"/shop/auth/login\""), "{challenge}");
    let htmx = [
        ("hx-request", "true"),
        ("hx-current-url", "http://127.0.0.1:3000/shop/a?b"),
    ];
    let htmx = browser.send(Method::GET, "/shop/me", &htmx).await;
    assert_below(&htmx, "htmx");
    let login = "/shop/auth/login?return_to=%2Fshop%2Fa%3Fb";
    assert_eq!(htmx.headers()["hx-redirect"], login);
    let inertia = [
        ("x-inertia", "true"),
        ("accept", "text/html, application/xhtml+xml"),
    ];
    let inertia = browser.send(Method::GET, "/shop/a?b", &inertia).await;
    assert_below(&inertia, "inertia");
    let link = inertia.headers()["x-inertia-location"].to_str().unwrap();
    assert!(link.ends_with("return_to=%2Fshop%2Fa%3Fb"), "{link}");
    let frame = [
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "iframe"),
        ("sec-fetch-site", "same-origin"),
        ("accept", "text/html"),
        ("referer", "http://127.0.0.1:3000/shop/around"),
    ];
    let frame = browser.send(Method::GET, "/shop/me", &frame).await;
    assert_below(&frame, "frame");
    assert!(
        text(&frame).contains("return_to=%2Fshop%2Faround"),
        "{}",
        text(&frame)
    );
    let unknown = browser
        .visit("/shop/auth/callback/kakao?code=1&state=2")
        .await;
    assert_below(&unknown, "unknown state");
    let posted = browser
        .fetch(Method::POST, "/shop/auth/callback/kakao")
        .await;
    assert_below(&posted, "posted callback");
    assert_below(&browser.visit("/shop/auth/logout").await, "signed out");
    let cancelled = browser.come_back(LOGIN, Act::Cancel).await;
    assert_below(&cancelled, "cancelled");
    assert!(text(&cancelled).contains("return_to=%2Fshop%2Fcart%3Fa%3D1"));
    let untold = browser
        .come_back(LOGIN, Act::Untick(Person::WITH_PHONE))
        .await;
    let untold = browser.act(&untold, Act::Untick(Person::WITH_PHONE)).await;
    assert_below(&browser.visit(&untold).await, "no number");
    let back = browser.come_back(LOGIN, JIWOO).await;
    assert_below(&back, "signed in");
    assert_below(&browser.visit("/shop/auth/logout").await, "sign-out");
    let foreign = [
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-site", "cross-site"),
    ];
    let asked = browser.send(Method::GET, LOGIN, &foreign).await;
    assert_below(&asked, "foreign link");
}

use tower_phone_auth::local_provider::Person;

#[tokio::test]
async fn a_sign_out_ends_below_the_path_here_and_at_the_provider() {
    let provider = LocalProvider::start().await.unwrap();
    let oidc = Oidc::logout_at_provider(provider.oidc());
    let mut shop = Shop::at(provider, oidc, |builder| builder.public_url(BASE));
    shop.app = proxied(routes().layer(shop.layer.clone()));
    let mut browser = shop.browser();
    browser.sign_in("/shop/", JIWOO).await;
    let away = browser.submit("/shop/auth/logout", "").await;
    let done = format!("{BASE}/auth/logout/done");
    assert_eq!(parameter(&away, "post_logout_redirect_uri"), Some(done));
    let state = parameter(&away, "state").unwrap();
    let page = browser
        .visit(&format!("/shop/auth/logout/done?state={state}"))
        .await;
    assert!(
        text(&page).contains("and of the sign-in service"),
        "{}",
        text(&page)
    );
    assert_below(&page, "back from the provider");

    let shop = self::shop().await;
    let mut browser = shop.browser();
    browser.come_back(LOGIN, JIWOO).await;
    let out = browser.submit("/shop/auth/logout", "").await;
    assert_eq!(out.status(), StatusCode::SEE_OTHER);
    assert_below(&out, "signed out");
    assert_eq!(browser.fetch(Method::GET, "/shop/me").await.status(), 401);
}

#[tokio::test]
async fn a_saved_form_a_recheck_and_a_fresh_sign_in_come_back_below_the_path() {
    let shop = shop_with(|builder| builder.save_forms()).await;
    let mut browser = shop.browser();
    let mut form = FORM;
    form[3] = ("referer", "http://127.0.0.1:3000/shop/basket?step=2");
    let saved = browser.submit_as(&form, "/shop/order?x=1", "item=7").await;
    assert_below(&saved, "form");
    assert!(location(&saved).contains("return_to=%2Fshop%2Fbasket%3Fstep%3D2"));

    let provider = LocalProvider::start().await.unwrap();
    let oidc = provider.oidc();
    let shop = Shop::at(provider, oidc, |builder| {
        builder
            .public_url(BASE)
            .recheck_after(Duration::from_secs(60))
    });
    let fresh = shop.layer.require().max_age(Duration::from_secs(5 * 60));
    let app = Router::new()
        .route("/pay", get(async || "paid"))
        .route_layer(fresh)
        .route(
            "/{*rest}",
            get(async |user: VerifiedUser| user.phone.to_string()),
        )
        .layer(shop.layer.clone());
    let mut browser = Browser::new(proxied(app), ORIGIN);
    browser.sign_in("/shop/a", JIWOO).await;
    shop.time.pass(Duration::from_secs(61));
    let checked = browser.come_back("/shop/a?b=c", JIWOO).await;
    assert_eq!(location(&checked), "/shop/a?b=c");
    shop.time.pass(Duration::from_secs(6 * 60));
    let away = browser.visit("/shop/pay?order=7").await;
    let callback = browser.act(&away, JIWOO).await;
    assert_eq!(
        location(&browser.visit(&callback).await),
        "/shop/pay?order=7"
    );
}

#[tokio::test]
async fn a_saved_form_is_offered_and_sent_below_the_path() {
    let provider = LocalProvider::start().await.unwrap();
    let kakao = provider.kakao();
    let mut shop = Shop::at(provider, kakao, |builder| {
        builder.public_url(BASE).save_forms()
    });
    shop.app = proxied(routes().layer(shop.layer.clone()));
    let mut browser = shop.browser();
    let mut form = FORM;
    form[3] = ("referer", "http://127.0.0.1:3000/shop/basket");
    let saved = browser.submit_as(&form, "/shop/order?x=1", "item=7").await;
    let away = browser.visit(location(&saved)).await;
    let callback = browser.act(&away, JIWOO).await;
    let back = browser.visit(&callback).await;
    assert!(
        location(&back).starts_with("/shop/auth/form?id="),
        "{}",
        location(&back)
    );
    let offer = browser.visit(location(&back)).await;
    assert_eq!(offer.status(), StatusCode::OK, "{}", text(&offer));
    assert_below(&offer, "offer");
    let send = links(&text(&offer));
    let send = send
        .iter()
        .find(|link| link.starts_with("/shop/auth/form?"));
    let sent = browser
        .submit(&send.unwrap().replace("&amp;", "&"), "item=7")
        .await;
    assert_eq!(
        sent.status(),
        StatusCode::TEMPORARY_REDIRECT,
        "{}",
        text(&sent)
    );
    assert_eq!(location(&sent), "/shop/order?x=1");
    let form = [FORM.as_slice(), &[("content-length", "6")]].concat();
    let posted = browser.submit_as(&form, location(&sent), "item=7").await;
    assert_eq!(text(&posted), "+821012345678");
}

#[tokio::test]
async fn the_page_after_a_sign_out_is_named_as_requests_have_it() {
    let base = |after: &str| {
        let after = after.to_owned();
        shop_with(|builder| builder.public(["/goodbye"]).after_sign_out(after))
    };
    for (after, place) in [
        ("/goodbye?from=shop", "/shop/goodbye?from=shop"),
        ("http://127.0.0.1:3000/shop/goodbye", "/shop/goodbye"),
        ("http://127.0.0.1:3000/", "http://127.0.0.1:3000/"),
    ] {
        let shop = base(after).await;
        let mut browser = shop.browser();
        browser.come_back(LOGIN, JIWOO).await;
        let out = browser.submit("/shop/auth/logout", "").await;
        assert_eq!(location(&out), place, "{after}");
    }
    for wrong in [
        "goodbye",
        "/protected",
        "/auth/login",
        "http://127.0.0.1:3000/shop/protected",
    ] {
        let built = OAuthLayer::builder()
            .public_url(BASE)
            .session_key(SessionKey::random())
            .provider(Kakao::new("id", "secret"))
            .public(["/goodbye"])
            .after_sign_out(wrong)
            .build();
        assert_eq!(built.unwrap_err().setting(), "after_sign_out", "{wrong}");
    }
}

#[tokio::test]
async fn a_page_before_a_sign_out_is_led_back_to_below_the_path() {
    let shop = shop().await;
    let mut browser = shop.browser();
    browser.come_back(LOGIN, JIWOO).await;
    let asked = browser
        .visit("/shop/auth/logout?return_to=%2Fshop%2Fhealthz")
        .await;
    assert_below(&asked, "question");
    assert!(
        text(&asked).contains("href=\"/shop/healthz\""),
        "{}",
        text(&asked)
    );
    let out = browser
        .submit("/shop/auth/logout?return_to=%2Fshop%2Fhealthz", "")
        .await;
    let page = browser.visit(location(&out)).await;
    assert_below(&page, "signed out");
    assert!(
        text(&page).contains("href=\"/shop/healthz\""),
        "{}",
        text(&page)
    );
    let all = browser.submit("/shop/auth/logout?everywhere", "").await;
    assert_below(&all, "everywhere");
    let outside = browser
        .visit("/shop/auth/logout?return_to=%2Fhealthz")
        .await;
    assert!(
        !text(&outside).contains("\"/healthz\""),
        "{}",
        text(&outside)
    );
}

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
async fn applications_below_two_paths_of_one_origin_do_not_meet() {
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
    // A session under another one's name opens nothing.
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
async fn another_loopback_host_leads_to_the_public_one_with_the_path() {
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
async fn settings_name_paths_as_requests_have_them() {
    let shop = shop_with(|builder| builder.public(["/open/{*rest}"]).prefix("/session")).await;
    let mut browser = shop.browser();
    assert_eq!(text(&browser.visit("/shop/healthz").await), "ok");
    let open = browser.visit("/shop/open/a").await;
    assert_ne!(open.status(), StatusCode::SEE_OTHER);
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
async fn cross_site_rules_are_about_the_origin_and_not_the_path() {
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
fn a_cookie_of_https_is_for_the_whole_host_below_a_path_too() {
    let layer = OAuthLayer::builder()
        .public_url("https://example.com/shop")
        .session_key(SessionKey::random())
        .provider(Kakao::new("id", "secret"))
        .build()
        .unwrap();
    let user = tower_phone_auth::TestUser::new("+82 10-1234-5678").unwrap();
    let cookie = user.cookie(&layer).unwrap();
    assert!(cookie.starts_with("__Host-phone-auth-"), "{cookie}");
}
