//! Google's Cross-Account Protection.

use http::StatusCode;
use serde_json::{Value, json};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Person, faults::Signing};

use super::{FORM, OAUTH, RISC, SET, assert_empty_answer, is_signed_in, post, sign_in};
use crate::support::clients::Clients as _;
use crate::support::{browser::Page, shop::Shop};

const PATH: &str = "/auth/events/google";

async fn open() -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    let google = provider.google();
    Shop::at(provider, google, |builder| builder)
}

async fn deliver(shop: &Shop, event: &str) -> Page {
    let token = shop.provider.google_event(event, Person::WITH_PHONE);
    post(shop, PATH, SET, token.unwrap()).await
}

#[tokio::test]
async fn a_hijacked_account_is_signed_out() {
    for event in [
        format!("{RISC}/sessions-revoked"),
        format!("{RISC}/account-disabled"),
        format!("{RISC}/account-purged"),
        format!("{RISC}/account-credential-change-required"),
        format!("{OAUTH}/tokens-revoked"),
    ] {
        let shop = open().await;
        let mut browser = sign_in(&shop).await;
        assert_empty_answer(&deliver(&shop, &event).await, StatusCode::ACCEPTED);
        assert!(!is_signed_in(&mut browser).await, "{event}");
    }
}

#[tokio::test]
async fn events_that_end_nothing_are_accepted() {
    let shop = open().await;
    let mut browser = sign_in(&shop).await;
    for event in [
        format!("{RISC}/account-enabled"),
        format!("{RISC}/verification"),
        format!("{OAUTH}/token-revoked"),
        "https://example.com/of-tomorrow".to_owned(),
    ] {
        assert_empty_answer(&deliver(&shop, &event).await, StatusCode::ACCEPTED);
    }
    assert!(is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn the_issuer_of_an_event_may_end_with_a_slash() {
    let shop = open().await;
    for issuer in [
        "https://accounts.google.com",
        "https://accounts.google.com/",
    ] {
        let mut browser = sign_in(&shop).await;
        shop.provider
            .forge_id_token(move |_, claims| claims["iss"] = issuer.into());
        deliver(&shop, &format!("{RISC}/sessions-revoked")).await;
        shop.provider.clear_id_token_faults();
        assert!(!is_signed_in(&mut browser).await, "{issuer}");
        shop.time.pass(std::time::Duration::from_secs(1));
    }
    for issuer in ["accounts.google.com", "http://accounts.google.com/"] {
        shop.provider
            .forge_id_token(move |_, claims| claims["iss"] = issuer.into());
        let page = deliver(&shop, &format!("{RISC}/sessions-revoked")).await;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST, "{issuer}");
    }
}

#[tokio::test]
async fn a_token_for_several_clients_of_the_project_is_accepted() {
    let shop = open().await;
    let mut browser = sign_in(&shop).await;
    shop.provider.forge_id_token(|_, claims| {
        claims["aud"] = json!(["android-app", "local-demo-app"]);
    });
    deliver(&shop, &format!("{RISC}/sessions-revoked")).await;
    shop.provider.clear_id_token_faults();
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn a_subject_of_another_kind_or_issuer_ends_no_session() {
    let subject = format!("1{:020}", Person::WITH_PHONE);
    for subject in [
        json!({ "subject_type": "iss-sub", "iss": "https://evil.example", "sub": subject }),
        json!({ "subject_type": "email", "email": "jiwoo@example.com" }),
        json!({ "subject_type": "iss-sub", "iss": "https://accounts.google.com/" }),
        json!(subject),
        json!(null),
    ] {
        let shop = open().await;
        let mut browser = sign_in(&shop).await;
        let event = format!("{RISC}/sessions-revoked");
        let name = event.clone();
        shop.provider.forge_id_token(move |_, claims| {
            claims["events"] = json!({ name.clone(): { "subject": subject.clone() } });
        });
        assert_empty_answer(&deliver(&shop, &event).await, StatusCode::ACCEPTED);
        shop.provider.clear_id_token_faults();
        assert!(is_signed_in(&mut browser).await);
    }
}

#[tokio::test]
async fn a_forged_event_is_refused() {
    type Forge = fn(&mut Value, &mut Value);
    let forgeries: [Forge; 4] = [
        |_, claims| claims["aud"] = "another-app".into(),
        |header, _| header["typ"] = "at+jwt".into(),
        |_, claims| claims["iat"] = 1.into(),
        |_, claims| claims["jti"] = json!(null),
    ];
    for forge in forgeries {
        let shop = open().await;
        let mut browser = sign_in(&shop).await;
        shop.provider.forge_id_token(forge);
        let page = deliver(&shop, &format!("{RISC}/sessions-revoked")).await;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST);
        shop.provider.clear_id_token_faults();
        assert!(is_signed_in(&mut browser).await);
    }
    let shop = open().await;
    shop.provider.sign_id_tokens(Signing::WrongKey);
    let page = deliver(&shop, &format!("{RISC}/sessions-revoked")).await;
    assert_eq!(page.status(), StatusCode::BAD_REQUEST);
    assert_eq!(shop.provider.count(Endpoint::Token), 0);
}

#[tokio::test]
async fn a_repeated_forged_event_is_refused_and_causes_one_request() {
    let shop = open().await;
    sign_in(&shop).await;
    shop.provider.forget_requests();
    shop.provider.sign_id_tokens(Signing::WrongKey);
    shop.provider
        .forge_id_token(|header, _| header["kid"] = "forged".into());
    for number in 0..20 {
        let page = deliver(&shop, &format!("{RISC}/sessions-revoked")).await;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST, "{number}");
    }
    assert_eq!(shop.provider.count(Endpoint::Keys), 1);
}

#[tokio::test]
async fn an_event_with_a_wrong_algorithm_blocks_no_event_of_the_key_that_it_names() {
    for algorithm in ["ES256", "HS256", "none"] {
        let shop = open().await;
        let mut browser = sign_in(&shop).await;
        deliver(&shop, &format!("{RISC}/verification")).await;
        // The forged event names the next key before the provider uses it.
        shop.provider.rotate_keys();
        shop.provider
            .forge_id_token(move |header, _| header["alg"] = algorithm.into());
        let event = format!("{RISC}/sessions-revoked");
        let page = deliver(&shop, &event).await;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST, "{algorithm}");
        shop.provider.clear_id_token_faults();
        assert_empty_answer(&deliver(&shop, &event).await, StatusCode::ACCEPTED);
        assert!(!is_signed_in(&mut browser).await);
    }
}

#[tokio::test]
async fn a_form_is_refused_as_an_event_of_google() {
    let shop = open().await;
    let page = post(&shop, PATH, FORM, "user_id=1").await;
    assert_empty_answer(&page, StatusCode::NOT_FOUND);
}
