//! The pages of the step.

use http::StatusCode;

use super::kit::{asked, begin, number, shop, shop_with};
use crate::support::browser::text;

#[tokio::test]
async fn the_pages_have_one_field_each_in_every_language() {
    let (shop, _) = shop().await;
    for (language, title, code, country) in [
        (
            "en",
            "Confirm your mobile number",
            "Enter the code",
            "South Korea (+82)",
        ),
        ("ko", "휴대폰 번호 인증", "인증번호 입력", "대한민국 (+82)"),
        ("ja", "携帯電話番号の確認", "認証コードの入力", "韓国 (+82)"),
        ("zh", "验证手机号", "输入验证码", "韩国 (+82)"),
        ("zh-Hant", "驗證手機號碼", "輸入驗證碼", "韓國 (+82)"),
    ] {
        let mut browser = asked(&shop, "/").await;
        let language = language.parse().unwrap();
        browser.headers.insert("accept-language", language);
        let page = browser.visit("/auth/phone").await;
        let page = text(&page);
        assert!(page.contains(title), "{page}");
        // The language of the name is not known.
        let site = "<p class=\"site\" lang=\"\" dir=\"auto\">Shop</p>";
        assert!(page.contains(site), "{page}");
        for part in [
            "type=\"tel\"",
            "autocomplete=\"tel\"",
            "name=\"number\"",
            country,
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        let answer = browser.visit("/auth/phone/code").await;
        let page = text(&answer);
        assert!(page.contains(code), "{page}");
        for part in [
            "inputmode=\"numeric\"",
            "autocomplete=\"one-time-code\"",
            "name=\"code\"",
            "value=\"resend\"",
            "href=\"/auth/phone\"",
            "<span class=\"whole\">010-****-",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert_eq!(page.matches("<input").count(), 1);
        assert_eq!(page.matches("<script").count(), 1);
        let policy = answer.headers()["content-security-policy"]
            .to_str()
            .unwrap();
        assert!(policy.contains("script-src 'sha256-"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
    }
}

#[tokio::test]
async fn the_page_of_the_number_names_all_countries_and_describes_its_field_with_them() {
    let regions = ["KR", "us", "JP", "AC"];
    let (shop, _) = shop_with(|step| step.regions(regions), |builder| builder).await;
    for (language, names) in [
        (
            "en",
            "Numbers of: South Korea (+82), United States (+1), Japan (+81)",
        ),
        (
            "ja",
            "対応している国・地域：韓国 (+82)、アメリカ (+1)、日本 (+81)",
        ),
    ] {
        let mut browser = asked(&shop, "/").await;
        let language = language.parse().unwrap();
        browser.headers.insert("accept-language", language);
        let page = text(&browser.visit("/auth/phone").await);
        assert!(
            page.contains(&format!("<small id=\"countries\">{names}")),
            "{page}"
        );
        assert!(page.contains("aria-describedby=\"countries\""), "{page}");
        let refused = text(&number(&mut browser, "1").await);
        assert!(
            refused.contains("aria-describedby=\"error countries\""),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn any_bytes_in_the_number_get_the_page_with_the_cause_and_send_nothing() {
    let (shop, outbox) = shop().await;
    let mut browser = shop.browser();
    begin(&mut browser, "/").await;
    for typed in [
        "",
        "hello",
        "1",
        "02-123-4567",
        "070-1234-5678",
        "+1 650-253-0000",
        "114",
        "010-2345-6789 ext. 2",
        "<script>alert(1)</script>",
        "\u{0}\u{202e}",
        &"9".repeat(5000),
    ] {
        let page = number(&mut browser, typed).await;
        assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY, "{typed:?}");
        let page = text(&page);
        assert!(page.contains("role=\"alert\""), "{page}");
        assert!(page.contains("name=\"number\""), "{page}");
        assert!(!page.contains("alert(1)"), "{page}");
    }
    let raw = browser
        .submit("/auth/phone", &b"number=\xff\xfe%00&&=&%"[..])
        .await;
    assert_eq!(raw.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let large = browser.submit("/auth/phone", vec![b'a'; 100_000]).await;
    assert_eq!(large.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(outbox.count(), 0);
    let sent = number(&mut browser, "+82 10-2345-6789").await;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER);
}
