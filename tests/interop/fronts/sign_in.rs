//! Sign-ins over HTTP/2 behind a proxy.

use super::front::{BOTH, Front};

const PHONE: &str = "+821012345678";

#[test]
fn over_http2_a_user_signs_in_and_out_behind_each_proxy() {
    for kind in BOTH {
        let front = Front::start(kind);
        let mut browser = front.browser();
        let refused = browser.fetches("/me");
        assert_eq!(
            (refused.version.as_str(), refused.status),
            ("HTTP/2", 401),
            "{kind:?}"
        );
        assert!(refused.body.contains("login_url"), "{refused:?}");

        let back = browser.comes_back("/me?page=2");
        assert_eq!(
            (back.status, back.location()),
            (303, "/me?page=2"),
            "{kind:?}"
        );
        let me = browser.fetches("/me");
        assert_eq!(me.status, 200, "{kind:?}");
        assert!(me.body.contains(PHONE), "{me:?}");

        let copied = browser.cookies.clone();
        assert_eq!(browser.signs_out().status, 303, "{kind:?}");
        browser.cookies = copied;
        assert_eq!(browser.fetches("/me").status, 401, "{kind:?}");
    }
}

/// The proxies join the lines with `; ` for HTTP/1.1 (RFC 9113 section 8.2.3).
#[test]
fn the_session_is_found_on_any_of_many_cookie_lines() {
    for kind in BOTH {
        let front = Front::start(kind);
        let mut browser = front.browser();
        browser.comes_back("/me");
        let session = browser.cookies.clone();
        for place in [0, 1, 20, 40] {
            let mut lines: Vec<_> = (0..40).map(|n| format!("c{n}=v{n}")).collect();
            lines.splice(place..place, session.clone());
            browser.cookies = lines;
            assert_eq!(browser.fetches("/me").status, 200, "{kind:?} {place}");
        }
        browser.cookies = (0..40).map(|n| format!("c{n}=v{n}")).collect();
        assert_eq!(browser.fetches("/me").status, 401, "{kind:?}");
    }
}

/// Several tabs begin a sign-in, so each callback has the cookies of all tabs.
#[test]
fn three_tabs_sign_in_one_after_the_other_behind_each_proxy() {
    for kind in BOTH {
        let front = Front::start(kind);
        let mut browser = front.browser();
        let tabs: Vec<_> = ["/me?tab=1", "/me?tab=2", "/me?tab=3"]
            .into_iter()
            .map(|path| (path, browser.visits(path)))
            .collect();
        for (path, away) in tabs.iter().rev() {
            let callback = browser.agrees(away);
            let back = browser.visits(&callback);
            assert_eq!((back.status, back.location()), (303, *path), "{kind:?}");
        }
        assert_eq!(browser.fetches("/me").status, 200, "{kind:?}");
    }
}

/// The layer reads no header of a proxy, so a browser cannot change its address.
#[test]
fn forged_headers_of_a_proxy_do_not_change_the_redirect_address() {
    for kind in BOTH {
        let front = Front::start(kind);
        let mut browser = front.browser();
        let forged = [
            "--header",
            "accept: text/html",
            "--header",
            "x-forwarded-host: evil.example",
            "--header",
            "x-forwarded-proto: http",
            "--header",
            "forwarded: host=evil.example;proto=http",
            "--header",
            "x-original-uri: /healthz",
            "--header",
            "x-rewrite-url: /healthz",
        ];
        let away = browser.ask("/me", &forged);
        assert_eq!(away.status, 303, "{kind:?}");
        let port = front.origin.rsplit(':').next().unwrap();
        let callback = format!("redirect_uri=https%3A%2F%2F127.0.0.1%3A{port}%2Fauth%2Fcallback");
        assert!(away.location().contains(&callback), "{away:?}");
        assert!(!away.location().contains("evil"), "{away:?}");
    }
}
