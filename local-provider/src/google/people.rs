//! The People API, by which Google gives phone numbers.

use http::{HeaderValue, StatusCode, header::WWW_AUTHENTICATE};
use serde_json::{Value, json};

use super::{claims, scope, userinfo};
use crate::settings::google::GoogleSettings;
use crate::{
    dialect::Dialect,
    number,
    person::Person,
    state::State,
    tokens::bearer::Bearer,
    web::{
        answer::{self, Answer},
        record::Recorded,
    },
};

/// `GET /v1/people/me`. Without `personFields`, the API refuses the request.
pub(crate) fn me(state: &mut State, request: &Recorded) -> Answer {
    let google = &state.settings.google;
    let Ok(bearer) = Bearer::of(state, Dialect::Google, &request.headers) else {
        return Trouble::Token.answer();
    };
    if !google.people_api {
        return Trouble::Api.answer();
    }
    let params = request.query_params();
    let Some(fields) = params.value("personFields") else {
        return Trouble::Fields.answer();
    };
    let person = &bearer.person;
    let mut me = json!({
        "resourceName": format!("people/{}", claims::subject(person)),
        "etag": "%EgUBBy43PRoCAQc=",
    });
    if fields.split(',').any(|field| field == "phoneNumbers") {
        if !bearer.grant.covers(scope::PHONE) {
            return Trouble::Scope.answer();
        }
        let numbers = numbers(google, person);
        if !numbers.is_empty() {
            me["phoneNumbers"] = numbers.into();
        }
    }
    answer::json(StatusCode::OK, &me)
}

/// The entries of `phoneNumbers`: those of the settings first, then the person's own.
fn numbers(google: &GoogleSettings, person: &Person) -> Vec<Value> {
    let mut numbers = google.other_numbers.clone();
    let primary = numbers.is_empty();
    numbers.extend(person.shared_phone().map(|phone| {
        let mut metadata = json!({
            "primary": primary,
            "sourcePrimary": true,
            "source": { "type": google.phone_source, "id": claims::subject(person) },
        });
        if let Some(verified) = google.phone_verified {
            metadata["verified"] = verified.into();
        }
        let mut number = json!({
            "metadata": metadata,
            "value": number::korean(phone),
            "type": "mobile",
            "formattedType": "Mobile",
        });
        // Google leaves it out where it cannot read the number.
        if let Some(e164) = number::e164(phone).filter(|_| google.canonical_form) {
            number["canonicalForm"] = e164.into();
        }
        number
    }));
    numbers
}

/// The reason why the People API gives no profile.
enum Trouble {
    Token,
    Api,
    Fields,
    Scope,
}

impl Trouble {
    /// The error in the form of Google's APIs.
    fn answer(&self) -> Answer {
        let (status, name, message, reason) = self.words();
        let mut error = json!({ "code": status.as_u16(), "message": message, "status": name });
        if let Some(reason) = reason {
            error["details"] = json!([{
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": reason,
                "domain": "googleapis.com",
                "metadata": { "service": "people.googleapis.com" },
            }]);
        }
        let answer = answer::json(status, &json!({ "error": error }));
        match self.challenge() {
            Some(challenge) => {
                let challenge = HeaderValue::from_static(challenge);
                answer::with_header(answer, WWW_AUTHENTICATE, challenge)
            }
            None => answer,
        }
    }

    /// The status, its name, the message, and the reason in `details`.
    fn words(&self) -> (StatusCode, &'static str, &'static str, Option<&'static str>) {
        match self {
            Self::Token => (
                StatusCode::UNAUTHORIZED,
                "UNAUTHENTICATED",
                "Request had invalid authentication credentials.",
                None,
            ),
            Self::Api => (
                StatusCode::FORBIDDEN,
                "PERMISSION_DENIED",
                "People API has not been used in this project before or it is disabled.",
                Some("SERVICE_DISABLED"),
            ),
            Self::Fields => (
                StatusCode::BAD_REQUEST,
                "INVALID_ARGUMENT",
                "personFields mask is required.",
                None,
            ),
            Self::Scope => (
                StatusCode::FORBIDDEN,
                "PERMISSION_DENIED",
                "Request had insufficient authentication scopes.",
                Some("ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
            ),
        }
    }

    /// The `WWW-Authenticate` header, if the error has one.
    fn challenge(&self) -> Option<&'static str> {
        match self {
            Self::Token => Some(userinfo::BAD_TOKEN),
            Self::Scope => Some(
                "Bearer realm=\"https://accounts.google.com/\", error=\"insufficient_scope\", \
                 scope=\"https://www.googleapis.com/auth/user.phonenumbers.read\"",
            ),
            Self::Api | Self::Fields => None,
        }
    }
}
