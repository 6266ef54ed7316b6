//! Choosing a phone number from the People API
//! (<https://developers.google.com/people/api/rest/v1/people#phonenumber>).

use http::StatusCode;
use rlibphonenumber::Region;
use serde_json::Value;

use crate::provider::{PhoneClaim, json};
use crate::{
    error::{LoginErrorKind, ProviderError},
    phone::{PhoneAssurance, Reading},
};

/// Reads a response of the People API. Its `resourceName` must be that of `subject`, if it has the
/// form of a Google id, so that the number of another user is never taken.
pub(super) fn read(
    status: StatusCode,
    text: &[u8],
    subject: &str,
    region: Option<Region>,
) -> Result<PhoneClaim, ProviderError> {
    let person: Value = json::parse(text)?;
    if !status.is_success() {
        return Err(ProviderError::new(refused(status, &person)));
    }
    let id = person["resourceName"]
        .as_str()
        .and_then(|name| name.strip_prefix("people/"));
    // A name that is not a number, such as `people/me`, identifies no user.
    let other = |id: &str| id.bytes().all(|byte| byte.is_ascii_digit()) && id != subject;
    if id.is_some_and(other) {
        return Err(ProviderError::with_code(
            LoginErrorKind::InvalidAnswer,
            "resourceName",
        ));
    }
    choose(&person["phoneNumbers"], region)
}

/// The best of the user's numbers. A valid one comes before one that is only possible, then one
/// that Google confirmed, then the primary one, then the first of the list. Without a readable
/// number, the error says whether there was none at all.
fn choose(numbers: &Value, region: Option<Region>) -> Result<PhoneClaim, ProviderError> {
    let numbers = numbers.as_array().map(Vec::as_slice).unwrap_or_default();
    let is = |number: &Value, flag: &str| number["metadata"][flag] == true;
    let best = numbers
        .iter()
        .filter_map(|number| Some((number, readable(number, region)?)))
        // `max_by_key` returns the last of equals. Reversed, that is the first of the list.
        .rev()
        .max_by_key(|(number, (_, is_valid))| {
            (*is_valid, is(number, "verified"), is(number, "primary"))
        });
    // A list without any readable number differs from an empty one, because the user can correct
    // it.
    let Some((number, (raw, _))) = best else {
        return Err(ProviderError::new(match numbers {
            [] => LoginErrorKind::PhoneNotOnAccount,
            _ => LoginErrorKind::PhoneInvalid,
        }));
    };
    Ok(PhoneClaim {
        raw: raw.to_owned().into(),
        region,
        assurance: if is(number, "verified") {
            PhoneAssurance::Verified
        } else {
            PhoneAssurance::Unverified
        },
        doubt: None,
    })
}

/// The readable notation of a number, and whether the number is valid (or only possible).
/// `canonicalForm` is E.164 and may be missing. `value` is the user's own notation. `None` if
/// neither can be read.
fn readable(number: &Value, region: Option<Region>) -> Option<(&str, bool)> {
    let forms = ["canonicalForm", "value"].map(|form| number[form].as_str());
    let readings = forms.into_iter().flatten().filter_map(|raw| {
        let reading = Reading::of(raw, region).ok()?;
        Some((raw, reading.valid().is_some()))
    });
    // `max_by_key` returns the last of equals. Reversed, that is `canonicalForm`.
    readings.rev().max_by_key(|(_, is_valid)| *is_valid)
}

/// The cause of an error response. A 403 means that the user did not consent, that the API is not
/// switched on in the console, or another mistake of the configuration.
fn refused(status: StatusCode, answer: &Value) -> LoginErrorKind {
    let details = answer["error"]["details"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let because = |reason: &str| details.iter().any(|detail| detail["reason"] == reason);
    let message = answer["error"]["message"].as_str().unwrap_or_default();
    match status {
        StatusCode::FORBIDDEN if because("SERVICE_DISABLED") => LoginErrorKind::PhoneNotConfigured,
        StatusCode::FORBIDDEN
            if because("ACCESS_TOKEN_SCOPE_INSUFFICIENT")
                || message.contains("insufficient authentication scopes") =>
        {
            LoginErrorKind::PhoneNotShared
        }
        StatusCode::FORBIDDEN => LoginErrorKind::Misconfigured,
        _ => json::cause(status),
    }
}
