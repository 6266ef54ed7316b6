//! The type in a token's header (RFC 7515 section 4.1.9, RFC 8725 section 3.11).

use serde_json::json;

use super::{Page, assert_signed_in, forged, open, refusal, rejected, set};
use crate::support::shop::Shop;

async fn typed(shop: &Shop, kind: Option<&'static str>) -> Page {
    let kind = kind.map(|kind| json!(kind));
    forged(shop, move |header, _| set(header, "typ", kind.clone())).await
}

#[tokio::test]
async fn an_id_token_is_a_jwt_in_any_spelling_of_the_media_type() {
    let shop = open(|_| {}).await;
    for kind in [
        None,
        Some("JWT"),
        Some("jwt"),
        Some("application/jwt"),
        Some("application/JWT"),
        Some("Application/Jwt"),
    ] {
        assert_signed_in(&typed(&shop, kind).await, &format!("{kind:?}"));
    }
}

#[tokio::test]
async fn a_token_of_another_type_is_refused() {
    let shop = open(|_| {}).await;
    for kind in [
        "at+jwt",
        "application/at+jwt",
        "AT+JWT",
        "logout+jwt",
        "application/logout+jwt",
        "secevent+jwt",
        "dpop+jwt",
        "text/jwt",
        "application/application/jwt",
        "/jwt",
        "",
    ] {
        let page = typed(&shop, Some(kind)).await;
        assert_eq!(refusal(&page), rejected("typ"), "{kind}");
    }
}
