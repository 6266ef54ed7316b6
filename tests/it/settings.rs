//! Settings that cannot work are refused at build, with the setting, the value and the remedy.

use std::time::Duration;

use crate::support::clients::Clients as _;
use tower_phone_auth::{
    Builder, ConfigError, Google, Kakao, Naver, OAuthLayer, Oidc, SessionKey, provider::Provider,
};
use tower_phone_auth_local_provider::LocalProvider;

fn correct() -> Builder {
    OAuthLayer::builder()
        .public_url("https://shop.example.com")
        .session_key(SessionKey::random())
        .provider(Kakao::new("key", "secret"))
}

fn refused(builder: Builder) -> String {
    builder.build().unwrap_err().to_string()
}

fn without_provider() -> Builder {
    OAuthLayer::builder()
        .public_url("https://shop.example.com")
        .session_key(SessionKey::random())
}

#[test]
fn correct_settings_build_without_a_network() {
    assert!(correct().build().is_ok());
}

#[test]
fn a_missing_setting_is_named_with_a_remedy() {
    let nothing = OAuthLayer::builder();
    assert_eq!(
        refused(nothing),
        "public_url: is missing; give the address as the browser sees it, as in \
         https://shop.example.com"
    );
    let keyless = OAuthLayer::builder().public_url("https://shop.example.com");
    assert_eq!(
        refused(keyless),
        "session_key: is missing; give SessionKey::from_env(\"SESSION_KEY\")?, or \
         SessionKey::random() for a trial"
    );
    assert_eq!(
        refused(without_provider()),
        "provider: is missing; give one, such as Kakao::new(client_id, client_secret)"
    );
}

#[test]
fn a_short_key_is_refused_by_its_length() {
    let error = SessionKey::parse("MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=").unwrap_err();
    assert_eq!(
        error.to_string(),
        "session_key: a key has 32 bytes, not 64; give base64 of 64 random bytes, from `openssl \
         rand -base64 64 | tr -d '\\n'`"
    );
}

#[test]
fn a_missing_key_variable_is_named() {
    let error = SessionKey::from_env("NO_SUCH_VARIABLE_IS_SET").unwrap_err();
    assert_eq!(error.setting(), "NO_SUCH_VARIABLE_IS_SET");
    assert!(error.to_string().contains("is not set"), "{error}");
}

#[test]
fn plain_http_except_on_loopback_is_refused_with_the_https_address() {
    assert_eq!(
        refused(correct().public_url("http://shop.example.com:8080")),
        "public_url: \"http://shop.example.com:8080\" would send session cookies unencrypted; use \
         https://shop.example.com:8080: plain http is for loopback addresses only"
    );
}

#[test]
fn a_public_url_with_a_query_fragment_or_user_name_is_refused_with_the_address_without() {
    for (url, without) in [
        ("https://shop.example.com/?x=1", ""),
        ("https://shop.example.com/app?x=1", "/app"),
        ("https://shop.example.com/app#x", "/app"),
        ("https://user@shop.example.com/app", "/app"),
    ] {
        assert_eq!(
            refused(correct().public_url(url)),
            format!(
                "public_url: {url:?} has a query, fragment or user name; give it without: \
                 https://shop.example.com{without}"
            )
        );
    }
}

#[test]
fn empty_credentials_are_refused() {
    assert_eq!(
        refused(without_provider().provider(Kakao::new(" ", "secret"))),
        "client_id: is empty for Kakao; give the REST API key of your app at developers.kakao.com"
    );
    assert_eq!(
        refused(without_provider().provider(Kakao::new("key", ""))),
        "client_secret: is empty for Kakao; give the secret, or use without_secret if the \
         provider asks for none"
    );
}

#[test]
fn a_provider_that_is_set_twice_is_refused() {
    let twice = correct().provider(Kakao::new("other", "secret"));
    assert_eq!(
        refused(twice),
        "provider: \"kakao\" is given twice; name one of them differently, as in \
         Kakao::named(\"kakao-partner\")"
    );
    let renamed = correct().provider(Kakao::new("other", "secret").named("kakao-partner"));
    assert!(renamed.build().is_ok());
}

#[test]
fn a_name_that_cannot_stand_in_a_path_is_refused() {
    for name in ["", "Kakao", "ka/kao", "카카오", "a?b", &"a".repeat(33)] {
        let error = refused(without_provider().provider(Kakao::new("k", "s").named(name)));
        assert!(
            error.contains("cannot stand in the callback path"),
            "{error}"
        );
        assert!(error.contains("lower-case letters"), "{error}");
    }
}

#[test]
fn a_public_path_over_the_callback_is_refused() {
    for pattern in [
        "/{*all}",
        "/auth/{*rest}",
        "/auth/callback/{provider}",
        "/auth/login",
        "/auth",
    ] {
        assert_eq!(
            refused(correct().public([pattern])),
            format!(
                "public: {pattern:?} covers the layer's own paths under /auth; narrow it: the \
                 layer answers these paths itself, and they are always reachable"
            )
        );
    }
    assert!(correct().public(["/", "/authors/{name}"]).build().is_ok());
    let all_but_ours = ["/{*rest}", "!/auth", "!/auth/{*rest}"];
    assert!(correct().public(all_but_ours).build().is_ok());
    assert!(
        correct()
            .public(["/{*rest}", "!GET /auth"])
            .build()
            .is_err()
    );
}

#[test]
fn an_invalid_path_pattern_is_refused() {
    let error = refused(correct().public(["healthz"]));
    assert!(
        error.starts_with("public: \"healthz\" is not a pattern of paths"),
        "{error}"
    );
    let error = refused(correct().public(["/a", "!a"]));
    assert!(
        error.starts_with("public: \"!a\" is not a pattern"),
        "{error}"
    );
    let error = refused(correct().public(["/a/{", "/b"]));
    assert!(
        error.starts_with("public: \"/a/{\" is not a pattern of paths"),
        "{error}"
    );
}

