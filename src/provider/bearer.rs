//! Requests with the access token in the `Authorization` header (RFC 6750 section 2.1). The token
//! is never part of a URL, because servers and proxies log URLs (section 5.3).

use bytes::Bytes;
use http::{
    HeaderValue, Request, Response,
    header::{ACCEPT, AUTHORIZATION},
};
use oauth2::AccessToken;

use crate::{
    error::{LoginErrorKind, ProviderError},
    http_client::{CallName, HttpClient},
};

/// Sends `GET endpoint` with the access token. The header is marked sensitive, so that no client
/// logs it. `application/jwt` is accepted, because a provider may sign its userinfo (OpenID Connect
/// Core section 5.3.2). A token that cannot be part of a header is an `InvalidAnswer`.
pub(super) async fn get(
    http: &dyn HttpClient,
    endpoint: &str,
    token: &AccessToken,
) -> Result<Response<Bytes>, ProviderError> {
    let invalid = || ProviderError::new(LoginErrorKind::InvalidAnswer);
    let bearer = HeaderValue::from_str(&format!("Bearer {}", token.secret()));
    let mut bearer = bearer.map_err(|_| invalid())?;
    bearer.set_sensitive(true);
    let request = Request::get(endpoint)
        .header(AUTHORIZATION, bearer)
        .header(ACCEPT, "application/json, application/jwt")
        .extension(CallName::Profile)
        .body(Bytes::new())
        .map_err(|_| invalid())?;
    Ok(http.send(request).await?)
}
