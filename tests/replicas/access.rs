//! Addresses and permissions of a server, and the error if it cannot be used.

use std::error::Error;

use redis::cmd;
use tower_phone_auth::{layer::WarmUpError, revocation::RedisLog};

use crate::setup::{Kind, Server, Shop, over_both, port, sign_out};

over_both!(
    a_redis_user_needs_only_the_documented_permissions,
    a_wrong_password_is_named_and_not_shown,
    a_key_of_another_type_is_named,
    a_server_that_is_full_or_read_only_is_named,
    a_cluster_works_as_a_log,
);

/// The texts of an error and of its sources.
fn whole(error: &dyn Error) -> String {
    let mut texts = vec![error.to_string()];
    let mut source = error.source();
    while let Some(error) = source {
        texts.push(error.to_string());
        source = error.source();
    }
    texts.join(": ")
}

pub(crate) async fn fails(shop: &Shop, url: &str) -> String {
    let replica = shop.replica(url, |builder| builder);
    match replica.layer.warm_up().await {
        Err(WarmUpError::Log(error)) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn works(shop: &Shop, url: &str) {
    let (one, other) = (shop.ready(url).await, shop.ready(url).await);
    let browser = shop.signed_in(&one);
    assert_eq!(sign_out(&one, &browser).await, 204);
    other.eventually_answers(&browser, (401, "ended")).await;
}

async fn a_redis_user_needs_only_the_documented_permissions(kind: Kind) {
    let server = Server::start(kind);
    let mut operator = server.operator();
    let rules = "reset on >p@ss/word %RW~phone-auth-revocations* %RW~{phone-auth-revocations}* \
                 +get +set +time +xadd +xread +xrange +xinfo|stream +xtrim";
    let mut user = cmd("ACL");
    user.arg("SETUSER").arg("shop");
    for rule in rules.split_whitespace() {
        user.arg(rule);
    }
    let _: redis::Value = user.query(&mut operator).unwrap();
    let shop = Shop::open().await;
    works(
        &shop,
        &format!("redis://shop:p%40ss%2Fword@127.0.0.1:{}/0", server.port),
    )
    .await;
    let _: redis::Value = cmd("ACL")
        .arg("SETUSER")
        .arg("shop")
        .arg("-xread")
        .query(&mut operator)
        .unwrap();
    let error = fails(
        &shop,
        &format!("redis://shop:p%40ss%2Fword@127.0.0.1:{}", server.port),
    )
    .await;
    assert!(error.contains("does not let the user"), "{error}");
}

async fn a_wrong_password_is_named_and_not_shown(kind: Kind) {
    let server = Server::with(kind, &["--requirepass", "right"]);
    let shop = Shop::open().await;
    for url in [
        format!("redis://:hunter2@127.0.0.1:{}", server.port),
        format!("redis://unknown:hunter2@127.0.0.1:{}", server.port),
        format!("redis://127.0.0.1:{}", server.port),
    ] {
        let error = fails(&shop, &url).await;
        assert!(
            error.contains("refuses the user or the password"),
            "{error}"
        );
        assert!(error.contains(&format!("127.0.0.1:{}", server.port)));
        let log = format!("{:?}", RedisLog::new(&url).unwrap());
        assert!(!error.contains("hunter2") && !log.contains("hunter2"));
    }
    works(&shop, &format!("redis://:right@127.0.0.1:{}", server.port)).await;
    let unreachable = fails(&shop, &format!("redis://127.0.0.1:{}", port())).await;
    assert!(
        unreachable.contains("cannot be reached; check the address"),
        "{unreachable}"
    );
}

async fn a_key_of_another_type_is_named(kind: Kind) {
    let server = Server::start(kind);
    let set = cmd("SET").arg("phone-auth-revocations").arg("x").to_owned();
    let _: redis::Value = set.query(&mut server.operator()).unwrap();
    let shop = Shop::open().await;
    let error = fails(&shop, &server.url()).await;
    assert!(
        error.contains("holds something else under \"phone-auth-revocations\""),
        "{error}"
    );
    let log = RedisLog::new(&server.url())
        .unwrap()
        .stream("another")
        .unwrap();
    let replica = shop.replicas.start_with(log, |builder| builder);
    replica.layer.warm_up().await.unwrap();
}

async fn a_server_that_is_full_or_read_only_is_named(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let replica = shop.ready(&server.url()).await;
    let set = |name: &str, value: &str| {
        let set = cmd("CONFIG").arg("SET").arg(name).arg(value).to_owned();
        let _: redis::Value = set.query(&mut server.operator()).unwrap();
    };
    set("maxmemory", "1");
    let error = whole(&replica.layer.revoke("kakao", "1").await.unwrap_err());
    assert!(
        error.contains("is out of memory; raise its maxmemory"),
        "{error}"
    );
    set("maxmemory", "0");
    let mut operator = server.operator();
    let follow = cmd("REPLICAOF").arg("127.0.0.1").arg(port()).to_owned();
    let _: redis::Value = follow.query(&mut operator).unwrap();
    let error = whole(&replica.layer.revoke("kakao", "2").await.unwrap_err());
    assert!(
        error.contains("only reads; give the address of the primary"),
        "{error}"
    );
    let free = cmd("REPLICAOF").arg("NO").arg("ONE").to_owned();
    let _: redis::Value = free.query(&mut operator).unwrap();
    replica.layer.revoke("kakao", "3").await.unwrap();
}

async fn a_cluster_works_as_a_log(kind: Kind) {
    let server = Server::cluster(kind).await;
    let url = format!("{}?node=127.0.0.1:{}", server.cluster_url(), port());
    works(&Shop::open().await, &url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sentinels_name_the_server() {
    let server = Server::start(Kind::Redis);
    let port = port();
    let file = std::env::temp_dir().join(format!("sentinel-{port}.conf"));
    let lines = format!(
        "port {port}\nbind 127.0.0.1\nsentinel monitor shop 127.0.0.1 {} 1\n",
        server.port
    );
    std::fs::write(&file, lines).unwrap();
    let mut sentinel = std::process::Command::new("redis-server")
        .arg(&file)
        .arg("--sentinel")
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    crate::support::replicas::until(async || {
        std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
    })
    .await;
    let shop = Shop::open().await;
    works(
        &shop,
        &format!("redis-sentinel://127.0.0.1:{port}/0?service=shop"),
    )
    .await;
    let error = fails(
        &shop,
        &format!("redis-sentinel://127.0.0.1:{port}/0?service=other"),
    )
    .await;
    assert!(error.contains("knows no such service"), "{error}");
    sentinel.kill().unwrap();
    sentinel.wait().unwrap();
    std::fs::remove_file(&file).unwrap();
}
