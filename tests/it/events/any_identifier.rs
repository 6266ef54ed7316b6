//! Logout tokens that name a user or a session with any text.

use http::StatusCode;

use super::{
    assert_quiet, is_in,
    logout_token::{open, send, token},
    member,
};
use crate::{
    oidc::subjects::{TEXTS, name_subject},
    support::{browser::Browser, shop::Shop},
};

/// Signed in twice as the same user, in two sessions at the provider with these names.
async fn two_sessions(shop: &Shop, sids: [&str; 2]) -> [Browser; 2] {
    let [one, other] = sids;
    [with_sid(shop, one).await, with_sid(shop, other).await]
}

async fn with_sid(shop: &Shop, sid: &str) -> Browser {
    name_session(shop, sid, true);
    member(shop).await
}

/// Tokens with this `sid`, and with or without `sub`.
fn name_session(shop: &Shop, sid: &str, with_sub: bool) {
    let sid = sid.to_owned();
    shop.provider.forge_id_token(move |_, claims| {
        claims["sid"] = sid.as_str().into();
        if !with_sub {
            claims.as_object_mut().unwrap().remove("sub");
        }
    });
}

#[tokio::test]
async fn a_logout_token_ends_the_session_of_any_sid_and_no_other() {
    let longest = "s".repeat(1024);
    for sid in TEXTS.into_iter().chain(["a\nb", "\u{202e}", &longest]) {
        for with_sub in [true, false] {
            let shop = open().await;
            let [mut one, mut other] = two_sessions(&shop, [sid, "another"]).await;
            name_session(&shop, sid, with_sub);
            assert_quiet(&send(&shop, &token(&shop)).await, StatusCode::OK);
            assert!(!is_in(&mut one).await, "{sid:?}");
            assert!(is_in(&mut other).await, "{sid:?}");
        }
    }
}

#[tokio::test]
async fn a_logout_token_ends_the_sessions_of_any_subject() {
    for subject in TEXTS {
        let shop = open().await;
        let mut stranger = member(&shop).await;
        name_subject(&shop, subject);
        let mut browser = member(&shop).await;
        let own = subject.to_owned();
        shop.provider.forge_id_token(move |_, claims| {
            claims["sub"] = own.as_str().into();
            claims.as_object_mut().unwrap().remove("sid");
        });
        assert_quiet(&send(&shop, &token(&shop)).await, StatusCode::OK);
        assert!(!is_in(&mut browser).await, "{subject:?}");
        assert!(is_in(&mut stranger).await, "{subject:?}");
    }
}
