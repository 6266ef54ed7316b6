//! The texts that become a return address, and those that do not.

use proptest::prelude::*;

use super::*;
use crate::web::base_path::BasePath;

fn auth() -> Prefix {
    Prefix::parse("/auth").unwrap()
}

fn home() -> ReturnTo {
    ReturnTo::home(&auth())
}

fn kept(target: &str) -> bool {
    ReturnTo::parse(target, &auth()).as_str() == target
}

#[test]
fn below_a_path_only_its_own_addresses_are_kept() {
    let base = BasePath::parse("/shop").unwrap();
    let prefix = auth().below(base);
    let parse = |target: &str| ReturnTo::parse(target, &prefix).as_str().to_owned();
    for target in [
        "/shop",
        "/shop/",
        "/shop/me?a=b#c",
        "/shop?x",
        "/shop/shop",
        "/shop/authors",
    ] {
        assert_eq!(parse(target), target);
    }
    for target in [
        "",
        "/",
        "/me",
        "/shopping",
        "/SHOP/me",
        "/%73hop/me",
        "/admin/shop/me",
        "/shop/../admin",
        "/shop/%2e%2e/admin",
        "/shop/a/../../admin",
        "/x/../shop/me",
        "//shop/me",
        "/shop/auth",
        "/shop/auth/login",
        "/shop/./auth/logout",
        "https://shop.example.com/shop/me",
    ] {
        assert_eq!(parse(target), "/shop/", "{target}");
    }
    // It is the application's own page, which requests have without the path.
    assert_eq!(parse("/shop/x/../me"), "/shop/x/../me");
    assert_eq!(parse("/auth/login"), "/shop/");
}

#[test]
fn paths_on_this_origin_are_kept_byte_for_byte() {
    for target in [
        "/",
        "/foo?bar",
        "/foo?to=https://www.example.com//x",
        "/a%2Fb",
        "/dashboard+page?test=123+456",
        "/%ED%95%9C?",
        "/a;b=c?d;e",
        "/authors",
        "/x?y#z",
    ] {
        assert!(kept(target), "{target}");
    }
}

#[test]
fn a_space_and_letters_that_are_not_ascii_are_encoded_and_nothing_else_is() {
    for (target, sent) in [
        (
            "/한글/경로?q=가#나",
            "/%ED%95%9C%EA%B8%80/%EA%B2%BD%EB%A1%9C?q=%EA%B0%80#%EB%82%98",
        ),
        ("/search?q=a b", "/search?q=a%20b"),
        ("/a b/ c", "/a%20b/%20c"),
        ("/ /evil.example", "/%20/evil.example"),
        ("/é%20ü+%EA%B0%80", "/%C3%A9%20%C3%BC+%EA%B0%80"),
        ("/🏠", "/%F0%9F%8F%A0"),
        ("/\u{2028}\u{a0}\u{feff}", "/%E2%80%A8%C2%A0%EF%BB%BF"),
        ("/a\"<>`{}|^b?a'[]", "/a\"<>`{}|^b?a'[]"),
    ] {
        assert_eq!(ReturnTo::parse(target, &auth()).as_str(), sent);
        assert!(ReturnTo::keeps(target, &auth()));
        assert!(kept(sent), "{sent}");
    }
}

#[test]
fn a_place_off_the_origin_becomes_the_start_page() {
    for target in [
        "",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/./\\evil.example",
        "/.//evil.example",
        "/a/..//evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "evil.example",
        " /a",
        " //evil.example",
        "/a\r\nSet-Cookie: x=y",
        "/a\u{7f}",
        "/\u{80}",
        "/\u{9e}_t",
        "/a?b=\u{85}c",
        "/a#\u{9f}",
    ] {
        assert_eq!(ReturnTo::parse(target, &auth()), home(), "{target}");
    }
}

#[test]
fn the_layers_own_paths_become_the_start_page() {
    for target in [
        "/auth",
        "/auth/login",
        "/auth?x",
        "/auth/callback/kakao?code=c",
        "/./auth/login",
        "/x/../auth/logout",
        "/%2e/auth/login",
        "/auth/%2e%2e",
        "/auth/..",
        "/auth/../cart",
        "/auth/%2E./cart?a#b",
    ] {
        assert_eq!(ReturnTo::parse(target, &auth()), home(), "{target}");
    }
}

#[test]
fn a_place_too_long_for_a_cookie_becomes_the_start_page() {
    assert!(kept(&format!("/{}", "a".repeat(LONGEST - 1))));
    assert!(!kept(&format!("/{}", "a".repeat(LONGEST))));
    let korean = |letters| ReturnTo::keeps(&format!("/{}", "가".repeat(letters)), &auth());
    assert!(korean((LONGEST - 1) / 9));
    assert!(!korean(LONGEST / 9 + 1));
}

proptest! {
    #[test]
    fn no_text_leaves_the_origin(text in "\\PC{0,40}", slashes in "[/\\\\\t.]{0,4}") {
        let base = Url::parse("https://app.example/page").unwrap();
        let target = ReturnTo::parse(&format!("{slashes}{text}"), &auth());
        prop_assert_eq!(base.join(target.as_str()).unwrap().origin(), base.origin());
        prop_assert!(target.as_str().bytes().all(|byte| (b'!'..=b'~').contains(&byte)));
    }
}
