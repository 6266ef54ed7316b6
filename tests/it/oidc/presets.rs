//! The requests of each preset and the claims that it reads, with a local provider in place of the
//! real one.

use http::header::AUTHORIZATION;
use serde_json::{Value, json};
use tower_phone_auth::{
    Builder, Oidc,
    error::LoginErrorKind::{InvalidAnswer, PhoneNotVerified, ProviderUnavailable},
    phone::PhoneAssurance::Unverified,
};
use tower_phone_auth_local_provider::{
    Algorithm,
    ClientAuthentication::SecretBasic,
    Endpoint, LocalProvider, OidcSettings, PhoneIn, Userinfo,
    faults::{Fault, Signing},
};

use super::{
    assert_signed_in, login, refusal, registered, rejected, rerouted::Rerouted, sent,
    user_with_profile,
};
use crate::support::{browser::parameter, shop::Shop};

/// A shop with this preset. Its provider has this issuer and the client of the preset.
pub(super) async fn at(issuer: &str, preset: Oidc, change: impl FnOnce(&mut OidcSettings)) -> Shop {
    at_with(issuer, preset, change, |builder| builder).await
}

pub(super) async fn at_with(
    issuer: &str,
    preset: Oidc,
    change: impl FnOnce(&mut OidcSettings),
    settings: impl FnOnce(Builder) -> Builder,
) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| {
        settings.oidc.discovery_issuer = Some(issuer.to_owned());
        change(&mut settings.oidc);
    });
    let named = issuer.to_owned();
    provider.forge_id_token(move |_, claims| claims["iss"] = named.as_str().into());
    let rerouted = Rerouted::new(issuer, &provider);
    // The issuer is the real one, and the endpoints are those of the local provider.
    Shop::at(provider, preset.allow_internal_endpoints(), |builder| {
        settings(builder.minimum_assurance(Unverified).http_client(rerouted))
    })
}

pub(super) const ID: &str = "local-demo-app";
pub(super) const SECRET: &str = "lpsecret-client";

async fn scope(shop: &Shop) -> String {
    let away = shop.browser().visit("/").await;
    parameter(&away, "scope").unwrap()
}

/// The user's data in the shop after a sign-in with this number in userinfo.
async fn known(shop: &Shop, number: &str, flag: Value) -> Value {
    let patch = json!({ "phone_number": number, "phone_number_verified": flag });
    user_with_profile(shop, patch).await
}

async fn is_basic(shop: &Shop) -> bool {
    shop.provider.forget_requests();
    let _ = login(shop, []).await;
    sent(shop, Endpoint::Token)
        .headers
        .contains_key(AUTHORIZATION)
}

#[tokio::test]
async fn quirk_44_kakao_asks_for_its_own_scope_and_accepts_its_number_format() {
    let shop = at("https://kauth.kakao.com", Oidc::kakao(ID, SECRET), |_| {}).await;
    assert_eq!(scope(&shop).await, "openid phone_number");
    for number in ["+82 10-1234-5678", "+82 10 1234 5678", "010-1234-5678"] {
        let person = known(&shop, number, json!(true)).await;
        assert_eq!(person["phone"], "+821012345678", "{number}");
        assert_eq!(person["assurance"], "Verified");
        assert_eq!(person["provider"], "kakao");
    }
    assert!(!is_basic(&shop).await);
}

#[tokio::test]
async fn quirk_43_kakaos_userinfo_of_another_subject_is_not_used() {
    let shop = at("https://kauth.kakao.com", Oidc::kakao(ID, SECRET), |_| {}).await;
    let patch = json!({ "sub": "another", "phone_number": "+82 10-1234-5678" });
    let page = login(&shop, [(Endpoint::Profile, Fault::Merge(patch))]).await;
    let expected = (502, InvalidAnswer, Some("userinfo_sub"));
    assert_eq!(refusal(&page), expected);
}

#[tokio::test]
async fn line_signs_with_the_channel_secret_and_verifies_no_number() {
    let signs = |oidc: &mut OidcSettings| {
        oidc.algorithm = Algorithm::Hs256;
        oidc.phone_in = PhoneIn::IdToken;
        oidc.phone_number_verified = None;
    };
    let shop = at("https://access.line.me", Oidc::line(ID, SECRET), signs).await;
    assert_eq!(scope(&shop).await, "openid profile phone");
    let person = user_with_profile(&shop, json!({})).await;
    assert_eq!(person["phone"], "+821012345678");
    assert_eq!(person["assurance"], "Unverified");
    assert_eq!(person["provider"], "line");
    assert_eq!(shop.provider.count(Endpoint::Keys), 0);
    assert!(!is_basic(&shop).await);
}

#[tokio::test]
async fn quirk_84_line_accepts_the_channel_secret_alone() {
    for (algorithm, signing, part) in [
        (Algorithm::Rs256, Signing::Right, "alg"),
        (Algorithm::Rs256, Signing::HmacWithPublicKey, "signature"),
        (Algorithm::Hs256, Signing::WrongKey, "signature"),
        (Algorithm::Hs256, Signing::Corrupted, "signature"),
        (Algorithm::Hs256, Signing::HmacWithPublicKey, "signature"),
        (Algorithm::Hs256, Signing::None, "alg"),
    ] {
        let signs = |oidc: &mut OidcSettings| oidc.algorithm = algorithm;
        let shop = at("https://access.line.me", Oidc::line(ID, SECRET), signs).await;
        shop.provider.sign_id_tokens(signing);
        let page = login(&shop, []).await;
        assert_eq!(refusal(&page), rejected(part), "{algorithm:?} {signing:?}");
    }
}

