//! The settings of a layer in environment variables.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use tower_phone_auth::{
    Builder, ConfigError, Kakao, OAuthLayer, SessionKey, layer::Variables, phone::PhoneAssurance,
};
use tower_phone_auth_local_provider::LocalProvider;

use crate::support::{
    browser::{Browser, JIWOO, location, text},
    clients::Clients as _,
    folder::Folder,
    shop::{ORIGIN, routes},
};

const KEY: &str =
    "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/QA==";

type Pair<'a> = (&'a str, &'a str);

/// An application that can be built.
const GOOD: [Pair<'_>; 5] = [
    ("PUBLIC_URL", ORIGIN),
    ("SESSION_KEY", KEY),
    ("OAUTH_PROVIDER", "kakao"),
    ("OAUTH_CLIENT_ID", "key"),
    ("OIDC_ISSUER", "https://id.example.com"),
];

/// The variables, the later ones before the earlier ones of the same name.
fn variables<'a>(pairs: &[Pair<'a>]) -> Variables<'a> {
    let map: BTreeMap<&str, &str> = pairs.iter().copied().collect();
    Variables::from_fn(move |name| map.get(name).map(ToString::to_string))
}

fn with<'a>(more: &[Pair<'a>]) -> Vec<Pair<'a>> {
    [&GOOD[..], more].concat()
}

