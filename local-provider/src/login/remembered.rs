//! The cookie that keeps a person signed in at the provider.

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
    /// When the person signed in, in seconds since 1970. It becomes `auth_time`.
    pub(crate) since: u64,
}

/// The person whom the browser's cookie names. `None` if the person has been removed since. The
/// cookie is not sealed, because anyone may sign in as anyone.
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

/// Adds the cookie to an answer. `SameSite=Lax` lets the browser bring it with a redirect from the
/// application.
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

/// Adds a `Set-Cookie` line.
fn set(answer: Answer, cookie: String) -> Answer {
    match HeaderValue::try_from(cookie) {
        Ok(cookie) => answer::with_header(answer, SET_COOKIE, cookie),
        Err(_) => answer,
    }
}

const PERSON: &str = "local_provider_person";
