//! Invalid settings of rechecks are refused by `build`.

use std::time::Duration;

use tower_phone_auth::{
    CustomProvider, Google, Kakao, Naver, OAuthLayer, Oidc, SessionKey,
    error::LoginErrorKind,
    provider::{Profile, ProfileRequest, Provider},
};

struct NoProfile;

impl ProfileRequest for NoProfile {
    fn request(&self, _: &str) -> http::Result<http::Request<bytes::Bytes>> {
        http::Request::get("https://club.example/me").body(bytes::Bytes::new())
    }

    fn read(&self, _: http::StatusCode, _: &[u8]) -> Result<Profile, LoginErrorKind> {
        Err(LoginErrorKind::ProviderBusy)
    }
}

fn club() -> CustomProvider {
    CustomProvider::new("club", "id", "secret", NoProfile).endpoints(
        "https://club.example/authorize",
        "https://club.example/token",
    )
}

fn refusal(provider: impl Into<Provider>, after: Duration) -> Option<String> {
    let builder = OAuthLayer::builder()
        .public_url("https://shop.example.com")
        .session_key(SessionKey::random())
        .provider(provider)
        .recheck_after(after);
    let error = builder.build().err()?;
    assert_eq!(error.setting(), "recheck_after");
    Some(error.to_string())
}

const QUARTER: Duration = Duration::from_secs(15 * 60);

#[test]
fn a_provider_that_cannot_be_asked_without_a_page_is_refused_by_its_name() {
    for (refused, name, remedy) in [
        (
            refusal(Naver::new("id", "secret"), QUARTER),
            "naver",
            "leave recheck_after out",
        ),
        (
            refusal(Oidc::naver("id", "secret"), QUARTER),
            "naver",
            "leave recheck_after out",
        ),
        (
            refusal(Kakao::new("id", "secret"), QUARTER),
            "kakao",
            "openid_connect()",
        ),
        (
            refusal(club(), QUARTER),
            "club",
            "recheck_with(\"prompt\", \"none\")",
        ),
    ] {
        let refused = refused.unwrap();
        assert!(refused.contains(&format!("{name:?}")), "{refused}");
        assert!(refused.contains(remedy), "{refused}");
    }
    let both = OAuthLayer::builder()
        .public_url("https://shop.example.com")
        .session_key(SessionKey::random())
        .provider(Google::new("id", "secret"))
        .provider(Naver::new("id", "secret"))
        .recheck_after(QUARTER);
    let error = both.build().unwrap_err().to_string();
    assert!(error.contains("\"naver\""), "{error}");
}

#[test]
fn a_provider_that_can_be_asked_is_accepted() {
    for refused in [
        refusal(Google::new("id", "secret"), QUARTER),
        refusal(Kakao::new("id", "secret").openid_connect(), QUARTER),
        refusal(Oidc::new("https://id.example.com", "id", "secret"), QUARTER),
        refusal(club().recheck_with("prompt", "none"), QUARTER),
    ] {
        assert_eq!(refused, None);
    }
}

#[test]
fn a_time_outside_the_session_is_refused_with_its_bounds() {
    let at = |after| refusal(Google::new("id", "secret"), after);
    for after in [
        Duration::ZERO,
        Duration::from_millis(999),
        Duration::from_secs(12 * 3600 + 1),
        Duration::MAX,
    ] {
        let refused = at(after).unwrap();
        assert!(refused.contains("session_lifetime"), "{refused}");
    }
    for after in [Duration::from_secs(1), Duration::from_secs(12 * 3600)] {
        assert_eq!(at(after), None, "{after:?}");
    }
}
