//! The accepted algorithms of a token are those of the settings, or else the secure ones among
//! those that the metadata announce.

use http::StatusCode;
use serde_json::{Value, json};
use tower_phone_auth::{OAuthLayer, Oidc, SessionKey};
use tower_phone_auth_local_provider::{
    Algorithm, Endpoint, Person,
    faults::{Fault, Signing},
};

use super::{
    SECURE_ALGORITHMS, assert_signed_in, forged, login, open, open_with, refusal, rejected,
};
use crate::support::{
    browser::{Page, text},
    events::Events,
    shop::Shop,
};

const ID_TOKEN: &str = "id_token_signing_alg_values_supported";

/// Makes the metadata announce these algorithms.
fn announce(shop: &Shop, name: &str, algorithms: &Value) {
    let patch = json!({ name: algorithms });
    shop.provider.fail(Endpoint::Discovery, Fault::Merge(patch));
}

fn sign_with(shop: &Shop, algorithm: Algorithm) {
    shop.provider
        .configure(|settings| settings.oidc.algorithm = algorithm);
}

pub(super) async fn send_logout_token(shop: &Shop) -> Page {
    let token = shop.provider.logout_token(Person::WITH_PHONE).unwrap();
    let body = format!("logout_token={token}");
    let form = "application/x-www-form-urlencoded";
    crate::events::post(shop, "/auth/events/oidc", form, body).await
}

#[tokio::test]
async fn an_algorithm_that_is_not_announced_is_refused() {
    for (signs, announced) in [
        (Algorithm::Es256, json!(["RS256"])),
        (Algorithm::Rs256, json!(["ES256", "PS256"])),
        (Algorithm::Ps512, json!(["PS256", "RS512"])),
        (Algorithm::Es512, json!(["none", "HS256", "ES384"])),
        (Algorithm::Rs256, json!(["rs256", "RS256 "])),
        (Algorithm::Rs256, json!(["none"])),
    ] {
        let shop = open(|oidc| oidc.algorithm = signs).await;
        announce(&shop, ID_TOKEN, &announced);
        let page = login(&shop, []).await;
        assert_eq!(refusal(&page), rejected("alg"), "{announced}");
        let page = send_logout_token(&shop).await;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST, "{announced}");
        assert!(text(&page).contains("alg"), "{announced}");
    }
}

