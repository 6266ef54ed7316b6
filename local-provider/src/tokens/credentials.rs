//! The credentials of a client in a token request.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::header::AUTHORIZATION;
use percent_encoding::percent_decode_str;

use crate::{
    settings::Settings,
    tokens::refusal::Refusal,
    web::{params::Params, record::Recorded},
};

/// The credentials of a client (RFC 6749 section 2.3.1).
pub(crate) struct Credentials {
    id: String,
    secret: Option<String>,
    pub(crate) way: Way,
}

/// The way in which the credentials were sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// In the `Authorization` header.
    Basic,
    /// In the body.
    Post,
    /// No secret, only the `client_id`.
    Public,
}

impl Credentials {
    /// The credentials of a request. An error if they are sent in two ways at once (RFC 6749
    /// section 2.3).
    pub(crate) fn of(request: &Recorded, params: &Params) -> Result<Self, Refusal> {
        let posted = params.member("client_secret");
        if let Some(header) = request.headers.get(AUTHORIZATION) {
            if posted.is_some() {
                let description = "The client authenticates in two ways at once.";
                return Err(Refusal::new("invalid_request", description));
            }
            return header.to_str().ok().and_then(Self::basic).ok_or_else(|| {
                let description = "The Authorization header is malformed.";
                Refusal::client(description).challenge(Some(BASIC))
            });
        }
        Ok(Self {
            id: params.value("client_id").unwrap_or_default().to_owned(),
            secret: posted.map(str::to_owned),
            way: posted.map_or(Way::Public, |_| Way::Post),
        })
    }

    /// Whether these are the credentials of the application, which may have no secret.
    pub(crate) fn belong_to(&self, settings: &Settings) -> bool {
        self.id == settings.client_id && self.secret == settings.client_secret
    }

    /// Reads an `Authorization` header of the scheme Basic. `None` for any other.
    fn basic(header: &str) -> Option<Self> {
        let (scheme, encoded) = header.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let pair = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
        let (id, secret) = pair.split_once(':')?;
        // Both are form-encoded first (RFC 6749 appendix B).
        let decode = |text: &str| {
            let spaced = text.replace('+', " ");
            let decoded = percent_decode_str(&spaced).decode_utf8().ok()?;
            Some(decoded.into_owned())
        };
        Some(Self {
            id: decode(id)?,
            secret: Some(decode(secret)?),
            way: Way::Basic,
        })
    }
}

/// The challenge to a client that failed with Basic.
pub(crate) const BASIC: &str = "Basic realm=\"local provider\"";
