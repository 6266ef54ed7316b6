//! Texts of the application in several languages, by the weights of `Accept-Language`.

use axum::body::Bytes;
use http::{Method, Response, StatusCode, header::ACCEPT_LANGUAGE};
use tower_phone_auth::{
    Builder, OAuthLayer, Oidc, SessionKey, Text,
    hooks::{Cause, Denied, Failure},
};

use crate::support::{
    browser::{Browser, JIWOO, Page, text},
    shop::Shop,
};

/// A reason in three languages, of which the pages have two.
fn members() -> Text {
    Text::en("Members <only>.")
        .ko("회원만 가능합니다.")
        .and("nb", "Bare for medlemmer.")
}

fn browser_reading(language: &str, shop: &Shop) -> Browser {
    let mut browser = shop.browser();
    let language = language.parse().unwrap();
    browser.headers.insert(ACCEPT_LANGUAGE, language);
    browser
}

async fn refusing(settings: impl FnOnce(Builder) -> Builder) -> Shop {
    let settings = |builder: Builder| {
        settings(builder.on_sign_in(|_| async { Err::<(), _>(Denied::new(members()).into()) }))
    };
    Shop::with(|kakao| kakao, settings).await
}

/// The page for an unknown provider, which has the button of each known one.
async fn buttons(browser: &mut Browser) -> Page {
    let page = browser.visit("/auth/login?provider=unknown").await;
    assert_eq!(page.status(), StatusCode::NOT_FOUND);
    page
}

#[tokio::test]
async fn the_reason_of_a_refusal_is_in_the_best_of_its_languages() {
    let shop = refusing(|builder| builder).await;
    let english = "<p>Members &lt;only&gt;.</p>";
    let korean = "<p>회원만 가능합니다.</p>";
    let norwegian = "<p lang=\"nb\" dir=\"auto\">Bare for medlemmer.</p>";
    for (header, page_language, reason) in [
        ("en", "en", english),
        ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", "ko", korean),
        ("ko;q=0.1, en;q=0.9", "en", english),
        ("en;q=0, ko", "ko", korean),
        ("nb-NO, ko;q=0.5, en;q=0.4", "ko", norwegian),
        ("NB", "en", norwegian),
        ("fr, nb;q=0.2, ko;q=0.1", "ko", norwegian),
        ("fr", "en", english),
        ("*;q=0.5, en;q=0.1", "ko", korean),
        ("nb;q=2, ko;q=x, en_US", "en", english),
        ("", "en", english),
    ] {
        let page = browser_reading(header, &shop).come_back("/", JIWOO).await;
        assert_eq!(page.status(), StatusCode::FORBIDDEN);
        let page = text(&page);
        let language = format!("<html lang=\"{page_language}\">");
        assert!(page.contains(&language), "{header}: {page}");
        assert!(page.contains(reason), "{header}: {page}");
    }
}

