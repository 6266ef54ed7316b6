use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{AUTHORIZATION, WWW_AUTHENTICATE},
};
use serde_json::json;

use super::{
    answer::{self, Answer},
    grant::{Grant, Kind},
    person::Person,
    state::State,
};

/// An access token that is alive, and what it stands for.
pub(super) struct Bearer {
    pub(super) token: String,
    pub(super) grant: Grant,
    pub(super) person: Person,
}

/// Why a request has no [`Bearer`].
pub(super) enum Refused {
    Malformed,
    Unknown,
    Unlinked,
}

impl Bearer {
    pub(super) fn of(state: &State, headers: &HeaderMap) -> Result<Self, Refused> {
        let header = headers.get(AUTHORIZATION).ok_or(Refused::Unknown)?;
        let token = header.to_str().ok().and_then(token);
        let token = token.ok_or(Refused::Malformed)?;
        let grant = state.grants.find(Kind::Access, token);
        let grant = grant.ok_or(Refused::Unknown)?;
        let linked = state.is_linked(grant.person);
        let person = state.person(grant.person).filter(|_| linked);
        Ok(Self {
            token: token.to_owned(),
            grant: grant.clone(),
            person: person.ok_or(Refused::Unlinked)?.clone(),
        })
    }
}

impl Refused {
    pub(super) fn answer(&self) -> Answer {
        match self {
            Self::Malformed => refusal(
                StatusCode::UNAUTHORIZED,
                "malformed Authorization header",
                -2,
            ),
            Self::Unknown => {
                let message = "this access token does not exist";
                let answer = refusal(StatusCode::UNAUTHORIZED, message, -401);
                // Kakao leaves the value unquoted, against RFC 6750 section 3.
                let challenge = HeaderValue::from_static("Bearer error=invalid_token");
                answer::with_header(answer, WWW_AUTHENTICATE, challenge)
            }
            Self::Unlinked => refusal(
                StatusCode::BAD_REQUEST,
                "the account is not linked to the app",
                -101,
            ),
        }
    }
}

/// An error in the form that the profile and account endpoints share.
pub(super) fn refusal(status: StatusCode, message: &str, code: i64) -> Answer {
    answer::json(status, &json!({ "msg": message, "code": code }))
}

fn token(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
