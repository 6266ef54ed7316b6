//! Numbers of ranges that the numbering plan does not list. They are possible and not valid.

use serde_json::json;
use tower_phone_auth::{
    Builder, Oidc,
    error::LoginErrorKind::{PhoneInvalid, PhoneNotVerified},
    phone::PhoneAssurance,
};
use tower_phone_auth_local_provider::{Endpoint, faults::Fault};

use crate::{
    oidc,
    support::{
        browser::{JIWOO, Page, text},
        outcome::{login, refusal},
        shop::Shop,
    },
};

const NEW: [(&str, &str); 4] = [
    ("+1 457 555 0123", "+14575550123"),
    ("+1 729-555-0123", "+17295550123"),
    ("+98 999 810 1234", "+989998101234"),
    ("tel:+1-837-555-0123", "+18375550123"),
];

async fn at_openid(shop: &Shop, number: &str, verified: bool) -> Page {
    let claims = json!({ "phone_number": number, "phone_number_verified": verified });
    login(shop, [(Endpoint::Profile, Fault::Merge(claims))]).await
}

async fn openid(settings: impl FnOnce(Builder) -> Builder) -> Shop {
    oidc::open_with(|_| {}, Oidc::always_userinfo, settings).await
}

#[tokio::test]
async fn by_default_a_possible_number_is_refused_with_its_own_code() {
    let shop = openid(|builder| builder).await;
    for (number, _) in NEW {
        let page = at_openid(&shop, number, true).await;
        assert_eq!(
            refusal(&page),
            (403, PhoneInvalid, Some("number_range")),
            "{number}"
        );
        assert!(text(&page).contains("number_range"));
    }
    for number in [
        "+1 457 555 012",
        "+1 457 555 01234",
        "+98 999",
        "457 555 0123",
    ] {
        let page = at_openid(&shop, number, true).await;
        assert_eq!(refusal(&page), (403, PhoneInvalid, None), "{number}");
    }
}

#[tokio::test]
async fn with_the_setting_a_verified_possible_number_signs_in() {
    let shop = openid(Builder::accept_possible_numbers).await;
    for (number, e164) in NEW {
        let mut browser = shop.browser();
        let claims = json!({ "phone_number": number, "phone_number_verified": true });
        shop.provider
            .fail_next(Endpoint::Profile, Fault::Merge(claims));
        let page = browser.sign_in("/", JIWOO).await;
        assert_eq!(text(&page), e164);
        // The session holds the number too.
        assert_eq!(text(&browser.visit("/").await), e164);
    }
}

#[tokio::test]
async fn a_possible_number_that_the_provider_does_not_verify_is_refused() {
    let shop = openid(|builder| {
        builder
            .minimum_assurance(PhoneAssurance::Unverified)
            .accept_possible_numbers()
    })
    .await;
    for (number, _) in NEW {
        let page = at_openid(&shop, number, false).await;
        assert_eq!(
            refusal(&page),
            (403, PhoneInvalid, Some("number_range")),
            "{number}"
        );
    }
    let shop = openid(Builder::accept_possible_numbers).await;
    let page = at_openid(&shop, "+82 10-1234-5678", false).await;
    assert_eq!(refusal(&page).1, PhoneNotVerified);
}

#[tokio::test]
async fn a_number_of_a_wrong_length_is_still_refused() {
    let shop = openid(Builder::accept_possible_numbers).await;
    for number in [
        "+1 457 555 012",
        "+1 457 555 01234",
        "+98 999",
        "+82 10-****-5678",
        "+999 1234567",
    ] {
        let page = at_openid(&shop, number, true).await;
        assert_eq!(refusal(&page), (403, PhoneInvalid, None), "{number}");
    }
}

#[tokio::test]
async fn a_number_of_a_provider_that_is_documented_to_verify_signs_in() {
    for (accepts, status) in [(false, 403), (true, 303)] {
        let shop = Shop::with(
            |kakao| kakao,
            |builder| {
                if accepts {
                    builder.accept_possible_numbers()
                } else {
                    builder
                }
            },
        )
        .await;
        for (number, _) in NEW.into_iter().take(3) {
            let account = json!({ "kakao_account": { "phone_number": number } });
            let page = login(&shop, [(Endpoint::Profile, Fault::Merge(account))]).await;
            assert_eq!(page.status(), status, "{number}");
        }
    }
}

#[tokio::test]
async fn two_different_possible_numbers_are_refused() {
    let shop = oidc::open_with(
        |settings| settings.phone_in = tower_phone_auth_local_provider::PhoneIn::Both,
        Oidc::always_userinfo,
        Builder::accept_possible_numbers,
    )
    .await;
    let page = at_openid(&shop, "+1 457 555 0123", true).await;
    assert_eq!(refusal(&page).2, Some("phone_number_differs"));
}
