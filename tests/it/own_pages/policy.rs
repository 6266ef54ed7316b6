//! The policy of the application's pages.

use std::collections::HashSet;

use tower_phone_auth::page::PageKind;

use super::{Asked, own, reach, shop, signed_in};
use crate::support::browser::Page;

fn policy(page: &Page) -> &str {
    page.headers()["content-security-policy"].to_str().unwrap()
}

#[tokio::test]
async fn a_page_permits_what_has_its_nonce_and_loses_no_other_rule() {
    for kind in PageKind::ALL {
        let asked = Asked::default();
        let page = reach(*kind, |builder| asked.set(builder, own)).await;
        let layers = reach(*kind, |builder| builder).await;
        let content = asked.take().pop().unwrap();
        let nonce = content.nonce();
        assert!(nonce.len() >= 22, "{nonce}");
        let allowed = format!("'nonce-{nonce}' ");
        assert_eq!(
            policy(&page).matches(&allowed).count(),
            2,
            "{}",
            policy(&page)
        );
        let without = policy(&page)
            .replace(&allowed, "")
            .replace("font-src 'self'; ", "");
        assert_eq!(without, policy(&layers));
        assert!(!policy(&page).contains("unsafe"));
        assert!(policy(&page).contains("frame-ancestors '"));
        assert!(!policy(&layers).contains("nonce"));
    }
}

#[tokio::test]
async fn a_nonce_is_used_once() {
    let asked = Asked::default();
    let (shop, _) = shop(|builder| asked.set(builder, own)).await;
    let mut browser = shop.browser();
    for _ in 0..20 {
        browser.visit("/auth/login").await;
    }
    let nonces: HashSet<_> = asked
        .take()
        .iter()
        .map(|page| page.nonce().to_owned())
        .collect();
    assert_eq!(nonces.len(), 20);
}

#[tokio::test]
async fn the_parts_of_the_layers_page_pass_the_policy() {
    use aws_lc_rs::digest::{SHA256, digest};
    use base64::{Engine, engine::general_purpose::STANDARD};

    for kind in PageKind::ALL {
        let asked = Asked::default();
        let page = reach(*kind, |builder| asked.set(builder, own)).await;
        let content = asked.take().pop().unwrap();
        let (styles, script) = (content.style(), content.script());
        let inner = |html: &str, tag: &str| -> Vec<String> {
            let begin = format!("<{tag}");
            let parts = html.split(&begin).skip(1);
            let parts = parts.filter_map(|part| part.split_once('>')?.1.split_once("</"));
            parts.map(|(inner, _)| inner.to_owned()).collect()
        };
        let (styles, scripts) = (inner(&styles, "style"), inner(&script, "script"));
        assert!(!styles.is_empty());
        for part in styles.iter().chain(&scripts) {
            let hash = STANDARD.encode(digest(&SHA256, part.as_bytes()));
            assert!(
                policy(&page).contains(&format!("'sha256-{hash}'")),
                "{kind:?}: {part}"
            );
        }
    }
}

#[tokio::test]
async fn the_question_before_a_sign_out_still_leads_to_the_page_of_another_site() {
    let asked = Asked::default();
    let settings = |builder: tower_phone_auth::Builder| {
        asked.set(builder.after_sign_out("https://www.example.com/bye"), own)
    };
    let (shop, _) = shop(settings).await;
    let page = signed_in(&shop).await.visit("/auth/logout").await;
    assert!(policy(&page).ends_with("form-action 'self' https://www.example.com"));
    assert!(policy(&page).contains("'nonce-"));
}
