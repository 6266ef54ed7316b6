//! Fetching the provider's public documents, which are its metadata and its key set. Neither is
//! secret, so their addresses may be logged.

use bytes::Bytes;
use http::{Request, Response, StatusCode, Uri};
use serde_json::Value;

use crate::provider::json;
use crate::{
    error::{FailedCall, LoginErrorKind, Mismatch, ProviderError, sources},
    http_client::{CallName, HttpClient, HttpErrorKind},
};

/// A document that could not be read.
pub(super) struct Unread {
    pub(super) error: ProviderError,
    /// The server answered, and the document is not at this address. The address is then wrong or
    /// has changed, and newer metadata may name another one.
    pub(super) is_elsewhere: bool,
}

/// A document, with the call that brought it.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) json: Value,
    /// For the log.
    pub(super) call: FailedCall,
}

/// Fetches the JSON document at `uri`. A failure is logged here, once for all callers that wait for
/// the fetch.
pub(super) async fn document(
    http: &dyn HttpClient,
    uri: &str,
    call: CallName,
) -> Result<Document, Unread> {
    let name = call.as_str();
    let request = Request::get(uri).extension(call).body(Bytes::new());
    let request =
        request.map_err(|_| Unread::new(ProviderError::new(LoginErrorKind::Misconfigured)))?;
    match http.send(request).await {
        Ok(response) => read_document(&response, uri, name),
        Err(error) => {
            // Nothing was sent, so there is nothing new to log. The circuit breaker has logged its
            // opening.
            if !matches!(error.kind(), HttpErrorKind::Busy(_)) {
                let (host, path, source) = (host(uri), path(uri), sources(&error));
                tracing::warn!(
                    document = name,
                    host,
                    path,
                    %error,
                    source,
                    "the provider's document cannot be read"
                );
            }
            Err(Unread::new(error.into()))
        }
    }
}

/// Reads a response. A response that is neither the document nor a temporary failure means a wrong
/// address, which does not change by waiting. It is logged as an error, because only the operator
/// can correct it.
fn read_document(response: &Response<Bytes>, uri: &str, name: &str) -> Result<Document, Unread> {
    let status = response.status();
    let text = json::object(response).ok().filter(|_| status.is_success());
    let call = json::call(response);
    if let Some(Ok(json)) = text.map(json::parse) {
        return Ok(Document { json, call });
    }
    let is_temporary = is_temporary(status);
    let kind = match is_temporary {
        true => json::cause(status),
        false => LoginErrorKind::Misconfigured,
    };
    let mismatch = Mismatch::new("200 with a JSON object", &json::found(response));
    let (host, path) = (host(uri), path(uri));
    let (found, status) = (mismatch.found.as_deref(), status.as_u16());
    if is_temporary {
        tracing::warn!(
            document = name,
            host,
            path,
            status,
            found,
            "the provider's document cannot be read"
        );
    } else {
        tracing::error!(
            document = name,
            host,
            path,
            status,
            found,
            "the provider's document cannot be read"
        );
    }
    Err(Unread {
        error: ProviderError::new(kind).differing(mismatch).in_call(call),
        is_elsewhere: !is_temporary,
    })
}

/// Whether the same request may succeed later (RFC 9110 sections 15.5.9 and 15.6, RFC 6585 section
/// 4).
fn is_temporary(status: StatusCode) -> bool {
    let later = [
        StatusCode::TOO_MANY_REQUESTS,
        StatusCode::REQUEST_TIMEOUT,
        StatusCode::TOO_EARLY,
    ];
    status.is_server_error() || later.contains(&status)
}

impl Unread {
    /// An error without a response, which says nothing about the address.
    fn new(error: ProviderError) -> Self {
        Self {
            error,
            is_elsewhere: false,
        }
    }
}

impl From<ProviderError> for Unread {
    /// The document was read, and its content is not usable, so another document is at this
    /// address.
    fn from(error: ProviderError) -> Self {
        Self {
            error,
            is_elsewhere: true,
        }
    }
}

/// The host of an address, or an empty text.
pub(super) fn host(uri: &str) -> String {
    let uri = uri.parse::<Uri>().ok();
    let host = uri.as_ref().and_then(Uri::host);
    host.unwrap_or_default().to_owned()
}

/// The path of an address, or an empty text.
pub(super) fn path(uri: &str) -> String {
    let uri = uri.parse::<Uri>().ok();
    uri.as_ref().map(Uri::path).unwrap_or_default().to_owned()
}
