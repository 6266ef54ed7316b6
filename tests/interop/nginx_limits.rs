//! The header limits of nginx. It accepts 4 KiB of headers in an answer (`proxy_buffer_size`) and 8
//! KiB in one line of a request (`large_client_header_buffers`). Beyond them, the user gets its 502
//! or 400.

use http::StatusCode;
use tower_phone_auth::SessionKey;
use tower_phone_auth_local_provider::LocalProvider;

use crate::support::site::{Site, location};

/// An address of this length, like that of a search for Korean words.
fn address(length: usize) -> String {
    let text = format!("/search?q={}", "%EA%B9%80".repeat(length / 9 + 1));
    text[..length].trim_end_matches(['%']).to_owned()
}

/// Opens tabs, and does not finish their sign-ins.
async fn abandon(site: &mut Site, tabs: usize, length: usize, case: &str) {
    for tab in 0..tabs {
        let place = format!("{}{tab}", address(length));
        let away = site.get(&place).await;
        assert_eq!(away.status(), StatusCode::SEE_OTHER, "{case}, tab {tab}");
    }
}

fn pending(site: &Site) -> usize {
    let names = site.cookies.iter();
    names.filter(|cookie| cookie.contains("-login-")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn pending_cookies_of_a_former_key_break_no_sign_in() {
    let provider = LocalProvider::start().await.unwrap();
    for (before, after, length) in [
        (6, 1, 200),
        (8, 8, 2000),
        (12, 12, 30),
        (40, 1, 1100),
        (40, 40, 30),
    ] {
        let case = format!("{before} and {after} tabs with {length} bytes");
        let mut site = Site::start(&provider, "", SessionKey::random()).await;
        abandon(&mut site, before, length, &case).await;
        assert!(pending(&site) > 0, "{case}");
        site.restarts(&provider, SessionKey::random());
        abandon(&mut site, after, length, &case).await;
        for place in [address(2000), "/me".to_owned()] {
            let encoded: String = form_urlencoded::byte_serialize(place.as_bytes()).collect();
            let login = format!("/auth/login?provider=kakao&return_to={encoded}");
            let back = site.come_back(&login, "agree").await;
            assert_eq!(back.status(), StatusCode::SEE_OTHER, "{case}");
            // A long place does not fit beside many pending cookies of another key.
            let is_crowded = before > 12 && place.len() > 1000;
            let expected = if is_crowded { "/" } else { &place };
            assert_eq!(location(&back), expected, "{case}");
            let page = site.get(&place).await;
            assert_eq!(page.status(), StatusCode::OK, "{case}");
        }
        let refused = site
            .come_back("/auth/login?provider=kakao&return_to=%2Fme", "cancel")
            .await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{case}");
        let out = site.post("/auth/logout").await;
        assert_eq!(out.status(), StatusCode::SEE_OTHER, "{case}");
    }
}
