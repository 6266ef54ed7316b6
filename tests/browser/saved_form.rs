//! A form that was sent without a session is offered again after the sign-in.

use crate::support::{browser::Browser, provider_page::PHONE, shop::Shop};

const SENT: &str = "item=tea+%26+%22%EC%B0%A8%22+%3Cb%3E&item=2&note=one%0D%0Atwo&empty=&how=now";

async fn shop() -> Shop {
    Shop::with(|builder, _| builder.save_forms()).await
}

/// Sends the form of the shop without a session, and signs in.
async fn send_and_sign_in(shop: &Shop, browser: &Browser) {
    browser.go(&shop.page("/order")).await;
    browser.see("h1", "Order").await;
    browser.click("form button").await;
    browser.is_asked_who_to_be().await;
    browser.agrees().await;
}

#[tokio::test]
async fn one_click_after_the_sign_in_sends_the_same_bytes() {
    let (shop, browser) = (shop().await, Browser::open().await);
    send_and_sign_in(&shop, &browser).await;
    browser.see("h1", "Send your form?").await;
    browser.click("form button").await;
    browser.see("p", SENT).await;
    browser.see("h1", PHONE).await;
    assert_eq!(browser.url().await, shop.page("/order"));
    let cookies = browser.cookies().await;
    assert!(
        !cookies
            .keys()
            .any(|name| name.starts_with("phone-auth-form"))
    );
}

#[tokio::test]
async fn back_after_sending_says_that_the_form_was_sent() {
    let (shop, browser) = (shop().await, Browser::open().await);
    send_and_sign_in(&shop, &browser).await;
    browser.see("h1", "Send your form?").await;
    browser.click("form button").await;
    browser.see("p", SENT).await;
    browser.back().await;
    browser.see("h1", "This form was sent").await;
    assert_eq!(browser.count("form").await, 0);
    browser.reload().await;
    browser.see("h1", "This form was sent").await;
    browser.click("a.act").await;
    browser.see("h1", "Order").await;
}

#[tokio::test]
async fn two_presses_at_once_send_it_once() {
    let (shop, browser) = (shop().await, Browser::open().await);
    send_and_sign_in(&shop, &browser).await;
    browser.see("h1", "Send your form?").await;
    let twice =
        "(button => { button.click(); button.click(); })(document.querySelector('form button'))";
    browser.eval(twice).await;
    browser.see("p", SENT).await;
    browser.back().await;
    browser.see("h1", "This form was sent").await;
}

#[tokio::test]
async fn the_page_lists_the_fields_of_the_form() {
    let (shop, browser) = (shop().await, Browser::open().await);
    send_and_sign_in(&shop, &browser).await;
    browser.see("summary", "5 fields").await;
    browser.click("summary").await;
    browser.see("dl", "tea & \"차\" <b>").await;
    browser.see("details", "/order").await;
}

#[tokio::test]
async fn a_user_who_discards_the_form_is_back_at_its_page() {
    let (shop, browser) = (shop().await, Browser::open().await);
    send_and_sign_in(&shop, &browser).await;
    browser.see("h1", "Send your form?").await;
    browser.click("button.plain").await;
    browser.see("h1", "Order").await;
    assert_eq!(browser.url().await, shop.page("/order"));
    browser.back().await;
    browser.see("h1", "This form was discarded").await;
}

#[tokio::test]
async fn reloading_the_page_sends_nothing_and_keeps_the_offer() {
    let (shop, browser) = (shop().await, Browser::open().await);
    send_and_sign_in(&shop, &browser).await;
    browser.see("h1", "Send your form?").await;
    for _ in 0..2 {
        browser.reload().await;
        browser.see("h1", "Send your form?").await;
    }
    browser.click("form button").await;
    browser.see("p", SENT).await;
}

#[tokio::test]
async fn a_sent_form_may_lead_to_another_site() {
    let (shop, browser) = (shop().await, Browser::open().await);
    let elsewhere = shop.page("/order?/elsewhere");
    browser.go(&elsewhere).await;
    let form = format!(
        "document.forms[0].innerHTML = '<input name=to value=\"{}/oauth/authorize\"><button>Pay</button>'",
        shop.provider.origin()
    );
    browser.eval(&form).await;
    browser.click("form button").await;
    browser.is_asked_who_to_be().await;
    browser.agrees().await;
    browser.see("h1", "Send your form?").await;
    browser.click("form button").await;
    browser.waits_for_url(&shop.provider.origin()).await;
}

#[tokio::test]
async fn a_form_sent_after_the_session_ended_again_is_offered_again() {
    let (shop, browser) = (shop().await, Browser::open().await);
    send_and_sign_in(&shop, &browser).await;
    browser.see("h1", "Send your form?").await;
    browser.delete_cookie("phone-auth").await;
    browser.click("form button").await;
    browser.is_asked_who_to_be().await;
    browser.agrees().await;
    browser.see("h1", "Send your form?").await;
    browser.click("form button").await;
    browser.see("p", SENT).await;
}

#[tokio::test]
async fn the_page_loads_nothing_in_english_and_korean() {
    let shop = shop().await;
    let browser = Browser::preferring("ko-KR,ko,en").await;
    browser.go(&shop.page("/order")).await;
    browser.click("form button").await;
    browser.see("h1", "누구로 로그인할까요?").await;
    browser.agrees().await;
    browser.see("h1", "작성하신 내용을 보낼까요?").await;
    assert_eq!(browser.count("html[lang=ko]").await, 1);
    let console = browser.console().await;
    assert!(!console.iter().any(|line| line.contains("Content Security")));
}
