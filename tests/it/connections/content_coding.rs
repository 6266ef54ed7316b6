//! No call requests an answer with a content coding. Such an answer is refused with the coding's
//! name.

use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_ENCODING};
use tower_phone_auth::error::LoginErrorKind::{InvalidAnswer, ProviderUnavailable};
use tower_phone_auth_local_provider::{Endpoint, faults::Fault};

use crate::support::{
    browser::Page,
    outcome::{Refusal, assert_signed_in, login, refusal},
    shop::Shop,
};

/// Every endpoint that a sign-in calls, with the name of its provider.
const ENDPOINTS: [(&str, Endpoint); 13] = [
    ("oidc", Endpoint::Discovery),
    ("oidc", Endpoint::Pushed),
    ("oidc", Endpoint::Token),
    ("oidc", Endpoint::Keys),
    ("oidc", Endpoint::Profile),
    ("kakao", Endpoint::Token),
    ("kakao", Endpoint::Profile),
    ("naver", Endpoint::Token),
    ("naver", Endpoint::Profile),
    ("google", Endpoint::Token),
    ("google", Endpoint::Keys),
    ("google", Endpoint::Profile),
    ("local", Endpoint::Token),
];

/// `{}` in each coding.
const GZIP: &[u8] =
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00\x43\xbf\xa6\xa3\x02\x00\x00\x00";
const DEFLATE: &[u8] = b"x\x9c\xab\xae\x05\x00\x01\x75\x00\xf9";
const BROTLI: &[u8] = b"\x8b\x00\x80{}\x03";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd\x04\x00\x11\x00\x00{}\xb9\x7c\x33\x1a";

fn encoded(status: u16, coding: &'static str, body: &[u8]) -> Fault {
    let coding = HeaderValue::from_static(coding);
    Fault::Answer {
        status: StatusCode::from_u16(status).unwrap(),
        content_type: Some("application/json".to_owned()),
        body: body.to_vec(),
        headers: HeaderMap::from_iter([(CONTENT_ENCODING, coding)]),
    }
}

/// The refusal of a sign-in with this fault at the endpoint.
async fn sign_in_with(shop: &Shop, endpoint: Endpoint, fault: Fault) -> Page {
    shop.provider.fail(endpoint, fault);
    let page = shop.browser().try_to_sign_in("/").await;
    shop.provider.clear_faults(endpoint);
    page
}

#[tokio::test]
async fn every_call_requests_an_answer_without_a_coding() {
    for name in ["oidc", "kakao", "naver", "google", "local"] {
        let shop = Shop::in_dialect(name).await;
        assert_signed_in(&login(&shop, []).await, name);
        let sent = shop.provider.requests();
        let mut called = 0;
        for request in &sent {
            if request.endpoint == Some(Endpoint::Authorize) {
                continue;
            }
            called += 1;
            let asked: Vec<_> = request.headers.get_all("accept-encoding").iter().collect();
            assert_eq!(asked, ["identity"], "{name} {}", request.path);
        }
        assert!(called >= 2, "{name}");
    }
}

/// The code of the refusal. At userinfo of OpenID Connect it names the endpoint, because a sign-in
/// may not need userinfo.
fn refusal_code(provider: &str, endpoint: Endpoint, code: &str) -> String {
    match (provider, endpoint) {
        ("oidc", Endpoint::Profile) => format!("userinfo_{code}"),
        _ => code.to_owned(),
    }
}

#[tokio::test]
async fn an_answer_with_a_coding_is_refused_by_the_codings_name() {
    for (name, endpoint) in ENDPOINTS {
        let shop = Shop::in_dialect(name).await;
        for (coding, body, code) in [
            ("gzip", GZIP, "content_encoding_gzip"),
            ("deflate", DEFLATE, "content_encoding_deflate"),
            ("br", BROTLI, "content_encoding_br"),
            ("X-GZip", GZIP, "content_encoding_gzip"),
            ("zstd", ZSTD, "content_encoding_zstd"),
            ("identity, aws-chunked", GZIP, "content_encoding_other"),
        ] {
            let page = sign_in_with(&shop, endpoint, encoded(200, coding, body)).await;
            let code = refusal_code(name, endpoint, code);
            let expected: Refusal<'_> = (502, InvalidAnswer, Some(&code));
            assert_eq!(refusal(&page), expected, "{name} {endpoint:?} {coding}");
        }
        assert_signed_in(&login(&shop, []).await, "after the fault");
    }
}

#[tokio::test]
async fn an_error_with_a_coding_is_named_and_a_server_error_stays_an_outage() {
    let shop = Shop::in_dialect("kakao").await;
    for (status, expected) in [
        (400, (502, InvalidAnswer, Some("content_encoding_gzip"))),
        (404, (502, InvalidAnswer, Some("content_encoding_gzip"))),
        (500, (502, ProviderUnavailable, None)),
        (502, (502, ProviderUnavailable, None)),
    ] {
        let page = sign_in_with(&shop, Endpoint::Token, encoded(status, "gzip", GZIP)).await;
        assert_eq!(refusal(&page), expected, "{status}");
    }
}

#[tokio::test]
async fn an_answer_without_its_announced_coding_is_read() {
    for coding in ["identity", "gzip", ""] {
        let shop = Shop::in_dialect("kakao").await;
        let token = br#"{"access_token":"token","token_type":"bearer"}"#;
        let user = br#"{"id":7,"kakao_account":{"has_phone_number":true,"phone_number":"+82 10-1234-5678"}}"#;
        let faults = [
            (Endpoint::Token, encoded(200, coding, token)),
            (Endpoint::Profile, encoded(200, coding, user)),
        ];
        assert_signed_in(&login(&shop, faults).await, coding);
    }
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_named() {
    for (name, endpoint) in ENDPOINTS {
        let shop = Shop::in_dialect(name).await;
        let page = sign_in_with(&shop, endpoint, Fault::Huge(300_000)).await;
        let code = refusal_code(name, endpoint, "too_large");
        let expected: Refusal<'_> = (502, InvalidAnswer, Some(&code));
        assert_eq!(refusal(&page), expected, "{name} {endpoint:?}");
    }
}
