//! The pages name the cause of the fault, and their links lead to a remedy.

use tower_phone_auth_local_provider::{Endpoint, faults::Fault};

use super::row::{error, html};
use crate::support::{
    browser::{Page, text},
    shop::Shop,
};

/// The page of a sign-in in this language at a provider with this fault.
async fn page(shop: &Shop, language: &str, (endpoint, fault): (Endpoint, Fault)) -> Page {
    shop.provider.fail(endpoint, fault);
    let mut browser = shop.browser();
    browser
        .headers
        .insert("accept-language", language.parse().unwrap());
    let page = browser.try_to_sign_in("/cart").await;
    shop.provider.clear_faults(endpoint);
    page
}

/// The address of the main button, and the other links.
fn links(page: &Page) -> (String, Vec<String>) {
    let page = text(page);
    let links = page.split("<a ").skip(1);
    let (mut main, mut others) = (String::new(), Vec::new());
    for link in links {
        let href = link.split("href=\"").nth(1).unwrap();
        let href = href.split('"').next().unwrap().replace("&amp;", "&");
        if link.split('>').next().unwrap().contains("class=\"act\"") {
            assert_eq!(main, "", "one main button");
            main = href;
        } else {
            others.push(href);
        }
    }
    (main, others)
}

fn for_the_operator() -> Vec<(Endpoint, Fault)> {
    vec![
        (Endpoint::Discovery, html(404)),
        (Endpoint::Pushed, error(401, "invalid_client", "no")),
        (Endpoint::Token, error(400, "invalid_request", "no")),
        (
            Endpoint::Token,
            Fault::Merge(serde_json::json!({ "id_token": null })),
        ),
    ]
}

#[tokio::test]
async fn a_page_for_the_operator_leads_home_first() {
    for (language, words) in [
        ("en", "tell the operator"),
        ("ko", "운영자에게 알려 주세요"),
    ] {
        for trouble in for_the_operator() {
            let shop = Shop::in_dialect("oidc").await;
            let page = page(&shop, language, trouble).await;
            assert_eq!(page.status(), 502);
            assert!(!page.headers().contains_key("retry-after"));
            assert!(text(&page).contains(words), "{}", text(&page));
            let (main, others) = links(&page);
            assert_eq!(main, "/");
            let login = "/auth/login?provider=oidc&return_to=%2Fcart";
            assert_eq!(others, [login]);
        }
    }
}

#[tokio::test]
async fn a_page_about_the_provider_offers_another_try_with_a_time() {
    for (language, words) in [
        ("en", "in a few minutes"),
        ("ko", "잠시 후 다시 시도해 주세요"),
    ] {
        for trouble in [
            (Endpoint::Discovery, html(503)),
            (Endpoint::Pushed, html(429)),
            (Endpoint::Pushed, html(500)),
            (Endpoint::Token, Fault::Close),
            (Endpoint::Profile, html(400)),
        ] {
            let shop = Shop::in_dialect("oidc").await;
            let page = page(&shop, language, trouble).await;
            assert!(page.status().is_server_error());
            assert_eq!(page.headers()["retry-after"], "5");
            let shown = text(&page);
            assert!(
                shown.contains(words) && !shown.contains("reached"),
                "{shown}"
            );
            assert!(links(&page).0.starts_with("/auth/login"));
        }
    }
}
