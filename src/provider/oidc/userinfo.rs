//! Userinfo (OpenID Connect Core section 5.3), as JSON or as a signed token.

use bytes::Bytes;
use http::{Response, header::CONTENT_TYPE};
use jsonwebtoken::Algorithm;
use serde_json::{Map, Value};

use super::{
    super::answer,
    id_token::Refusal,
    jws::{self, Jws},
    keys::{Asker, Keys},
};
use crate::error::{LoginError, LoginErrorKind};

/// Whose answer is expected.
pub(super) struct Expected<'a> {
    pub(super) subject: &'a str,
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) algorithms: &'a [Algorithm],
}

/// The claims, if they are of the same subject: those of another are not even looked at.
pub(super) async fn read(
    response: &Response<Bytes>,
    keys: &Keys,
    expected: &Expected<'_>,
) -> Result<Map<String, Value>, LoginError> {
    if !response.status().is_success() {
        let refused = answer::object(response).err();
        let kind = answer::cause(response.status());
        return Err(refused.unwrap_or_else(|| LoginError::new(kind)));
    }
    let claims: Map<String, Value> = if is_jwt(response) {
        signed(response.body(), keys, expected).await?
    } else {
        answer::parse(answer::object(response)?)?
    };
    match claims.get("sub").and_then(Value::as_str) {
        Some(subject) if subject == expected.subject => Ok(claims),
        _ => Err(refuse("userinfo_sub")),
    }
}

fn is_jwt(response: &Response<Bytes>) -> bool {
    let kind = response
        .headers()
        .get(CONTENT_TYPE)
        .map_or(&b""[..], |kind| kind.as_bytes());
    kind.to_ascii_lowercase().starts_with(b"application/jwt")
}

async fn signed(
    body: &Bytes,
    keys: &Keys,
    expected: &Expected<'_>,
) -> Result<Map<String, Value>, LoginError> {
    let token = std::str::from_utf8(body)
        .map_err(|_| refuse("userinfo"))?
        .trim();
    let jws = Jws::parse(token).ok_or_else(|| refuse("userinfo"))?;
    let verified = keys
        .try_with(
            Asker::Login,
            |keys| jws::verified_payload(&jws, keys, expected.algorithms),
            |refusal| *refusal == Refusal::Key,
        )
        .await?;
    let payload = verified.map_err(|_| refuse("userinfo_signature"))?;
    let claims: Map<String, Value> = answer::parse(&payload)?;
    // Section 5.3.2: if signed, it names who made it, and for whom.
    let for_us = match claims.get("aud") {
        Some(Value::Array(several)) => several.iter().any(|one| one == expected.client_id),
        Some(one) => one == expected.client_id,
        None => false,
    };
    if claims
        .get("iss")
        .is_none_or(|issuer| issuer != expected.issuer)
        || !for_us
    {
        return Err(refuse("userinfo_iss_aud"));
    }
    Ok(claims)
}

fn refuse(part: &'static str) -> LoginError {
    LoginError::with_code(LoginErrorKind::IdTokenRejected, part)
}
