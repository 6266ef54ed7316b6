//! Browsers and apps, as they name themselves.

use http::HeaderValue;

use super::*;

const URL: &str = "https://shop.example.com/auth/login?return_to=%2Fa";

const ANDROID: &str = "Mozilla/5.0 (Linux; Android 14; SM-S918N Build/UP1A.231005.007; wv) AppleWebKit/537.36 \
                       (KHTML, like Gecko) Version/4.0 Chrome/130.0.6723.58 Mobile Safari/537.36";
const WITHOUT_WV: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.7390.124 \
                          Mobile Safari/537.36";
const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                      Mobile/15E148";
const IPAD: &str = "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";

fn headers(agent: &str) -> HeaderMap {
    let agent = HeaderValue::from_bytes(agent.as_bytes()).unwrap();
    HeaderMap::from_iter([(USER_AGENT, agent)])
}

fn app(agent: &str) -> Option<InApp> {
    InApp::of(&headers(agent))
}

#[test]
fn apps_with_a_way_out_or_a_provider_of_their_own_are_known() {
    for (mark, expected) in [
        (" KAKAOTALK 10.8.5", InApp::KakaoTalk),
        (";KAKAOTALK 2410310", InApp::KakaoTalk),
        (
            " Safari/605.1 NAVER(inapp; search; 1010; 11.24.5; 12PRO)",
            InApp::Naver,
        ),
        (
            " Whale/1.0.0.0 Crosswalk/27.102.0.21 NAVER(inapp; search; 1010; 11.24.6)",
            InApp::Naver,
        ),
        (" Safari Line/13.20.0", InApp::Line),
        (" Line/7.4.0/IAB", InApp::Line),
    ] {
        for start in [ANDROID, WITHOUT_WV, IPHONE, IPAD] {
            assert_eq!(app(&format!("{start}{mark}")), Some(expected), "{mark}");
        }
    }
}

#[test]
fn an_app_that_names_itself_is_known_without_a_mark_of_its_web_view() {
    for mark in [
        " Instagram 320.0.0.1",
        " Instagram 393.1.0.36.70 (iPhone15,3; iOS 18_5) Safari/604.1",
        " [FBAN/FBIOS;FBAV/440.0;FBCR/한국;FBLC/ko_KR]",
        " [FB_IAB/FB4A;FBAV/488.0.0.62.79;IABMV/1;]",
        " Safari/604.1 MetaIAB Facebook",
        " Barcelona 355.0.0.39.109 Android (34/14)",
        " [WA4A/2.25.32.75;]",
        " Safari/604.1 [WAiOS/2.25.31]",
        " Twitter for iPhone/10.33",
        " TwitterAndroid",
        " Safari/604.1 musical_ly_41.9.0",
        " trill_410900 JsSdk/2.0",
        " AppName/trill app_version/33.3.4",
        " BytedanceWebview/d8a21c6",
        " {useragents: [LinkedInApp]/9.30.1753",
        " Snapchat/12.72.0.39 (like Safari/8617.2.4.10.8, panda)",
        " [Pinterest/iOS]",
        " MicroMessenger/6.5.8 NetType/WIFI",
        " QQ/9.0.1",
        " DaumApps/13.4.1 DaumDevice/mobile",
        " BAND/13.5.1 (iOS 17.5)",
        " everytimeApp",
        " TossApp/5.190",
        " Coupang/8.5.2",
        " TowneersApp/26.34.0",
        " KAKAOSTORY/7.1",
        " zumapp",
    ] {
        for start in [ANDROID, WITHOUT_WV, IPHONE, IPAD] {
            assert_eq!(app(&format!("{start}{mark}")), Some(InApp::Other), "{mark}");
        }
    }
}

#[test]
fn a_web_view_without_a_name_is_known_by_the_rule_of_its_system() {
    assert_eq!(app(ANDROID), Some(InApp::Other));
    assert_eq!(app(&format!("{ANDROID} SomeShop/1.2")), Some(InApp::Other));
    for agent in [
        IPHONE,
        IPAD,
        &format!("{IPHONE} SomeShop/1.2"),
        "Mozilla/5.0 (iPod touch; CPU iPhone OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)",
    ] {
        assert_eq!(app(agent), Some(InApp::Unnamed), "{agent}");
    }
}

