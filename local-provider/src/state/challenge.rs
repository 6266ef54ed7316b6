//! Code challenges (PKCE).

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::web::params::Params;

/// The S256 challenge of a code (RFC 7636 section 4.2).
#[derive(Clone)]
pub(crate) struct Challenge(String);

/// The error of a challenge by another method than S256, the only one that does not expose the
/// verifier (RFC 9700 section 2.1.1).
pub(crate) struct Unsupported;

impl Challenge {
    /// The challenge of a request. `None` if it has none. A challenge without a method is one by
    /// `plain` (RFC 7636 section 4.3), and thus an error.
    pub(crate) fn of(params: &Params) -> Result<Option<Self>, Unsupported> {
        let Some(challenge) = params.value("code_challenge") else {
            return Ok(None);
        };
        match params.value("code_challenge_method") {
            Some("S256") => Ok(Some(Self(challenge.to_owned()))),
            _ => Err(Unsupported),
        }
    }

    /// Whether the challenge was made from this verifier (RFC 7636 section 4.6).
    pub(crate) fn is_met_by(&self, verifier: Option<&str>) -> bool {
        let s256 = |verifier: &str| {
            URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()))
        };
        verifier.is_some_and(|verifier| s256(verifier) == self.0)
    }
}
