//! Users who do not get in.

use serde_json::json;
use tower_phone_auth::LoginErrorKind;

use super::Hydra;
use crate::support::{
    browser::{location, parameter, refusal},
    person::{Person, Says},
    shop::shop,
};

#[tokio::test]
async fn a_wrong_password_stays_at_its_page() {
    let hydra = Hydra::shared().await;
    let mut browser = shop(hydra.client("wrong-password", json!({})).await);
    let away = browser.visit("/cart?x=1").await;
    let page = browser
        .stays_at_provider(&away, Person::mistypes("jane"))
        .await;
    assert!(page.contains("Wrong password"), "{page}");
    let told = browser.sign_in(Person::agrees("jane")).await;
    assert!(told.starts_with("+821012345678"), "{told}");
}

/// At the login and at the consent. Where the pages give no name, Hydra's own is not one of the standards, and
/// may mean anything.
#[tokio::test]
async fn a_user_who_gives_up_can_sign_in_later() {
    let hydra = Hydra::shared().await;
    let shop = shop(hydra.client("gives-up", json!({})).await);
    for (person, error) in [
        (Person::agrees("gives-up"), "access_denied"),
        (Person::agrees("gives-up-silently"), "login request denied"),
        (Person::agrees("refuses").says(Says::No), "access_denied"),
        (
            Person::agrees("refuses-silently").says(Says::No),
            "consent request denied",
        ),
    ] {
        let mut browser = shop.another();
        let away = browser.visit("/cart?x=1").await;
        let callback = browser.at_provider(&away, person).await;
        let query = callback.split_once('?').unwrap().1;
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        assert!(
            pairs.any(|pair| pair == ("error".into(), error.into())),
            "{callback}"
        );
        let back = browser.visit(&callback).await;
        let why = Some(LoginErrorKind::Cancelled);
        assert_eq!(refusal(&back), (403, why), "{error}");
        let told = browser.another().sign_in(Person::agrees("jane")).await;
        assert!(told.starts_with("+821012345678"), "{told}");
    }
}

/// Hydra grants the scope, so there is nothing to agree to at a second attempt.
#[tokio::test]
async fn numbers_that_are_missing_unverified_or_invalid_are_refused() {
    let hydra = Hydra::shared().await;
    let shop = shop(hydra.client("numbers", json!({})).await);
    for (login, why) in [
        ("phoneless", LoginErrorKind::PhoneNotOnAccount),
        ("unverified", LoginErrorKind::PhoneNotVerified),
        ("unsaid", LoginErrorKind::PhoneNotVerified),
        ("invalid", LoginErrorKind::PhoneInvalid),
    ] {
        let back = shop.another().come_back(Person::agrees(login)).await;
        assert_eq!(refusal(&back), (403, Some(why)), "{login}");
    }
}

#[tokio::test]
async fn a_user_who_withholds_the_number_is_asked_once_more() {
    let hydra = Hydra::shared().await;
    let shop = shop(hydra.client("withholds", json!({})).await);
    let withholds = Person::agrees("withholds").says(Says::NotThePhone);
    for (person, refused) in [
        (withholds.says(Says::Yes), None),
        (withholds, Some((403, Some(LoginErrorKind::PhoneNotShared)))),
        (
            withholds.says(Says::No),
            Some((403, Some(LoginErrorKind::Cancelled))),
        ),
    ] {
        let mut browser = shop.another();
        let again = browser.come_back(withholds).await;
        assert_eq!(parameter(&again, "prompt").as_deref(), Some("consent"));
        let callback = browser.at_provider(&again, person).await;
        let back = browser.visit(&callback).await;
        match refused {
            Some(why) => assert_eq!(refusal(&back), why),
            None => assert_eq!(location(&back), "/cart?x=1"),
        }
    }
}
