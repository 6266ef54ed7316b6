//! The headers of the layer's answers behind a proxy.

use super::{
    browser::{Answer, curl},
    front::{BOTH, Front, Kind},
};

/// Headers that belong to one connection, or that the proxy sets itself.
const OF_THE_HOP: [&str; 7] = [
    "alt-svc",
    "connection",
    "content-length",
    "date",
    "server",
    "transfer-encoding",
    "via",
];

/// The header lines of an answer without those of the hop, and without values that differ for each
/// request.
fn kept(answer: &Answer) -> Vec<(String, String)> {
    let lines = answer.lines.iter();
    let lines = lines.filter(|(name, _)| !OF_THE_HOP.contains(&name.as_str()));
    let stable = |(name, value): &(String, String)| {
        let end = match name.as_str() {
            "set-cookie" => value.find('-'),
            "location" => value.find('?'),
            _ => None,
        };
        (name.clone(), value[..end.unwrap_or(value.len())].to_owned())
    };
    let mut lines: Vec<_> = lines.map(stable).collect();
    // Proxies may write their own headers first. Lines of one name keep their order.
    lines.sort_by(|a, b| a.0.cmp(&b.0));
    lines
}

#[test]
fn no_answer_of_the_layer_loses_a_header_behind_a_proxy() {
    for kind in BOTH {
        let front = Front::start(kind);
        let html = "accept: text/html";
        for (path, arguments) in [
            ("/me", &[][..]),
            ("/me", &["--header", html]),
            ("/auth/login", &["--header", html]),
            ("/auth/logout", &["--header", html]),
            ("/auth/callback/local?code=c&state=s", &["--header", html]),
            ("/auth/nothing", &["--header", html]),
            ("/me", &["--request", "POST"]),
            ("/me", &["--request", "OPTIONS"]),
            ("/me", &["--header", "cookie: __Host-phone-auth=nonsense"]),
        ] {
            let through = front.browser().ask(path, arguments);
            let direct = curl(arguments, &format!("{}{path}", front.behind));
            assert_eq!(through.version, "HTTP/2");
            assert_eq!(through.status, direct.status, "{kind:?} {path}");
            assert_eq!(kept(&through), kept(&direct), "{kind:?} {path}");
        }
    }
}

/// A gateway that passes on one cookie alone passes on the first: nginx before 1.23 with
/// `auth_request_set $cookie $upstream_http_set_cookie`.
#[test]
fn the_cookie_that_a_browser_needs_comes_first_behind_a_proxy() {
    for kind in BOTH {
        let front = Front::start(kind);
        let mut browser = front.browser();
        let away = browser.visits("/me");
        assert!(
            away.cookies()[0].starts_with("__Host-phone-auth-login-"),
            "{away:?}"
        );
        let callback = browser.agrees(&away);
        let back = browser.visits(&callback);
        assert!(back.cookies().len() > 1, "{back:?}");
        assert_eq!(back.cookies()[0], "__Host-phone-auth", "{kind:?}");

        // A session that ended is deleted, and the new sign-in comes before that.
        let session = browser.cookies.clone();
        let out = browser.signs_out();
        assert!(out.cookies().contains(&"__Host-phone-auth"), "{out:?}");
        browser.cookies = session;
        let away = browser.visits("/me");
        assert!(
            away.cookies()[0].starts_with("__Host-phone-auth-login-"),
            "{away:?}"
        );
    }
}

#[test]
fn an_answer_has_no_header_twice_behind_a_proxy() {
    let front = Front::start(Kind::Caddy);
    let answer = front.browser().visits("/auth/logout");
    for (name, _) in &answer.lines {
        assert_eq!(answer.all(name).len(), 1, "{answer:?}");
    }
}
