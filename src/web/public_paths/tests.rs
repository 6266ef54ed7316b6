//! The paths that patterns make public, and those that they do not.

use super::*;

#[test]
fn a_pattern_with_more_parameters_than_the_router_takes_is_refused() {
    let parameters = |number| {
        let names = (0..number).map(|index| format!("/{{p{index}}}"));
        names.collect::<String>()
    };
    let new = |pattern: String| PathPatterns::new("public", vec![pattern]);
    assert!(new(parameters(25)).is_ok());
    for wrong in [
        parameters(26),
        parameters(200),
        format!("!{}", parameters(26)),
        format!("GET {}", parameters(26)),
        format!("/{}", "{{".repeat(13)),
    ] {
        let error = new(wrong).unwrap_err().to_string();
        assert!(error.contains("at most 25 parameters"), "{error}");
    }
}

fn patterns(given: &[&str]) -> PathPatterns {
    let given = given.iter().map(|pattern| (*pattern).to_owned());
    PathPatterns::new("public", given.collect()).unwrap()
}

fn public() -> PathPatterns {
    patterns(&["/healthz", "/public/{*rest}", "/한글/{name}"])
}

#[test]
fn listed_paths_are_public_in_their_plain_form() {
    for path in [
        "/healthz",
        "/public/a",
        "/public/a/b.css",
        "/public/a/",
        "/public/caf%C3%A9%20au%20lait",
        "/%ED%95%9C%EA%B8%80/a",
    ] {
        assert!(public().contains(&Method::GET, path), "{path}");
    }
}

#[test]
fn everything_else_is_protected() {
    for path in [
        "/",
        "",
        "*",
        "/healthz/",
        "/HEALTHZ",
        "/publicity",
        "/PUBLIC/x",
        "/public",
        "/public/../admin",
        "/public/%2e%2e/admin",
        "/public/.%2e/admin",
        "/public/..%2fadmin",
        "/public/%2e%2e%2fadmin",
        "/public/%252e%252e/admin",
        "/public\\..\\admin",
        "/public/..\\admin",
        "/public/%5c..%5cadmin",
        "/public;x/../admin",
        "/public/a;x",
        "/public//admin",
        "//public/a",
        "/public/./a",
        "/public/%00",
        "/public/a%0d%0a",
        "/public/%",
        "/public/%zz",
        "/public/%ff",
        "/%70ublic/a",
        "/%68ealthz",
        "/admin%00/public/",
        "/한글/a",
        "/%ed%95%9c%ea%b8%80/a",
    ] {
        assert!(!public().contains(&Method::GET, path), "{path}");
    }
}

#[test]
fn a_listed_path_is_public_in_the_notation_of_browsers_alone() {
    for (pattern, sent, others) in [
        ("/한", "/%ED%95%9C", ["/한", "/%ed%95%9c", "/%Ed%95%9C"]),
        (
            "/%ED%95%9C",
            "/%ED%95%9C",
            ["/한", "/%ed%95%9c", "/%ED%95%9c"],
        ),
        (
            "/%ed%95%9c",
            "/%ED%95%9C",
            ["/한", "/%ed%95%9c", "/%ED%95%9c"],
        ),
        (
            "/{{name}}",
            "/%7Bname%7D",
            ["/{name}", "/%7bname%7d", "/{{name}}"],
        ),
        ("/a%20b", "/a%20b", ["/a+b", "/a%2520b", "/a"]),
        ("/a+b@c", "/a+b@c", ["/a%2Bb@c", "/a+b%40c", "/a%2bb@c"]),
        (
            "/é.{kind}",
            "/%C3%A9.png",
            ["/é.png", "/%c3%a9.png", "/e.png"],
        ),
    ] {
        let public = patterns(&[pattern]);
        assert!(public.contains(&Method::GET, sent), "{pattern}: {sent}");
        for other in others {
            assert!(!public.contains(&Method::GET, other), "{pattern}: {other}");
        }
    }
}

#[test]
fn an_exception_is_taken_out_in_every_encoding() {
    for exception in ["!/files/한", "!/files/%ED%95%9C", "!/files/%ed%95%9c"] {
        let public = patterns(&["/files/{name}", exception]);
        assert!(public.contains(&Method::GET, "/files/%EA%B8%80"));
        for path in ["/files/%ED%95%9C", "/files/%ed%95%9c", "/files/한"] {
            assert!(!public.contains(&Method::GET, path), "{exception}: {path}");
        }
    }
}

#[test]
fn a_pattern_that_hides_plain_letters_is_refused() {
    for pattern in [
        "/%61", "/a%2Fb", "!/a%2fb", "/100%", "/%zz", "/%FF", "/a%25b", "/%00",
    ] {
        let error = PathPatterns::new("public", vec![pattern.to_owned()]);
        let error = error.map(|_| ()).unwrap_err().to_string();
        assert!(
            error.contains("public") && error.contains("ASCII"),
            "{error}"
        );
    }
}

#[test]
fn a_rule_with_a_method_is_for_that_method_alone() {
    let rules = patterns(&["GET /prices", "POST /hooks/{name}", "/prices/today"]);
    assert!(rules.contains(&Method::GET, "/prices"));
    assert!(!rules.contains(&Method::HEAD, "/prices"));
    assert!(!rules.contains(&Method::POST, "/prices"));
    assert!(rules.contains(&Method::POST, "/hooks/shop"));
    assert!(!rules.contains(&Method::GET, "/hooks/shop"));
    assert!(rules.contains(&Method::DELETE, "/prices/today"));
}

#[test]
fn an_exception_is_taken_out_in_any_order_and_notation() {
    for rules in [
        patterns(&["/items/{id}", "!/items/export", "!GET /items/{id}/raw"]),
        patterns(&["!/items/export", "/items/{*rest}", "!GET /items/{id}/raw"]),
    ] {
        assert!(rules.contains(&Method::GET, "/items/7"));
        for path in ["/items/export", "/items/export/", "/items/%65xport"] {
            assert!(!rules.contains(&Method::GET, path), "{path}");
        }
        assert!(!rules.contains(&Method::GET, "/items/7/raw"));
        assert!(!rules.contains(&Method::HEAD, "/items/7/raw"));
    }
    let rules = patterns(&[
        "/items/{*rest}",
        "!POST /items/{id}",
        "!/items/admin/{*rest}",
    ]);
    assert!(rules.contains(&Method::GET, "/items/7"));
    assert!(!rules.contains(&Method::POST, "/items/7"));
    // Routers answer HEAD by GET, and by no other method.
    assert!(rules.contains(&Method::HEAD, "/items/7"));
    assert!(!rules.contains(&Method::GET, "/items/admin/users"));
    assert!(rules.contains(&Method::GET, "/items/admin"));
    assert!(!patterns(&["!/items"]).contains(&Method::GET, "/prices"));
}

#[test]
fn no_pattern_means_no_public_path() {
    assert!(!PathPatterns::default().contains(&Method::GET, "/healthz"));
}

#[test]
fn the_pattern_that_covers_a_path_is_named_unless_all_methods_are_excepted() {
    for (given, covering) in [
        (&["/a", "/{*rest}"][..], Some("/{*rest}")),
        (&["GET /auth/{name}"], Some("/auth/{name}")),
        (&["/{*rest}", "!/auth/{name}"], None),
        (&["/{*rest}", "!/other"], Some("/{*rest}")),
        (&["/{*rest}", "!GET /auth/{name}"], Some("/{*rest}")),
        (&["/a"], None),
    ] {
        assert_eq!(
            patterns(given).covering("/auth/login"),
            covering,
            "{given:?}"
        );
    }
}
