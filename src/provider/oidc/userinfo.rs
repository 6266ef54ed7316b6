//! Userinfo responses (OpenID Connect Core section 5.3), which are JSON or a signed token.

use bytes::Bytes;
use http::{Response, header::CONTENT_TYPE};
use serde_json::{Map, Value};

use super::{describe, jws::Jws, refusal::Refusal};
use crate::error::{LoginErrorKind, Mismatch, ProviderError};
use crate::provider::json;

/// The user, the issuer and the client that a response must be for.
pub(super) struct Expected<'a> {
    pub(super) subject: &'a str,
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
}

/// A response in one of its two forms. Its content is not checked yet.
pub(super) enum Answer<'a> {
    Plain(Map<String, Value>),
    Signed(Jws<'a>),
}

/// Reads a response. The content type decides between the two forms.
pub(super) fn read(response: &Response<Bytes>) -> Result<Answer<'_>, ProviderError> {
    if !response.status().is_success() {
        // A body that is no JSON object says more than the status, for example a maintenance page.
        let refused = json::object(response).err();
        let kind = json::cause(response.status());
        let refused = refused.unwrap_or_else(|| ProviderError::new(kind));
        return Err(refused.in_call(json::call(response)));
    }
    let answer = if is_jwt(response) {
        let token = std::str::from_utf8(response.body()).map_err(|_| rejected("userinfo"));
        token.and_then(|token| Jws::parse(token.trim()).map(Answer::Signed).map_err(refuse))
    } else {
        let text = json::object(response)?;
        json::parse(text).map(Answer::Plain)
    };
    answer.map_err(|error| error.in_call(json::call(response)))
}

/// The claims, if their `sub` is that of the ID token. Core section 5.3.2 forbids using any other
/// response, because it may be about another user.
pub(super) fn check(
    claims: Map<String, Value>,
    expected: &Expected<'_>,
) -> Result<Map<String, Value>, ProviderError> {
    const EXPECTED: &str = "the sub of the ID token";

    match claims.get("sub").and_then(Value::as_str) {
        Some(subject) if subject == expected.subject => Ok(claims),
        Some(subject) if !subject.is_empty() => {
            let mismatch = Mismatch::new(EXPECTED, "another");
            Err(wrong_subject("userinfo_sub").differing(mismatch))
        }
        _ => {
            let mismatch = describe::private(&claims, "sub", EXPECTED);
            Err(wrong_subject("userinfo_sub_missing").differing(mismatch))
        }
    }
}

/// The error of a response with a wrong `sub`. The ID token is valid, so the error is one of
/// userinfo.
fn wrong_subject(code: &'static str) -> ProviderError {
    ProviderError::with_code(LoginErrorKind::InvalidAnswer, code)
}

/// Whether the content type is `application/jwt` (Core section 5.3.2).
fn is_jwt(response: &Response<Bytes>) -> bool {
    let kind = response
        .headers()
        .get(CONTENT_TYPE)
        .map_or(&b""[..], |kind| kind.as_bytes());
    kind.to_ascii_lowercase().starts_with(b"application/jwt")
}

/// The claims of a signed response. Section 5.3.2 recommends `iss` and `aud`. If present, they must
/// name this provider and this client. If they are missing, the signature and the subject bind the
/// claims.
pub(super) fn check_signed(
    payload: &[u8],
    expected: &Expected<'_>,
) -> Result<Map<String, Value>, ProviderError> {
    let claims: Map<String, Value> = json::parse(payload)?;
    let named = |name| claims.get(name).filter(|value| !value.is_null());
    // Null counts as missing, as in all claims.
    let is_made_here = named("iss").is_none_or(|issuer| issuer == expected.issuer);
    let is_for_us = match named("aud") {
        Some(Value::Array(several)) => several.iter().any(|one| one == expected.client_id),
        Some(one) => one == expected.client_id,
        None => true,
    };
    if !is_made_here || !is_for_us {
        let (name, wanted) = match is_made_here {
            false => ("iss", expected.issuer),
            true => ("aud", expected.client_id),
        };
        let mismatch = describe::claim(&claims, name, wanted);
        return Err(rejected("userinfo_iss_aud").differing(mismatch));
    }
    check(claims, expected)
}

/// The error of a refused signed response. Its code says that userinfo was refused, and not the ID
/// token.
pub(super) fn refuse(refusal: Refusal) -> ProviderError {
    rejected(match refusal.part() {
        "signature" => "userinfo_signature",
        "alg" => "userinfo_alg",
        "encrypted" => "userinfo_encrypted",
        _ => "userinfo",
    })
    .differing(refusal.mismatch)
}

/// The error of a signed response whose part is wrong.
fn rejected(part: &'static str) -> ProviderError {
    ProviderError::with_code(LoginErrorKind::IdTokenRejected, part)
}
