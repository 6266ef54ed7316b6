use cookie::Cookie;
use http::{
    HeaderMap, HeaderValue,
    header::{COOKIE, SET_COOKIE},
};

use super::{
    answer::{self, Answer},
    dialect::Dialect,
    state::State,
};

/// The person whom the browser's cookie names.
pub(super) fn person(state: &State, headers: &HeaderMap) -> Option<u64> {
    let lines = headers.get_all(COOKIE).iter();
    let mut cookies = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(Cookie::split_parse)
        .flatten();
    let cookie = cookies.find(|cookie| cookie.name() == PERSON)?;
    let person = cookie.value().parse().ok()?;
    state.person(person).map(|person| person.id)
}

pub(super) fn remember(answer: Answer, dialect: Dialect, person: u64) -> Answer {
    // Cookies ignore the port, so the path keeps this one from an app on the same address.
    let folder = dialect.speech().folder();
    let cookie = format!("{PERSON}={person}; Path={folder}; HttpOnly; SameSite=Lax");
    set(answer, cookie)
}

/// Lets the browser forget who is signed in at the provider.
pub(super) fn forget(answer: Answer, dialect: Dialect) -> Answer {
    let folder = dialect.speech().folder();
    set(answer, format!("{PERSON}=; Path={folder}; Max-Age=0"))
}

fn set(answer: Answer, cookie: String) -> Answer {
    match HeaderValue::try_from(cookie) {
        Ok(cookie) => answer::with_header(answer, SET_COOKIE, cookie),
        Err(_) => answer,
    }
}

const PERSON: &str = "local_provider_person";
