//! The forms of an address that are read, and those that are refused.

use super::*;

#[test]
fn every_documented_form_is_read() {
    for (text, place) in [
        ("redis://redis.internal", "redis.internal:6379"),
        (
            "rediss://shop:p%40ss@redis.internal:6380/3",
            "redis.internal:6380",
        ),
        ("valkey://[::1]:7000/0", "[::1]:7000"),
        ("redis+unix:///run/redis.sock?db=1", "/run/redis.sock"),
        ("redis-cluster://a:7000?node=b:7001&node=c", "a:7000"),
        ("rediss-cluster://u:p@a", "a:6379"),
        (
            "redis-sentinel://a/2?service=mymaster&node=b:26380",
            "a:26379",
        ),
        (
            "rediss-sentinel://u:p@a:1?service=m&sentinel_user=s&sentinel_password=t",
            "a:1",
        ),
    ] {
        let address = Address::parse(text).unwrap();
        assert_eq!(address.place, place, "{text}");
    }
    let address = Address::parse("redis-cluster://u:p%40@a?node=[::1]:7").unwrap();
    let nodes = match address.kind {
        Kind::Cluster(nodes) => nodes,
        Kind::Single(_) | Kind::Sentinel(_) => Vec::new(),
    };
    let addresses: Vec<_> = nodes.iter().map(|node| node.addr().to_string()).collect();
    assert_eq!(addresses, ["a:6379", "::1:7"]);
    assert!(
        nodes
            .iter()
            .all(|node| node.redis_settings().password() == Some("p@"))
    );
}

#[test]
fn a_password_that_goes_unencrypted_over_a_network_is_noticed() {
    for (text, exposes) in [
        ("redis://:secret@redis.internal:6379", true),
        ("redis://shop:secret@10.0.0.7", true),
        ("valkey://:secret@[2001:db8::1]:7000", true),
        ("redis-cluster://:secret@a:7000?node=b:7001", true),
        ("redis-sentinel://:secret@a/2?service=m", true),
        ("rediss://:secret@redis.internal:6379", false),
        ("redis://redis.internal:6379", false),
        ("redis://shop@redis.internal:6379", false),
        ("redis://:secret@127.0.0.1:6379", false),
        ("redis://:secret@localhost", false),
        ("redis://:secret@[::1]:7000", false),
    ] {
        let address = Address::parse(text).unwrap();
        assert_eq!(address.exposes_password, exposes, "{text}");
    }
}

#[test]
fn what_is_no_address_is_refused_with_the_remedy_and_without_the_password() {
    for (text, problem) in [
        ("", "is no URL"),
        ("redis.internal:6379", "not one of Redis"),
        ("http://x:hunter2@redis.internal", "\"http\""),
        ("redis://", "has no host"),
        ("redis://x:hunter2@h/first", "no number"),
        ("redis-sentinel://x:hunter2@h/0", "?service="),
        ("redis-sentinel://x:hunter2@h/a?service=m", "no number"),
        ("redis-cluster://x:hunter2@h?node=:7", "host:port"),
        ("redis-cluster://x:hunter2@h?node=h:port", "host:port"),
    ] {
        let error = Address::parse(text).err().unwrap();
        let error = error.to_string();
        assert!(error.contains(problem), "{text}: {error}");
        assert!(error.contains("give redis://host:6379/0") && !error.contains("hunter2"));
    }
}
