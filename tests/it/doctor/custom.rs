//! Custom providers, and HTTP clients of the application.

use bytes::Bytes;
use http::{Request, Response, StatusCode, header::DATE};
use serde_json::json;
use tower_phone_auth::{
    CustomProvider, Oidc,
    doctor::CheckState,
    error::LoginErrorKind,
    provider::{BoxFuture, HttpClient, HttpError, HttpErrorKind, Profile, ProfileRequest},
};
use tower_phone_auth_local_provider::LocalProvider;

use super::{check, names, shop};

const ISSUER: &str = "http://keycloak:8080/realms/shop";

/// An HTTP client that answers the metadata and keys of a provider on a private network.
struct Network;

impl HttpClient for Network {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>> {
        Box::pin(async move {
            let path = request.uri().path();
            let at = |path: &str| format!("{ISSUER}/{path}");
            let metadata = json!({
                "issuer": ISSUER,
                "authorization_endpoint": at("auth"),
                "token_endpoint": at("token"),
                "jwks_uri": at("keys"),
            });
            let (status, body) = match path.rsplit('/').next() {
                Some("openid-configuration") => (200, metadata.to_string()),
                Some("keys") => return Err(HttpErrorKind::Unreachable.into()),
                _ => (400, "{}".to_owned()),
            };
            let mut answer = Response::new(Bytes::from(body));
            *answer.status_mut() = StatusCode::from_u16(status).unwrap();
            let date = "Sun, 06 Nov 1994 08:49:37 GMT";
            answer.headers_mut().insert(DATE, date.parse().unwrap());
            Ok(answer)
        })
    }
}

#[tokio::test]
async fn with_a_client_of_the_application_certificates_are_not_checked() {
    let provider = LocalProvider::start().await.unwrap();
    let client = Oidc::new(ISSUER, "id", "secret").allow_insecure_http();
    let shop = shop(provider, client, |builder| builder.http_client(Network));
    let report = shop.layer.doctor().await;
    let metadata = check(&report, "oidc", "metadata");
    assert_eq!(metadata.state(), CheckState::Warning);
    assert!(
        metadata.remedy().unwrap().contains("plain http"),
        "{metadata:?}"
    );
    let keys = check(&report, "oidc", "key_set");
    assert!(keys.found().contains("no connection"), "{keys:?}");
    let clock = check(&report, "oidc", "clock");
    assert_eq!(
        clock.state(),
        CheckState::Warning,
        "decades ahead: {clock:?}"
    );
    let checks = report.checks().iter();
    assert!(
        !checks
            .map(|check| check.name())
            .any(|name| name == "certificates")
    );
    // Missing lists are notes.
    for name in [
        "scopes",
        "phone_claims",
        "algorithms",
        "client_authentication",
        "pkce",
    ] {
        assert_eq!(check(&report, "oidc", name).state(), CheckState::Note);
    }
}

struct Club;

impl ProfileRequest for Club {
    fn request(&self, _: &str) -> http::Result<Request<Bytes>> {
        Request::get("/").body(Bytes::new())
    }

    fn read(&self, _: StatusCode, _: &[u8]) -> Result<Profile, LoginErrorKind> {
        Err(LoginErrorKind::InvalidAnswer)
    }
}

#[tokio::test]
async fn the_token_endpoint_of_a_custom_provider_is_called() {
    let provider = LocalProvider::start().await.unwrap();
    let at = |path: &str| format!("{}{path}", provider.origin());
    let club = CustomProvider::new("club", "id", "secret", Club);
    let club = club.endpoints(at("/oauth/authorize"), at("/oauth/token"));
    let shop = shop(provider, club, |builder| builder);
    let report = shop.layer.doctor().await;
    assert_eq!(names(&report, CheckState::Warning), [""; 0], "{report}");
    let token = check(&report, "club", "token_endpoint");
    assert!(token.found().ends_with("/oauth/token"), "{token:?}");
    assert_eq!(
        check(&report, "club", "redirect_uri").state(),
        CheckState::Note
    );
}
