//! The application on the pages: its name, logo, colour, links and icon.

use http::{
    HeaderValue,
    header::{ACCEPT_LANGUAGE, CONTENT_SECURITY_POLICY},
};
use tower_phone_auth::{Builder, OAuthLayer, SessionKey, Site, Text};

use crate::support::{
    browser::{Act, Browser, Page, text},
    shop::Shop,
};

const LOGO: &str = "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'/%3E";

fn moon() -> Site {
    Site::new(Text::en("Moon Shop").ko("달상점"))
        .terms("/terms")
        .privacy("https://example.com/privacy")
        .help("/help")
}

async fn shop(site: Site) -> Shop {
    Shop::with(|kakao| kakao, |builder: Builder| builder.site(site)).await
}

fn reading(shop: &Shop, language: &'static str) -> Browser {
    let mut browser = shop.browser();
    let language = HeaderValue::from_static(language);
    browser.headers.insert(ACCEPT_LANGUAGE, language);
    browser
}

/// A page before the sign-in, a refusal, a sign-out and one that does not exist.
async fn pages(shop: &Shop, language: &'static str) -> Vec<Page> {
    let mut browser = reading(shop, language);
    let mut pages = vec![browser.come_back("/", Act::Cancel).await];
    for path in ["/auth/login?provider=none", "/auth/logout", "/auth/none"] {
        pages.push(browser.visit(path).await);
    }
    pages
}

fn policy(page: &Page) -> &str {
    page.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap()
}

#[tokio::test]
async fn every_page_has_the_name_and_the_links_in_its_language() {
    let shop = shop(moon()).await;
    for (language, name, terms, privacy, help) in [
        ("en", "Moon Shop", "Terms of use", "Privacy policy", "Help"),
        ("ko", "달상점", "이용약관", "개인정보처리방침", "고객센터"),
    ] {
        for page in pages(&shop, language).await {
            let page = text(&page);
            assert!(page.contains(&format!("<header>{name}</header>")), "{page}");
            assert!(page.contains(&format!(" - {name}</title>")), "{page}");
            let target = "target=\"_blank\" rel=\"noopener\"";
            let links = format!(
                "<a href=\"/terms\" {target}>{terms}</a>\
                 <a href=\"https://example.com/privacy\" {target}>{privacy}</a>\
                 <a href=\"/help\" {target}>{help}</a></footer>"
            );
            assert!(page.contains(&links), "{page}");
        }
    }
}

#[tokio::test]
async fn without_a_site_the_pages_have_neither_a_name_nor_links() {
    let shop = Shop::open().await;
    for page in pages(&shop, "en").await {
        assert!(!text(&page).contains("<header") && !text(&page).contains("<footer"));
        assert!(policy(&page).contains("img-src 'self';"));
    }
}

#[tokio::test]
async fn the_logo_stands_in_place_of_the_name_and_the_policy_permits_it() {
    for (site, sources) in [
        (moon().logo("/assets/logo.svg"), "'self'"),
        (moon().logo(LOGO).icon(LOGO), "'self' data:"),
        (
            moon().logo("https://cdn.example.com/a/logo.png").icon(LOGO),
            "'self' https://cdn.example.com data:",
        ),
        // The second source is a part of the first, and one of its own.
        (
            moon()
                .logo("https://cdn.example.com:8443/logo.png")
                .icon("https://cdn.example.com/icon.png"),
            "'self' https://cdn.example.com:8443 https://cdn.example.com",
        ),
        (
            moon().logo("https://[2001:db8::1]/logo.png"),
            "'self' https://[2001:db8::1]",
        ),
    ] {
        let shop = shop(site.clone()).await;
        for page in pages(&shop, "en").await {
            assert!(text(&page).contains("<header><img src=\""));
            assert!(text(&page).contains("\" alt=\"Moon Shop\" height=\"40\"></header>"));
            let images = format!("img-src {sources};");
            assert!(policy(&page).contains(&images), "{}", policy(&page));
        }
    }
}

#[tokio::test]
async fn a_name_in_another_language_is_marked_and_hostile_texts_are_escaped() {
    let hostile = Site::new("<script>alert(1)</script>").terms("/\"><script>");
    let shop = shop(hostile).await;
    for page in pages(&shop, "ko").await {
        assert!(text(&page).contains("<header lang=\"\" dir=\"auto\">&lt;script&gt;"));
        assert!(!text(&page).contains("<script>alert") && !text(&page).contains("\"><script>"));
    }
}

#[tokio::test]
async fn the_text_on_the_accent_colour_is_legible() {
    for (accent, on, edge) in [
        ("#5b2be0", "#fff", "var(--edge)"),
        ("#fee500", "#000", "var(--edge)"),
        ("#777", "#000", "#777"),
        ("#2563eb", "#fff", "#2563eb"),
        ("#000000", "#fff", "var(--edge)"),
    ] {
        let shop = shop(moon().accent(accent)).await;
        let page = reading(&shop, "en").visit("/auth/logout").await;
        let rule = format!("--act:{accent};--on:{on};--ring:var(--ink);--rim:{edge}}}");
        assert!(text(&page).contains(&rule), "{}", text(&page));
    }
}

#[test]
fn a_malformed_part_of_a_site_is_named() {
    let long = format!("data:image/png;base64,{}", "A".repeat(4096));
    for (site, part) in [
        (Site::new(""), "the name is empty"),
        (Site::new(Text::en("Shop").ko(" ")), "the name is empty"),
        (Site::new(Text::new("ja_JP", "店")), "\"ja_JP\""),
        (moon().accent("blue"), "the accent \"blue\""),
        // These characters have a meaning in the policy.
        (moon().logo("https://x;script-src/l.png"), "the logo"),
        (moon().logo("https://a,b/l.png"), "the logo"),
        (moon().icon("https://*/l.png"), "the icon"),
        (moon().icon("https://*.example.com/l.png"), "the icon"),
        (moon().logo("https://x'y/l.png"), "the logo"),
        (moon().accent("#12345"), "the accent \"#12345\""),
        (moon().logo("logo.svg"), "the logo \"logo.svg\""),
        (moon().logo("//cdn.example.com/logo.svg"), "the logo"),
        (moon().logo("http://example.com/logo.svg"), "the logo"),
        (moon().logo(long), "the logo has 4118 bytes"),
        (moon().icon("javascript:alert(1)"), "the icon"),
        (moon().terms("javascript:alert(1)"), "the terms"),
        (moon().terms("data:text/html,x"), "the terms"),
        (moon().help("javascript:alert(1)"), "the help"),
        (moon().privacy("/a b"), "the privacy \"/a b\" has ' '"),
    ] {
        let builder = OAuthLayer::builder()
            .public_url("https://shop.example.com")
            .session_key(SessionKey::random())
            .site(site);
        let error = builder.build().unwrap_err();
        assert_eq!(error.setting(), "site", "{error}");
        assert!(error.to_string().contains(part), "{error}");
    }
}
