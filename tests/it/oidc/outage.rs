//! Endpoints that are down, slow, or redirect to another address.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use tower_phone_auth::error::LoginErrorKind::{
    InvalidAnswer, Misconfigured, ProviderBusy, ProviderTimeout, ProviderUnavailable,
};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Par, faults::Fault};

use super::{Refusal, assert_not_repeated, assert_signed_in, login, open, open_with, refusal};
use crate::support::{
    browser::{JIWOO, Page},
    shop::Shop,
};

const ALL: [Endpoint; 5] = [
    Endpoint::Discovery,
    Endpoint::Pushed,
    Endpoint::Token,
    Endpoint::Keys,
    Endpoint::Profile,
];

/// The first sign-in while an endpoint has this fault, followed by a successful one without it.
async fn meets(shop: &Shop, endpoint: Endpoint, fault: Fault) -> Page {
    shop.provider.fail(endpoint, fault);
    let mut browser = shop.browser();
    let page = browser.visit("/").await;
    let page = if page.status() == StatusCode::SEE_OTHER {
        browser.come_back("/", JIWOO).await
    } else {
        page
    };
    assert!(browser.session().is_none(), "{endpoint:?}");
    shop.provider.clear_faults(endpoint);
    assert_signed_in(&login(shop, []).await, "mended");
    page
}

async fn ends(fault: impl Fn() -> Fault, limit: Duration, expected: Refusal<'_>) {
    for endpoint in ALL {
        let shop = open_with(
            |oidc| oidc.par = Par::Required,
            |oidc| oidc,
            |builder| builder.provider_timeout(limit),
        )
        .await;
        let page = meets(&shop, endpoint, fault()).await;
        let (status, kind, code) = refusal(&page);
        // An invalid public document means that its address is wrong.
        let is_document = matches!(endpoint, Endpoint::Discovery | Endpoint::Keys);
        let expected = match expected {
            (502, ProviderUnavailable, Some("page")) if is_document => (502, Misconfigured),
            (status, kind, _) => (status, kind),
        };
        assert_eq!((status, kind), expected, "{endpoint:?}");
        let names_userinfo = code.is_some_and(|code| code.starts_with("userinfo"));
        assert_eq!(names_userinfo, endpoint == Endpoint::Profile, "{code:?}");
    }
}

fn html(status: u16) -> Fault {
    Fault::Answer {
        status: StatusCode::from_u16(status).unwrap(),
        content_type: Some("text/html".to_owned()),
        body: b"<!doctype html><title>lunch</title>".to_vec(),
        headers: HeaderMap::new(),
    }
}

#[tokio::test]
async fn an_endpoint_that_hangs_or_drips_is_a_timeout() {
    // The process makes its keys here, which may take longer than the limit.
    assert_signed_in(&login(&open(|_| {}).await, []).await, "keys");
    let limit = Duration::from_millis(500);
    ends(|| Fault::Hang, limit, (504, ProviderTimeout, None)).await;
    ends(|| Fault::Drip, limit, (504, ProviderTimeout, None)).await;
}

#[tokio::test]
async fn a_truncated_answer_or_a_page_is_an_outage_and_a_too_large_answer_is_invalid() {
    let limit = Duration::from_secs(10);
    ends(|| Fault::Cut, limit, (502, ProviderUnavailable, None)).await;
    ends(
        || Fault::Huge(2 << 20),
        limit,
        (502, InvalidAnswer, Some("too_large")),
    )
    .await;
    let page = Some("page");
    ends(|| html(200), limit, (502, ProviderUnavailable, page)).await;
    ends(|| html(500), limit, (502, ProviderUnavailable, None)).await;
    ends(|| html(503), limit, (503, ProviderBusy, None)).await;
}

#[tokio::test]
async fn a_redirect_gets_neither_secret_nor_token() {
    let trap = LocalProvider::start().await.unwrap();
    for endpoint in ALL {
        let shop = open(|oidc| oidc.par = Par::Required).await;
        let redirect = Fault::Redirect(format!("{}/oidc/token", trap.origin()));
        let page = meets(&shop, endpoint, redirect).await;
        let (status, kind, _) = refusal(&page);
        let expected = match endpoint {
            Endpoint::Discovery | Endpoint::Keys => Misconfigured,
            _ => ProviderUnavailable,
        };
        assert_eq!((status, kind), (502, expected));
        assert_not_repeated(&page, &trap.origin());
    }
    assert!(trap.requests().is_empty());
}
