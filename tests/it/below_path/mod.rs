//! The application below a path. The proxy in front of it removes the path.

use axum::Router;
use http::{StatusCode, header::SET_COOKIE};
use tower_phone_auth::Builder;
use tower_phone_auth_local_provider::LocalProvider;

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{JIWOO, Page, location, parameter, text},
    shop::{ORIGIN, Shop, routes},
};

mod applications;
mod pages;
mod sign_out;

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

/// A proxy like nginx with `location /shop/ { proxy_pass http://app/; }`.
fn proxied(app: Router) -> Router {
    Router::new()
        .nest_service("/shop", app)
        .fallback(async || StatusCode::IM_A_TEAPOT)
}

const LOGIN: &str = "/shop/auth/login?provider=kakao&return_to=%2Fshop%2Fcart%3Fa%3D1";

#[tokio::test]
async fn a_sign_in_starts_and_returns_below_the_path() {
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
    // The same callback again, as after a reload.
    let again = browser.visit(&callback).await;
    assert_eq!(location(&again), "/shop/cart?a=1");
}

#[tokio::test]
async fn a_return_to_outside_the_path_leads_to_the_start_page() {
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
