//! The error in a provider's response, in each of the forms that providers use. It is read for the
//! log only, and never decides anything.

use bytes::Bytes;
use http::{Response, header::WWW_AUTHENTICATE};
use serde_json::Value;

use crate::error::{Sent, quoted};

/// Name and description of an error, quoted for the log. Values that this server sent are replaced,
/// because Kakao repeats the code in its description.
#[derive(Debug, Default)]
pub(super) struct ErrorDetail {
    pub(super) error: Option<String>,
    pub(super) description: Option<String>,
}

/// JSON pointers to the error's name, of which the first that is present counts: RFC 6749, then
/// Google's APIs (two), Kakao's token endpoint, Naver's API, Naver's gateway, and Kakao's API.
const NAMES: [&str; 7] = [
    "/error",
    "/error/status",
    "/error/code",
    "/error_code",
    "/resultcode",
    "/errorCode",
    "/code",
];
/// JSON pointers to the error's description: RFC 6749, Google's APIs, Kakao's API, Naver's API,
/// Naver's gateway, and the two members of RFC 9457.
const DESCRIPTIONS: [&str; 7] = [
    "/error_description",
    "/error/message",
    "/msg",
    "/message",
    "/errorMessage",
    "/detail",
    "/title",
];

/// The error that `response` states. Only refusals are read, because any other response holds data
/// about the user.
pub(super) fn of(response: &Response<Bytes>) -> ErrorDetail {
    // A body that is no JSON has no members, and the status and the header still count.
    let document: Value = serde_json::from_slice(response.body()).unwrap_or_default();
    let is_refusal = !response.status().is_success() || is_error(&document);
    if !is_refusal {
        return ErrorDetail::default();
    }
    let none = Sent::default();
    let sent = response.extensions().get::<Sent>().unwrap_or(&none);
    let first = |pointers: [&str; 7]| {
        let texts = pointers
            .into_iter()
            .filter_map(|pointer| text(document.pointer(pointer)?));
        texts.filter_map(|text| quoted(&text, sent)).next()
    };
    // An API that follows RFC 6750 section 3 may state the error in this header alone.
    let challenge = |name| {
        let challenges = response.headers().get_all(WWW_AUTHENTICATE).iter();
        let texts = challenges.filter_map(|value| parameter(value.as_bytes(), name));
        texts.filter_map(|text| quoted(&text, sent)).next()
    };
    ErrorDetail {
        error: first(NAMES).or_else(|| challenge("error")),
        description: first(DESCRIPTIONS).or_else(|| challenge("error_description")),
    }
}

/// Whether a document states an error. Naver refuses with status 200.
fn is_error(document: &Value) -> bool {
    let result = document.get("resultcode");
    document.get("error").is_some_and(|error| !error.is_null())
        || document.get("errorCode").is_some()
        || result.is_some_and(|result| result != "00")
}

/// An error's name may be a number, such as Kakao's `-401`.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A parameter of a challenge in `WWW-Authenticate` (RFC 9110 section 11.2), as a token or a quoted
/// string.
fn parameter(challenge: &[u8], name: &str) -> Option<String> {
    let challenge = String::from_utf8_lossy(challenge);
    let mut rest = &*challenge;
    while let Some((before, after)) = rest.split_once('=') {
        // The name is the last word before the equals sign. The words before it are the scheme or
        // the previous parameter.
        let words = before.rsplit(|c: char| c.is_whitespace() || c == ',');
        let found = words.map(str::trim).find(|word| !word.is_empty());
        let (value, next) = value(after.trim_start());
        if found.is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return Some(value);
        }
        rest = next;
    }
    None
}

/// The value at the beginning of `text`, and the text after it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|c: char| c.is_whitespace() || c == ',');
        let (value, next) = text.split_at(end.unwrap_or(text.len()));
        return (value.to_owned(), next);
    };
    let (mut value, mut characters) = (String::new(), quoted.chars());
    while let Some(character) = characters.next() {
        match character {
            '"' => break,
            '\\' => value.extend(characters.next()),
            other => value.push(other),
        }
    }
    (value, characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameters_of_a_challenge_are_read_as_tokens_and_as_quoted_texts() {
        let challenge = concat!(
            r#"Bearer realm="a, error=no \"b\"", error = "invalid_token","#,
            r#"error_description="It, \"expired\"""#
        )
        .as_bytes();
        assert_eq!(parameter(challenge, "error").unwrap(), "invalid_token");
        assert_eq!(
            parameter(challenge, "error_description").unwrap(),
            "It, \"expired\""
        );
        let dpop = b"DPoP error=use_dpop_nonce, algs=\"ES256\"";
        assert_eq!(parameter(dpop, "error").unwrap(), "use_dpop_nonce");
        assert_eq!(parameter(b"Bearer", "error"), None);
        assert_eq!(parameter(b"Bearer error", "error"), None);
        assert_eq!(parameter(b"=,=\"\\", "error"), None);
    }
}