#[test]
fn browsers_are_not_apps() {
    let ios = |rest: &str| {
        format!(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) {rest}"
        )
    };
    let android = |rest: &str| {
        format!(
            "Mozilla/5.0 (Linux; Android 14; SM-S918N) AppleWebKit/537.36 (KHTML, like Gecko) {rest}"
        )
    };
    let desktop = |rest: &str| {
        format!(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) {rest}"
        )
    };
    for agent in [
        String::new(),
        "curl/8.5.0".to_owned(),
        ios("Version/18.1 Mobile/15E148 Safari/604.1"),
        ios("CriOS/130.0.6723.90 Mobile/15E148 Safari/604.1"),
        ios("FxiOS/130.1  Mobile/15E148 Safari/605.1.15"),
        ios("EdgiOS/128.0.2739.82 Version/18.0 Mobile/15E148 Safari/604.1"),
        ios("Version/18.1 Mobile/15E148 Safari/604.1 OPT/5.0.7"),
        ios("Version/18.0 YaBrowser/24.7.7.799.10 SA/3 Mobile/15E148 Safari/604.1"),
        ios("Version/17.0 Mobile/15E148 Safari/605.1.15 Whale/2.5.1"),
        ios("Whale/2.5.1 Mobile/15E148"),
        ios("GSA/334.0.674067880 Mobile/15E148 Safari/604.1"),
        android("Chrome/130.0.0.0 Mobile Safari/537.36"),
        android("SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36"),
        android("Chrome/126.0.0.0 Whale/1.0.0.0 Crosswalk/28.126.0.0 Mobile Safari/537.36"),
        android("Chrome/130.0.0.0 Mobile Safari/537.36 EdgA/130.0.0.0"),
        android("Chrome/130.0.0.0 Mobile Safari/537.36 OPR/85.0.0.0"),
        android("Version/4.0 Chrome/100.0.0.0 Mobile Safari/537.36 XiaoMi/MiuiBrowser/14.10"),
        "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0".to_owned(),
        desktop("Chrome/130.0.0.0 Safari/537.36"),
        desktop("Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0"),
        desktop("Chrome/130.0.0.0 Whale/4.29.282.14 Safari/537.36"),
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0".to_owned(),
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 \
         Safari/605.1.15"
            .to_owned(),
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15".to_owned(),
    ] {
        assert_eq!(app(&agent), None, "{agent}");
    }
}

#[test]
fn the_way_out_is_by_the_app_or_by_the_system() {
    let out = |agent: &str, url| {
        let headers = headers(agent);
        InApp::of(&headers).unwrap().way_out(url, &headers)
    };
    assert_eq!(
        out(&format!("{IPHONE} KAKAOTALK 10"), URL).unwrap(),
        "kakaotalk://web/openExternal?url=https%3A%2F%2Fshop.example.com%2Fauth%2Flogin%3Freturn_to%3D%252Fa"
    );
    assert_eq!(
        out(&format!("{IPHONE} Safari Line/13.20.0"), URL).unwrap(),
        format!("{URL}&openExternalBrowser=1")
    );
    let rest = "shop.example.com/auth/login?return_to=%2Fa";
    for agent in [
        ANDROID,
        &format!("{ANDROID} Instagram 355.1"),
        &format!("{WITHOUT_WV} [WA4A/2.25.32.75;]"),
    ] {
        let intent = format!("intent://{rest}#Intent;scheme=https;end");
        assert_eq!(out(agent, URL), Some(intent));
    }
    for agent in [IPHONE, &format!("{IPHONE} Barcelona 355.0")] {
        assert_eq!(out(agent, URL), Some(format!("x-safari-https://{rest}")));
        let safari = out(agent, "http://127.0.0.1:3000/auth/login");
        assert_eq!(safari.unwrap(), "x-safari-http://127.0.0.1:3000/auth/login");
    }
    // Older systems and a Mac have no such address, so the page says it in words alone.
    let mac =
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)";
    for agent in [IPAD, mac, &format!("{IPAD} Instagram 355.1")] {
        assert_eq!(out(agent, URL), None, "{agent}");
    }
}
