//! The page lists the fields of the form and its address, without secrets.

use super::{ordering, shop, sign_in};
use crate::support::browser::{JIWOO, text};

/// The list on the page of a form with this body.
async fn list(language: &str, body: &str) -> String {
    let shop = shop().await;
    let (mut browser, _) = ordering(&shop);
    let kept = browser.submit("/order?from=mail", body.to_owned()).await;
    browser
        .headers
        .insert("accept-language", language.parse().unwrap());
    let page = text(&sign_in(&mut browser, &kept, JIWOO).await);
    let (_, list) = page.split_once("<details>").unwrap();
    list.split_once("</details>").unwrap().0.to_owned()
}

#[tokio::test]
async fn names_values_their_number_and_the_address_are_shown_in_both_languages() {
    for (language, number, goes) in [("en", "3 fields", "Goes to"), ("ko", "3개 항목", "보낼 곳")]
    {
        let list = list(language, "item=tea&item=%EC%B0%A8&note=").await;
        for part in [
            number,
            goes,
            "tea",
            "차",
            "item",
            "note",
            "/order?from=mail",
        ] {
            assert!(list.contains(part), "{part}: {list}");
        }
    }
    assert!(list("en", "").await.contains("0 fields"));
    assert!(list("en", "a=1").await.contains("1 field<"));
}

#[tokio::test]
async fn values_of_secret_names_and_numbers_of_cards_are_not_shown() {
    for field in [
        "password=canary",
        "cardNumber=canary",
        "cvc=canary",
        "%EC%A3%BC%EB%AF%BC%EB%93%B1%EB%A1%9D%EB%B2%88%ED%98%B8=canary",
        "csrf_token=canary",
        "memo=4111-1111-1111-1111",
        "id=900101-1234567",
    ] {
        let list = list("ko", field).await;
        assert!(list.contains("표시하지 않음"), "{list}");
        assert!(!list.contains("canary") && !list.contains("1111") && !list.contains("900101"));
    }
}

#[tokio::test]
async fn values_are_escaped_and_shortened_and_change_no_text_direction() {
    let list = list(
        "en",
        "a=%3Cscript%3E&b=%E2%80%AEgnp.exe%E2%81%A9&c=%0D%0Aline",
    )
    .await;
    assert!(list.contains("&lt;script&gt;") && !list.contains("<script"));
    assert!(!list.contains('\u{202E}') && !list.contains('\u{2069}'));
    assert!(list.contains("dir=\"auto\"") && list.contains("<bdi"));
    let list = self::list("en", &format!("a={}", "x".repeat(1900))).await;
    assert!(list.len() < 600, "{}", list.len());
    let list = self::list("ko", "a=1&".repeat(300).trim_end_matches('&')).await;
    assert!(list.contains("외 260개 항목") && list.matches("<dt").count() == 40);
}
