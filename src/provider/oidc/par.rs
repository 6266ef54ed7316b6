//! Pushed authorization requests (PAR, RFC 9126). This server sends the parameters of an
//! authorization request to the provider, and the browser gets a URL that only refers to them.

use http::StatusCode;
use serde_json::Value;
use url::Url;

use crate::provider::{client::Client, json, oauth_error};
use crate::{
    error::{LoginErrorKind, ProviderError},
    http_client::CallName,
};

/// Pushes the parameters of the authorization request `url`. Returns the short URL for the browser
/// (RFC 9126 section 4), which keeps the query of the authorization endpoint.
pub(super) async fn push(
    client: &Client,
    endpoint: &Url,
    mut authorization_endpoint: Url,
    url: &str,
) -> Result<String, ProviderError> {
    let invalid = || ProviderError::new(LoginErrorKind::InvalidAnswer);
    let url = Url::parse(url).map_err(|_| invalid())?;
    let pushed = (CallName::PushedRequest, endpoint);
    let response = client.post(pushed, url.query_pairs()).await?;
    let in_call = |error: ProviderError| {
        let mut call = json::call(&response);
        call.scope = call.error.as_ref().and_then(|_| scope(&url));
        error.in_call(call)
    };
    let answer: Value = match json::object(&response) {
        // A 4xx without JSON is a refusal without a name.
        Err(_) if response.status().is_client_error() => Value::Null,
        text => json::parse(text?).map_err(in_call)?,
    };
    if !response.status().is_success() {
        let name = answer["error"].as_str().unwrap_or_default();
        return Err(in_call(cause(name, response.status())));
    }
    let request_uri = answer["request_uri"].as_str();
    let request_uri = request_uri.ok_or_else(|| in_call(invalid()))?;
    // `client_id` must be repeated, because the provider finds the client before it reads the
    // pushed request.
    authorization_endpoint
        .query_pairs_mut()
        .append_pair("client_id", client.id())
        .append_pair("request_uri", request_uri);
    Ok(authorization_endpoint.into())
}

/// The scope of the request, for the log. A scope that the client may not use is the usual cause of
/// a refusal.
fn scope(url: &Url) -> Option<String> {
    let mut pairs = url.query_pairs();
    pairs.find_map(|(name, value)| (name == "scope").then(|| value.into_owned()))
}

/// The error of a refused request (RFC 9126 section 2.3). No code exists at this point, so
/// `invalid_grant` is a mistake of the configuration.
fn cause(name: &str, status: StatusCode) -> ProviderError {
    let error = oauth_error::refused(name, status);
    match error.kind() {
        LoginErrorKind::CodeRejected => oauth_error::named(LoginErrorKind::Misconfigured, name),
        _ => error,
    }
}
