//! Logout tokens with any text as the name of a user or a session.

use http::StatusCode;

use super::{
    assert_empty_answer, is_signed_in,
    logout_token::{open, send, token},
    sign_in,
};
use crate::{
    oidc::subjects::{TEXTS, name_subject},
    support::{browser::Browser, shop::Shop},
};

/// Signs one user in twice, in two sessions at the provider with these names.
async fn two_sessions(shop: &Shop, sids: [&str; 2]) -> [Browser; 2] {
    let [one, other] = sids;
    [with_sid(shop, one).await, with_sid(shop, other).await]
}

async fn with_sid(shop: &Shop, sid: &str) -> Browser {
    name_session(shop, sid, true);
    sign_in(shop).await
}

/// Makes the provider issue tokens with this `sid`, with or without `sub`.
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
            assert_empty_answer(&send(&shop, &token(&shop)).await, StatusCode::OK);
            assert!(!is_signed_in(&mut one).await, "{sid:?}");
            assert!(is_signed_in(&mut other).await, "{sid:?}");
        }
    }
}

#[tokio::test]
async fn a_logout_token_ends_the_sessions_of_any_subject() {
    for subject in TEXTS {
        let shop = open().await;
        let mut stranger = sign_in(&shop).await;
        name_subject(&shop, subject);
        let mut browser = sign_in(&shop).await;
        let own = subject.to_owned();
        shop.provider.forge_id_token(move |_, claims| {
            claims["sub"] = own.as_str().into();
            claims.as_object_mut().unwrap().remove("sid");
        });
        assert_empty_answer(&send(&shop, &token(&shop)).await, StatusCode::OK);
        assert!(!is_signed_in(&mut browser).await, "{subject:?}");
        assert!(is_signed_in(&mut stranger).await, "{subject:?}");
    }
}
