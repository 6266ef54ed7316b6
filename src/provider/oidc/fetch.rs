//! The public documents of a provider: its metadata and its keys.

use bytes::Bytes;
use http::{Request, Response, StatusCode, Uri};

use super::super::answer;
use crate::{
    error::{LoginError, LoginErrorKind, sources},
    http_client::{CallName, HttpClient, HttpErrorKind},
};

/// Why a document cannot be read.
pub(super) struct Unread {
    pub(super) error: LoginError,
    /// The server answered, and this is no place of the document: the address is wrong, or it has moved.
    pub(super) is_elsewhere: bool,
}

/// The document at `uri`, as JSON text. The log says why there is none.
pub(super) async fn document(
    http: &dyn HttpClient,
    uri: &str,
    call: CallName,
) -> Result<Response<Bytes>, Unread> {
    let name = call.as_str();
    let request = Request::get(uri).extension(call).body(Bytes::new());
    let request =
        request.map_err(|_| Unread::new(LoginError::new(LoginErrorKind::Misconfigured)))?;
    match http.send(request).await {
        Ok(response) => judge(response, uri, name),
        Err(error) => {
            if !matches!(error.kind(), HttpErrorKind::Busy(_)) {
                let (host, source) = (host(uri), sources(&error));
                tracing::warn!(
                    document = name,
                    host,
                    %error,
                    source,
                    "the provider's document cannot be read"
                );
            }
            Err(Unread::new(error.into()))
        }
    }
}

fn judge(response: Response<Bytes>, uri: &str, name: &str) -> Result<Response<Bytes>, Unread> {
    let status = response.status();
    let error = match answer::object(&response) {
        Ok(_) if status.is_success() => return Ok(response),
        Ok(_) => LoginError::new(answer::cause(status)).in_call(answer::call(&response)),
        Err(error) => error,
    };
    let passes = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
    let (host, status) = (host(uri), status.as_u16());
    if passes {
        tracing::warn!(
            document = name,
            host,
            status,
            "the provider's document cannot be read"
        );
    } else {
        tracing::error!(
            document = name,
            host,
            status,
            "the provider's document cannot be read"
        );
    }
    Err(Unread {
        error,
        is_elsewhere: !passes,
    })
}

impl Unread {
    fn new(error: LoginError) -> Self {
        Self {
            error,
            is_elsewhere: false,
        }
    }
}

impl From<LoginError> for Unread {
    /// The document is there, and it is none that can be used.
    fn from(error: LoginError) -> Self {
        Self {
            error,
            is_elsewhere: true,
        }
    }
}

pub(super) fn host(uri: &str) -> String {
    let uri = uri.parse::<Uri>().ok();
    let host = uri.as_ref().and_then(Uri::host);
    host.unwrap_or_default().to_owned()
}
