//! Naver's information about a token.

use serde_json::json;

use super::profile;
use crate::{
    clock::now,
    dialect::Dialect,
    state::State,
    tokens::bearer::Bearer,
    web::{answer::Answer, record::Recorded},
};

/// `GET` or `POST /v1/nid/verify`: the expiry of a token and, with `info=true`, its items. The
/// answer does not name the application that the token was issued to.
pub(crate) fn verify(state: &mut State, request: &Recorded) -> Answer {
    let bearer = match Bearer::of(state, Dialect::Naver, &request.headers) {
        Ok(bearer) => bearer,
        Err(cause) => return profile::no_bearer(cause, state.settings.naver.errors),
    };
    let expires = now() + state.grants.remaining(&bearer.token).as_secs();
    let mut response = json!({ "token": bearer.token, "expire_date": date(expires) });
    if request.all_params().value("info") == Some("true") {
        let items = bearer.grant.scope.iter();
        let items: Vec<_> = items.map(|item| format!("profile/{item}")).collect();
        response["allowed_profile"] = items.join(",").into();
    }
    profile::success(&response)
}

/// The date and time of these seconds since 1970, in the form of RFC 3339. A library for dates
/// would serve this one line only.
fn date(seconds: u64) -> String {
    let (mut days, clock) = (seconds / 86_400, seconds % 86_400);
    let mut year = 1970;
    while days >= days_in_year(year) {
        days -= days_in_year(year);
        year += 1;
    }
    let february = days_in_year(year) - 337;
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 1;
    for length in lengths {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let day = days + 1;
    let (hour, minute, second) = (clock / 3_600, clock / 60 % 60, clock % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// 365 or 366.
fn days_in_year(year: u64) -> u64 {
    let leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    365 + u64::from(leap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (seconds, written) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_827_696, "2000-02-29T12:34:56Z"),
            (1_798_761_599, "2026-12-31T23:59:59Z"),
        ] {
            assert_eq!(date(seconds), written);
        }
    }
}
