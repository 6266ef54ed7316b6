//! An `HttpClient` that serves the metadata of a real provider from the local one.

use bytes::Bytes;
use http::{Request, Response};
use tower_phone_auth::provider::{BoxFuture, HttpClient, HttpError, HttpErrorKind};
use tower_phone_auth_local_provider::LocalProvider;

/// Sends requests for the issuer's metadata to the local provider, whose metadata name its own
/// endpoints.
pub(super) struct Rerouted {
    client: reqwest::Client,
    /// The only address of another host that may be called.
    metadata: String,
    local: String,
}

impl Rerouted {
    pub(super) fn new(issuer: &str, provider: &LocalProvider) -> Self {
        let metadata = |issuer: &str| {
            let issuer = issuer.trim_end_matches('/');
            format!("{issuer}/.well-known/openid-configuration")
        };
        Self {
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            metadata: metadata(issuer),
            local: metadata(&provider.oidc_issuer()),
        }
    }
}

impl HttpClient for Rerouted {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>> {
        Box::pin(async move {
            let mut request = reqwest::Request::try_from(request).unwrap();
            if request.url().as_str() == self.metadata {
                *request.url_mut() = self.local.parse().unwrap();
            } else if request.url().host_str() != Some("127.0.0.1") {
                return Err(HttpErrorKind::Unreachable.into());
            }
            let answer = self.client.execute(request).await;
            let answer = answer.map_err(|_| HttpError::from(HttpErrorKind::Unreachable))?;
            let mut response = Response::new(Bytes::new());
            *response.status_mut() = answer.status();
            *response.headers_mut() = answer.headers().clone();
            *response.body_mut() = answer.bytes().await.unwrap();
            Ok(response)
        })
    }
}
