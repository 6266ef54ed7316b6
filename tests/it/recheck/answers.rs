//! The answers of the provider to a check, and their effect on the session.

use tower_phone_auth::error::LoginErrorKind::{Cancelled, OtherAccount};
use tower_phone_auth_local_provider::{Endpoint, Person, faults::Fault};

use super::{World, another};
use crate::support::{
    browser::{Act, JIWOO, location, parameter, raw_location, text},
    outcome::{error, refusal},
};

const PLACES: [&str; 4] = [
    "/",
    "/cart?item=7&item=8",
    "/a%20b/%ED%95%9C%EA%B8%80?%EC%9D%B4%EB%A6%84=%EA%B9%80%EC%A7%80%EC%9A%B0&x=a+b%2B%3D",
    "/%2e%2F?%3F=%26",
];

#[tokio::test]
async fn the_same_user_keeps_the_session_and_returns_to_the_same_address() {
    for place in PLACES {
        let mut world = World::open().await;
        let before = world.session_data().await;
        for _ in 0..3 {
            world.make_due();
            let back = world.completes_check(place).await;
            assert_eq!(back.status(), 303, "{place}: {}", text(&back));
            assert_eq!(raw_location(&back), place);
            let page = world.browser.visit(place).await;
            assert_eq!(page.status(), 200, "{place}");
            assert_eq!(world.session_data().await, before, "{place}");
            assert!(world.browser.pending().is_empty());
        }
    }
}

#[tokio::test]
async fn a_provider_that_must_show_a_page_ends_the_session_and_a_sign_in_begins() {
    for name in [
        "login_required",
        "interaction_required",
        "consent_required",
        "account_selection_required",
    ] {
        for place in PLACES {
            let mut world = World::open().await;
            let copy = world.copy();
            world.make_due();
            let away = world.starts_check(place).await;
            let again = world.returns_with(&away, name).await;
            assert_eq!(again.status(), 303, "{name}");
            assert_eq!(parameter(&again, "prompt"), None, "{name}");
            assert_eq!(
                parameter(&again, "client_id"),
                parameter(&away, "client_id")
            );
            world.assert_ended(&copy, name).await;
            let back = world.returns(&again).await;
            assert_eq!(raw_location(&back), place, "{name}");
            world.assert_signed_in(name).await;
        }
    }
}

#[tokio::test]
async fn a_user_who_signed_out_at_the_provider_loses_the_session_and_signs_in_again() {
    let mut world = World::open().await;
    let copy = world.copy();
    world.make_due();
    world.browser.set_provider_session(None);
    let again = world.completes_check("/cart?item=7").await;
    assert_eq!(parameter(&again, "prompt"), None);
    world
        .assert_ended(&copy, "signed out at the provider")
        .await;
    let back = world.returns(&again).await;
    assert_eq!(location(&back), "/cart?item=7");
}

/// If the provider answers `login_required` again, the sign-in is refused, which prevents a loop.
#[tokio::test]
async fn a_provider_that_answers_login_required_twice_is_asked_no_third_time() {
    let mut world = World::open().await;
    world.make_due();
    let away = world.starts_check("/").await;
    let again = world.returns_with(&away, "login_required").await;
    let page = world.returns_with(&again, "login_required").await;
    assert_eq!(page.status(), 403);
}

#[tokio::test]
async fn a_refusal_by_the_provider_ends_the_session_with_a_page() {
    let mut world = World::open().await;
    let copy = world.copy();
    world.make_due();
    let away = world.starts_check("/cart").await;
    let page = world.returns_with(&away, "access_denied").await;
    assert_eq!(refusal(&page), (403, Cancelled, Some("access_denied")));
    assert!(text(&page).contains("return_to=%2Fcart"), "{}", text(&page));
    world.assert_ended(&copy, "access_denied").await;
}

#[tokio::test]
async fn another_user_at_the_provider_ends_the_session_with_a_page() {
    for late in [false, true] {
        let mut world = World::open().await;
        let other = another(&world).await;
        let copy = world.copy();
        if late {
            world.make_late();
        } else {
            world.make_due();
        }
        world.browser.set_provider_session(Some(other));
        let page = world.completes_check("/cart").await;
        assert_eq!(refusal(&page), (403, OtherAccount, None));
        assert!(text(&page).contains("Another account"), "{}", text(&page));
        world.assert_ended(&copy, "another user").await;
        // The link of the page lets the user choose the account.
        let again = world
            .browser
            .visit("/auth/login?provider=oidc&return_to=%2Fcart&fresh=1")
            .await;
        let callback = world.browser.act(&again, Act::Agree(other)).await;
        assert_eq!(location(&world.browser.visit(&callback).await), "/cart");
    }
}

#[tokio::test]
async fn an_account_without_its_number_ends_the_session_with_a_page() {
    let gone: [fn() -> serde_json::Value; 3] = [
        || serde_json::json!({ "phone_number": null }),
        || serde_json::json!({ "phone_number_verified": false }),
        || serde_json::json!({ "phone_number": "+82 10-0" }),
    ];
    for patch in gone {
        let mut world = World::open().await;
        let copy = world.copy();
        world.make_due();
        world
            .shop
            .provider
            .fail(Endpoint::Profile, Fault::Merge(patch()));
        let page = world.completes_check("/").await;
        assert_eq!(page.status(), 403, "{}", patch());
        world.assert_ended(&copy, &error(&page).to_string()).await;
    }
}

#[tokio::test]
async fn a_number_that_changed_meanwhile_stays_as_it_was_at_the_sign_in() {
    let mut world = World::open().await;
    let before = world.session_data().await;
    world.make_due();
    let patch = serde_json::json!({ "phone_number": "+82 10-9999-8888" });
    let fault = Fault::Merge(patch);
    world.shop.provider.fail(Endpoint::Profile, fault);
    assert_eq!(world.completes_check("/").await.status(), 303);
    assert_eq!(world.session_data().await, before);
}

#[tokio::test]
async fn a_user_who_withdrew_the_consent_signs_in_again() {
    let mut world = World::open().await;
    world.shop.provider.unlink(Person::WITH_PHONE);
    world.make_due();
    let again = world.completes_check("/cart").await;
    assert_eq!(parameter(&again, "prompt"), None);
    let callback = world.browser.act(&again, JIWOO).await;
    assert_eq!(location(&world.browser.visit(&callback).await), "/cart");
}
