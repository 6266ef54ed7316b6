//! How the client secret is sent: as the application set it, or as the provider turns out to take it.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use bytes::Bytes;
use http::{Response, StatusCode};

use super::{ClientAuth, json, token::TokenError};

/// The method of one client.
#[derive(Clone)]
pub(super) struct Method {
    first: ClientAuth,
    /// Metadata describe the server and not this client: with both methods announced, or none, the other one may be right.
    learned: Option<Arc<LearnedMethod>>,
}

/// The method that a provider accepted after it had refused the other one; kept while its metadata are read anew.
pub(super) struct LearnedMethod {
    provider: String,
    method: AtomicU8,
}

impl LearnedMethod {
    pub(super) fn new(provider: impl Into<String>) -> Self {
        Self {
            provider: provider.into(),
            method: AtomicU8::new(0),
        }
    }
}

impl Method {
    /// One, whatever the provider says.
    pub(super) fn fixed(method: ClientAuth) -> Self {
        Self {
            first: method,
            learned: None,
        }
    }

    /// One, until the provider accepts the other.
    pub(super) fn negotiable(first: ClientAuth, learned: Arc<LearnedMethod>) -> Self {
        Self {
            first,
            learned: Some(learned),
        }
    }

    pub(super) fn current(&self) -> ClientAuth {
        let learned = self.learned.as_ref();
        match learned.map_or(0, |learned| learned.method.load(Ordering::Relaxed)) {
            1 => ClientAuth::Basic,
            2 => ClientAuth::Body,
            _ => self.first,
        }
    }

    /// The one to try after `used` was refused, if another may be tried at all.
    pub(super) fn other(&self, used: ClientAuth) -> Option<ClientAuth> {
        self.learned.as_ref().map(|_| match used {
            ClientAuth::Basic => ClientAuth::Body,
            ClientAuth::Body => ClientAuth::Basic,
        })
    }

    /// The provider accepted this one, and not the other.
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
                "the provider refused this client's first authentication method and accepted the other one, which is \
                 used from now on; give the setting, so that a restart costs no call"
            );
        }
    }
}

/// Whether an answer says that the client did not authenticate as the provider wants it. One about the code is none:
/// the code was read, and is never sent again.
pub(super) fn is_about_the_client(error: &TokenError) -> bool {
    match (error.name(), error.status) {
        ("invalid_client", StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED) => true,
        ("invalid_request", StatusCode::BAD_REQUEST) => names_the_client(error.description()),
        _ => false,
    }
}

/// The same of an endpoint's whole answer.
pub(super) fn refuses_the_client(response: &Response<Bytes>) -> bool {
    let error = json::object(response).and_then(|text| TokenError::read(response, text));
    error.is_ok_and(|error| is_about_the_client(&error))
}

/// RFC 6749 section 5.2 leaves the text open: a parameter of the client's must be named, and none of the grant's or of another
/// proof.
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
        // What no method of sending the secret provides: bound tokens, and keys of the client's own (RFC 8705, RFC 9449).
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
    fn a_text_about_the_client_names_it_and_nothing_of_the_grant_or_of_another_proof() {
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
