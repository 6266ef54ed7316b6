//! The pages of the step.

use http::StatusCode;

use super::kit::{asked, begin, number, shop};
use crate::support::browser::text;

#[tokio::test]
async fn the_pages_have_one_field_each_and_speak_korean_and_english() {
    let (shop, _) = shop().await;
    for (language, title, code) in [
        ("en", "Confirm your mobile number", "Enter the code"),
        ("ko", "휴대폰 번호 인증", "인증번호 입력"),
    ] {
        let mut browser = asked(&shop, "/").await;
        let language = language.parse().unwrap();
        browser.headers.insert("accept-language", language);
        let page = browser.visit("/auth/phone").await;
        let page = text(&page);
        assert!(page.contains(title), "{page}");
        assert!(page.contains("<p class=\"site\">Shop</p>"), "{page}");
        for part in [
            "type=\"tel\"",
            "autocomplete=\"tel\"",
            "name=\"number\"",
            "KR",
            "+82",
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