fn build(pairs: &[Pair<'_>]) -> Result<OAuthLayer, ConfigError> {
    variables(pairs).builder()?.build()
}

#[tokio::test]
async fn each_provider_signs_in_with_the_settings_of_its_variables() {
    for name in ["kakao", "naver", "google", "oidc"] {
        let provider = LocalProvider::start().await.unwrap();
        let (id, secret) = (provider.client_id(), provider.client_secret().unwrap());
        let own_id = format!("{}_CLIENT_ID", name.to_uppercase());
        let issuer = provider.oidc_issuer();
        let pairs = with(&[
            ("OAUTH_PROVIDER", name),
            ("OAUTH_CLIENT_ID", "of another provider"),
            (&own_id, &id),
            ("OAUTH_CLIENT_SECRET", &secret),
            ("OIDC_ISSUER", &issuer),
            ("OIDC_CLIENT_AUTH", "post"),
        ]);
        let builder = variables(&pairs).builder().unwrap();
        let layer = builder.endpoint_base(provider.origin()).build().unwrap();
        let mut browser = Browser::new(routes().layer(layer), ORIGIN);
        let page = browser.sign_in("/place", JIWOO).await;
        assert_eq!(text(&page), "+821012345678", "{name}");
    }
}

#[tokio::test]
async fn a_provider_of_the_application_has_its_place_in_the_list() {
    let provider = LocalProvider::start().await.unwrap();
    for (list, order) in [
        ("kakao, club ,oidc", ["kakao", "club", "oidc"]),
        ("club,oidc,kakao", ["club", "oidc", "kakao"]),
    ] {
        let pairs = with(&[("OAUTH_PROVIDER", list)]);
        let unnamed = Kakao::without_secret("key").named("unnamed");
        let builder = variables(&pairs)
            .provider(unnamed)
            .provider(provider.kakao().named("club"))
            .builder();
        let layer = builder.unwrap().build().unwrap();
        let mut browser = Browser::new(routes().layer(layer), ORIGIN);
        let page = text(&browser.visit("/auth/login").await);
        let places = order.map(|name| page.find(&format!("provider={name}&")).unwrap());
        assert!(places.is_sorted(), "{page}");
        assert!(!page.contains("unnamed"), "{page}");
    }
}

#[tokio::test]
async fn a_provider_of_the_application_has_precedence_over_the_variables() {
    let provider = LocalProvider::start().await.unwrap();
    let pairs = with(&[]);
    let builder = variables(&pairs).provider(provider.kakao()).builder();
    let layer = builder.unwrap().build().unwrap();
    let mut browser = Browser::new(routes().layer(layer), ORIGIN);
    let away = browser.visit("/place").await;
    assert!(location(&away).starts_with(&provider.origin()));
}

#[test]
fn a_wrong_value_names_its_variable_with_the_prefix_and_a_remedy() {
    let oidc = ("OAUTH_PROVIDER", "oidc");
    let jwt = ("OIDC_CLIENT_AUTH", "private_key_jwt");
    for (more, variable) in [
        (
            &[("PUBLIC_URL", "http://shop.example.com")][..],
            "PUBLIC_URL",
        ),
        (&[("SESSION_KEY", "c2hvcnQ=")], "SESSION_KEY"),
        (&[("OAUTH_PROVIDER", "facebook")], "OAUTH_PROVIDER"),
        (&[("OAUTH_PROVIDER", "kakao,")], "OAUTH_PROVIDER"),
        (&[("OAUTH_PROVIDER", "kakao,kakao")], "OAUTH_PROVIDER"),
        (&[("OAUTH_PROVIDER", "local")], "OAUTH_PROVIDER"),
        (&[("OAUTH_CLIENT_ID", " ")], "OAUTH_CLIENT_ID"),
        (&[("KAKAO_CLIENT_ID", "key\n")], "KAKAO_CLIENT_ID"),
        (&[("KAKAO_CLIENT_SECRET", "a\n")], "KAKAO_CLIENT_SECRET"),
        (&[("OAUTH_PROVIDER", "naver")], "OAUTH_CLIENT_SECRET"),
        (&[oidc, ("OIDC_ISSUER", "")], "OIDC_ISSUER"),
        (
            &[oidc, ("OIDC_ISSUER", "http://id.example.com")],
            "OIDC_ISSUER",
        ),
        (&[oidc, ("OIDC_ALGORITHMS", "HS256")], "OIDC_ALGORITHMS"),
        (&[oidc, ("OIDC_PHONE_CLAIM", " ")], "OIDC_PHONE_CLAIM"),
        (&[oidc, ("OIDC_SCOPES", "phone")], "OIDC_SCOPES"),
        (&[oidc, ("OIDC_PARAMETERS", "state=x")], "OIDC_PARAMETERS"),
        (
            &[oidc, ("OIDC_DISCOVERY_URL", "here")],
            "OIDC_DISCOVERY_URL",
        ),
        (&[oidc, ("OIDC_CLIENT_AUTH", "jwt")], "OIDC_CLIENT_AUTH"),
        (&[oidc, ("OIDC_CLIENT_AUTH", "post")], "OIDC_CLIENT_AUTH"),
        (&[oidc, jwt], "OIDC_PRIVATE_KEY"),
        (
            &[oidc, jwt, ("OIDC_PRIVATE_KEY", "Cargo.toml")],
            "OIDC_PRIVATE_KEY",
        ),
        (&[oidc, ("OIDC_PRIVATE_KEY", "key.pem")], "OIDC_PRIVATE_KEY"),
        (&[oidc, ("OIDC_USERINFO", "yes")], "OIDC_USERINFO"),
        (
            &[oidc, ("OIDC_PHONE_ASSERTED", "on")],
            "OIDC_PHONE_ASSERTED",
        ),
        (&[("LOGOUT_AT_PROVIDER", "true")], "LOGOUT_AT_PROVIDER"),
        (&[("SAVE_FORMS", "0")], "SAVE_FORMS"),
        (&[("RECHECK_AFTER", "15m")], "RECHECK_AFTER"),
        (&[oidc, ("RECHECK_AFTER", "86400")], "RECHECK_AFTER"),
        (&[("RECHECK_AFTER", "900")], "RECHECK_AFTER"), // Kakao without OpenID Connect
        (&[("PHONE_POLICY", "Asserted")], "PHONE_POLICY"),
        (&[("PHONE_POLICY", "confirmed")], "PHONE_POLICY"),
        (&[("PHONE_POLICY", "identified")], "PHONE_POLICY"),
        (&[("REDIS_URL", "http://127.0.0.1")], "REDIS_URL"),
        (&[("REVOCATION_FILE", "/nowhere/log")], "REVOCATION_FILE"),
        (
            &[
                ("REVOCATION_FILE", "log"),
                ("REDIS_URL", "redis://127.0.0.1"),
            ],
            "REVOCATION_FILE",
        ),
    ] {
        let named: Vec<(String, &str)> = with(more)
            .into_iter()
            .map(|(name, value)| (format!("SHOP_{name}"), value))
            .collect();
        let named: Vec<Pair<'_>> = named
            .iter()
            .map(|(name, value)| (&**name, *value))
            .collect();
        let builder = variables(&named).prefix("SHOP_").builder();
        let error = builder.and_then(Builder::build).unwrap_err();
        assert_eq!(error.setting(), format!("SHOP_{variable}"), "{error}");
        assert!(!error.remedy().is_empty(), "{error}");
        for name in ["OAUTH_CLIENT_SECRET", "OIDC_PRIVATE_KEY", "REDIS_URL"] {
            let text = error.to_string();
            assert!(text.matches(name).count() == text.matches(&format!("SHOP_{name}")).count());
        }
    }
}

/// Two providers, of which one has a client id of its own.
#[test]
fn a_secret_of_another_client_is_not_used() {
    let naver = ("NAVER_CLIENT_ID", "naver-id");
    let kakao_and_naver = ("OAUTH_PROVIDER", "kakao,naver");
    let google = ("GOOGLE_CLIENT_ID", "google-id");
    let oidc = ("OIDC_CLIENT_ID", "oidc-id");
    let post = ("OIDC_CLIENT_AUTH", "post");
    for (more, missing) in [
        (&[kakao_and_naver, naver][..], "NAVER_CLIENT_SECRET"),
        (
            &[("OAUTH_PROVIDER", "google,kakao"), google],
            "GOOGLE_CLIENT_SECRET",
        ),
        (
            &[("OAUTH_PROVIDER", "oidc,kakao"), oidc, post],
            "OIDC_CLIENT_AUTH",
        ),
    ] {
        let mut pairs = with(more);
        pairs.push(("OAUTH_CLIENT_SECRET", "the-secret-of-kakao"));
        let error = build(&pairs).unwrap_err();
        assert_eq!(error.setting(), missing, "{error}");
        let id = missing.split('_').next().unwrap();
        assert!(
            error.to_string().contains(&format!("{id}_CLIENT_SECRET")),
            "{error}"
        );
        // Each with its own, or all with the same.
        let own = format!("{id}_CLIENT_SECRET");
        let with_own = [&pairs[..], &[(&*own, "own")]].concat();
        assert!(build(&with_own).is_ok());
        pairs.retain(|(name, _)| !name.ends_with("_CLIENT_ID") || *name == "OAUTH_CLIENT_ID");
        assert!(build(&pairs).is_ok());
    }
}

#[tokio::test]
async fn kakao_without_a_secret_is_not_sent_the_one_of_naver() {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| settings.client_secret = None);
    let id = provider.client_id();
    let pairs = with(&[
        ("PUBLIC_URL", ORIGIN),
        ("OAUTH_PROVIDER", "kakao,naver"),
        ("OAUTH_CLIENT_SECRET", "the-secret-of-naver"),
        ("KAKAO_CLIENT_ID", &id),
    ]);
    let builder = variables(&pairs).builder().unwrap();
    let layer = builder.endpoint_base(provider.origin()).build().unwrap();
    let mut browser = Browser::new(routes().layer(layer), ORIGIN);
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    assert!(browser.session().is_some());
    let sent = format!("{:?}", provider.requests());
    assert!(!sent.contains("the-secret-of-naver"), "{sent}");
}

