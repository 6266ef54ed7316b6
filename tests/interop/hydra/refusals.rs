//! Sign-ins that are refused.

use serde_json::json;
use tower_phone_auth::error::LoginErrorKind;

use super::Hydra;
use crate::support::{
    browser::{location, parameter, refusal},
    shop::shop,
    user::{Says, User},
};

#[tokio::test]
async fn a_user_with_a_wrong_password_stays_at_the_providers_page() {
    let hydra = Hydra::shared().await;
    let mut browser = shop(hydra.client("wrong-password", json!({})).await);
    let away = browser.visit("/cart?x=1").await;
    let page = browser
        .stays_at_provider(&away, User::mistypes("jane"))
        .await;
    assert!(page.contains("Wrong password"), "{page}");
    let shown = browser.sign_in(User::agrees("jane")).await;
    assert!(shown.starts_with("+821012345678"), "{shown}");
}

/// Users cancel at the login page or at the consent page. If the pages send no error code, Hydra
/// sends one that is not in the standards.
#[tokio::test]
async fn a_user_who_cancels_can_sign_in_later() {
    let hydra = Hydra::shared().await;
    let shop = shop(hydra.client("gives-up", json!({})).await);
    for (user, error) in [
        (User::agrees("gives-up"), "access_denied"),
        (User::agrees("gives-up-silently"), "login request denied"),
        (User::agrees("refuses").says(Says::No), "access_denied"),
        (
            User::agrees("refuses-silently").says(Says::No),
            "consent request denied",
        ),
    ] {
        let mut browser = shop.another();
        let away = browser.visit("/cart?x=1").await;
        let callback = browser.at_provider(&away, user).await;
        let query = callback.split_once('?').unwrap().1;
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        assert!(
            pairs.any(|pair| pair == ("error".into(), error.into())),
            "{callback}"
        );
        let back = browser.visit(&callback).await;
        let why = Some(LoginErrorKind::Cancelled);
        assert_eq!(refusal(&back), (403, why), "{error}");
        let shown = browser.another().sign_in(User::agrees("jane")).await;
        assert!(shown.starts_with("+821012345678"), "{shown}");
    }
}

/// Hydra has granted the scope, so a second request would change nothing.
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
        let back = shop.another().come_back(User::agrees(login)).await;
        assert_eq!(refusal(&back), (403, Some(why)), "{login}");
    }
}

#[tokio::test]
async fn a_user_who_withholds_the_number_is_asked_once_more() {
    let hydra = Hydra::shared().await;
    let shop = shop(hydra.client("withholds", json!({})).await);
    let withholds = User::agrees("withholds").says(Says::NotThePhone);
    for (user, refused) in [
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
        let callback = browser.at_provider(&again, user).await;
        let back = browser.visit(&callback).await;
        match refused {
            Some(why) => assert_eq!(refusal(&back), why),
            None => assert_eq!(location(&back), "/cart?x=1"),
        }
    }
}
