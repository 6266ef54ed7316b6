//! A changed session cookie counts as no session, and never causes a server error.

use http::{HeaderValue, Method, Request, StatusCode, header::COOKIE};

use crate::support::{
    browser::{Browser, JIWOO, text},
    shop::Shop,
};

async fn signed_in(shop: &Shop) -> (Browser, String) {
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let session = browser.session().unwrap().to_owned();
    browser.cookies.clear();
    (browser, session)
}

/// The status that a script gets with these `Cookie` headers.
async fn status(browser: &mut Browser, headers: &[&[u8]]) -> StatusCode {
    let mut request = Request::new(axum::body::Body::empty());
    for header in headers {
        let value = HeaderValue::from_bytes(header).unwrap();
        request.headers_mut().append(COOKIE, value);
    }
    browser.call(request).await.status()
}

async fn with_session(browser: &mut Browser, value: &str) -> StatusCode {
    status(browser, &[format!("phone-auth={value}").as_bytes()]).await
}

#[tokio::test]
async fn a_session_with_any_flipped_byte_is_refused() {
    let shop = Shop::open().await;
    let (mut browser, session) = signed_in(&shop).await;
    assert_eq!(with_session(&mut browser, &session).await, StatusCode::OK);
    for index in 0..session.len() {
        for replacement in ["A", "z", "-", "=", "+", "%41", "é", " "] {
            let mut forged = session.clone();
            forged.replace_range(index..=index, replacement);
            if forged != session {
                let status = with_session(&mut browser, &forged).await;
                assert_eq!(status, StatusCode::UNAUTHORIZED, "{index} {replacement:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_session_cut_at_any_byte_is_refused() {
    let shop = Shop::open().await;
    let (mut browser, session) = signed_in(&shop).await;
    for index in 0..session.len() {
        for part in [&session[..index], &session[index + 1..]] {
            let status = with_session(&mut browser, part).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{part}");
        }
    }
}

#[tokio::test]
async fn a_session_with_added_bytes_is_refused() {
    let shop = Shop::open().await;
    let (mut browser, session) = signed_in(&shop).await;
    for grown in [
        format!("{session}A"),
        format!("{session}=="),
        format!("A{session}"),
        format!("{session}{session}"),
        format!("{session}.{session}"),
        format!("{session}{}", "A".repeat(60_000)),
        format!("\"{session}"),
        format!("{session},x"),
    ] {
        let status = with_session(&mut browser, &grown).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{} bytes", grown.len());
    }
}

#[tokio::test]
async fn two_joined_halves_of_sessions_are_refused() {
    let shop = Shop::open().await;
    let (mut browser, one) = signed_in(&shop).await;
    let (_, two) = signed_in(&shop).await;
    for index in 1..one.len().min(two.len()) {
        let spliced = format!("{}{}", &one[..index], &two[index..]);
        if spliced != one && spliced != two {
            let status = with_session(&mut browser, &spliced).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{index}");
        }
    }
}

#[tokio::test]
async fn a_session_under_another_name_or_case_is_not_read() {
    let shop = Shop::open().await;
    let (mut browser, session) = signed_in(&shop).await;
    for name in [
        "Phone-Auth",
        "phone-auth-login-x",
        "phone-auth-",
        "phone_auth",
        "__Host-phone-auth",
    ] {
        let header = format!("{name}={session}");
        let status = status(&mut browser, &[header.as_bytes()]).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{name}");
    }
}

#[tokio::test]
async fn the_valid_session_is_found_among_several_cookies_of_its_name() {
    let shop = Shop::open().await;
    let (mut browser, session) = signed_in(&shop).await;
    let s = &session;
    for header in [
        format!("phone-auth=junk; phone-auth={s}"),
        format!("phone-auth={s}; phone-auth=junk"),
        format!("phone-auth=; phone-auth={s}; phone-auth="),
        format!("phone-auth; phone-auth={s}"),
        format!("phone-auth={}; phone-auth={s}", "A".repeat(5000)),
        format!(" ; ;;=;phone-auth={s}; ="),
        format!("a=b;phone-auth={s};c=d"),
        format!("\tphone-auth = {s} ;x"),
    ] {
        let status = status(&mut browser, &[header.as_bytes()]).await;
        assert_eq!(status, StatusCode::OK, "{header}");
    }
}

#[tokio::test]
async fn an_expired_duplicate_does_not_hide_the_valid_session() {
    let shop = Shop::open().await;
    let (mut browser, old) = signed_in(&shop).await;
    shop.time.pass(std::time::Duration::from_secs(12 * 60 * 60));
    let (_, new) = signed_in(&shop).await;
    for (first, last) in [(&old, &new), (&new, &old)] {
        let header = format!("phone-auth={first}; phone-auth={last}");
        let status = status(&mut browser, &[header.as_bytes()]).await;
        assert_eq!(status, StatusCode::OK);
    }
}

#[tokio::test]
async fn split_cookie_headers_are_read_together() {
    let shop = Shop::open().await;
    let (mut browser, session) = signed_in(&shop).await;
    let ours = format!("phone-auth={session}");
    let status = status(&mut browser, &[b"a=b", ours.as_bytes(), b"c=d"]).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn another_cookie_that_is_not_utf8_does_not_hide_the_session() {
    let shop = Shop::open().await;
    let (mut browser, session) = signed_in(&shop).await;
    let ours = format!("; phone-auth={session}; ").into_bytes();
    let header = [&b"name=\xec\xed\xff"[..], &ours, b"x=\x80"].concat();
    assert_eq!(status(&mut browser, &[&header]).await, StatusCode::OK);
    let junk = b"phone-auth=\xff\xfe".as_slice();
    assert_eq!(status(&mut browser, &[junk, &ours]).await, StatusCode::OK);
}

#[tokio::test]
async fn a_header_of_200_cookies_and_64_kilobytes_is_read() {
    let shop = Shop::open().await;
    let (mut browser, session) = signed_in(&shop).await;
    let mut pairs: Vec<_> = (0..200)
        .map(|index| format!("c{index}={}", "x".repeat(320)))
        .collect();
    pairs.insert(100, format!("phone-auth={session}"));
    let header = pairs.join("; ");
    assert!(header.len() > 64_000);
    assert_eq!(
        status(&mut browser, &[header.as_bytes()]).await,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_thousand_invalid_sessions_are_answered_401() {
    let shop = Shop::open().await;
    let (mut browser, session) = signed_in(&shop).await;
    let junk = format!("phone-auth={session}A; ").repeat(1000);
    let refused = status(&mut browser, &[junk.as_bytes()]).await;
    assert_eq!(refused, StatusCode::UNAUTHORIZED);
    let found = format!("{junk}phone-auth={session}");
    assert_eq!(
        status(&mut browser, &[found.as_bytes()]).await,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_visitor_with_a_broken_session_can_sign_in() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser
        .cookies
        .insert("phone-auth".to_owned(), "junk".to_owned());
    let page = browser.sign_in("/", JIWOO).await;
    assert_eq!(text(&page), "+821012345678");
    assert_eq!(
        browser.fetch(Method::GET, "/").await.status(),
        StatusCode::OK
    );
}
