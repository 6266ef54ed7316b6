//! Sessions that Keycloak is asked about again: it tells nothing when a user is disabled or deleted.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::{Instant, interval};
use tower_phone_auth::Oidc;

use super::Realm;
use crate::support::{
    browser::{Browser, Page, location, parameter},
    person::Person,
    shop::shop_with,
};

/// Keycloak's tokens are of the time that really passes.
const AFTER: Duration = Duration::from_secs(2);

fn checking(oidc: Oidc) -> Browser {
    shop_with(oidc, |builder| builder.recheck_after(AFTER))
}

/// The page visit that is sent to Keycloak, without a page.
async fn sent(browser: &mut Browser) -> Page {
    let begun = Instant::now();
    let mut ticks = interval(AFTER / 10);
    loop {
        let page = browser.visit("/cart?item=7").await;
        if page.status() == StatusCode::SEE_OTHER {
            assert_eq!(parameter(&page, "prompt").as_deref(), Some("none"));
            return page;
        }
        assert_eq!(page.status(), StatusCode::OK);
        assert!(begun.elapsed() < 10 * AFTER);
        ticks.tick().await;
    }
}

/// The answer of the callback, after a visit to Keycloak that shows no page.
async fn checked(browser: &mut Browser, person: Person) -> Page {
    let away = sent(browser).await;
    let callback = browser.at_provider(&away, person).await;
    browser.visit(&callback).await
}

#[tokio::test]
async fn a_user_who_is_signed_in_at_keycloak_notices_nothing() {
    let realm = Realm::shared().await;
    let mut browser = checking(realm.client("recheck", json!({})).await);
    let jane = Person::agrees("jane");
    browser.sign_in(jane).await;
    for _ in 0..2 {
        let back = checked(&mut browser, jane).await;
        assert_eq!(location(&back), "/cart?item=7");
        assert_eq!(browser.visit("/cart").await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn who_was_signed_out_disabled_or_deleted_at_keycloak_is_out() {
    let realm = Realm::shared().await;
    for end in ["logout", "disabled", "deleted"] {
        let login: &'static str = match end {
            "logout" => "check-out",
            "disabled" => "check-disabled",
            _ => "check-deleted",
        };
        let id = format!("recheck-{end}");
        let mut browser = checking(realm.client(&id, json!({})).await);
        let number = json!({ "phoneNumber": ["+821012345678"], "phoneNumberVerified": ["true"] });
        let user = realm.person(login, number).await;
        browser.sign_in(Person::agrees(login)).await;
        let path = format!("/users/{user}");
        match end {
            "logout" => realm.post(&format!("{path}/logout"), Value::Null).await,
            "disabled" => {
                let disabled = Some(json!({ "enabled": false }));
                realm.ask(Method::PUT, &path, disabled).await;
            }
            _ => {
                realm.ask(Method::DELETE, &path, None).await;
            }
        }
        let again = checked(&mut browser, Person::agrees(login)).await;
        assert_eq!(again.status(), StatusCode::SEE_OTHER, "{end}");
        assert_eq!(parameter(&again, "prompt"), None, "{end}");
        assert_eq!(browser.visit("/cart").await.status(), StatusCode::SEE_OTHER);
    }
}
