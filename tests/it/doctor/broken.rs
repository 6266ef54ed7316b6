//! Set-ups with one thing wrong: the check of that thing names the remedy, and no other check fails for it.

use std::time::{Duration, Instant};

use http::StatusCode;
use serde_json::json;
use tower_phone_auth::{
    CheckState, Kakao, Oidc, RedisLog, Report, SessionKey,
    local_provider::{ClientAuthentication, Endpoint, Fault, LocalProvider, Par, Userinfo},
};

use super::{check, names, openid, shop};
use crate::{
    faults::tls,
    support::{
        replicas::{Line, Shared},
        shop::{ORIGIN, Shop},
    },
};

const FAILED: CheckState = CheckState::Failed;
const WARNING: CheckState = CheckState::Warning;

/// The one check that is wrong, and a part of its remedy.
#[track_caller]
fn assert_wrong(
    case: &str,
    report: &Report,
    (subject, name, state): (&str, &str, CheckState),
    part: &str,
) {
    println!("== {case} ==\n{report}");
    let found = check(report, subject, name);
    assert_eq!(found.state(), state, "{case}\n{report}");
    let remedy = found.remedy().unwrap();
    assert!(remedy.contains(part), "{case}: {remedy}");
    assert_eq!(names(report, WARNING), [name], "{case}\n{report}");
}

async fn at_issuer(issuer: impl FnOnce(&LocalProvider) -> String) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    let client = Oidc::new(issuer(&provider), "id", "secret");
    shop(provider, client, |builder| {
        builder.provider_timeout(Duration::from_secs(5))
    })
}

/// A free port, where nothing listens.
fn closed() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("https://{}", listener.local_addr().unwrap())
}

#[tokio::test]
async fn an_issuer_that_leads_nowhere_has_the_cause_in_its_remedy() {
    let [unknown, plain] = [tls::server(true).await, tls::server(false).await];
    for (case, issuer, part) in [
        ("unknown authority", unknown, "SSL_CERT_FILE"),
        ("no TLS", plain, "does not speak TLS"),
        ("refused port", closed(), "that the server runs"),
        (
            "unknown host",
            "https://id.invalid".to_owned(),
            "the name in https://id.invalid",
        ),
    ] {
        let report = at_issuer(|_| issuer).await.layer.doctor().await;
        assert_wrong(case, &report, ("oidc", "metadata", FAILED), part);
    }
}

#[tokio::test]
async fn an_issuer_that_is_not_quite_right_has_the_right_one_in_its_remedy() {
    let shop = at_issuer(|provider| format!("{}/realms/Shop", provider.origin())).await;
    let report = shop.layer.doctor().await;
    assert_wrong("404 realm", &report, ("oidc", "metadata", FAILED), "realm");
    assert!(check(&report, "oidc", "metadata").found().contains("404"));

    let shop = at_issuer(|provider| format!("{}/", provider.oidc_issuer())).await;
    let report = shop.layer.doctor().await;
    let (issuer, slash) = (shop.provider.oidc_issuer(), "the slash at the end differs");
    assert_wrong("trailing slash", &report, ("oidc", "issuer", FAILED), slash);
    assert_eq!(check(&report, "oidc", "issuer").found(), issuer);
    assert!(
        check(&report, "oidc", "issuer")
            .remedy()
            .unwrap()
            .contains(&issuer)
    );

    let other = |provider: &LocalProvider| {
        provider.configure(|settings| {
            settings.oidc.discovery_issuer = Some("https://other.example".to_owned());
        });
    };
    let report = openid(other, |_, oidc| oidc, |builder| builder).await;
    let report = report.layer.doctor().await;
    assert_wrong(
        "wrong issuer",
        &report,
        ("oidc", "issuer", FAILED),
        "https://other.example",
    );
}

