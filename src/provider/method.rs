//! The method by which the client secret is sent: `client_secret_basic` or `client_secret_post`.
//!
//! The metadata of a provider announce what the server supports, not what this client is registered
//! for. If both methods are announced, or none, the first request uses one of them. After a
//! response that refuses the client (`invalid_client`), the same request is sent with the other
//! method. The method that worked is used for the rest of the process.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use bytes::Bytes;
use http::{Response, StatusCode};

use super::{ClientAuth, json, token::TokenError};

/// The authentication method of one client. Clones share the learned method.
#[derive(Clone)]
pub(super) struct Method {
    /// The method until another one is learned.
    first: ClientAuth,
    /// The method that worked, shared by all clients of this provider. `None` if the method is
    /// fixed by a setting or by the metadata.
    learned: Option<Arc<LearnedMethod>>,
}

/// The method that a provider accepted after it had refused the other one. It outlives the client,
/// which is made anew with each refresh of the metadata.
pub(super) struct LearnedMethod {
    /// The provider's name, for the log.
    provider: String,
    // 0 is none yet, 1 is Basic, 2 is the body.
    method: AtomicU8,
}

impl LearnedMethod {
    /// Nothing is learned yet.
    pub(super) fn new(provider: impl Into<String>) -> Self {
        Self {
            provider: provider.into(),
            method: AtomicU8::new(0),
        }
    }
}

impl Method {
    /// One method, which does not change.
    pub(super) fn fixed(method: ClientAuth) -> Self {
        Self {
            first: method,
            learned: None,
        }
    }

    /// `first`, until the provider refuses it and accepts the other one.
    pub(super) fn negotiable(first: ClientAuth, learned: Arc<LearnedMethod>) -> Self {
        Self {
            first,
            learned: Some(learned),
        }
    }

    /// The method for the next request. Two concurrent sign-ins may both try the first one, which
    /// does no harm.
    pub(super) fn current(&self) -> ClientAuth {
        let learned = self.learned.as_ref();
        match learned.map_or(0, |learned| learned.method.load(Ordering::Relaxed)) {
            1 => ClientAuth::Basic,
            2 => ClientAuth::Body,
            _ => self.first,
        }
    }

    /// The method to try after `used` was refused. `None` if the method is fixed.
    pub(super) fn other(&self, used: ClientAuth) -> Option<ClientAuth> {
        self.learned.as_ref().map(|_| match used {
            ClientAuth::Basic => ClientAuth::Body,
            ClientAuth::Body => ClientAuth::Basic,
        })
    }

    /// Remembers that the provider accepted `method` and refused the other one. The first time, a
    /// warning names the setting.
    pub(super) fn learn(&self, method: ClientAuth) {
        let Some(learned) = &self.learned else { return };
        let (number, setting) = match method {
            ClientAuth::Basic => (1, "client_secret_basic"),
            ClientAuth::Body => (2, "client_secret_post"),
        };
        if learned.method.swap(number, Ordering::Relaxed) != number {
            tracing::warn!(
                provider = learned.provider,
                setting,
                "the provider refused this client's first authentication method and accepted \
                 the other one, which is used from now on; give the setting, so that a restart \
                 costs no call"
            );
        }
    }
}

/// Whether an error response refuses the client itself. An error about the code does not count,
/// because the server has then read the code, which must not be sent again.
pub(super) fn is_about_the_client(error: &TokenError) -> bool {
    match (error.name(), error.status) {
        ("invalid_client", StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED) => true,
        ("invalid_request", StatusCode::BAD_REQUEST) => names_the_client(error.description()),
        _ => false,
    }
}

/// Whether a response refuses the client itself, for requests without a code.
pub(super) fn refuses_the_client(response: &Response<Bytes>) -> bool {
    let error = json::object(response).and_then(|text| TokenError::read(response, text));
    error.is_ok_and(|error| is_about_the_client(&error))
}

/// Whether the text of `invalid_request` is about client authentication. RFC 6749 section 5.2
/// leaves the text open, so the words decide. The text must name a parameter of the client, and
/// none of the grant or of another kind of proof.
fn names_the_client(description: &str) -> bool {
    const OTHER: [&str; 18] = [
        "code",
        "codes",
        "code_verifier",
        "code_challenge",
        "verifier",
        "pkce",
        "grant",
        "grant_type",
        "redirect_uri",
        "scope",
        // Bound tokens and the client's own keys (RFC 8705, RFC 9449). Another method of sending
        // the secret does not provide them.
        "certificate",
        "certification",
        "mtls",
        "tls",
        "dpop",
        "proof",
        "assertion",
        "client_assertion",
    ];
    let description = description.to_ascii_lowercase();
    // Whole words are compared, so that `code` is not found in `encoded`.
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let words = || description.split(|character| !is_word(character));
    let has = |word: &str| words().any(|known| known == word);
    let client = words().any(|word| word.starts_with("client")) || has("credentials");
    (client || (has("authorization") && has("header"))) && !OTHER.into_iter().any(has)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_about_the_client_only_if_it_names_no_grant_and_no_other_proof() {
        for text in [
            "The request is missing the required parameter: client_id",
            "Missing client credentials",
            "client_secret is required",
            "Client authentication failed",
            "Missing Authorization header",
        ] {
            assert!(names_the_client(text), "{text}");
        }
        for text in [
            "",
            "Malformed request",
            "The code was issued to another client",
            "code_verifier does not match for client_id shop",
            "Missing parameter: redirect_uri (client shop)",
            "The client may not use this grant_type",
            "PKCE is required for this client",
            "Client Certification missing for MTLS HoK Token Binding",
            "The client must send a DPoP proof",
            "client_assertion is required for this client",
        ] {
            assert!(!names_the_client(text), "{text}");
        }
    }
}
