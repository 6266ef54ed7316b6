//! The addresses that are a public URL, and those that are loopback.

use super::*;

#[test]
fn https_anywhere_and_http_on_loopback_are_origins() {
    for (text, origin) in [
        ("https://shop.example.com", "https://shop.example.com"),
        ("https://shop.example.com/", "https://shop.example.com"),
        ("https://SHOP.example.com:443", "https://shop.example.com"),
        (
            "https://shop.example.com:8443",
            "https://shop.example.com:8443",
        ),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("http://2130706433:3000", "http://127.0.0.1:3000"),
        ("http://0x7f.1:3000", "http://127.0.0.1:3000"),
        ("http://0177.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://127.1.2.3:3000", "http://127.1.2.3:3000"),
        ("http://localhost.:3000", "http://localhost.:3000"),
        (
            "http://[::ffff:127.0.0.1]:3000",
            "http://[::ffff:7f00:1]:3000",
        ),
    ] {
        assert_eq!(Origin::parse(text).unwrap().as_str(), origin);
    }
}

#[test]
fn the_path_of_a_public_url_is_written_as_browsers_send_it() {
    for (text, path) in [
        ("https://example.com", ""),
        ("https://example.com/", ""),
        ("https://example.com/shop", "/shop"),
        ("https://example.com/shop/", "/shop"),
        ("https://example.com:8443/a/b/", "/a/b"),
        ("http://127.0.0.1:3000/shop", "/shop"),
        ("https://example.com/a/../shop/.", "/shop"),
        ("https://example.com/%2e%2e/shop/%2E", "/shop"),
        ("https://example.com/./", ""),
        ("https://example.com/가게", "/%EA%B0%80%EA%B2%8C"),
        (
            "https://example.com/%ea%b0%80%EA%B2%8c",
            "/%EA%B0%80%EA%B2%8C",
        ),
        ("https://example.com/~shop_2/v1.0", "/~shop_2/v1.0"),
    ] {
        let (_, base) = public_url(text).unwrap();
        assert_eq!(base.as_str(), path, "{text}");
    }
}

#[test]
fn a_path_that_is_read_in_two_ways_is_refused_with_the_remedy() {
    let long = format!("https://example.com/{}", "a".repeat(200));
    for (text, part) in [
        ("https://example.com/shop//", "empty segment"),
        ("https://example.com//shop", "empty segment"),
        ("https://example.com/a//b", "empty segment"),
        ("https://example.com/%73hop", "differently"),
        ("https://example.com/a%2Fb", "differently"),
        ("https://example.com/a%5cb", "differently"),
        ("https://example.com/a%00", "differently"),
        ("https://example.com/a%", "differently"),
        ("https://example.com/a%zz", "differently"),
        ("https://example.com/a b", "differently"),
        ("https://example.com/a;b", "differently"),
        ("https://example.com/a\"b", "differently"),
        ("https://example.com/a,b=c", "differently"),
        (
            "https://example.com/shop?x",
            "without: https://example.com/shop",
        ),
        ("http://example.com/shop", "use https://example.com"),
        (&long, "200 bytes"),
    ] {
        let error = public_url(text).unwrap_err().to_string();
        assert!(
            error.contains(part) && error.contains("public_url"),
            "{error}"
        );
    }
}

#[test]
fn everything_else_is_refused_with_the_remedy() {
    for (text, part) in [
        ("", "not a URL"),
        ("shop.example.com", "not a URL"),
        ("ftp://shop.example.com", "neither https nor http"),
        ("http://shop.example.com", "use https://shop.example.com"),
        ("http://0.0.0.0:3000", "use https://0.0.0.0:3000"),
        ("http://[64:ff9b::7f00:1]", "use https://"),
        (
            "http://127.0.0.1.example.com",
            "use https://127.0.0.1.example.com",
        ),
        (
            "http://localhost:80@shop.example.com",
            "use https://shop.example.com",
        ),
        (
            "https://shop.example.com/app",
            "alone: https://shop.example.com",
        ),
        (
            "https://shop.example.com?x",
            "without: https://shop.example.com",
        ),
        (
            "https://shop.example.com/app/#x",
            "without: https://shop.example.com/app",
        ),
        (
            "https://me:pw@shop.example.com",
            "without: https://shop.example.com",
        ),
    ] {
        let error = Origin::parse(text).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
    }
}
