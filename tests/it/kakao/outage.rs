//! A provider that is down or slow, or sends invalid answers.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use tower_phone_auth::error::LoginErrorKind::{
    InvalidAnswer, Misconfigured, ProviderBusy, ProviderTimeout, ProviderUnavailable,
};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, faults::Fault};

use super::{assert_not_repeated, login, refusal};
use crate::support::{browser::JIWOO, shop::Shop};

const BOTH: [Endpoint; 2] = [Endpoint::Token, Endpoint::Profile];

#[tokio::test]
async fn quirk_14_a_page_instead_of_an_answer_is_an_outage() {
    let shop = Shop::open().await;
    for (status, expected) in [
        (StatusCode::OK, (502, ProviderUnavailable, None)),
        (StatusCode::BAD_GATEWAY, (502, ProviderUnavailable, None)),
        (StatusCode::SERVICE_UNAVAILABLE, (503, ProviderBusy, None)),
    ] {
        for content_type in ["text/html;charset=UTF-8", "application/json"] {
            let page = Fault::Answer {
                status,
                content_type: Some(content_type.to_owned()),
                body: b"<!doctype html><title>out to lunch</title>".to_vec(),
                headers: HeaderMap::new(),
            };
            for endpoint in BOTH {
                let page = login(&shop, [(endpoint, page.clone())]).await;
                assert_eq!(refusal(&page), expected, "{endpoint:?} {content_type}");
                assert_not_repeated(&page, "lunch");
            }
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_not_an_object_is_an_outage() {
    let shop = Shop::open().await;
    for body in [
        "",
        "null",
        "[]",
        "\"text\"",
        "access_token=t&token_type=bearer",
    ] {
        for endpoint in BOTH {
            let fault = Fault::Answer {
                status: StatusCode::OK,
                content_type: Some("application/json".to_owned()),
                body: body.into(),
                headers: HeaderMap::new(),
            };
            let page = login(&shop, [(endpoint, fault)]).await;
            assert_eq!(refusal(&page), (502, ProviderUnavailable, None), "{body}");
        }
    }
}

#[tokio::test]
async fn an_incomplete_object_is_an_outage() {
    let shop = Shop::open().await;
    for body in ["{", "{\"id\": 7", "{\"access_token\": \"t\"} trailing"] {
        for endpoint in BOTH {
            let fault = Fault::Answer {
                status: StatusCode::OK,
                content_type: None,
                body: body.into(),
                headers: HeaderMap::new(),
            };
            let page = login(&shop, [(endpoint, fault)]).await;
            assert_eq!(refusal(&page), (502, InvalidAnswer, None), "{body}");
        }
    }
}

#[tokio::test]
async fn quirk_23_an_answer_that_is_too_large_is_not_read() {
    let shop = Shop::open().await;
    for endpoint in BOTH {
        let page = login(&shop, [(endpoint, Fault::Huge(2 << 20))]).await;
        assert_eq!(refusal(&page), (502, InvalidAnswer, Some("too_large")));
        let page = login(&shop, [(endpoint, Fault::Huge(64 << 10))]).await;
        assert_eq!(refusal(&page), (502, InvalidAnswer, None));
    }
}

#[tokio::test]
async fn quirk_23_a_provider_that_hangs_or_drips_is_abandoned() {
    let limit = Duration::from_millis(200);
    let shop = Shop::with(|kakao| kakao, |builder| builder.provider_timeout(limit)).await;
    for endpoint in BOTH {
        for fault in [Fault::Hang, Fault::Drip] {
            let page = login(&shop, [(endpoint, fault)]).await;
            assert_eq!(refusal(&page), (504, ProviderTimeout, None), "{endpoint:?}");
        }
    }
}

#[tokio::test]
async fn quirk_23_an_answer_that_is_cut_short_is_an_outage() {
    let shop = Shop::open().await;
    for endpoint in BOTH {
        let page = login(&shop, [(endpoint, Fault::Cut)]).await;
        assert_eq!(refusal(&page), (502, ProviderUnavailable, None));
    }
    assert_eq!(shop.provider.count(Endpoint::Token), 2);
    assert_eq!(shop.provider.count(Endpoint::Profile), 1);
}

#[tokio::test]
async fn quirk_23_a_redirect_is_not_followed_with_secret_or_token() {
    let shop = Shop::open().await;
    let trap = LocalProvider::start().await.unwrap();
    for (endpoint, path) in [
        (Endpoint::Token, "/oauth/token"),
        (Endpoint::Profile, "/v2/user/me"),
    ] {
        let redirect = Fault::Redirect(format!("{}{path}", trap.origin()));
        let page = login(&shop, [(endpoint, redirect)]).await;
        assert_eq!(page.status(), StatusCode::BAD_GATEWAY, "{path}");
        assert_not_repeated(&page, &trap.origin());
    }
    assert!(trap.requests().is_empty());
}

#[tokio::test]
async fn a_redirect_is_an_outage_and_a_missing_token_endpoint_a_fault_for_the_operator() {
    let shop = Shop::open().await;
    let not_found = Fault::Answer {
        status: StatusCode::NOT_FOUND,
        content_type: Some("text/html".to_owned()),
        body: b"<!doctype html>".to_vec(),
        headers: HeaderMap::new(),
    };
    for endpoint in BOTH {
        for fault in [Fault::Redirect("/".to_owned()), not_found.clone()] {
            let case = format!("{endpoint:?} {fault:?}");
            let is_ours = endpoint == Endpoint::Token && !matches!(fault, Fault::Redirect(_));
            let page = login(&shop, [(endpoint, fault)]).await;
            let expected = match is_ours {
                true => (502, Misconfigured, Some("404")),
                false => (502, ProviderUnavailable, None),
            };
            assert_eq!(refusal(&page), expected, "{case}");
        }
    }
}

#[tokio::test]
async fn a_provider_that_is_not_running_is_an_outage() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/").await;
    let callback = browser.act(&away, JIWOO).await;
    drop(shop.provider);
    let page = browser.visit(&callback).await;
    assert_eq!(refusal(&page), (502, ProviderUnavailable, None));
    assert!(browser.pending().is_empty());
}
