//! The same number at another provider.

use crate::{
    browser::Browser,
    start::{HANEUL, NUMBER, SORA, Test},
};

/// Haneul has an account at Kakao, and comes with the same number from LINE.
async fn newcomer() -> (Test, Browser) {
    let test = Test::start().await;
    test.signed_in("kakao", HANEUL, NUMBER).await;
    let browser = test.signed_in("line", HANEUL, NUMBER).await;
    (test, browser)
}

/// The newcomer has signed in at Kakao, too.
async fn asked() -> (Test, Browser) {
    let (test, mut browser) = newcomer().await;
    let begun = browser.post("/link", "provider=kakao").await;
    browser
        .follow(&begun.location, HANEUL)
        .await
        .goes_to("/auth/phone");
    browser.confirm(NUMBER).await.goes_to("/link/confirm");
    (test, browser)
}

#[tokio::test]
async fn the_same_number_at_another_provider_links_nothing_by_itself() {
    let (test, mut browser) = newcomer().await;
    browser.get("/").await.goes_to("/link");
    let page = browser.get("/link").await;
    page.is(
        200,
        "This number belongs to an account at Kakao. Sign in there to link both.",
    );
    assert!(!page.text.contains("2345"), "{}", page.text);
    assert_eq!(test.count("users").await, 1);
    assert_eq!(test.count("accounts").await, 1);
}

#[tokio::test]
async fn a_user_links_the_account_in_a_session_of_the_other_one() {
    let (test, mut browser) = asked().await;
    browser
        .get("/link/confirm")
        .await
        .is(200, "with LINE and with Kakao");
    assert_eq!(test.count("accounts").await, 1, "not before the act");
    browser.post("/link/confirm", "").await.goes_to("/");
    browser.get("/").await.is(200, "Kakao, LINE");
    assert_eq!(test.count("users").await, 1);
    // Both accounts now share the number: after one code more, neither needs another one.
    test.signed_in("line", HANEUL, NUMBER).await;
    for provider in ["kakao", "line"] {
        let mut browser = test.browser();
        browser.sign_in(provider, HANEUL).await.goes_to("/");
        browser.get("/").await.is(200, "Kakao, LINE");
    }
}

#[tokio::test]
async fn an_older_session_of_the_linked_account_finds_the_user() {
    let (test, mut linking) = asked().await;
    let mut waiting = test.signed_in("line", HANEUL, NUMBER).await;
    waiting.get("/").await.goes_to("/link");
    linking.post("/link/confirm", "").await.goes_to("/");
    waiting.get("/").await.is(200, "Kakao, LINE");
}

#[tokio::test]
async fn both_sign_ins_of_a_link_are_fresh() {
    let (test, mut browser) = newcomer().await;
    test.pass(6);
    let page = browser.get("/link").await;
    assert!(
        page.location.starts_with(&test.local.origin()),
        "{}",
        page.location
    );
    browser.post("/link", "provider=kakao").await.is(401, "");

    let (test, mut browser) = asked().await;
    test.pass(6);
    browser.post("/link/confirm", "").await.is(401, "");
    assert_eq!(test.count("accounts").await, 1);
}

#[tokio::test]
async fn a_form_of_another_site_links_nothing() {
    let (test, mut browser) = asked().await;
    browser.site = "cross-site";
    browser.post("/link/confirm", "").await.is(403, "");
    assert_eq!(test.count("accounts").await, 1);
}

#[tokio::test]
async fn only_the_browser_that_asked_can_link_and_only_to_the_user_of_the_number() {
    let (test, mut asking) = newcomer().await;
    asking.post("/link", "provider=kakao").await;
    let request = asking.cookies["link"].clone();
    // Haneul in another browser, without a request and with an invented one.
    let mut other = test.signed_in("kakao", HANEUL, NUMBER).await;
    for cookie in [
        None,
        Some("x".to_owned()),
        Some(request.replace(&request[30..40], "AAAAAAAAAA")),
    ] {
        other
            .cookies
            .extend(cookie.map(|value| ("link".to_owned(), value)));
        other.post("/link/confirm", "").await.goes_to("/");
    }
    // Another user, in the browser that asked.
    asking.sign_in("kakao", SORA).await.goes_to("/auth/phone");
    asking.confirm("010-3456-7890").await.goes_to("/");
    asking.post("/link/confirm", "").await.goes_to("/");
    assert_eq!(test.count("accounts WHERE provider = 'line'").await, 0);
}

