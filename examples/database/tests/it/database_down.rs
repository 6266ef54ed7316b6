//! A database that is down or locked lets no user in.

use std::{fs, time::Duration};

use sqlx::Connection;
use tower_phone_auth_database::{database, keys::Keys};

use crate::start::{HANEUL, NUMBER, Test};

/// The address of a new file.
fn file(name: &str) -> String {
    let path = format!("{}/{name}.db", env!("CARGO_TARGET_TMPDIR"));
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{path}{ending}"));
    }
    format!("sqlite:{path}")
}

async fn shop(url: &str, keys: &Keys) -> Test {
    let wait = Duration::from_secs(1); // also enough to connect on busy cores
    let db = database::open_with(Some(url), wait).await.unwrap();
    Test::with(db, keys.clone()).await
}

#[tokio::test]
async fn while_it_is_down_the_step_runs_and_no_session_begins() {
    let test = Test::start().await;
    test.signed_in("kakao", HANEUL, NUMBER).await;
    test.db.close().await;
    let mut browser = test.browser();
    browser
        .sign_in("kakao", HANEUL)
        .await
        .goes_to("/auth/phone");
    browser.confirm(NUMBER).await.is(503, "");
    assert!(!browser.has_session());
}

#[tokio::test]
async fn while_it_is_down_a_signed_in_user_gets_503_and_stays_signed_in() {
    let test = Test::start().await;
    let mut browser = test.signed_in("kakao", HANEUL, NUMBER).await;
    test.db.close().await;
    browser.get("/").await.is(503, "Please try again");
    browser.post("/leave", "").await.is(503, "Please try again");
    browser.get("/leave").await.is(200, "Close your account?");
}

#[tokio::test]
async fn while_it_is_locked_no_session_begins_and_nothing_is_deleted() {
    let url = file("locked");
    let test = shop(&url, &Keys::random().unwrap()).await;
    let mut signed_in = test.signed_in("kakao", HANEUL, NUMBER).await;
    let mut other = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let lock = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    // The known number can be read, and the sign-in cannot be written.
    let mut browser = test.browser();
    browser.sign_in("kakao", HANEUL).await.is(503, "");
    assert!(!browser.has_session());
    signed_in
        .post("/leave", "")
        .await
        .is(503, "Please try again");
    signed_in.get("/").await.is(200, NUMBER);
    lock.rollback().await.unwrap();
    browser.sign_in("kakao", HANEUL).await.goes_to("/");
    assert_eq!(test.codes(), 1);
}

#[tokio::test]
async fn after_a_restart_the_users_and_their_numbers_are_known_by_the_same_keys_alone() {
    let (url, keys) = (file("restart"), Keys::random().unwrap());
    let test = shop(&url, &keys).await;
    test.signed_in("kakao", HANEUL, NUMBER).await;
    test.db.close().await;
    let test = shop(&url, &keys).await;
    test.browser().sign_in("kakao", HANEUL).await.goes_to("/");
    assert_eq!((test.codes(), test.count("users").await), (0, 1));
    // With other keys, the step runs.
    let test = shop(&url, &Keys::random().unwrap()).await;
    test.browser()
        .sign_in("kakao", HANEUL)
        .await
        .goes_to("/auth/phone");
}
