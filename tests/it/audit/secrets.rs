//! No line at any level holds a secret, a phone number or a subject.

use tower_phone_auth::TestUser;
use tower_phone_auth_local_provider::SECRET_PREFIX;

use super::scenarios::{self, DIGITS, E164, Shop};
use crate::support::events::Events;

#[tokio::test]
async fn no_line_at_any_level_holds_a_secret_a_phone_number_or_a_subject() {
    let events = Events::capture();
    let shop = Shop::open().await;
    scenarios::all(&shop).await;
    let text = events.text();
    assert!(text.contains("signed in") && text.contains("sign-in refused"));
    let subjects = [
        E164.to_owned(),
        DIGITS.to_string(),
        "1376016924429759228".to_owned(),
    ];
    for secret in subjects.into_iter().chain(sent(&shop)) {
        let line = text.lines().find(|line| line.contains(&secret));
        assert_eq!(line, None, "{secret}");
    }
}

/// Secrets that were sent to the provider and must not be in the log.
fn sent(shop: &Shop) -> Vec<String> {
    let mut secrets = ["9876-5432", "98765432", "12345678", SECRET_PREFIX]
        .map(str::to_owned)
        .to_vec();
    for request in shop.provider.requests() {
        let query = request.query.clone().unwrap_or_default();
        let query = form_urlencoded::parse(query.as_bytes()).into_owned();
        let ours = ["code", "code_verifier", "state", "nonce", "client_secret"];
        let pairs = request.form().into_iter().chain(query.collect::<Vec<_>>());
        secrets.extend(
            pairs
                .filter(|(name, value)| ours.contains(&&**name) && value.len() > 7)
                .map(|(_, value)| value),
        );
    }
    assert!(secrets.len() > 20);
    secrets
}

#[test]
fn no_debug_shows_a_subject() {
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    let user = user.with(|user| user.subject = E164.into()).user();
    let profile = tower_phone_auth::provider::Profile::new(
        E164,
        "+82 10-9876-5432",
        tower_phone_auth::phone::PhoneAssurance::Asserted,
    );
    for text in [
        format!("{user:?}"),
        format!("{user:#?}"),
        format!("{profile:?}"),
    ] {
        assert!(
            !text.contains("98765432") && !text.contains("9876-5432"),
            "{text}"
        );
    }
    assert!(format!("{user:?}").contains("SessionId("));
}

#[tokio::test]
async fn no_debug_of_a_hooks_argument_shows_a_subject() {
    use std::sync::{Arc, Mutex};

    let shop = Shop::open().await;
    let shown = Arc::<Mutex<String>>::default();
    let (sign_in, unlink) = (Arc::clone(&shown), Arc::clone(&shown));
    let app = shop.with(|builder| {
        builder
            .on_sign_in(move |arrival| {
                sign_in.lock().unwrap().push_str(&format!("{arrival:?}"));
                async { Ok(()) }
            })
            .on_unlink(move |gone| {
                unlink.lock().unwrap().push_str(&format!("{gone:?}"));
                async { Ok(()) }
            })
    });
    let shop = Shop { app, ..shop };
    scenarios::sign_in(&mut shop.browser(), "kakao").await;
    scenarios::events(&shop).await;
    let shown = shown.lock().unwrap().clone();
    assert!(shown.contains("SignIn") && shown.contains("Unlink"));
    assert!(!shown.contains("98765432"), "{shown}");
}
