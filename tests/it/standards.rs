//! Rules of the standards that no other test covers. The table of rules is in `tests/claims`.

use std::collections::HashSet;

use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ACCEPT_ENCODING, CONTENT_ENCODING},
};
use tower_phone_auth::{Google, Naver, Oidc, error::LoginErrorKind, provider::Provider};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, faults::Fault};
use url::Url;

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Act, FORM, JIWOO, Page, location, refusal},
    outcome::login,
    shop::Shop,
};

/// `{"access_token": "t", "token_type": "bearer"}`, compressed by gzip.
const COMPRESSED: [u8; 59] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 74, 76, 78, 78, 45, 46, 142, 47, 201, 207, 78, 205,
    83, 178, 82, 80, 42, 81, 210, 1, 18, 32, 94, 124, 73, 101, 65, 42, 72, 40, 41, 53, 177, 40,
    181, 72, 169, 22, 0, 152, 98, 74, 213, 45, 0, 0, 0,
];

/// RFC 6749 section 3.1.
#[tokio::test]
async fn no_parameter_of_an_authorization_request_is_sent_twice() {
    let clients: [fn(&LocalProvider) -> Provider; 4] = [
        |provider| provider.kakao().into(),
        |provider| provider.oidc().into(),
        |provider| {
            let (id, secret) = (provider.client_id(), provider.client_secret().unwrap());
            Naver::new(id, secret)
                .endpoint_base(provider.origin())
                .into()
        },
        |provider| {
            let (id, secret) = (provider.client_id(), provider.client_secret().unwrap());
            Google::new(id, secret)
                .endpoint_base(provider.origin())
                .into()
        },
    ];
    for client in clients {
        let provider = LocalProvider::start().await.unwrap();
        let client = client(&provider);
        let shop = Shop::at(provider, client, |builder| builder);
        let mut browser = shop.browser();
        let away = browser.visit("/").await;
        let fresh = browser.visit("/auth/login?fresh=1").await;
        for page in [away, fresh] {
            let url: Url = location(&page).parse().unwrap();
            let names: Vec<_> = url.query_pairs().map(|(name, _)| name).collect();
            let once: HashSet<_> = names.iter().collect();
            assert!(names.len() >= 4 && names.len() == once.len(), "{url}");
        }
    }
}

/// RFC 9700 section 4.12.
#[tokio::test]
async fn every_redirect_of_the_layer_is_a_303() {
    let provider = LocalProvider::start().await.unwrap();
    let oidc: Oidc = provider.oidc().logout_at_provider();
    let shop = Shop::at(provider, oidc, |builder| builder);
    let mut browser = shop.browser();
    let away = browser.visit("/cart").await;
    let callback = browser.act(&away, JIWOO).await;
    let back = browser.visit(&callback).await;
    let again = browser.visit(&callback).await;
    let named = browser.visit("/auth/login?provider=oidc").await;
    let mut other = shop.browser();
    let asked_again = other
        .come_back(
            "/",
            Act::Untick(tower_phone_auth_local_provider::Person::WITH_PHONE),
        )
        .await;
    let out = browser.submit_as(&FORM, "/auth/logout", "").await;
    let after = browser.submit_as(&FORM, "/auth/logout", "").await;
    for page in [away, back, again, named, asked_again, out, after] {
        let page: Page = page;
        assert_eq!(page.status(), StatusCode::SEE_OTHER, "{}", location(&page));
    }
}

/// A small answer cannot grow in memory.
#[tokio::test]
async fn a_compressed_answer_is_not_decompressed() {
    let compressed = || Fault::Answer {
        status: StatusCode::OK,
        content_type: Some("application/json".to_owned()),
        body: COMPRESSED.to_vec(),
        headers: HeaderMap::from_iter([(CONTENT_ENCODING, HeaderValue::from_static("gzip"))]),
    };
    let shop = Shop::open().await;
    for endpoint in [Endpoint::Token, Endpoint::Profile] {
        let page = login(&shop, [(endpoint, compressed())]).await;
        let kind = refusal(&page).unwrap();
        let expected = [
            LoginErrorKind::InvalidAnswer,
            LoginErrorKind::ProviderUnavailable,
        ];
        assert!(expected.contains(&kind), "{endpoint:?}: {kind}");
    }
    let mut requests = shop.provider.requests();
    requests.retain(|request| request.endpoint == Some(Endpoint::Token));
    assert!(!requests.is_empty());
    for request in requests {
        let offered = request.headers.get(ACCEPT_ENCODING);
        assert!(offered.is_none_or(|offered| offered == "identity"));
    }
}
