//! Revoking a token, and unlinking a user. Only the application asks for these. A sign-out does
//! neither, because the user may return.

use bytes::Bytes;
use http::{
    HeaderValue, Request, Response, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use serde_json::Value;

use super::{json, oauth_error};
use crate::{
    error::{LoginErrorKind, ProviderError},
    http_client::{BoxFuture, CallName, HttpClient},
};

/// The future of a revocation or an unlink. `Ok` means that the provider has confirmed it.
pub(super) type Revoked<'a> = BoxFuture<'a, Result<(), ProviderError>>;

/// The user whose link to the application ends.
#[derive(Clone, Copy)]
pub(crate) enum UnlinkTarget<'a> {
    /// The user to whom this access token belongs.
    Token(&'a str),
    /// The user with this subject, by the application's own authority (at Kakao its admin key).
    Subject(&'a str),
}

/// The future for a provider that has no such endpoint, or lacks the setting for it.
pub(super) fn unsupported<'a>() -> Revoked<'a> {
    Box::pin(async { Err(not_set_up("revocation")) })
}

/// The error for a feature whose setting is missing. `part` names the setting.
pub(super) fn not_set_up(part: &'static str) -> ProviderError {
    ProviderError::with_code(LoginErrorKind::Misconfigured, part)
}

/// Posts a form, with this value of `Authorization` if there is one. The client itself is not
/// authenticated otherwise.
pub(super) async fn post(
    http: &dyn HttpClient,
    endpoint: &str,
    authorization: Option<String>,
    pairs: &[(&str, &str)],
) -> Result<Response<Bytes>, ProviderError> {
    let request = form(endpoint, authorization, pairs);
    let request = request.map_err(|_| ProviderError::new(LoginErrorKind::InvalidAnswer))?;
    Ok(http.send(request).await?)
}

/// The request. Its authorization header is marked sensitive, so that no client logs it.
fn form(
    endpoint: &str,
    authorization: Option<String>,
    pairs: &[(&str, &str)],
) -> http::Result<Request<Bytes>> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(pairs);
    let mut request = Request::post(endpoint)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(ACCEPT, "application/json")
        .extension(CallName::Revocation);
    if let Some(authorization) = authorization {
        let mut value = HeaderValue::try_from(authorization)?;
        value.set_sensitive(true);
        request = request.header(AUTHORIZATION, value);
    }
    request.body(Bytes::from(form.finish()))
}

/// The result of a revocation by its response. An unknown token counts as revoked (RFC 7009 section
/// 2.2), because it can do nothing any more.
pub(super) fn result(response: &Response<Bytes>) -> Result<(), ProviderError> {
    let status = response.status();
    if status.is_success() {
        return Ok(());
    }
    // A body that is no JSON states no error name, so the status decides.
    let document: Value = json::object(response)
        .and_then(json::parse)
        .unwrap_or_default();
    match document["error"].as_str().unwrap_or_default() {
        // Google's response for an unknown token.
        "invalid_token" if status == StatusCode::BAD_REQUEST => Ok(()),
        name => Err(oauth_error::refused(name, status).in_call(json::call(response))),
    }
}