#[test]
fn plain_http_at_the_issuer_names_the_variable_that_permits_it() {
    let issuer = ("OIDC_ISSUER", "http://keycloak:8080/realms/shop");
    let pairs = with(&[("OAUTH_PROVIDER", "oidc"), issuer]);
    let error = build(&pairs).unwrap_err();
    assert_eq!(error.setting(), "OIDC_ISSUER");
    assert!(error.remedy().contains("INSECURE_HTTP_ISSUER=1"), "{error}");
    assert!(!error.remedy().contains("()"), "{error}");
    assert!(build(&[&pairs[..], &[("INSECURE_HTTP_ISSUER", "1")]].concat()).is_ok());
}

#[test]
fn a_required_setting_comes_from_a_variable_or_from_the_application() {
    let without = |left_out: &str| -> Vec<Pair<'_>> {
        let pairs = GOOD.into_iter();
        pairs.filter(|(name, _)| *name != left_out).collect()
    };
    type Given = fn(Builder) -> Builder;
    for (variable, give) in [
        (
            "PUBLIC_URL",
            (|builder| builder.public_url(ORIGIN)) as Given,
        ),
        ("SESSION_KEY", |builder| {
            builder.session_key(SessionKey::random())
        }),
        ("OAUTH_PROVIDER", |builder| {
            builder.provider(Kakao::new("key", "secret"))
        }),
    ] {
        let pairs = without(variable);
        let error = build(&pairs).unwrap_err();
        assert_eq!(error.setting(), variable);
        assert!(error.to_string().contains("is not set; give "), "{error}");
        let builder = variables(&pairs).builder().unwrap();
        assert!(give(builder).build().is_ok(), "{variable}");
        // An empty variable counts as not set.
        let error = build(&[&pairs[..], &[(variable, "")]].concat()).unwrap_err();
        assert!(error.to_string().contains("is not set; give "), "{error}");
    }
    let error = build(&without("OAUTH_CLIENT_ID")).unwrap_err();
    assert_eq!(error.setting(), "OAUTH_CLIENT_ID");
}

