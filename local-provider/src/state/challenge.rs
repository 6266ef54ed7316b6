use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::web::params::Params;

/// The hash of a code's verifier (RFC 7636 section 4.2).
#[derive(Clone)]
pub(crate) struct Challenge(String);

/// A challenge by another method than S256.
pub(crate) struct Unsupported;

impl Challenge {
    pub(crate) fn of(params: &Params) -> Result<Option<Self>, Unsupported> {
        let Some(challenge) = params.value("code_challenge") else {
            return Ok(None);
        };
        match params.value("code_challenge_method") {
            Some("S256") => Ok(Some(Self(challenge.to_owned()))),
            _ => Err(Unsupported),
        }
    }

    pub(crate) fn is_met_by(&self, verifier: Option<&str>) -> bool {
        let s256 = |verifier: &str| {
            URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()))
        };
        verifier.is_some_and(|verifier| s256(verifier) == self.0)
    }
}
