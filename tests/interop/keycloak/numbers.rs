//! Phone numbers in the forms that mappers of Keycloak can write.

use serde_json::{Value, json};
use tower_phone_auth::{error::LoginErrorKind, phone::PhoneAssurance};

use super::{Realm, tokens::mapper};
use crate::support::{
    browser::refusal,
    shop::{shop, shop_with},
    user::User,
};

/// A mapper that writes the attribute as a claim of this JSON type, in the ID token and userinfo.
fn claim(attribute: &str, name: &str, kind: &str, multivalued: bool) -> Value {
    let config = json!({
        "user.attribute": attribute,
        "claim.name": name,
        "jsonType.label": kind,
        "multivalued": multivalued.to_string(),
        "id.token.claim": "true",
        "userinfo.token.claim": "true",
    });
    mapper("oidc-usermodel-attribute-mapper", &config)
}

/// A mapper that writes the attribute as a claim of one source alone.
fn claim_in(source: &str, attribute: &str, name: &str, kind: &str) -> Value {
    let mut claim = claim(attribute, name, kind, false);
    for both in ["id.token.claim", "userinfo.token.claim"] {
        claim["config"][both] = (both == source).to_string().into();
    }
    claim
}

fn flag() -> Value {
    claim("checked", "phone_number_verified", "boolean", false)
}

#[tokio::test]
async fn a_number_of_another_json_type_is_named() {
    let realm = Realm::shared().await;
    let attributes = json!({ "digits": ["821012345678"], "checked": ["true"] });
    realm.add_user("digits", attributes).await;
    for (id, kind, multivalued) in [
        ("mapper-long", "long", false),
        ("mapper-list", "String", true),
        ("mapper-longs", "long", true),
    ] {
        let mappers = [claim("digits", "phone_number", kind, multivalued), flag()];
        let oidc = realm
            .client(id, json!({ "protocolMappers": mappers }))
            .await;
        let back = shop(oidc).come_back(User::agrees("digits")).await;
        let error = back
            .extensions()
            .get::<tower_phone_auth::error::LoginError>();
        assert_eq!(error.unwrap().code(), Some("phone_number_type"), "{id}");
        assert_eq!(back.status().as_u16(), 502, "{id}");
    }
}

#[tokio::test]
async fn digits_without_a_plus_are_a_number_by_a_setting() {
    let realm = Realm::shared().await;
    let attributes = json!({ "digits": ["821012345678"], "checked": ["true"] });
    realm.add_user("text-digits", attributes).await;
    let mappers = [claim("digits", "phone_number", "String", false), flag()];
    let oidc = realm
        .client("mapper-text", json!({ "protocolMappers": mappers }))
        .await;
    let back = shop(oidc.clone())
        .come_back(User::agrees("text-digits"))
        .await;
    assert_eq!(refusal(&back), (403, Some(LoginErrorKind::PhoneInvalid)));
    let shown = shop(oidc.phone_without_plus())
        .sign_in(User::agrees("text-digits"))
        .await;
    assert!(shown.starts_with("+821012345678 Verified"), "{shown}");
}

#[tokio::test]
async fn a_number_under_another_claim_is_read_by_a_setting() {
    let realm = Realm::shared().await;
    for (login, checked) in [
        ("mobile", Some("true")),
        ("mobile-unsaid", None),
        ("mobile-false", Some("false")),
    ] {
        let mut attributes = json!({ "mobile": ["+821012345678"] });
        if let Some(checked) = checked {
            attributes["checked"] = json!([checked]);
        }
        realm.add_user(login, attributes).await;
    }
    let mappers = [claim("mobile", "mobile", "String", false), flag()];
    let oidc = realm
        .client("mapper-mobile", json!({ "protocolMappers": mappers }))
        .await;
    let oidc = oidc.phone_claim("mobile");
    let shown = shop(oidc.clone()).sign_in(User::agrees("mobile")).await;
    assert!(shown.starts_with("+821012345678 Verified"), "{shown}");
    let unsaid = User::agrees("mobile-unsaid");
    let back = shop(oidc.clone()).come_back(unsaid).await;
    assert_eq!(
        refusal(&back),
        (403, Some(LoginErrorKind::PhoneNotVerified))
    );
    let asserted = oidc.phone_asserted();
    let shown = shop(asserted.clone()).sign_in(unsaid).await;
    assert!(shown.starts_with("+821012345678 Asserted"), "{shown}");
    // The setting does not replace a false flag.
    let back = shop(asserted.clone())
        .come_back(User::agrees("mobile-false"))
        .await;
    assert_eq!(
        refusal(&back),
        (403, Some(LoginErrorKind::PhoneNotVerified))
    );
    let strict = shop_with(asserted, |builder| {
        builder.minimum_assurance(PhoneAssurance::Verified)
    });
    let back = strict.another().come_back(unsaid).await;
    assert_eq!(
        refusal(&back),
        (403, Some(LoginErrorKind::PhoneNotVerified))
    );
}

#[tokio::test]
async fn a_flag_in_the_other_source_counts_for_the_number() {
    let realm = Realm::shared().await;
    let (id_token, userinfo) = ("id.token.claim", "userinfo.token.claim");
    for (login, flag) in [("apart", "true"), ("apart-false", "false")] {
        let attributes = json!({ "number": ["+821012345678"], "checked": [flag] });
        realm.add_user(login, attributes).await;
    }
    let silent = json!({ "number": ["+821012345678"] });
    realm.add_user("apart-silent", silent).await;
    for (id, number_in, flag_in) in [
        ("number-in-id-token", id_token, userinfo),
        ("number-in-userinfo", userinfo, id_token),
    ] {
        let mappers = [
            claim_in(number_in, "number", "phone_number", "String"),
            claim_in(flag_in, "checked", "phone_number_verified", "boolean"),
        ];
        let oidc = realm
            .client(id, json!({ "protocolMappers": mappers }))
            .await;
        let shop = shop(oidc);
        let shown = shop.another().sign_in(User::agrees("apart")).await;
        assert!(shown.starts_with("+821012345678 Verified"), "{id}: {shown}");
        for login in ["apart-false", "apart-silent"] {
            let back = shop.another().come_back(User::agrees(login)).await;
            let expected = (403, Some(LoginErrorKind::PhoneNotVerified));
            assert_eq!(refusal(&back), expected, "{id}: {login}");
        }
    }
}
