//! A provider on this computer is refused for a public URL that others reach.

use bytes::Bytes;
use http::{Request, StatusCode};
use tower_phone_auth::{
    ConfigError, CustomProvider, Google, Kakao, Naver, OAuthLayer, Oidc, SessionKey,
    error::LoginErrorKind,
    provider::{Profile, ProfileRequest, Provider},
};

const PUBLIC: &str = "https://shop.example.com";

/// Every form of this computer in an address.
const HERE: [&str; 10] = [
    "http://127.0.0.1:9000",
    "http://127.8.8.8:9000",
    "http://2130706433:9000",
    "http://0x7f000001:9000",
    "http://0177.1:9000",
    "http://[::1]:9000",
    "http://[::ffff:127.0.0.1]:9000",
    "http://localhost:9000",
    "http://LOCALHOST.:9000",
    "http://id.localhost:9000",
];

#[derive(Clone)]
struct Club;

impl ProfileRequest for Club {
    fn request(&self, _: &str) -> http::Result<Request<Bytes>> {
        Request::get("http://127.0.0.1:9000/me").body(Bytes::new())
    }

    fn read(&self, _: StatusCode, _: &[u8]) -> Result<Profile, LoginErrorKind> {
        Err(LoginErrorKind::InvalidAnswer)
    }
}

fn at(here: &str) -> [(&'static str, Provider); 5] {
    let (authorize, token) = (format!("{here}/authorize"), format!("{here}/token"));
    [
        (
            "endpoint_base",
            Kakao::new("key", "secret").endpoint_base(here).into(),
        ),
        (
            "endpoint_base",
            Naver::new("id", "secret").endpoint_base(here).into(),
        ),
        (
            "endpoint_base",
            Google::new("id", "secret").endpoint_base(here).into(),
        ),
        ("issuer", Oidc::new(here, "id", "secret").into()),
        (
            "endpoints",
            CustomProvider::new("club", "id", "secret", Club)
                .endpoints(authorize, token)
                .into(),
        ),
    ]
}

fn build(provider: Provider, public_url: &str, allowed: bool) -> Result<OAuthLayer, ConfigError> {
    let builder = OAuthLayer::builder()
        .public_url(public_url)
        .session_key(SessionKey::random())
        .provider(provider);
    if allowed {
        builder.allow_test_endpoints().build()
    } else {
        builder.build()
    }
}

#[test]
fn a_provider_on_this_computer_needs_a_loopback_public_url() {
    for here in HERE {
        for (setting, provider) in at(here) {
            let error = build(provider, PUBLIC, false).unwrap_err();
            assert_eq!(error.setting(), setting, "{here}");
            assert!(error.to_string().contains(PUBLIC), "{error}");
            assert!(error.remedy().contains("allow_test_endpoints()"), "{error}");
        }
    }
}

#[test]
fn an_https_issuer_on_this_computer_is_refused_too() {
    for issuer in [
        "https://127.0.0.1:8443",
        "https://localhost.",
        "https://0.0.0.0:8443",
        "https://[::]:8443",
        "https://[::ffff:0.0.0.0]",
    ] {
        let error = build(Oidc::new(issuer, "id", "secret").into(), PUBLIC, false).unwrap_err();
        assert_eq!(error.setting(), "issuer", "{issuer}");
    }
}

#[test]
fn a_loopback_public_url_or_the_named_setting_permits_it() {
    for here in HERE {
        for (_, provider) in at(here) {
            build(provider, "http://127.0.0.1:3000", false).unwrap();
        }
        for (_, provider) in at(here) {
            build(provider, PUBLIC, true).unwrap();
        }
    }
}

#[test]
fn a_host_name_that_only_resembles_loopback_is_accepted() {
    for issuer in [
        "https://localhost.example.com",
        "https://127.0.0.1.example.com",
        "https://notlocalhost",
    ] {
        build(Oidc::new(issuer, "id", "secret").into(), PUBLIC, false).unwrap();
    }
}