#[test]
fn a_session_lifetime_of_zero_or_longer_than_a_cookie_is_refused() {
    assert_eq!(
        refused(correct().session_lifetime(Duration::ZERO)),
        "session_lifetime: 0ns is not a lifetime that browsers give a cookie; give a second at least, \
         and 400 days at most"
    );
    let days = |days: u64| Duration::from_secs(days * 24 * 60 * 60);
    for life in [days(400) + Duration::from_secs(1), Duration::MAX] {
        assert!(refused(correct().session_lifetime(life)).starts_with("session_lifetime: "));
    }
    assert!(correct().session_lifetime(days(400)).build().is_ok());
}

#[test]
fn timeouts_of_zero_are_refused() {
    assert_eq!(
        refused(correct().provider_timeout(Duration::ZERO)),
        "provider_timeout: is zero, so no sign-in could succeed; give the time that a provider may take"
    );
    assert_eq!(
        refused(correct().hook_timeout(Duration::ZERO)),
        "hook_timeout: is zero, so no hook could answer; give the time that a hook may take"
    );
}

#[test]
fn an_http_endpoint_base_except_on_loopback_is_refused() {
    for base in [
        "https://evil.example",
        "http://127.0.0.1:9000/path",
        "nonsense",
    ] {
        let kakao = Kakao::new("key", "secret").endpoint_base(base);
        let error = without_provider().provider(kakao).build().unwrap_err();
        assert_eq!(error.setting(), "endpoint_base");
        assert!(error.to_string().contains(base), "{error}");
    }
}

#[tokio::test]
async fn the_local_provider_is_refused_except_on_loopback() {
    let local = LocalProvider::start().await.unwrap();
    let clients: [(Provider, &str); 4] = [
        (local.kakao().into(), "endpoint_base"),
        (local.naver().into(), "endpoint_base"),
        (local.google().into(), "endpoint_base"),
        (local.oidc().into(), "issuer"),
    ];
    for (client, setting) in clients {
        let error = without_provider().provider(client).build().unwrap_err();
        assert_eq!(error.setting(), setting, "{error}");
    }
    let loopback = without_provider()
        .public_url("http://127.0.0.1:3000")
        .provider(local.kakao());
    assert!(loopback.build().is_ok());
}

#[test]
fn a_config_error_is_a_standard_error() {
    fn assert_error<E: std::error::Error + Send + Sync + 'static>() {}
    assert_error::<ConfigError>();
}

/// The layer with each kind of provider, registered with this id and secret.
fn registered(id: &str, secret: &str) -> [Provider; 5] {
    [
        Kakao::new(id, secret).into(),
        Naver::new(id, secret).into(),
        Google::new(id, secret).into(),
        Oidc::new("https://id.example.com", id, secret).into(),
        Oidc::keycloak("https://id.example.com/realms/shop", id, secret).into(),
    ]
}

fn built(provider: impl Into<Provider>) -> Result<OAuthLayer, ConfigError> {
    OAuthLayer::builder()
        .public_url("https://shop.example.com")
        .session_key(SessionKey::random())
        .provider(provider)
        .build()
}

#[test]
fn white_space_around_an_id_or_a_secret_is_refused_with_the_remedy() {
    for blank in ["\n", "\r\n", " ", "\t", "\u{a0}", "\u{feff}", "\u{200b}"] {
        for value in [format!("value{blank}"), format!("{blank}value")] {
            for (setting, [kakao, naver, google, oidc, keycloak]) in [
                ("client_id", registered(&value, "secret")),
                ("client_secret", registered("id", &value)),
            ] {
                for provider in [kakao, naver, google, oidc, keycloak] {
                    let error = built(provider).unwrap_err();
                    assert_eq!(error.setting(), setting, "{value:?}");
                    assert!(error.to_string().contains("white space for "), "{error}");
                    assert!(error.remedy().contains("printf"), "{error}");
                    assert!(!error.to_string().contains("value"), "{error}");
                }
            }
        }
    }
}

#[test]
fn a_line_break_inside_an_id_or_a_secret_is_refused() {
    for value in ["a\nb", "a\0b", "a\u{7f}b"] {
        for provider in registered(value, "secret")
            .into_iter()
            .chain(registered("id", value))
        {
            let error = built(provider).unwrap_err().to_string();
            assert!(error.contains("control character"), "{error}");
        }
    }
}

#[test]
fn ids_and_secrets_may_have_any_visible_characters_and_spaces_inside() {
    for value in ["a+b/c=d&e%20f g", "~!@#$%^&*()_[]{}|;':\",.<>?`", "\"\\"] {
        for provider in registered(value, "secret")
            .into_iter()
            .chain(registered("id", value))
        {
            built(provider).unwrap();
        }
    }
}

#[test]
fn white_space_around_an_address_or_an_admin_key_is_refused() {
    for blank in ["\n", " ", "\u{feff}"] {
        let issuer = format!("https://id.example.com{blank}");
        let error = built(Oidc::new(issuer, "id", "secret")).unwrap_err();
        assert_eq!(error.setting(), "issuer");
        let oidc = Oidc::new("https://id.example.com", "id", "secret");
        let error = built(oidc.discovery_url(format!("https://in.example.com{blank}")));
        assert_eq!(error.unwrap_err().setting(), "discovery_url");
        let kakao = Kakao::new("id", "secret").admin_key(format!("key{blank}"));
        assert_eq!(built(kakao).unwrap_err().setting(), "admin_key");
    }
}
