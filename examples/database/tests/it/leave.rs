//! Closing an account.

use crate::start::{HANEUL, NUMBER, Test};

#[tokio::test]
async fn closing_the_account_deletes_the_rows_and_ends_all_sessions() {
    let test = Test::start().await;
    let mut browser = test.signed_in("kakao", HANEUL, NUMBER).await;
    let mut other = test.browser();
    other.sign_in("kakao", HANEUL).await.goes_to("/");
    browser.get("/leave").await.is(200, "Close your account?");
    browser.post("/leave", "").await.goes_to("/goodbye");
    browser
        .get("/goodbye")
        .await
        .is(200, "Your account is closed");
    for table in ["users", "accounts", "known_numbers"] {
        assert_eq!(test.count(table).await, 0, "{table}");
    }
    for ended in [&mut browser, &mut other] {
        ended.get("/").await.goes_to("/auth/login");
        ended.post("/leave", "").await.is(401, "");
    }
    // The next sign-in is one of a new user.
    let mut again = test.signed_in("kakao", HANEUL, NUMBER).await;
    again.get("/").await.is(200, "<dd>2</dd>");
}

#[tokio::test]
async fn closing_the_account_needs_a_fresh_sign_in() {
    let test = Test::start().await;
    let mut browser = test.signed_in("kakao", HANEUL, NUMBER).await;
    test.pass(6);
    browser.post("/leave", "").await.is(401, "");
    assert_eq!(test.count("users").await, 1);
}

#[tokio::test]
async fn a_session_without_a_row_ends() {
    let test = Test::start().await;
    let mut browser = test.signed_in("kakao", HANEUL, NUMBER).await;
    // As after a restart of a process without a revocation log.
    sqlx::query("DELETE FROM users")
        .execute(&test.db)
        .await
        .unwrap();
    browser.get("/").await.goes_to("/");
    browser.get("/").await.goes_to("/auth/login");
}
