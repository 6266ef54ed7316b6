//! Errors and wrong answers of OpenID providers, Naver and Google are not repeated in pages and
//! logs.

use http::StatusCode;
use serde_json::{Value, json};
use tower_phone_auth::{Google, Naver, Oidc, provider::Provider};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, PhoneIn, Userinfo, faults::Fault};

use super::watch::{FREE_TEXT, Watch};
use crate::support::browser::JIWOO;

fn oidc(provider: &LocalProvider) -> Oidc {
    let (id, secret) = (provider.client_id(), provider.client_secret().unwrap());
    Oidc::new(provider.oidc_issuer(), id, secret)
}

fn naver(provider: &LocalProvider) -> Naver {
    let (id, secret) = (provider.client_id(), provider.client_secret().unwrap());
    Naver::new(id, secret).endpoint_base(provider.origin())
}

fn google(provider: &LocalProvider) -> Google {
    let (id, secret) = (provider.client_id(), provider.client_secret().unwrap());
    Google::new(id, secret).endpoint_base(provider.origin())
}

/// Signs in, with any outcome.
async fn login(watch: &mut Watch) {
    let mut browser = watch.browser();
    let page = browser.visit("/").await;
    watch.look_at(&page);
    if page.status() == StatusCode::SEE_OTHER {
        let callback = browser.act(&page, JIWOO).await;
        let page = browser.visit(&callback).await;
        watch.look_at(&page);
    }
}

fn error(status: u16) -> Fault {
    let body = json!({
        // Both texts may be in the line of the refusal alone.
        "error": "a_name_of_its_own",
        "error_description": FREE_TEXT,
        "resultcode": FREE_TEXT,
        "errorCode": FREE_TEXT,
        "message": FREE_TEXT,
    });
    Fault::json(StatusCode::from_u16(status).unwrap(), &body)
}

/// Signs in while each endpoint answers free text in several forms.
async fn answers_with_free_text(client: impl FnOnce(&LocalProvider) -> Provider) -> Watch {
    let mut watch = Watch::at(client).await;
    for step in [
        Endpoint::Discovery,
        Endpoint::Keys,
        Endpoint::Token,
        Endpoint::Profile,
    ] {
        for fault in [
            error(200),
            error(400),
            error(401),
            error(403),
            error(500),
            Fault::Redirect(format!("https://{FREE_TEXT}.example/")),
        ] {
            watch.shop.provider.fail(step, fault);
            login(&mut watch).await;
            watch.shop.provider.clear_faults(step);
        }
    }
    login(&mut watch).await;
    watch
}

#[tokio::test]
async fn refusals_of_each_provider_leak_nothing() {
    let clients: [fn(&LocalProvider) -> Provider; 3] = [
        |provider| oidc(provider).into(),
        |provider| naver(provider).into(),
        |provider| google(provider).into(),
    ];
    for client in clients {
        let watch = answers_with_free_text(client).await;
        // The log may name the target of a redirect of a public document.
        assert_eq!(watch.leaks(), [""; 0]);
    }
}

#[tokio::test]
async fn wrong_metadata_are_not_repeated() {
    let mut watch = Watch::at(|provider| oidc(provider).into()).await;
    // The log names a wrong issuer, see
    // `oidc::metadata::the_log_names_both_issuers_and_their_difference`.
    for name in [
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "userinfo_endpoint",
    ] {
        let patch = Fault::Merge(json!({ name: format!("http://{FREE_TEXT}.example/") }));
        watch.shop.provider.fail(Endpoint::Discovery, patch);
        login(&mut watch).await;
    }
    // The log may name the address that was refused.
    assert_eq!(watch.leaks(), [""; 0]);
}

#[tokio::test]
async fn a_wrong_id_token_is_not_repeated() {
    let mut watch = Watch::at(|provider| oidc(provider).into()).await;
    for name in ["sub", "exp", "nonce", "at_hash"] {
        watch.shop.provider.forge_id_token(move |_, claims| {
            claims[name] = FREE_TEXT.into();
        });
        login(&mut watch).await;
    }
    for name in ["alg", "crit"] {
        watch.shop.provider.forge_id_token(move |header, _| {
            header[name] = FREE_TEXT.into();
        });
        login(&mut watch).await;
    }
    assert_eq!(watch.leaks(), [""; 0]);
    // The log may have these values, and no page may.
    for name in ["iss", "aud", "azp"] {
        watch.shop.provider.forge_id_token(move |_, claims| {
            claims[name] = FREE_TEXT.into();
        });
        login(&mut watch).await;
    }
    for name in ["kid", "typ"] {
        watch.shop.provider.forge_id_token(move |header, _| {
            header[name] = FREE_TEXT.into();
        });
        login(&mut watch).await;
    }
    assert!(watch.log.text().contains(FREE_TEXT));
    assert_eq!(watch.leaks(), [""; 0]);
}

#[tokio::test]
async fn wrong_userinfo_is_not_repeated() {
    let mut watch = Watch::at(|provider| oidc(provider).into()).await;
    for name in ["sub", "phone_number", "phone_number_verified"] {
        let patch = Fault::Merge(json!({ name: FREE_TEXT }));
        watch.fails(Endpoint::Profile, patch).await;
    }
    for change in [PhoneIn::Mismatching, PhoneIn::Both] {
        watch.shop.provider.configure(|settings| {
            settings.oidc.phone_in = change;
            settings.oidc.userinfo = Userinfo::Jwt;
            settings.oidc.phone_number_verified = Some(Value::Null);
        });
        login(&mut watch).await;
    }
    assert_eq!(watch.leaks(), [""; 0]);
}

#[tokio::test]
async fn the_profile_of_a_refused_user_is_not_logged() {
    let mut watch = Watch::at(|provider| naver(provider).into()).await;
    for patch in [
        json!({ "mobile_e164": "+82 10-1234-5679" }),
        json!({ "mobile": "010-1234-5678 9999" }),
        json!({ "id": FREE_TEXT.repeat(20) }),
    ] {
        let patch = Fault::Merge(json!({ "response": patch }));
        watch.fails(Endpoint::Profile, patch).await;
    }
    assert_eq!(watch.leaks(), [""; 0]);

    let mut watch = Watch::at(|provider| google(provider).into()).await;
    for patch in [
        json!({ "resourceName": "people/123" }),
        json!({ "phoneNumbers": [{ "value": "010-1234-5678" }] }),
        json!({ "phoneNumbers": [{ "canonicalForm": "+821012345678" }] }),
    ] {
        watch.fails(Endpoint::Profile, Fault::Merge(patch)).await;
    }
    assert_eq!(watch.leaks(), [""; 0]);
}

#[tokio::test]
async fn settings_do_not_show_the_client_secret() {
    let mut watch = Watch::at(|provider| oidc(provider).into()).await;
    let (oidc, naver, google) = {
        let provider = &watch.shop.provider;
        (oidc(provider), naver(provider), google(provider))
    };
    watch.note(&oidc);
    watch.note(&naver);
    watch.note(&google);
    for provider in [oidc.into(), naver.into(), google.into()] {
        let provider: Provider = provider;
        watch.note(&provider);
    }
    assert_eq!(watch.leaks(), [""; 0]);
}
