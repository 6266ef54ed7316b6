//! The pages that the application is asked for, and their texts.

use http::StatusCode;
use tower_phone_auth::{Site, Text, error::LoginErrorKind, hooks::Denied, page::PageKind};

use super::{Asked, enter, headers, in_phone_step, korean, own, reach, saved_form, shop};
use crate::{
    phone_step::kit::{NUMBER, number},
    support::browser::{Act, JIWOO, text},
};

#[tokio::test]
async fn the_application_is_asked_for_every_page_once_and_keeps_its_status_and_headers() {
    for kind in PageKind::ALL {
        let asked = Asked::default();
        let page = reach(*kind, |builder| asked.set(builder, own)).await;
        let [content] = &asked.take()[..] else {
            panic!("{kind:?} is not asked for once");
        };
        assert_eq!((content.kind, content.status), (*kind, page.status()));
        let html = text(&page);
        assert!(
            html.contains(&format!("class=\"moon {}\"", kind.as_str())),
            "{html}"
        );
        let layers = reach(*kind, |builder| builder).await;
        assert_eq!(
            (layers.status(), headers(&layers)),
            (page.status(), headers(&page))
        );
        assert_eq!(page.headers()["content-language"], "en");
        assert_eq!(page.headers()["cache-control"], "no-store");
        // The application has all that the layer's page has.
        // A number stands in an element of its own, so that no line break divides it.
        let layers = text(&layers).replace("<span class=\"whole\">", "");
        let layers = layers.replace("</span>", "");
        for text in content.texts.iter().chain([&content.title]) {
            assert!(
                layers.contains(&text.to_string().replace("&#39;", "'")),
                "{text}: {layers}"
            );
        }
        assert_eq!(
            layers.matches("<a ").count(),
            content.links.len() + content.providers.len()
        );
        assert_eq!(layers.matches("<form ").count(), content.forms.len());
    }
}

#[tokio::test]
async fn none_leaves_the_page_as_it_is() {
    for kind in [PageKind::SignIn, PageKind::Missing, PageKind::SignedOut] {
        let page = reach(kind, |builder| builder.pages(|_| None)).await;
        let layers = reach(kind, |builder| builder).await;
        assert_eq!(text(&page), text(&layers));
        assert_eq!(
            page.headers()["content-security-policy"],
            layers.headers()["content-security-policy"]
        );
    }
}

#[tokio::test]
async fn a_refusal_has_its_cause_its_code_and_its_reference() {
    let asked = Asked::default();
    let (shop, _) = shop(|builder| asked.set(builder, own)).await;
    let mut browser = shop.browser();
    korean(&mut browser);
    let page = enter(&mut browser, "/", Act::Cancel).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    let content = asked.take().pop().unwrap();
    assert_eq!(content.cause, Some(LoginErrorKind::Cancelled));
    assert_eq!((content.language, content.code.is_none()), ("ko", true));
    let reference = content.reference.unwrap();
    assert!(content.notes[0].as_str().contains(reference.as_str()));
    assert!(text(&page).contains("<html lang=\"ko\">"));
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, Act::Cancel).await;
    let wrong = crate::support::browser::altered(&callback, "error", Some("invalid_scope"));
    browser.visit(&wrong).await;
    let content = asked.take().pop().unwrap();
    assert_eq!(content.code.as_ref().unwrap().as_str(), "invalid_scope");
    assert!(content.details().contains("invalid_scope"));
}

#[tokio::test]
async fn the_providers_and_the_remaining_time_are_values() {
    let asked = Asked::default();
    let (shop, _) = shop(|builder| asked.set(builder, own)).await;
    let mut browser = shop.browser();
    korean(&mut browser);
    browser
        .visit("/auth/login?return_to=%2Fcart%3Fa%3D1%26b%3D2")
        .await;
    let content = asked.take().pop().unwrap();
    let providers: Vec<_> = content.providers.iter().collect();
    assert_eq!(providers.len(), 2);
    assert_eq!(providers[0].name.as_str(), "kakao");
    assert_eq!(providers[0].label.as_str(), "카카오 로그인 (kakao)");
    assert!(providers[0].mark.unwrap().starts_with("<svg"));
    let href = providers[0].href.to_string();
    let begin = "/auth/login?provider=kakao&amp;return_to=%2Fcart%3Fa%3D1%26b%3D2";
    assert!(href.starts_with(begin), "{href}");

    let mut browser = in_phone_step(&shop).await;
    number(&mut browser, NUMBER).await;
    asked.take();
    browser.visit("/auth/phone/code").await;
    let content = asked.take().pop().unwrap();
    assert_eq!(content.wait.unwrap().as_secs(), 30);
    assert_eq!(content.forms[0].fields[0].name, "code");
    assert_eq!(content.site.unwrap().as_str(), "Shop");
}

#[tokio::test]
async fn texts_of_the_application_are_escaped() {
    let hostile = "<script>alert(1)</script>";
    let asked = Asked::default();
    let (shop, _) = shop(|builder| {
        let builder = builder.site(Site::new(hostile));
        let builder = builder.on_sign_in(move |_| async move {
            Err::<(), _>(Denied::new(Text::en("Ask \"Kim\" <b>").and("ar", hostile)).into())
        });
        asked.set(builder, own)
    })
    .await;
    let mut browser = shop.browser();
    let page = text(&enter(&mut browser, "/", JIWOO).await);
    assert!(
        page.contains("<p>Ask &quot;Kim&quot; &lt;b&gt;</p>"),
        "{page}"
    );
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script>alert"));
    browser
        .headers
        .insert("accept-language", "ar".parse().unwrap());
    let page = text(&enter(&mut browser, "/", JIWOO).await);
    assert!(!page.contains("<script>alert"), "{page}");
    let content = asked.take().pop().unwrap();
    assert_eq!(content.texts[0].lang(), Some("ar"));
}

#[tokio::test]
async fn the_application_sees_neither_the_number_nor_the_code_nor_the_saved_values() {
    let asked = Asked::default();
    let (shop, outbox) = shop(|builder| asked.set(builder, own)).await;
    let mut browser = in_phone_step(&shop).await;
    number(&mut browser, NUMBER).await;
    browser.visit("/auth/phone/code").await;
    saved_form(&mut shop.browser()).await;
    let seen: Vec<_> = asked.take();
    assert!(seen.iter().any(|page| page.kind == PageKind::SavedForm));
    let debug = format!("{seen:?}");
    for secret in ["23456789", "2345-6789", &outbox.code(), "hunter2"] {
        assert!(!debug.contains(secret), "{secret}: {debug}");
    }
    assert!(seen.iter().all(|page| !page.details().contains("hunter2")));
}
