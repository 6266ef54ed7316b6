//! Pages of an application that fails.

use tower_phone_auth::page::{Page as Content, PageKind};

use super::{enter, in_phone_step, reach, shop};
use crate::{
    phone_step::kit::{NUMBER, code, number},
    support::{
        browser::{JIWOO, location, text},
        log::Log,
    },
};

type Own = fn(&Content) -> Option<String>;

fn panics(_: &Content) -> Option<String> {
    panic!("a template of the application")
}

fn empty(_: &Content) -> Option<String> {
    Some(String::new())
}

fn garbage(_: &Content) -> Option<String> {
    Some("\0\u{202e}<a href=\"https://elsewhere.example/\">sign in</a></html><form".to_owned())
}

/// Texts without the links and forms.
fn dead_end(page: &Content) -> Option<String> {
    Some(format!("<!doctype html><h1>{}</h1>", page.title))
}

/// All forms without their fields.
fn no_fields(page: &Content) -> Option<String> {
    let forms = page
        .forms
        .iter()
        .map(|form| format!("<form method=\"post\" action=\"{}\"></form>", form.action));
    Some(forms.collect())
}

#[tokio::test]
async fn a_page_that_panics_or_leads_nowhere_is_replaced_by_the_layers() {
    let own: [Own; 5] = [panics, empty, garbage, dead_end, no_fields];
    for kind in PageKind::ALL {
        let layers = reach(*kind, |builder| builder).await;
        for own in own {
            let log = Log::capture();
            let page = reach(*kind, |builder| builder.pages(own)).await;
            assert_eq!(page.status(), layers.status());
            assert!(text(&page).contains("<main>"), "{kind:?}: {}", text(&page));
            let policy = "content-security-policy";
            assert_eq!(page.headers()[policy], layers.headers()[policy]);
            let line = format!("page=\"{}\"", kind.as_str());
            let log = log.text();
            let errors: Vec<_> = log.lines().filter(|line| line.contains("ERROR")).collect();
            assert!(
                errors.iter().any(|error| error.contains(&line)),
                "{kind:?}: {log}"
            );
        }
    }
}

#[tokio::test]
async fn a_user_signs_in_although_every_page_panics() {
    let (shop, outbox) = shop(|builder| builder.pages(panics)).await;
    let mut browser = shop.browser();
    assert_eq!(browser.visit("/auth/login").await.status(), 200);
    let back = enter(&mut browser, "/", JIWOO).await;
    assert_eq!(text(&browser.visit(location(&back)).await), "+821012345678");
    let mut browser = in_phone_step(&shop).await;
    number(&mut browser, NUMBER).await;
    let back = code(&mut browser, &outbox.code()).await;
    assert_eq!(text(&browser.visit(location(&back)).await), "+821023456789");
}

#[tokio::test]
async fn one_link_is_enough_on_a_page_without_forms() {
    let first = |page: &Content| {
        let links = page
            .providers
            .first()
            .map(|provider| provider.href.to_string());
        let link = links.or_else(|| Some(page.links.first()?.href.as_str().to_owned()))?;
        Some(format!(
            "<!doctype html><body class=moon><a href=\"{link}\">go</a>"
        ))
    };
    for kind in [
        PageKind::SignIn,
        PageKind::Refusal,
        PageKind::Missing,
        PageKind::Framed,
    ] {
        let page = reach(kind, |builder| builder.pages(first)).await;
        assert!(
            text(&page).contains("class=moon"),
            "{kind:?}: {}",
            text(&page)
        );
    }
}
