//! Google as the only provider inside an app, where it refuses browsers (`disallowed_useragent`).

use http::{HeaderValue, StatusCode, header::USER_AGENT};

use crate::support::{
    browser::{Browser, location, text},
    shop::Shop,
};

const INSIDE: [(&str, Option<&str>); 9] = [
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 \
         {useragents: [LinkedInApp]/9.30.1753",
        Some("x-safari-http://127.0.0.1:3000/auth/login?return_to=%2Fcart"),
    ),
    (
        "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/AP2A.240905.003; wv) AppleWebKit/537.36 (KHTML, like Gecko) \
         Version/4.0 Chrome/130.0.6723.58 Mobile Safari/537.36 Barcelona 355.0.0.39.109 Android",
        Some(INTENT),
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
         Mobile/15E148 Safari/604.1 musical_ly_41.9.0",
        Some("x-safari-http://127.0.0.1:3000/auth/login?return_to=%2Fcart"),
    ),
    (
        "Mozilla/5.0 (Linux; Android 13; SM-X706N Build/TP1A.220624.014; wv) AppleWebKit/537.36 (KHTML, like Gecko) \
         Version/4.0 Chrome/115.0.5790.138 Safari/537.36",
        Some(INTENT),
    ),
    (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.7390.124 Mobile \
         Safari/537.36 [WA4A/2.25.32.75;]",
        Some(INTENT),
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 16_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
         Mobile/15E148",
        None,
    ),
    (
        "Mozilla/5.0 (iPad; CPU OS 15_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 \
         SomeShop/1.2",
        None,
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_3_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
         Version/17.3.1 Mobile/15E148 Snapchat/12.72.0.39 (like Safari/8617.2.4.10.8, panda)",
        Some("x-safari-http://127.0.0.1:3000/auth/login?return_to=%2Fcart"),
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 10_2_1 like Mac OS X) AppleWebKit/602.4.6 (KHTML, like Gecko) Mobile/14D27 \
         MicroMessenger/6.5.8 NetType/WIFI Language/zh_CN",
        None,
    ),
];

const INTENT: &str = "intent://127.0.0.1:3000/auth/login?return_to=%2Fcart#Intent;scheme=http;end";

const OUTSIDE: [&str; 4] = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 \
     Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
     CriOS/130.0.6723.90 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14; SM-S918N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 \
     Chrome/122.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
];

async fn browser(shop: &Shop, agent: &'static str) -> Browser {
    let mut browser = shop.browser();
    let agent = HeaderValue::from_static(agent);
    browser.headers.insert(USER_AGENT, agent);
    browser
}

#[tokio::test]
async fn a_page_visit_inside_an_app_leads_to_the_sign_in_page_with_a_link_out() {
    let shop = crate::google::open(|_| {}).await;
    for (agent, way_out) in INSIDE {
        let mut browser = browser(&shop, agent).await;
        let away = browser.visit("/cart").await;
        assert_eq!(away.status(), StatusCode::SEE_OTHER, "{agent}");
        assert_eq!(location(&away), "/auth/login?return_to=%2Fcart", "{agent}");
        let page = browser.visit(location(&away)).await;
        let text = text(&page);
        // A user can still continue to Google.
        assert!(text.contains("provider=google"), "{text}");
        assert!(text.contains("open the page in a browser"), "{text}");
        match way_out {
            Some(link) => assert!(text.contains(&format!("href=\"{link}\"")), "{text}"),
            None => assert!(!text.contains("Open in a browser"), "{text}"),
        }
    }
}

#[tokio::test]
async fn the_link_of_that_page_goes_on_to_the_provider() {
    let shop = crate::google::open(|_| {}).await;
    for (agent, _) in INSIDE {
        let login = "/auth/login?provider=google&return_to=%2Fcart";
        let away = browser(&shop, agent).await.visit(login).await;
        assert!(location(&away).starts_with(&shop.provider.origin()));
    }
}

#[tokio::test]
async fn a_browser_goes_straight_to_the_provider() {
    let shop = crate::google::open(|_| {}).await;
    for agent in OUTSIDE {
        let away = browser(&shop, agent).await.visit("/cart").await;
        assert!(
            location(&away).starts_with(&shop.provider.origin()),
            "{agent}"
        );
    }
}

#[tokio::test]
async fn a_program_inside_an_app_gets_401() {
    let shop = crate::google::open(|_| {}).await;
    for (agent, _) in INSIDE {
        let refused = browser(&shop, agent)
            .await
            .fetch(http::Method::GET, "/cart")
            .await;
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{agent}");
    }
}