#[tokio::test]
async fn an_announced_algorithm_is_accepted_whatever_else_is_announced() {
    for announced in [
        json!(["none", "HS256", "RS512", "XS1", 7, null]),
        json!(["RS256", "RS384", "RS512"]),
    ] {
        let shop = open(|oidc| oidc.algorithm = Algorithm::Rs512).await;
        announce(&shop, ID_TOKEN, &announced);
        assert_signed_in(&login(&shop, []).await, &announced.to_string());
        assert_eq!(send_logout_token(&shop).await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn metadata_that_announce_no_algorithm_permit_each_secure_one() {
    for announced in [json!(null), json!([]), json!(7), json!("RS256"), json!([7])] {
        let shop = open(|oidc| oidc.algorithm = Algorithm::Es384).await;
        announce(&shop, ID_TOKEN, &announced);
        assert_signed_in(&login(&shop, []).await, &announced.to_string());
        shop.provider.sign_id_tokens(Signing::HmacWithPublicKey);
        assert_eq!(refusal(&login(&shop, []).await), rejected("alg"));
    }
}

#[tokio::test]
async fn ed25519_and_eddsa_are_two_names_of_one_algorithm() {
    for (announced, named) in [("Ed25519", "EdDSA"), ("EdDSA", "Ed25519")] {
        let shop = open(|oidc| oidc.algorithm = Algorithm::EdDsa).await;
        announce(&shop, ID_TOKEN, &json!([announced]));
        let page = forged(&shop, move |header, _| header["alg"] = named.into()).await;
        assert_signed_in(&page, named);
    }
}

#[tokio::test]
async fn a_newly_announced_algorithm_is_accepted_at_once() {
    let shop = open(|_| {}).await;
    assert_signed_in(&login(&shop, []).await, "RS256");
    for (count, algorithm) in [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Ps384]
        .into_iter()
        .enumerate()
    {
        sign_with(&shop, algorithm);
        assert_signed_in(&login(&shop, []).await, algorithm.name());
        assert_signed_in(&login(&shop, []).await, "the algorithm is known");
        assert_eq!(shop.provider.count(Endpoint::Discovery), count + 2);
    }
}

#[tokio::test]
async fn a_logout_token_with_a_newly_announced_algorithm_ends_the_session() {
    let shop = open(|_| {}).await;
    let mut browser = shop.browser();
    browser.sign_in("/", crate::support::browser::JIWOO).await;
    sign_with(&shop, Algorithm::Es256);
    assert_eq!(send_logout_token(&shop).await.status(), StatusCode::OK);
    let away = browser.visit("/").await;
    assert_eq!(away.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn forged_tokens_cause_a_bounded_number_of_metadata_reads() {
    let shop = open(|_| {}).await;
    assert_signed_in(&login(&shop, []).await, "before");
    shop.provider
        .forge_id_token(|header, _| header["alg"] = "ES256".into());
    let mut answers = Vec::new();
    for _ in 0..50 {
        answers.push(send_logout_token(&shop).await.status());
    }
    // The token is refused while the metadata are known to be current. Later the sender may retry.
    assert_eq!(answers[0], StatusCode::BAD_REQUEST);
    assert_eq!(answers[49], StatusCode::SERVICE_UNAVAILABLE);
    shop.provider.clear_id_token_faults();
    assert!(shop.provider.count(Endpoint::Discovery) <= 10);
    sign_with(&shop, Algorithm::Ps256);
    assert_signed_in(
        &login(&shop, []).await,
        "sign-ins have their own limit of reads",
    );
}

#[tokio::test]
async fn a_sign_in_names_its_cause_also_when_no_document_may_be_read_again() {
    for (signing, algorithm, part) in [
        (Signing::Right, "ES256", "alg"),
        (Signing::WrongKey, "RS256", "signature"),
    ] {
        let shop = open(|_| {}).await;
        shop.provider.sign_id_tokens(signing);
        shop.provider
            .forge_id_token(move |header, _| header["alg"] = algorithm.into());
        for number in 0..7 {
            let page = login(&shop, []).await;
            assert_eq!(refusal(&page), rejected(part), "{number}");
        }
    }
}

#[tokio::test]
async fn an_insecure_algorithm_causes_no_metadata_read() {
    let shop = open(|_| {}).await;
    for name in [
        "none", "HS256", "HS384", "HS512", "ES256K", "Ed448", "RS1", "XS256",
    ] {
        let page = forged(&shop, move |header, _| header["alg"] = name.into()).await;
        assert_eq!(refusal(&page), rejected("alg"), "{name}");
    }
    assert_eq!(shop.provider.count(Endpoint::Discovery), 1);
}

#[tokio::test]
async fn the_log_names_the_algorithm_that_was_refused() {
    let shop = open(|_| {}).await;
    for (name, shown) in [
        ("ES256K", "ES256K"),
        ("Ed448", "Ed448"),
        ("HS512", "HS512"),
        ("NONE", "none"),
        ("ES512", "ES512"),
        ("lpsecret-of-a-token", "unknown"),
    ] {
        let events = Events::capture();
        forged(&shop, move |header, _| header["alg"] = name.into()).await;
        let lines = events.all();
        let line = lines
            .iter()
            .find(|line| line.fields.contains_key("algorithm"));
        assert_eq!(line.unwrap().field("algorithm"), shown, "{name}");
        let refusals = events.audit("refusal");
        assert_eq!(refusals[0].field("code"), "alg", "{name}");
        assert!(!events.text().contains("lpsecret-of-a-token"));
    }
}

#[tokio::test]
async fn algorithms_in_the_settings_replace_the_announced_ones() {
    let pinned = |oidc: Oidc| oidc.algorithms(["ES256", "EdDSA"]);
    let shop = open_with(|_| {}, pinned, |builder| builder).await;
    assert_eq!(refusal(&login(&shop, []).await), rejected("alg"));
    let page = send_logout_token(&shop).await;
    assert_eq!(page.status(), StatusCode::BAD_REQUEST);
    assert_eq!(
        shop.provider.count(Endpoint::Discovery),
        1,
        "no metadata are read again"
    );

    announce(&shop, ID_TOKEN, &json!(["RS256"]));
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa] {
        sign_with(&shop, algorithm);
        assert_signed_in(&login(&shop, []).await, algorithm.name());
        assert_eq!(send_logout_token(&shop).await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn a_setting_of_an_insecure_algorithm_is_refused_when_the_layer_is_built() {
    let build = |names: &[&str]| {
        let oidc = Oidc::new("https://id.example.com", "client", "secret");
        let builder = OAuthLayer::builder()
            .public_url("https://shop.example.com")
            .session_key(SessionKey::random())
            .provider(oidc.algorithms(names.iter().copied()));
        builder.build().map(drop)
    };
    let all = SECURE_ALGORITHMS.map(Algorithm::name);
    assert!(build(&all).is_ok());
    for names in [
        &["HS256"][..],
        &["RS256", "HS512"],
        &["none"],
        &["ES256K"],
        &["Ed448"],
        &["rs256"],
        &["RS256 "],
        &[""],
        &[],
    ] {
        let error = build(names).unwrap_err();
        assert_eq!(error.setting(), "algorithms", "{names:?}");
        assert!(error.remedy().contains("RS256"), "{error}");
        if let Some(name) = names.last() {
            assert!(error.to_string().contains(name), "{error}");
        }
    }
}