#[tokio::test]
async fn a_page_names_its_language_and_varies_by_the_accepted_ones() {
    let shop = Shop::open().await;
    for (header, language) in [
        ("ko;q=0.1, en;q=0.9", "en"),
        ("ko-KR", "ko"),
        ("ja-JP", "ja"),
        ("zh-CN", "zh"),
        ("zh-SG, en;q=0.5", "zh"),
        ("zh-TW, zh;q=0.9, en;q=0.5", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hant-MO", "zh-Hant"),
        ("vi", "en"),
    ] {
        let mut browser = browser_reading(header, &shop);
        let sign_out = browser.visit("/auth/logout").await;
        for page in [buttons(&mut browser).await, sign_out] {
            assert_eq!(page.headers()["content-language"], language, "{header}");
            let vary = page.headers()["vary"].to_str().unwrap();
            assert!(vary.contains("Accept-Language"), "{vary}");
        }
    }
}

#[tokio::test]
async fn a_plain_reason_is_for_all_users_in_an_unknown_language() {
    let denied = || async { Err::<(), _>(Denied::new("Nur für Mitglieder.").into()) };
    let settings = |builder: Builder| builder.on_sign_in(move |_| denied());
    let shop = Shop::with(|kakao| kakao, settings).await;
    let page = browser_reading("ko", &shop).come_back("/", JIWOO).await;
    assert!(text(&page).contains("<p lang=\"\" dir=\"auto\">Nur für Mitglieder.</p>"));
}

#[tokio::test]
async fn the_button_of_a_provider_is_in_the_best_of_its_languages() {
    let title = Text::en("Sign in with Club")
        .ko("클럽으로 로그인")
        .and("zh-Hant", "使用 Club 登入")
        .and("ar", "تسجيل الدخول");
    let shop = Shop::with(|kakao| kakao.titled(title), |builder| builder).await;
    for (header, button) in [
        ("en", " data-login>Sign in with Club</a>"),
        ("ko-KR", " data-login>클럽으로 로그인</a>"),
        ("zh-Hant-TW, ko;q=0.5", " data-login>使用 Club 登入</a>"),
        ("zh-HK, ko;q=0.5", " data-login>使用 Club 登入</a>"),
        (
            "ar-EG, en;q=0.5",
            " data-login lang=\"ar\" dir=\"auto\">تسجيل الدخول</a>",
        ),
        (
            "zh-CN",
            " data-login lang=\"en\" dir=\"auto\">Sign in with Club</a>",
        ),
        (
            "zh",
            " data-login lang=\"zh-Hant\" dir=\"auto\">使用 Club 登入</a>",
        ),
        ("nb-NO", " data-login>Sign in with Club</a>"),
    ] {
        let mut browser = browser_reading(header, &shop);
        let page = buttons(&mut browser).await;
        assert!(text(&page).contains(button), "{header}: {}", text(&page));
    }
}

#[test]
fn a_malformed_tag_of_a_title_is_named() {
    for tag in ["ja_JP", "日本語", "", "japanese-"] {
        let title = Text::en("Sign in").and("nb", "Logg inn").and(tag, "x");
        let builder = OAuthLayer::builder()
            .public_url("https://shop.example.com")
            .session_key(SessionKey::random())
            .provider(Oidc::new("https://id.example.com", "id", "secret").titled(title));
        let built = builder.build();
        if tag.is_empty() {
            // An unknown language, as that of a plain text.
            assert!(built.is_ok());
            continue;
        }
        let error = built.unwrap_err();
        assert_eq!(error.setting(), "titled");
        assert!(error.to_string().contains(tag), "{error}");
        assert!(error.remedy().contains("zh-Hant"), "{error}");
    }
}

/// A problem document of the application, in the language of the user.
fn document(failure: &Failure<'_>) -> Option<Response<Bytes>> {
    let Cause::Login(error) = failure.cause else {
        return None;
    };
    let detail = error.denial()?.text().for_user(failure.headers);
    let document = serde_json::json!({ "title": "Denied", "detail": detail });
    let response = Response::builder().header("content-type", "application/problem+json");
    response.body(document.to_string().into()).ok()
}

#[tokio::test]
async fn a_problem_document_of_the_application_is_in_the_language_of_the_user() {
    let shop = refusing(|builder| builder.on_failure(document)).await;
    for (header, detail) in [
        ("nb-NO, en;q=0.5", "Bare for medlemmer."),
        ("ko;q=0.1, en;q=0.9", "Members <only>."),
        ("de, *;q=0.1", "Members <only>."),
    ] {
        let page = browser_reading(header, &shop).come_back("/", JIWOO).await;
        assert_eq!(page.status(), StatusCode::FORBIDDEN);
        let answer: serde_json::Value = serde_json::from_str(&text(&page)).unwrap();
        assert_eq!(answer["detail"], detail, "{header}");
    }
}

#[tokio::test]
async fn a_problem_document_of_the_layer_is_the_same_in_every_language() {
    let shop = Shop::open().await;
    let mut answers = Vec::new();
    for header in ["en", "ko", "ja"] {
        let mut browser = browser_reading(header, &shop);
        let page = browser.fetch(Method::GET, "/cart").await;
        assert_eq!(page.headers()["content-type"], "application/problem+json");
        answers.push(text(&page));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}
