//! The sign-in page: the order of the providers and the notes beside them.

use http::{
    HeaderValue,
    header::{ACCEPT_LANGUAGE, USER_AGENT},
};
use tower_phone_auth::Naver;

use super::{NAMES, open, open_with};
use crate::support::{
    browser::{Browser, JIWOO, Page, location, text},
    shop::Shop,
};

const KAKAOTALK: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) KAKAOTALK 10.4.5 (INAPP)";
const NAVER: &str = "Mozilla/5.0 (Linux; Android 14) NAVER(inapp; search; 1000; 12.1.0)";
const INSTAGRAM: &str = "Mozilla/5.0 (Linux; Android 14) Instagram 320.0.0.1 Android";
const SAFARI: &str = "Mozilla/5.0 (iPhone) Version/17.0 Mobile/15E148 Safari/604.1";

const STUCK: &str = "Does not work inside this app: open the page in a browser.";
const LAST: &str = "Last used";

async fn chooser(browser: &mut Browser, agent: &'static str) -> Page {
    let agent = HeaderValue::from_static(agent);
    browser.headers.insert(USER_AGENT, agent);
    browser.visit("/auth/login?return_to=%2Fcart").await
}

/// The providers in the order of the page.
fn order(page: &Page) -> Vec<&'static str> {
    let text = text(page);
    let place = |name: &str| text.find(&format!("provider={name}&")).unwrap();
    let mut names = NAMES.to_vec();
    names.sort_by_key(|name| place(name));
    names
}

/// The note beside one provider.
fn beside(page: &Page, name: &str) -> String {
    let text = text(page);
    let start = text.find(&format!("provider={name}&")).unwrap();
    let rest = &text[start..];
    rest[..rest.find("</li>").unwrap()].to_owned()
}

/// Signs in at a provider, and deletes the session.
async fn used(shop: &Shop, name: &str) -> Browser {
    let mut browser = shop.browser();
    let login = format!("/auth/login?provider={name}");
    assert_eq!(location(&browser.come_back(&login, JIWOO).await), "/");
    browser.cookies.remove("phone-auth");
    browser
}

#[tokio::test]
async fn a_new_user_sees_the_providers_in_the_order_of_the_settings() {
    let shop = open().await;
    let page = chooser(&mut shop.browser(), SAFARI).await;
    assert_eq!(order(&page), NAMES);
    for note in [LAST, STUCK, "Open in a browser"] {
        assert!(!text(&page).contains(note), "{note}");
    }
}

#[tokio::test]
async fn the_provider_used_last_comes_first_and_is_marked() {
    let shop = open().await;
    for name in NAMES {
        let mut browser = used(&shop, name).await;
        let page = chooser(&mut browser, SAFARI).await;
        assert_eq!(order(&page)[0], name);
        assert!(beside(&page, name).contains(LAST));
        assert_eq!(text(&page).matches(LAST).count(), 1);
    }
}

#[tokio::test]
async fn inside_an_app_its_own_provider_comes_first_and_google_last() {
    let shop = open().await;
    for (agent, first) in [(KAKAOTALK, "kakao"), (NAVER, "naver"), (INSTAGRAM, "naver")] {
        let page = chooser(&mut shop.browser(), agent).await;
        let order = order(&page);
        assert_eq!(order[0], first, "{agent}");
        assert_eq!(order[3], "google", "{agent}");
        assert!(beside(&page, "google").contains(STUCK));
        assert_eq!(text(&page).matches(STUCK).count(), 1);
    }
}

#[tokio::test]
async fn inside_an_app_its_own_provider_goes_before_the_last_used_one() {
    let shop = open().await;
    let mut browser = used(&shop, "oidc").await;
    let page = chooser(&mut browser, KAKAOTALK).await;
    assert_eq!(order(&page), ["kakao", "oidc", "naver", "google"]);
    assert!(beside(&page, "oidc").contains(LAST));
}

#[tokio::test]
async fn google_stays_last_inside_an_app_also_if_it_was_used_last() {
    let shop = open().await;
    let mut browser = used(&shop, "google").await;
    let page = chooser(&mut browser, INSTAGRAM).await;
    assert_eq!(order(&page)[3], "google");
    assert!(beside(&page, "google").contains(STUCK));
    assert!(!text(&page).contains(LAST));
}