#[tokio::test]
async fn an_answer_that_is_no_metadata_says_what_it_is() {
    let page = |status| Fault::Answer {
        status,
        content_type: Some("text/html; charset=utf-8".to_owned()),
        body: b"<!doctype html>canary".to_vec(),
        headers: http::HeaderMap::new(),
    };
    let gzip = (
        http::header::CONTENT_ENCODING,
        http::HeaderValue::from_static("gzip"),
    );
    let compressed = Fault::Answer {
        status: StatusCode::OK,
        content_type: Some("application/json".to_owned()),
        body: b"\x1f\x8bcanary".to_vec(),
        headers: http::HeaderMap::from_iter([gzip]),
    };
    let elsewhere = Fault::Redirect("https://elsewhere.example/x?canary=1".to_owned());
    for (case, fault, found, part) in [
        (
            "a page",
            page(StatusCode::OK),
            "200 OK, text/html",
            "sign-in page",
        ),
        (
            "a wall",
            page(StatusCode::FORBIDDEN),
            "403 Forbidden",
            "without a password",
        ),
        (
            "an outage",
            page(StatusCode::BAD_GATEWAY),
            "502 Bad Gateway",
            "provider's own log",
        ),
        (
            "a redirect",
            elsewhere,
            "to https://elsewhere.example/x",
            "redirects are not followed",
        ),
        (
            "not JSON",
            Fault::json(StatusCode::OK, &json!("canary")),
            "200 OK",
            "sign-in page",
        ),
        (
            "gzip",
            compressed,
            "application/json in the content coding gzip",
            "Accept-Encoding: identity",
        ),
        (
            "cut",
            Fault::Cut,
            "no connection, or it broke",
            "the way from this machine",
        ),
        ("huge", Fault::Huge(1 << 20), "too large", "256 KiB"),
    ] {
        let broken = |provider: &LocalProvider| provider.fail(Endpoint::Discovery, fault);
        let shop = openid(broken, |_, oidc| oidc, |builder| builder).await;
        let report = shop.layer.doctor().await;
        assert_wrong(case, &report, ("oidc", "metadata", FAILED), part);
        let metadata = check(&report, "oidc", "metadata");
        assert!(metadata.found().contains(found), "{metadata:?}");
        assert!(!report.to_json().contains("canary"), "{report}");
    }
}

#[tokio::test]
async fn what_is_announced_and_not_what_is_asked_for_has_its_own_check() {
    let none = json!(null);
    for (case, patch, name, state, part) in [
        (
            "scope",
            json!({ "scopes_supported": ["openid"] }),
            "scopes",
            WARNING,
            "Oidc::phone_scope",
        ),
        (
            "claim",
            json!({ "claims_supported": ["sub"] }),
            "phone_claims",
            WARNING,
            "Oidc::phone_claim",
        ),
        (
            "flag",
            json!({ "claims_supported": ["phone_number"] }),
            "phone_claims",
            WARNING,
            "phone_asserted",
        ),
        (
            "algorithm",
            json!({ "id_token_signing_alg_values_supported": ["HS256"] }),
            "algorithms",
            FAILED,
            "RS256 or ES256",
        ),
        (
            "secret",
            json!({ "token_endpoint_auth_methods_supported": ["private_key_jwt"] }),
            "client_authentication",
            FAILED,
            "register the client",
        ),
        (
            "PKCE",
            json!({ "code_challenge_methods_supported": ["plain"] }),
            "pkce",
            WARNING,
            "S256",
        ),
        (
            "flow",
            json!({ "response_types_supported": ["id_token"] }),
            "response_type",
            FAILED,
            "code flow",
        ),
        (
            "mode",
            json!({ "response_modes_supported": ["form_post"] }),
            "response_mode",
            FAILED,
            "query",
        ),
        (
            "http",
            json!({ "token_endpoint": "http://id.example/token" }),
            "endpoints",
            FAILED,
            "https",
        ),
        (
            "no keys",
            json!({ "jwks_uri": none }),
            "endpoints",
            FAILED,
            "https",
        ),
        (
            "PAR",
            json!({ "require_pushed_authorization_requests": true }),
            "pushed_requests",
            FAILED,
            "let the provider announce",
        ),
    ] {
        let broken = |provider: &LocalProvider| {
            provider.fail(Endpoint::Discovery, Fault::Merge(patch));
        };
        let shop = openid(broken, |_, oidc| oidc, |builder| builder).await;
        assert_wrong(
            case,
            &shop.layer.doctor().await,
            ("oidc", name, state),
            part,
        );
    }
}

type Change = fn(&LocalProvider, Oidc) -> Oidc;

