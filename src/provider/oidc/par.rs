//! Pushed authorization requests (RFC 9126).

use http::StatusCode;
use serde_json::Value;
use url::Url;

use super::super::{answer, client::Client, standard};
use crate::error::{LoginError, LoginErrorKind};

/// Pushes the parameters of the authorization request `url`, and gives the short one that stands for it, with
/// whatever query the authorization endpoint has of its own.
pub(super) async fn push(
    client: &Client,
    endpoint: &Url,
    mut authorization_endpoint: Url,
    url: &str,
) -> Result<String, LoginError> {
    let invalid = || LoginError::new(LoginErrorKind::InvalidAnswer);
    let url = Url::parse(url).map_err(|_| invalid())?;
    let response = client.post(endpoint, url.query_pairs()).await?;
    let answer: Value = answer::parse(answer::object(&response)?)?;
    if !response.status().is_success() {
        let name = answer["error"].as_str().unwrap_or_default();
        return Err(LoginError::new(cause(name, response.status())));
    }
    let request_uri = answer["request_uri"].as_str().ok_or_else(invalid)?;
    authorization_endpoint
        .query_pairs_mut()
        .append_pair("client_id", client.id())
        .append_pair("request_uri", request_uri);
    Ok(authorization_endpoint.into())
}

/// Section 2.3: what would have come back with the browser is told here, and is our mistake.
fn cause(name: &str, status: StatusCode) -> LoginErrorKind {
    match name {
        "invalid_request" | "invalid_scope" | "unsupported_response_type" => {
            LoginErrorKind::Misconfigured
        }
        _ => standard::cause(name, status),
    }
}
