//! The application's own settings and its revocation log.

use tower_phone_auth::{Builder, SessionKey, revocation::RedisLog};
use tower_phone_auth_local_provider::LocalProvider;

use super::{
    super::{key_text, openid_with},
    FAILED, WARNING, assert_wrong, closed,
};
use crate::support::clients::Clients as _;
use crate::support::{
    replicas::{LogConnection, SharedLog},
    shop::{HTTPS, ORIGIN, Shop},
};

#[tokio::test]
async fn a_log_that_accepts_no_entry_fails_with_its_own_remedy() {
    let (hung, refusing, losing) = (
        LogConnection::to(&SharedLog::default()),
        LogConnection::to(&SharedLog::default()),
        LogConnection::to(&SharedLog::default()),
    );
    hung.hang();
    refusing.refuse_all(true);
    losing.lose_all(true);
    for (case, log, name, part) in [
        (
            "log full",
            refusing,
            "revocation_log",
            "give it more memory",
        ),
        ("log hung", hung, "revocation_log", "check its load"),
        (
            "log loses entries",
            losing,
            "revocation_log_read",
            "same server and stream",
        ),
    ] {
        let shop = openid_with(|builder| builder.revocation_log(log)).await;
        let report = shop.layer.doctor().await;
        assert_wrong(case, &report, ("application", name, FAILED), part);
    }
    let gone = closed().replace("https://", "redis://shop:s3cret-word@");
    let log = RedisLog::new(&gone).unwrap();
    let shop = openid_with(|builder| builder.revocation_log(log)).await;
    let report = shop.layer.doctor().await;
    assert_wrong(
        "redis down",
        &report,
        ("application", "revocation_log", FAILED),
        "check",
    );
    assert!(!report.to_json().contains("s3cret"), "{report}");
}

#[tokio::test]
async fn the_settings_of_the_application_have_their_checks() {
    let random = SessionKey::random();
    let shop = openid_with(|builder| builder.session_key(random)).await;
    let report = shop.layer.doctor().await;
    assert_wrong(
        "random key",
        &report,
        ("application", "session_key", WARNING),
        "openssl rand",
    );
    let shop = openid_with(|builder| builder.public_url(ORIGIN)).await;
    let report = shop.layer.doctor().await;
    assert_wrong(
        "plain http",
        &report,
        ("application", "public_url", WARNING),
        "https address",
    );
    let key = SessionKey::parse(&key_text()).unwrap();
    let provider = LocalProvider::start().await.unwrap();
    let client = provider.oidc();
    let settings = |builder: Builder| builder.public_url(HTTPS).session_key(key);
    let shop = Shop::at(provider, client, settings);
    let report = shop.layer.doctor().await;
    assert_wrong(
        "no log",
        &report,
        ("application", "revocation_log", WARNING),
        "RedisLog",
    );
}
