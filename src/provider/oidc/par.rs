//! Pushed authorization requests (PAR, RFC 9126): this server sends the parameters of an
//! authorization request to the provider, and the browser gets a URL that only refers to them.

use http::StatusCode;
use serde_json::Value;
use url::Url;

use crate::provider::{client::Client, json, oauth_error};
use crate::{
    error::{LoginErrorKind, ProviderError},
    http_client::CallName,
};

/// Pushes the parameters of the authorization request `url`. Returns the short URL for the browser,
/// which keeps the query of the authorization endpoint.
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
        Err(_) if response.status().is_client_error() => Value::Null,
        text => json::parse(text?).map_err(in_call)?,
    };
    if !response.status().is_success() {
        let name = answer["error"].as_str().unwrap_or_default();
        return Err(in_call(cause(name, response.status())));
    }
    let request_uri = answer["request_uri"].as_str();
    let request_uri = request_uri.ok_or_else(|| in_call(invalid()))?;
    authorization_endpoint
        .query_pairs_mut()
        .append_pair("client_id", client.id())
        .append_pair("request_uri", request_uri);
    Ok(authorization_endpoint.into())
}

/// The scope of the request, for the log.
fn scope(url: &Url) -> Option<String> {
    let mut pairs = url.query_pairs();
    pairs.find_map(|(name, value)| (name == "scope").then(|| value.into_owned()))
}

/// The error of a refused request (section 2.3). No code exists at this point, so `invalid_grant`
/// is a configuration mistake.
fn cause(name: &str, status: StatusCode) -> ProviderError {
    let error = oauth_error::refused(name, status);
    match error.kind() {
        LoginErrorKind::CodeRejected => oauth_error::named(LoginErrorKind::Misconfigured, name),
        _ => error,
    }
}