#[tokio::test]
async fn what_is_set_and_not_announced_has_its_own_check() {
    let cases: [(&str, Change, &str, CheckState, &str); 7] = [
        (
            "algorithms",
            |_, oidc| oidc.algorithms(["ES256"]),
            "algorithms",
            FAILED,
            "Oidc::algorithms",
        ),
        (
            "post",
            |provider, oidc| {
                provider.configure(|settings| {
                    settings.oidc.client_authentication = vec![ClientAuthentication::SecretBasic];
                });
                oidc.client_secret_post()
            },
            "client_authentication",
            FAILED,
            "client_secret_basic",
        ),
        (
            "claims",
            |_, oidc| oidc.claims_parameter(true),
            "claims_parameter",
            FAILED,
            "claims_parameter(true)",
        ),
        (
            "pushed",
            |_, oidc| oidc.pushed_requests(true),
            "pushed_requests",
            FAILED,
            "pushed_requests(true)",
        ),
        (
            "not pushed",
            |provider, oidc| {
                provider.configure(|settings| settings.oidc.par = Par::Required);
                oidc.pushed_requests(false)
            },
            "pushed_requests",
            FAILED,
            "pushed_requests(false)",
        ),
        (
            "userinfo",
            |provider, oidc| {
                provider.configure(|settings| settings.oidc.userinfo = Userinfo::Absent);
                oidc.always_userinfo()
            },
            "profile_endpoint",
            FAILED,
            "always_userinfo",
        ),
        (
            "scopes",
            |_, oidc| oidc.scopes(["openid", "email"]),
            "scopes",
            WARNING,
            "Oidc::phone_scope",
        ),
    ];
    for (case, change, name, state, part) in cases {
        let shop = openid(|_| {}, change, |builder| builder).await;
        assert_wrong(
            case,
            &shop.layer.doctor().await,
            ("oidc", name, state),
            part,
        );
    }
}

#[tokio::test]
async fn keys_that_cannot_verify_fail_their_check() {
    let secret = json!({ "keys": [{ "kty": "oct", "k": "AAAA" }] });
    for (case, keys, part) in [
        ("empty", json!({ "keys": [] }), "RSA key of 2048 bits"),
        ("a shared secret", secret, "RSA key of 2048 bits"),
        ("no set", json!({ "error": "canary" }), "jwks_uri"),
    ] {
        let broken = |provider: &LocalProvider| {
            provider.fail(Endpoint::Keys, Fault::json(StatusCode::OK, &keys));
        };
        let shop = openid(broken, |_, oidc| oidc, |builder| builder).await;
        let report = shop.layer.doctor().await;
        assert_wrong(case, &report, ("oidc", "key_set", FAILED), part);
        assert!(!report.to_json().contains("canary"), "{report}");
    }
    let other = json!({ "id_token_signing_alg_values_supported": ["ES256"] });
    let broken = |provider: &LocalProvider| provider.fail(Endpoint::Discovery, Fault::Merge(other));
    let shop = openid(broken, |_, oidc| oidc, |builder| builder).await;
    let report = shop.layer.doctor().await;
    assert_wrong(
        "another kind",
        &report,
        ("oidc", "key_set", FAILED),
        "a key for ES256",
    );
}

#[tokio::test]
async fn a_clock_that_is_off_says_by_how_much_and_which_way() {
    let minutes = Duration::from_secs(300);
    let shop = openid(|_| {}, |_, oidc| oidc, |builder| builder).await;
    shop.time.set_back(minutes);
    let report = shop.layer.doctor().await;
    assert_wrong("clock behind", &report, ("oidc", "clock", FAILED), "chrony");
    let found = check(&report, "oidc", "clock").found();
    assert!(
        found.contains("30") && found.ends_with("s behind the provider"),
        "{found}"
    );
    shop.time.set_forward(minutes + minutes);
    let report = shop.layer.doctor().await;
    assert_wrong("clock ahead", &report, ("oidc", "clock", WARNING), "chrony");
    let found = check(&report, "oidc", "clock").found();
    assert!(found.ends_with("s ahead of the provider"), "{found}");
}

