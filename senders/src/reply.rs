//! Replies of services, and the errors that all of them share.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header::RETRY_AFTER};
use serde_json::Value;
use tower_phone_auth::phone_step::{SendError, SendErrorKind};

/// The remedy of a wrong key or secret.
pub(crate) const CREDENTIALS: &str = "check the key and the secret of the sender";
/// The remedy of a clock that is wrong.
pub(crate) const CLOCK: &str = "set the clock of this server, by NTP for example";
/// The remedy of a sender number that is not registered.
pub(crate) const SENDER: &str = "register the sender number in the console of the service";
/// The remedy of an AlimTalk template that differs.
pub(crate) const TEMPLATE: &str = "compare the template and its variables with the approved one";
/// The remedy of a text that a service does not take.
pub(crate) const TEXT: &str = "shorten the message, and use characters of EUC-KR alone";
/// The remedy of an empty balance.
pub(crate) const BALANCE: &str = "add to the balance at the service";

/// A reply.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    /// `Null` for a body that is not JSON. The media type is not read, because gateways send JSON
    /// as `text/plain`.
    pub(crate) json: Value,
    retry_after: Option<Duration>,
}

impl Reply {
    pub(crate) fn new(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        let wait = headers.get(RETRY_AFTER).and_then(|wait| wait.to_str().ok());
        Self {
            status,
            json: serde_json::from_slice(body).unwrap_or_default(),
            // A date is not read, because the clock of the service may differ from ours.
            retry_after: wait
                .and_then(|wait| wait.trim().parse().ok())
                .map(Duration::from_secs),
        }
    }

    /// The error of this reply by its status alone. A service with clearer codes looks at those
    /// first.
    ///
    /// An error of the client (4xx) says that nothing was sent. A success that was not understood,
    /// a redirect and an error of the server leave that open.
    pub(crate) fn error(&self, code: &str) -> SendError {
        let (kind, remedy) = match self.status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                (SendErrorKind::Misconfigured, Some(CREDENTIALS))
            }
            StatusCode::NOT_FOUND => {
                let remedy = "check the id of the service in the settings of the sender";
                (SendErrorKind::Misconfigured, Some(remedy))
            }
            StatusCode::PAYMENT_REQUIRED => (SendErrorKind::Refused, Some(BALANCE)),
            StatusCode::TOO_MANY_REQUESTS => (self.busy(), None),
            // The service stopped to wait for the request, and may have read all of it.
            StatusCode::REQUEST_TIMEOUT => (SendErrorKind::Unknown, None),
            status if status.is_client_error() => (SendErrorKind::Refused, None),
            _ => (SendErrorKind::Unknown, None),
        };
        let error = SendError::new(kind).code(code);
        match remedy {
            Some(remedy) => error.remedy(remedy),
            None => error,
        }
    }

    /// The error of this reply with its status as the code.
    pub(crate) fn status_error(&self) -> SendError {
        self.error(self.status.as_str())
    }

    /// A limit of the service, with the wait that the reply names.
    pub(crate) fn busy(&self) -> SendErrorKind {
        SendErrorKind::Busy {
            retry_after: self.retry_after,
        }
    }
}

/// A code that a service writes as a text in one place and as a number in another.
pub(crate) fn code(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
