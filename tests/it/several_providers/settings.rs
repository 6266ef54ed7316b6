//! Invalid settings are named when the layer is built.

use tower_phone_auth::{
    ConfigError, Google, Naver, OAuthLayer, Oidc, SessionKey, provider::Provider,
};

const ISSUER: &str = "https://id.example.com";

fn refused(provider: impl Into<Provider>) -> ConfigError {
    let builder = OAuthLayer::builder()
        .public_url("https://shop.example.com")
        .session_key(SessionKey::random())
        .provider(provider);
    builder.build().unwrap_err()
}

fn accepted(provider: impl Into<Provider>) {
    let builder = OAuthLayer::builder()
        .public_url("https://shop.example.com")
        .session_key(SessionKey::random())
        .provider(provider);
    builder.build().unwrap();
}

#[test]
fn an_empty_client_id_is_named_with_the_place_where_it_is_found() {
    for id in ["", "  "] {
        for (provider, place) in [
            (Provider::from(Oidc::new(ISSUER, id, "s")), "the provider"),
            (Naver::new(id, "s").into(), "developers.naver.com"),
            (Google::new(id, "s").into(), "console.cloud.google.com"),
        ] {
            let error = refused(provider);
            assert_eq!(error.setting(), "client_id");
            assert!(error.remedy().contains(place), "{error}");
        }
    }
}

#[test]
fn an_empty_client_secret_is_named() {
    for provider in [
        Provider::from(Oidc::new(ISSUER, "id", "")),
        Naver::new("id", "").into(),
        Google::new("id", "").into(),
    ] {
        assert_eq!(refused(provider).setting(), "client_secret");
    }
    accepted(Oidc::without_secret(ISSUER, "id"));
}

#[test]
fn hosts_are_replaced_on_loopback_alone() {
    for base in [
        "http://id.example.com",
        "https://id.example.com",
        "http://127.0.0.1:9000/path",
        "127.0.0.1:9000",
        "",
    ] {
        let naver = Naver::new("id", "s").endpoint_base(base);
        assert_eq!(refused(naver).setting(), "endpoint_base", "{base}");
        let google = Google::new("id", "s").endpoint_base(base);
        assert_eq!(refused(google).setting(), "endpoint_base", "{base}");
    }
}

#[test]
fn an_unknown_country_is_named() {
    for region in ["", "korea", "82"] {
        let oidc = Oidc::new(ISSUER, "id", "s").phone_region(region);
        assert_eq!(refused(oidc).setting(), "phone_region", "{region}");
        let google = Google::new("id", "s").phone_region(region);
        assert_eq!(refused(google).setting(), "phone_region", "{region}");
    }
    accepted(Oidc::new(ISSUER, "id", "s").phone_region("KR"));
}

#[test]
fn a_name_that_cannot_stand_in_a_path_is_refused() {
    for name in ["", "a/b", "A", "a b", "..", "네이버"] {
        assert_eq!(
            refused(Naver::new("id", "s").named(name)).setting(),
            "provider"
        );
        assert_eq!(
            refused(Google::new("id", "s").named(name)).setting(),
            "provider"
        );
        let oidc = Oidc::new(ISSUER, "id", "s").named(name);
        assert_eq!(refused(oidc).setting(), "provider");
    }
    accepted(Naver::new("id", "s").named("naver-partner"));
}

#[test]
fn no_refusal_shows_the_secret() {
    let secret = "lpsecret-of-the-settings";
    for error in [
        refused(Oidc::new("nowhere", "id", secret)),
        refused(Oidc::new(ISSUER, "", secret)),
        refused(Naver::new("", secret)),
        refused(Google::new("id", secret).phone_region("x")),
    ] {
        assert!(!format!("{error} {error:?}").contains(secret), "{error}");
    }
}

#[test]
fn each_preset_builds_without_a_request() {
    for preset in [
        Oidc::kakao("id", "s"),
        Oidc::line("id", "s"),
        Oidc::vipps("id", "s"),
        Oidc::cognito("ap-northeast-2", "ap-northeast-2_Ab12", "id", "s"),
        Oidc::auth0("shop.eu.auth0.com", "id", "s"),
        Oidc::keycloak("https://id.example.com/realms/shop", "id", "s"),
        Oidc::zitadel("https://shop.zitadel.cloud", "id", "s"),
        Oidc::okta("https://shop.okta.com", "id", "s"),
        Oidc::telegram("id", "s"),
    ] {
        accepted(preset);
    }
    for preset in [
        Oidc::keycloak("http://id.example.com/realms/shop", "id", "s"),
        Oidc::auth0("shop.eu.auth0.com/?x", "id", "s"),
        Oidc::okta("shop.okta.com", "id", "s"),
    ] {
        assert_eq!(refused(preset).setting(), "issuer");
    }
}
