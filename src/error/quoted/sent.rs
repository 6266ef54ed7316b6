//! The values of a request to a provider, which must not be in a log if the provider repeats them.

use std::fmt;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD},
};
use form_urlencoded::{byte_serialize, parse};
use http::{Request, header::AUTHORIZATION};
use secrecy::{ExposeSecret, SecretString};

/// Each value with the word that replaces it. The values are wiped when they are dropped.
#[derive(Clone, Default)]
pub(crate) struct Sent(Vec<(&'static str, SecretString)>);

impl Sent {
    /// The values in the form, the query and the `Authorization` header of a request.
    pub(crate) fn by<B: AsRef<[u8]>>(request: &Request<B>) -> Self {
        let mut sent = Self::default();
        let query = request.uri().query().unwrap_or_default();
        for (name, value) in parse(request.body().as_ref()).chain(parse(query.as_bytes())) {
            sent.add(&name, &value);
        }
        let authorization = request.headers().get(AUTHORIZATION);
        if let Some(authorization) = authorization.and_then(|value| value.to_str().ok()) {
            sent.add_authorization(authorization);
        }
        sent
    }

    /// Adds the value of a parameter, if the name is one whose value must not be logged. Other
    /// parameters, such as `redirect_uri` and `scope`, help the operator.
    pub(crate) fn add(&mut self, name: &str, value: &str) {
        let word = match name {
            "code" => "[code]",
            "state" => "[state]",
            "nonce" => "[nonce]",
            "code_verifier" => "[verifier]",
            "code_challenge" => "[challenge]",
            "client_secret" => "[secret]",
            "client_assertion" => "[assertion]",
            "access_token" | "refresh_token" | "token" | "id_token_hint" => "[token]",
            "request_uri" => "[request_uri]",
            "login_hint" | "target_id" => "[user]",
            _ => return,
        };
        self.keep(word, value);
    }

    /// Adds the credentials of an `Authorization` header, for Basic also the secret alone.
    fn add_authorization(&mut self, authorization: &str) {
        let (scheme, value) = authorization.split_once(' ').unwrap_or(("", authorization));
        if !scheme.eq_ignore_ascii_case("basic") {
            let is_bearer = scheme.eq_ignore_ascii_case("bearer");
            return self.keep(if is_bearer { "[token]" } else { "[secret]" }, value);
        }
        self.keep("[secret]", value);
        let pair = STANDARD.decode(value).unwrap_or_default();
        let pair = String::from_utf8_lossy(&pair);
        // Client id and secret are form-encoded (RFC 6749 section 2.3.1).
        if let Some((_, secret)) = pair.split_once(':') {
            self.keep("[secret]", secret);
            let plain = parse(secret.as_bytes()).map(|(name, _)| name.into_owned());
            plain.for_each(|secret| self.keep("[secret]", &secret));
        }
    }

    /// Adds a value, unless it is empty or known.
    fn keep(&mut self, word: &'static str, value: &str) {
        let is_known = self
            .0
            .iter()
            .any(|(_, known)| known.expose_secret() == value);
        if !value.is_empty() && !is_known {
            self.0.push((word, value.to_owned().into()));
        }
    }

    /// Adds the values of another request, because an error of the token endpoint may repeat values
    /// of the authorization request.
    pub(crate) fn extend(&mut self, more: &Self) {
        for (word, value) in &more.0 {
            self.keep(word, value.expose_secret());
        }
    }

    /// Each value, with the word that replaces it.
    pub(super) fn values(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0
            .iter()
            .map(|(word, value)| (*word, value.expose_secret()))
    }
}

/// Other spellings of a value: hexadecimal, and Base64 at each of the three offsets that it may
/// have in an encoded text. Percent-encoded ones are not among them, because the glyphs are
/// decoded.
pub(super) fn spellings(value: &str) -> Vec<String> {
    let form: String = byte_serialize(value.as_bytes()).collect();
    let hex: String = value.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut spellings = vec![value.to_owned(), hex];
    for value in [value, &form] {
        for before in 0..3 {
            // The encoded text may have other bytes before the value, such as the client id.
            let shifted = [&b"..."[..before], value.as_bytes()].concat();
            let encoded = STANDARD_NO_PAD.encode(shifted);
            let skipped = if before == 0 { 0 } else { before + 1 };
            let inner = encoded.get(skipped..encoded.len().saturating_sub(1));
            spellings.push(inner.unwrap_or_default().to_owned());
        }
    }
    spellings
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sent")
    }
}