#[tokio::test]
async fn a_provider_that_the_user_does_not_have_begins_no_link() {
    let (_test, mut browser) = newcomer().await;
    for provider in ["line", "unknown", "kakao%26fresh=1"] {
        let page = browser.post("/link", &format!("provider={provider}")).await;
        page.goes_to("/link");
    }
    assert!(!browser.cookies.contains_key("link"));
}

#[tokio::test]
async fn a_number_that_is_free_again_offers_no_other_account() {
    let (test, mut browser) = newcomer().await;
    let mut former = test.signed_in("kakao", HANEUL, NUMBER).await;
    former.post("/leave", "").await.goes_to("/goodbye");
    let page = browser.get("/link").await;
    page.is(200, "Start a new account?");
    assert!(!page.text.contains("Kakao"), "{}", page.text);
    browser.post("/link/new", "").await.goes_to("/");
    browser.get("/").await.is(200, "<dd>2</dd>");
}

#[tokio::test]
async fn a_newcomer_takes_no_number_that_its_user_confirmed_later() {
    let (test, mut browser) = newcomer().await;
    test.pass(1);
    test.signed_in("kakao", HANEUL, NUMBER).await;
    browser.post("/link/new", "").await.goes_to("/");
    browser.get("/").await.is(200, "<dd>2</dd>");
    let kept = "users WHERE id = 1 AND phone_hash IS NOT NULL";
    assert_eq!(test.count(kept).await, 1);
    let none = "users WHERE id = 2 AND phone_hash IS NULL";
    assert_eq!(test.count(none).await, 1);
}

#[tokio::test]
async fn a_newcomer_who_does_not_decide_leaves_no_number_and_blocks_nothing() {
    let (test, _) = newcomer().await;
    assert_eq!(test.count("known_numbers").await, 0);
    assert_eq!(test.count("accounts").await, 1);
    // The newcomer confirms the number again, and can still decide.
    let mut browser = test.signed_in("line", HANEUL, NUMBER).await;
    browser.get("/link").await.is(200, "Is this your account?");
    // The user of the number needs no code again after one.
    test.signed_in("kakao", HANEUL, NUMBER).await;
    test.browser().sign_in("kakao", HANEUL).await.goes_to("/");
    assert_eq!(test.count("known_numbers").await, 1);
    // Nothing is left after the user closes the account.
    let mut leaving = test.browser();
    leaving.sign_in("kakao", HANEUL).await.goes_to("/");
    leaving.post("/leave", "").await.goes_to("/goodbye");
    for table in ["users", "accounts", "known_numbers"] {
        assert_eq!(test.count(table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn a_newcomer_who_starts_anew_needs_no_code_at_the_next_sign_in() {
    let (test, mut browser) = newcomer().await;
    browser.post("/link/new", "").await.goes_to("/");
    assert_eq!(test.count("known_numbers").await, 1);
    test.browser().sign_in("line", HANEUL).await.goes_to("/");
    // Unless the former user confirmed the number later.
    let (test, mut browser) = newcomer().await;
    test.pass(1);
    test.signed_in("kakao", HANEUL, NUMBER).await;
    browser.post("/link/new", "").await.goes_to("/");
    test.browser().sign_in("kakao", HANEUL).await.goes_to("/");
    let next = test.browser().sign_in("line", HANEUL).await;
    next.goes_to("/auth/phone");
}

#[tokio::test]
async fn no_number_is_kept_without_an_account() {
    let (test, _) = newcomer().await;
    test.signed_in("kakao", HANEUL, NUMBER).await;
    let row = "INSERT INTO known_numbers
        SELECT 'line', 'stranger', phone_hash, phone, confirmed_at FROM known_numbers";
    let error = sqlx::query(row).execute(&test.db).await.unwrap_err();
    assert!(
        error
            .as_database_error()
            .unwrap()
            .is_foreign_key_violation()
    );
}

#[tokio::test]
async fn the_new_owner_of_a_number_becomes_a_new_user_and_takes_the_number() {
    let test = Test::start().await;
    let mut former = test.signed_in("kakao", HANEUL, NUMBER).await;
    let mut owner = test.signed_in("line", SORA, NUMBER).await;
    owner.post("/link/new", "").await.goes_to("/");
    owner.get("/").await.is(200, "<dd>2</dd>");
    assert_eq!(
        test.count("users WHERE id = 1 AND phone_hash IS NULL")
            .await,
        1
    );
    // The account of the former one stays, and needs a code again.
    former.get("/").await.is(200, "<dd>1</dd>");
    let mut next = test.signed_in("kakao", HANEUL, "010-3456-7890").await;
    next.get("/").await.is(200, "<dd>1</dd>");
}
