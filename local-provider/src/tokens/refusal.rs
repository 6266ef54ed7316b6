//! Errors of token endpoints.

use http::{HeaderValue, StatusCode, header::WWW_AUTHENTICATE};
use serde_json::json;

use crate::web::answer::{self, Answer};

/// An error of a token endpoint (RFC 6749 section 5.2).
pub(crate) struct Refusal {
    status: StatusCode,
    error: &'static str,
    description: String,
    code: Option<&'static str>,
    challenge: Option<&'static str>,
}

impl Refusal {
    /// An error with the status 400.
    pub(crate) fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            error,
            description: description.into(),
            code: None,
            challenge: None,
        }
    }

    /// The error of a code or refresh token that is not accepted.
    pub(crate) fn grant(description: impl Into<String>) -> Self {
        Self::new("invalid_grant", description)
    }

    /// The error of a client that failed to authenticate, with the status 401.
    pub(crate) fn client(description: impl Into<String>) -> Self {
        Self::new("invalid_client", description).status(StatusCode::UNAUTHORIZED)
    }

    /// The same error with another status.
    pub(crate) fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// Adds the `error_code` that only Kakao has.
    pub(crate) fn code(self, code: &'static str) -> Self {
        let code = Some(code);
        Self { code, ..self }
    }

    /// Adds a `WWW-Authenticate` header, which RFC 6749 section 5.2 requires if the client used the
    /// `Authorization` header.
    pub(crate) fn challenge(self, challenge: Option<&'static str>) -> Self {
        Self { challenge, ..self }
    }

    pub(crate) fn answer(&self) -> Answer {
        let mut body = json!({ "error": self.error, "error_description": self.description });
        if let Some(code) = self.code {
            body["error_code"] = code.into();
        }
        let answer = answer::json(self.status, &body);
        match self.challenge {
            Some(challenge) => {
                let challenge = HeaderValue::from_static(challenge);
                answer::with_header(answer, WWW_AUTHENTICATE, challenge)
            }
            None => answer,
        }
    }
}
