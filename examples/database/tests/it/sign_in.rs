//! Users and known numbers.

use tower_phone_auth_local_provider::Person;

use crate::start::{HANEUL, NUMBER, SORA, Test};

#[tokio::test]
async fn the_layer_is_in_the_right_place() {
    let test = Test::start().await;
    let pages = ["/", "/link", "/link/new", "/link/confirm", "/leave"];
    test.auth
        .check_placement(&test.app)
        .pages(pages)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_sign_in_makes_a_user_and_the_next_one_sends_no_code() {
    let test = Test::start().await;
    let mut first = test.signed_in("kakao", HANEUL, NUMBER).await;
    first.get("/").await.is(200, NUMBER);
    let mut second = test.browser();
    second.sign_in("kakao", HANEUL).await.goes_to("/");
    second.get("/").await.is(200, NUMBER);
    assert_eq!(test.codes(), 1);
    assert_eq!(test.count("users").await, 1);
    assert_eq!(test.count("accounts").await, 1);
}

#[tokio::test]
async fn a_known_number_is_forgotten_when_the_provider_reports_another_one() {
    let test = Test::start().await;
    let reported = |number| Person::new(SORA, "Sora").phone(number).agrees_to_phone();
    test.local.add_person(reported("+82 10-3456-7890"));
    test.signed_in("kakao", SORA, "010-3456-7890").await;
    test.browser().sign_in("kakao", SORA).await.goes_to("/");
    test.local.add_person(reported("+82 10-9876-5432"));
    test.browser()
        .sign_in("kakao", SORA)
        .await
        .goes_to("/auth/phone");
    assert_eq!(test.count("known_numbers").await, 0);
}

#[tokio::test]
async fn a_number_that_another_user_confirms_needs_a_code_again() {
    let test = Test::start().await;
    test.signed_in("kakao", HANEUL, NUMBER).await;
    let mut owner = test.signed_in("kakao", SORA, NUMBER).await;
    owner.post("/link/new", "").await.goes_to("/");
    test.browser().sign_in("kakao", SORA).await.goes_to("/");
    test.browser()
        .sign_in("kakao", HANEUL)
        .await
        .goes_to("/auth/phone");
}

#[tokio::test]
async fn a_known_user_takes_the_number_that_the_user_confirmed_last() {
    let test = Test::start().await;
    test.signed_in("kakao", HANEUL, NUMBER).await;
    test.signed_in("kakao", SORA, "010-3456-7890").await;
    test.pass(181 * 24 * 60); // the known numbers are too old
    test.signed_in("kakao", SORA, NUMBER).await;
    assert_eq!(
        test.count("users WHERE id = 1 AND phone_hash IS NULL")
            .await,
        1
    );
    assert_eq!(
        test.count("users WHERE id = 2 AND phone_hash IS NOT NULL")
            .await,
        1
    );
}

#[tokio::test]
async fn two_users_with_one_number_are_refused_by_the_index() {
    let test = Test::start().await;
    test.signed_in("kakao", HANEUL, NUMBER).await;
    let copy = "INSERT INTO users (phone_hash) SELECT phone_hash FROM users";
    let error = sqlx::query(copy).execute(&test.db).await.unwrap_err();
    assert!(error.as_database_error().unwrap().is_unique_violation());
}

#[tokio::test]
async fn a_copied_database_shows_no_number_and_a_copied_row_counts_for_no_other_user() {
    let test = Test::start().await;
    test.signed_in("kakao", HANEUL, NUMBER).await;
    let phone = sqlx::query_scalar("SELECT phone FROM known_numbers");
    let phone: Vec<u8> = phone.fetch_one(&test.db).await.unwrap();
    assert!(!String::from_utf8_lossy(&phone).contains("2345"));
    test.signed_in("kakao", SORA, "010-3456-7890").await;
    test.browser().sign_in("kakao", SORA).await.goes_to("/");
    let copy = "UPDATE known_numbers SET phone = ? WHERE subject = ?";
    let copy = sqlx::query(copy).bind(phone).bind(SORA.to_string());
    copy.execute(&test.db).await.unwrap();
    test.browser()
        .sign_in("kakao", SORA)
        .await
        .goes_to("/auth/phone");
}