#[test]
fn an_error_of_a_value_that_the_application_gave_names_no_variable() {
    let pairs = with(&[("OAUTH_PROVIDER", "oidc"), ("RECHECK_AFTER", "900")]);
    let day = std::time::Duration::from_secs(24 * 60 * 60);
    let builder = variables(&pairs).builder().unwrap().recheck_after(day);
    assert_eq!(builder.build().unwrap_err().setting(), "recheck_after");
    let other = Kakao::new(" ", "secret").named("other");
    let builder = variables(&with(&[])).builder().unwrap().provider(other);
    assert_eq!(builder.build().unwrap_err().setting(), "client_id");
}

#[test]
fn variables_for_tests_and_of_the_example_are_not_read() {
    let asked = RefCell::new(BTreeSet::new());
    for provider in ["kakao", "naver", "google", "oidc"] {
        let pairs: BTreeMap<_, _> = with(&[
            ("OAUTH_PROVIDER", provider),
            ("OAUTH_CLIENT_SECRET", "secret"),
        ])
        .into_iter()
        .collect();
        let variables = Variables::from_fn(|name| {
            asked.borrow_mut().insert(name.to_owned());
            pairs.get(name).map(ToString::to_string)
        });
        variables.builder().unwrap().build().unwrap();
    }
    let asked = asked.into_inner();
    for name in [
        "LISTEN_ADDR",
        "OAUTH_ENDPOINT_BASE",
        "SMS_ENDPOINT_BASE",
        "ALLOW_TEST_ENDPOINTS",
        "PHONE_STEP",
        "SOLAPI_API_SECRET",
        "TWILIO_AUTH_TOKEN",
    ] {
        assert!(!asked.contains(name), "{name}");
    }
    // The documentation has a row for each variable that is read.
    let documentation = std::fs::read_to_string("src/layer/variables/mod.rs").unwrap();
    for name in &asked {
        let of_all = name.split_once('_').unwrap().1;
        let of_all = format!("`OAUTH_{of_all}`");
        assert!(
            documentation.contains(&format!("`{name}`")) || documentation.contains(&of_all),
            "{name}"
        );
    }
}