#[tokio::test]
async fn quirk_66_vipps_writes_numbers_without_a_plus() {
    let issuer = "https://api.vipps.no/access-management-1.0/access/";
    let shop = at(issuer, Oidc::vipps(ID, SECRET), |_| {}).await;
    assert_eq!(scope(&shop).await, "openid name phoneNumber");
    for number in ["4798765432", "+4798765432"] {
        let person = known(&shop, number, json!(true)).await;
        assert_eq!(person["phone"], "+4798765432", "{number}");
        assert_eq!(person["assurance"], "Verified");
        assert_eq!(person["provider"], "vipps");
    }
}

#[tokio::test]
async fn quirk_66_numbers_of_other_providers_get_no_plus() {
    let shop = at(
        "https://t.example.com/",
        Oidc::auth0("t.example.com", ID, SECRET),
        |_| {},
    );
    let shop = shop.await;
    let patch = json!({ "phone_number": "4798765432", "phone_number_verified": true });
    let page = login(&shop, [(Endpoint::Profile, Fault::Merge(patch))]).await;
    assert_eq!(page.status(), 403);
}

#[tokio::test]
async fn quirk_56_cognito_writes_booleans_as_texts() {
    let issuer = "https://cognito-idp.ap-northeast-2.amazonaws.com/ap-northeast-2_Ab12";
    let preset = Oidc::cognito("ap-northeast-2", "ap-northeast-2_Ab12", ID, SECRET);
    let shop = at(issuer, preset, |_| {}).await;
    assert_eq!(scope(&shop).await, "openid phone");
    for (flag, assurance) in [
        (json!("true"), "Verified"),
        (json!("false"), "Unverified"),
        (json!("N"), "Unverified"),
    ] {
        let person = known(&shop, "+821012345678", flag).await;
        assert_eq!(person["assurance"], assurance);
    }
}

#[tokio::test]
async fn quirk_60_an_okta_number_without_a_flag_is_unverified() {
    let issuer = "https://shop.okta.com/oauth2/default";
    let preset = Oidc::okta(issuer, ID, SECRET);
    let shop = at(issuer, preset, |oidc| oidc.phone_number_verified = None).await;
    let person = user_with_profile(&shop, json!({})).await;
    assert_eq!(person["assurance"], "Unverified");
    assert_eq!(person["provider"], "okta");
}

#[tokio::test]
async fn quirk_58_telegrams_number_is_in_the_id_token_alone_and_asserted() {
    let tells = |oidc: &mut OidcSettings| {
        oidc.userinfo = Userinfo::Absent;
        oidc.phone_in = PhoneIn::IdToken;
        oidc.phone_number_verified = None;
        oidc.client_authentication = vec![SecretBasic];
    };
    let preset = Oidc::telegram(ID, SECRET);
    let shop = at("https://oauth.telegram.org", preset, tells).await;
    assert_eq!(scope(&shop).await, "openid profile phone");
    let person = user_with_profile(&shop, json!({})).await;
    assert_eq!(person["assurance"], "Asserted");
    assert_eq!(person["provider"], "telegram");
    assert_eq!(shop.provider.count(Endpoint::Profile), 0);
    assert!(is_basic(&shop).await);
}

#[tokio::test]
async fn presets_with_a_server_for_each_tenant_follow_the_standard() {
    for (name, issuer, preset) in [
        (
            "auth0",
            "https://shop.eu.auth0.com/",
            Oidc::auth0("shop.eu.auth0.com", ID, SECRET),
        ),
        (
            "keycloak",
            "https://id.example.com/realms/shop",
            Oidc::keycloak("https://id.example.com/realms/shop", ID, SECRET),
        ),
        (
            "zitadel",
            "https://shop.zitadel.cloud",
            Oidc::zitadel("https://shop.zitadel.cloud", ID, SECRET),
        ),
    ] {
        let shop = at(issuer, preset, |_| {}).await;
        assert_eq!(scope(&shop).await, "openid phone", "{name}");
        let person = user_with_profile(&shop, json!({})).await;
        assert_eq!(person["provider"], name);
        assert_eq!(person["assurance"], "Verified");
        assert!(is_basic(&shop).await, "{name}");
    }
}

#[tokio::test]
async fn a_preset_trusts_its_own_issuer_alone() {
    let preset = Oidc::zitadel("https://shop.zitadel.cloud", ID, SECRET);
    let shop = at("https://shop.zitadel.cloud/", preset, |_| {}).await;
    let page = shop.browser().visit("/").await;
    assert_eq!(page.status(), 502);

    let preset = Oidc::zitadel("https://shop.zitadel.cloud", ID, SECRET);
    let elsewhere = at("https://other.zitadel.cloud", preset, |_| {}).await;
    let page = elsewhere.browser().visit("/").await;
    assert_eq!(refusal(&page), (502, ProviderUnavailable, None));
}

#[tokio::test]
async fn a_number_that_a_preset_leaves_unverified_is_refused_by_default() {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| settings.oidc.phone_number_verified = None);
    let oidc = registered(&provider);
    let shop = Shop::at(provider, oidc, |builder| builder);
    let page = login(&shop, []).await;
    assert_eq!(refusal(&page), (403, PhoneNotVerified, Some("no_flag")));
    shop.provider
        .configure(|settings| settings.oidc.phone_number_verified = Some(true.into()));
    assert_signed_in(&login(&shop, []).await, "verified");
}
