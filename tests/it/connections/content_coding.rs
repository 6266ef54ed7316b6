//! No answer with a content coding is asked for, and one that comes all the same is named.

use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_ENCODING};
use tower_phone_auth::{
    Kakao,
    LoginErrorKind::{InvalidAnswer, ProviderUnavailable},
    Provider,
};
use tower_phone_auth_local_provider::{Endpoint, Fault, LocalProvider, Par};

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{JIWOO, Page},
    outcome::{Refusal, assert_signed_in, login, refusal},
    shop::Shop,
};

/// Every endpoint that a sign-in calls, by the provider's name.
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

async fn open(name: &str) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| settings.oidc.par = Par::Required);
    let client: Provider = match name {
        "oidc" => provider.oidc().into(),
        "kakao" => provider.kakao().into(),
        "naver" => provider.naver().into(),
        "google" => provider.google().into(),
        _ => kakao_with_id_tokens(&provider).into(),
    };
    Shop::at(provider, client, |builder| builder)
}

fn kakao_with_id_tokens(provider: &LocalProvider) -> Kakao {
    provider.configure(|settings| settings.kakao_oidc = true);
    provider.kakao().named("local").openid_connect()
}

fn encoded(status: u16, coding: &'static str, body: &[u8]) -> Fault {
    let coding = HeaderValue::from_static(coding);
    Fault::Answer {
        status: StatusCode::from_u16(status).unwrap(),
        content_type: Some("application/json".to_owned()),
        body: body.to_vec(),
        headers: HeaderMap::from_iter([(CONTENT_ENCODING, coding)]),
    }
}

/// The refusal of the page visit or of the callback, whichever needs the endpoint.
async fn meets(shop: &Shop, endpoint: Endpoint, fault: Fault) -> Page {
    shop.provider.fail(endpoint, fault);
    let mut browser = shop.browser();
    let mut page = browser.visit("/").await;
    if page.status() == StatusCode::SEE_OTHER {
        page = browser.come_back("/", JIWOO).await;
    }
    shop.provider.heal(endpoint);
    page
}

#[tokio::test]
async fn every_call_asks_for_an_answer_without_a_coding() {
    for name in ["oidc", "kakao", "naver", "google", "local"] {
        let shop = open(name).await;
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

/// Userinfo of OpenID Connect is named beside the fault: the ID token may say enough without it.
fn named(provider: &str, endpoint: Endpoint, code: &str) -> String {
    match (provider, endpoint) {
        ("oidc", Endpoint::Profile) => format!("userinfo_{code}"),
        _ => code.to_owned(),
    }
}

#[tokio::test]
async fn an_answer_with_a_coding_is_refused_by_the_codings_name() {
    for (name, endpoint) in ENDPOINTS {
        let shop = open(name).await;
        for (coding, body, code) in [
            ("gzip", GZIP, "content_encoding_gzip"),
            ("deflate", DEFLATE, "content_encoding_deflate"),
            ("br", BROTLI, "content_encoding_br"),
            ("X-GZip", GZIP, "content_encoding_gzip"),
            ("zstd", ZSTD, "content_encoding_zstd"),
            ("identity, aws-chunked", GZIP, "content_encoding_other"),
        ] {
            let page = meets(&shop, endpoint, encoded(200, coding, body)).await;
            let code = named(name, endpoint, code);
            let expected: Refusal<'_> = (502, InvalidAnswer, Some(&code));
            assert_eq!(refusal(&page), expected, "{name} {endpoint:?} {coding}");
        }
        assert_signed_in(&login(&shop, []).await, "mended");
    }
}

#[tokio::test]
async fn a_refusal_with_a_coding_is_named_and_a_servers_own_trouble_stays_its_trouble() {
    let shop = open("kakao").await;
    for (status, expected) in [
        (400, (502, InvalidAnswer, Some("content_encoding_gzip"))),
        (404, (502, InvalidAnswer, Some("content_encoding_gzip"))),
        (500, (502, ProviderUnavailable, None)),
        (502, (502, ProviderUnavailable, None)),
    ] {
        let page = meets(&shop, Endpoint::Token, encoded(status, "gzip", GZIP)).await;
        assert_eq!(refusal(&page), expected, "{status}");
    }
}

#[tokio::test]
async fn a_plain_answer_under_a_codings_name_is_read() {
    for coding in ["identity", "gzip", ""] {
        let shop = open("kakao").await;
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
        let shop = open(name).await;
        let page = meets(&shop, endpoint, Fault::Huge(300_000)).await;
        let code = named(name, endpoint, "too_large");
        let expected: Refusal<'_> = (502, InvalidAnswer, Some(&code));
        assert_eq!(refusal(&page), expected, "{name} {endpoint:?}");
    }
}