#[tokio::test]
async fn the_link_out_of_the_app_keeps_the_place() {
    let shop = open().await;
    for (agent, link) in [
        (
            KAKAOTALK,
            "kakaotalk://web/openExternal?url=http%3A%2F%2F127.0.0.1%3A3000%2Fauth%2Flogin%3Freturn_to%3D%252Fcart",
        ),
        (
            INSTAGRAM,
            "intent://127.0.0.1:3000/auth/login?return_to=%2Fcart#Intent;scheme=http;end",
        ),
    ] {
        let page = chooser(&mut shop.browser(), agent).await;
        let link = format!("href=\"{link}\"");
        assert!(text(&page).contains(&link), "{}", text(&page));
        assert!(text(&page).contains("Open in a browser"));
    }
}

#[tokio::test]
async fn each_link_keeps_the_place() {
    let shop = open().await;
    for agent in [SAFARI, KAKAOTALK] {
        let page = chooser(&mut shop.browser(), agent).await;
        for name in NAMES {
            let link = format!("/auth/login?provider={name}&amp;return_to=%2Fcart");
            assert!(text(&page).contains(&link), "{name}");
        }
    }
}

#[tokio::test]
async fn titles_and_notes_are_in_the_users_language() {
    let shop = open().await;
    for (language, words) in [
        (
            "ko-KR",
            [
                "카카오 로그인",
                "네이버 로그인",
                "Google 계정으로 로그인",
                "127.0.0.1:",
                "최근 로그인",
                "이 앱 안에서는 로그인할 수 없습니다. 브라우저에서 열어 주세요.",
                "브라우저에서 열기",
            ],
        ),
        (
            "en",
            [
                "Login with Kakao",
                "Log in with NAVER",
                "Sign in with Google",
                "Sign in with 127.0.0.1:",
                LAST,
                STUCK,
                "Open in a browser",
            ],
        ),
    ] {
        let mut browser = used(&shop, "naver").await;
        let language = HeaderValue::from_static(language);
        browser.headers.insert(ACCEPT_LANGUAGE, language);
        let page = chooser(&mut browser, KAKAOTALK).await;
        for word in words {
            assert!(text(&page).contains(word), "{word}");
        }
    }
}

#[tokio::test]
async fn a_second_client_at_one_provider_is_a_choice_of_its_own() {
    let shop = open_with(|builder| builder.provider(Naver::new("id", "secret").named("partner")));
    let page = chooser(&mut shop.await.browser(), NAVER).await;
    assert_eq!(order(&page)[0], "naver");
    let text = text(&page);
    let place = |name: &str| text.find(&format!("provider={name}&")).unwrap();
    assert!(place("partner") > place("naver") && place("partner") < place("google"));
}

#[tokio::test]
async fn google_alone_gets_no_redirect_inside_an_app() {
    let shop = crate::google::open(|_| {}).await;
    let mut browser = shop.browser();
    browser
        .headers
        .insert(USER_AGENT, HeaderValue::from_static(INSTAGRAM));
    let away = browser.visit("/cart").await;
    assert_eq!(location(&away), "/auth/login?return_to=%2Fcart");
    let page = browser.visit(location(&away)).await;
    assert!(beside(&page, "google").contains(STUCK));
}

/// Whether a tag has an attribute twice. Browsers ignore the second one (HTML,
/// "duplicate-attribute").
fn names_twice(tag: &str) -> bool {
    let mut names: Vec<&str> = tag
        .split('"')
        .step_by(2)
        .filter_map(|part| part.strip_suffix('=')?.split_whitespace().last())
        .collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    names.len() < all
}

#[tokio::test]
async fn each_provider_has_the_colours_of_its_brand() {
    let shop = open().await;
    for agent in [SAFARI, KAKAOTALK, NAVER] {
        let page = chooser(&mut shop.browser(), agent).await;
        for (brand, name) in [
            ("kakao", "kakao"),
            ("naver", "naver"),
            ("google", "google"),
            ("other", "oidc"),
        ] {
            let link = format!("<a class=\"{brand}\" href=\"/auth/login?provider={name}&");
            assert!(text(&page).contains(&link), "{link}: {}", text(&page));
        }
        let twice = text(&page)
            .split('<')
            .find(|tag| names_twice(tag))
            .map(str::to_owned);
        assert_eq!(twice, None);
    }
}