#[test]
fn no_secret_is_in_an_error_or_in_debug() {
    for (name, value) in [
        ("SESSION_KEY", "s3cret-word"),
        ("KAKAO_CLIENT_SECRET", "s3cret-word "),
        ("REDIS_URL", "redis://u:s3cret-word@:x"),
    ] {
        let error = build(&with(&[(name, value)])).unwrap_err();
        assert_eq!(error.setting(), name);
        assert!(
            !format!("{error} {error:?}").contains("s3cret"),
            "{error:?}"
        );
    }
    let pairs = with(&[("KAKAO_CLIENT_SECRET", "s3cret-word")]);
    let given = Kakao::new("key", "s3cret-word");
    let read = variables(&pairs).provider(given);
    let shown = format!("{read:?} {:?}", variables(&pairs).builder().unwrap());
    assert!(!shown.contains("s3cret") && !shown.contains(KEY), "{shown}");
}

#[test]
fn the_policy_and_the_log_of_the_variables_are_in_the_builder() {
    let folder = Folder::new();
    let log = folder.join("log");
    let pairs = with(&[
        ("PHONE_POLICY", "verified"),
        ("REVOCATION_FILE", log.to_str().unwrap()),
    ]);
    let read = variables(&pairs).builder().unwrap();
    let builder = format!("{read:?}");
    let assurance = format!("{:?}", PhoneAssurance::Verified);
    assert!(builder.contains(&assurance), "{builder}");
    // The log is opened when the layer is built, so that a rebuilt layer does not open it again.
    assert!(!log.exists());
    let _layer = read.build().unwrap();
    assert!(log.exists());
}

/// The parent sets the variables of a second process, because a test cannot change its own.
#[test]
fn the_variables_of_the_process_are_read() {
    if std::env::var_os("SHOP_PUBLIC_URL").is_some() {
        let layer = Builder::from_env_with_prefix("SHOP_").and_then(Builder::build);
        assert!(layer.is_ok(), "{layer:?}");
        let error = Builder::from_env().and_then(Builder::build).unwrap_err();
        assert_eq!(error.setting(), "PUBLIC_URL");
        return;
    }
    let pairs = GOOD.map(|(name, value)| (format!("SHOP_{name}"), value));
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "from_env::the_variables_of_the_process_are_read"])
        .env_remove("PUBLIC_URL")
        .envs(pairs)
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && out.contains("1 passed"), "{out}");
}

#[test]
fn an_endpoint_base_of_the_layer_needs_a_public_url_on_loopback() {
    let pairs = with(&[("PUBLIC_URL", "https://shop.example.com")]);
    let builder = || {
        let builder = variables(&pairs).builder().unwrap();
        builder.endpoint_base("http://127.0.0.1:9000")
    };
    let error = builder().build().unwrap_err();
    assert_eq!(error.setting(), "endpoint_base");
    assert!(builder().allow_test_endpoints().build().is_ok());
    let elsewhere = builder().endpoint_base("https://evil.example").build();
    assert_eq!(elsewhere.unwrap_err().setting(), "endpoint_base");
}

#[test]
fn the_endpoint_base_of_a_provider_has_precedence() {
    let kakao = Kakao::new("key", "secret").endpoint_base("https://evil.example");
    let builder = OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(SessionKey::random())
        .provider(kakao)
        .endpoint_base("http://127.0.0.1:9000");
    let error = builder.build().unwrap_err();
    assert!(error.to_string().contains("evil.example"), "{error}");
}