#[tokio::test]
async fn a_log_that_takes_nothing_fails_with_its_own_remedy() {
    let (hung, refusing, losing) = (
        Line::to(&Shared::default()),
        Line::to(&Shared::default()),
        Line::to(&Shared::default()),
    );
    hung.hang();
    refusing.refuses(true);
    losing.forgets_all(true);
    for (case, log, name, part) in [
        (
            "log full",
            refusing,
            "revocation_log",
            "give it more memory",
        ),
        ("log hung", hung, "revocation_log", "check its load"),
        (
            "log forgets",
            losing,
            "revocation_log_read",
            "same server and stream",
        ),
    ] {
        let shop = openid(
            |_| {},
            |_, oidc| oidc,
            |builder| builder.revocation_log(log),
        )
        .await;
        let report = shop.layer.doctor().await;
        assert_wrong(case, &report, ("application", name, FAILED), part);
    }
    let gone = closed().replace("https://", "redis://shop:s3cret-word@");
    let log = RedisLog::new(&gone).unwrap();
    let shop = openid(
        |_| {},
        |_, oidc| oidc,
        |builder| builder.revocation_log(log),
    )
    .await;
    let report = shop.layer.doctor().await;
    assert_wrong(
        "redis gone",
        &report,
        ("application", "revocation_log", FAILED),
        "check",
    );
    assert!(!report.to_json().contains("s3cret"), "{report}");
}

#[tokio::test]
async fn the_application_s_own_settings_have_their_checks() {
    let random = SessionKey::random();
    let shop = openid(
        |_| {},
        |_, oidc| oidc,
        |builder| builder.session_key(random),
    )
    .await;
    let report = shop.layer.doctor().await;
    assert_wrong(
        "random key",
        &report,
        ("application", "session_key", WARNING),
        "openssl rand",
    );
    let shop = openid(|_| {}, |_, oidc| oidc, |builder| builder.public_url(ORIGIN)).await;
    let report = shop.layer.doctor().await;
    assert_wrong(
        "plain http",
        &report,
        ("application", "public_url", WARNING),
        "https address",
    );
    let key = SessionKey::parse(&super::key_text()).unwrap();
    let provider = LocalProvider::start().await.unwrap();
    let client = provider.oidc();
    let settings =
        |builder: tower_phone_auth::Builder| builder.public_url(super::HTTPS).session_key(key);
    let shop = Shop::at(provider, client, settings);
    let report = shop.layer.doctor().await;
    assert_wrong(
        "no log",
        &report,
        ("application", "revocation_log", WARNING),
        "RedisLog",
    );
}

#[tokio::test]
async fn endpoints_of_presets_are_reached_or_named() {
    let base = tls::server(true).await;
    let provider = LocalProvider::start().await.unwrap();
    let client = Kakao::new("id", "secret").endpoint_base(&base);
    let shop = shop(provider, client, |builder| builder);
    let report = shop.layer.doctor().await;
    println!("== Kakao behind an unknown authority ==\n{report}");
    for name in ["token_endpoint", "profile_endpoint"] {
        let check = check(&report, "kakao", name);
        assert_eq!(check.state(), FAILED);
        assert!(
            check.remedy().unwrap().contains("SSL_CERT_FILE"),
            "{check:?}"
        );
    }
    let provider = LocalProvider::start().await.unwrap();
    provider.fail(
        Endpoint::Profile,
        Fault::json(StatusCode::NOT_FOUND, &json!({})),
    );
    let client = provider.google();
    let shop = super::shop(provider, client, |builder| builder);
    let report = shop.layer.doctor().await;
    assert_wrong(
        "no such path",
        &report,
        ("google", "profile_endpoint", WARNING),
        "no such path",
    );
}

#[tokio::test]
async fn a_provider_that_hangs_is_given_up_in_time() {
    let limit = Duration::from_secs(1);
    for endpoint in [Endpoint::Discovery, Endpoint::Keys] {
        let broken = |provider: &LocalProvider| provider.fail(endpoint, Fault::Hang);
        let shop = openid(
            broken,
            |_, oidc| oidc,
            |builder| builder.provider_timeout(limit),
        )
        .await;
        let began = Instant::now();
        let report = shop.layer.doctor().await;
        assert!(began.elapsed() < 3 * limit, "{:?}", began.elapsed());
        let name = match endpoint {
            Endpoint::Keys => "key_set",
            _ => "metadata",
        };
        assert_wrong("hangs", &report, ("oidc", name, FAILED), "firewall");
    }
}
