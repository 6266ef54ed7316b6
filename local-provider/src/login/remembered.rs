use cookie::Cookie;
use http::{
    HeaderMap, HeaderValue,
    header::{COOKIE, SET_COOKIE},
};

use crate::{
    login::rules::DialectRules,
    state::State,
    web::answer::{self, Answer},
};

/// The person who is signed in at the provider in this browser.
#[derive(Clone, Copy)]
pub(crate) struct Remembered {
    pub(crate) person: u64,
    /// In seconds since 1970.
    pub(crate) since: u64,
}

/// The person whom the browser's cookie names.
pub(crate) fn person(state: &State, headers: &HeaderMap) -> Option<Remembered> {
    let lines = headers.get_all(COOKIE).iter();
    let mut cookies = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(Cookie::split_parse)
        .flatten();
    let cookie = cookies.find(|cookie| cookie.name() == PERSON)?;
    let (person, since) = cookie.value().split_once('.')?;
    let (person, since) = (person.parse().ok()?, since.parse().ok()?);
    state.person(person)?;
    Some(Remembered { person, since })
}

pub(crate) fn remember(answer: Answer, rules: &dyn DialectRules, who: Remembered) -> Answer {
    let path = rules.cookie_path();
    let Remembered { person, since } = who;
    let cookie = format!("{PERSON}={person}.{since}; Path={path}; HttpOnly; SameSite=Lax");
    set(answer, cookie)
}

/// Removes the cookie that remembers the person.
pub(crate) fn forget(answer: Answer, rules: &dyn DialectRules) -> Answer {
    let path = rules.cookie_path();
    set(answer, format!("{PERSON}=; Path={path}; Max-Age=0"))
}

fn set(answer: Answer, cookie: String) -> Answer {
    match HeaderValue::try_from(cookie) {
        Ok(cookie) => answer::with_header(answer, SET_COOKIE, cookie),
        Err(_) => answer,
    }
}

const PERSON: &str = "local_provider_person";
