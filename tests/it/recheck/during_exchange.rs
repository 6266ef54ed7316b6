//! A session that ends while a check exchanges the code.

use std::sync::Mutex;

use tokio::{runtime::Handle, task::block_in_place};
use tower_phone_auth_local_provider::Person;

use super::{World, shift};
use crate::support::browser::{location, set_cookies, text};

const FORM: [(&str, &str); 1] = [("content-type", "application/x-www-form-urlencoded")];

/// The ID token of the check names another session of the provider than the logout token.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_does_not_revive_a_session_that_a_logout_token_ends_during_the_exchange() {
    let mut world = World::open().await;
    world.make_due();
    let away = world.starts_check("/cart").await;
    let copy = world.copy();
    let token = world.shop.provider.logout_token(Person::WITH_PHONE);
    let body = format!("logout_token={}", token.unwrap());
    let waiting = Mutex::new(Some((world.shop.browser(), body)));
    let time = world.shop.time.clone();
    world.shop.provider.forge_id_token(move |_, claims| {
        shift(claims, &time);
        let Some((mut provider, body)) = waiting.lock().unwrap().take() else {
            return;
        };
        let answer = provider.submit_as(&FORM, "/auth/events/oidc", body);
        let answer = block_in_place(|| Handle::current().block_on(answer));
        assert!(answer.status().is_success(), "{}", text(&answer));
    });
    let back = world.returns(&away).await;
    assert_eq!(location(&back), "/cart");
    let cookies = set_cookies(&back);
    let sets = |cookie: &&str| cookie.starts_with("phone-auth=");
    assert!(!cookies.iter().any(sets), "{cookies:?}");
    world.browser.cookies.insert("phone-auth".to_owned(), copy);
    let page = world.browser.fetch(http::Method::GET, "/").await;
    assert_eq!(page.status(), 401, "{}", text(&page));
}
