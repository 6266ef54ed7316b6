use cookie::Cookie;
use http::{
    HeaderMap, HeaderValue,
    header::{COOKIE, SET_COOKIE},
};

use super::{
    answer::{self, Answer},
    authorization::Authorization,
    grant::{Grant, Kind},
    koe::Koe,
    page,
    params::Params,
    record::Recorded,
    state::State,
};
use crate::language::Language;

/// `GET /oauth/authorize`: the page, or the answer if none is needed.
pub(super) fn show(state: &mut State, request: &Recorded) -> Answer {
    let language = Language::preferred(&request.headers);
    let params = Params::parse(request.query.as_deref().unwrap_or_default().as_bytes());
    let asked = match Authorization::parse(&params, &state.settings) {
        Ok(asked) => asked,
        Err(koe) => return page::refusal(&state.settings, language, &koe),
    };
    let remembered = remembered(state, &request.headers);
    match next(state, &asked, remembered) {
        Step::Grant(person) => grant(state, &asked, person, !asked.scope.is_empty()),
        Step::Deny(error, description) => deny(&asked, error, description),
        Step::Consent(person) => page::consent(state, language, &params, person),
        Step::Choose(person) => page::choice(state, language, &params, person),
    }
}

/// `POST /oauth/authorize`: the page's form.
pub(super) fn decide(state: &mut State, request: &Recorded) -> Answer {
    let language = Language::preferred(&request.headers);
    let params = Params::parse(&request.body);
    let asked = match Authorization::parse(&params, &state.settings) {
        Ok(asked) => asked,
        Err(koe) => return page::refusal(&state.settings, language, &koe),
    };
    let person = params.value("person").and_then(|id| id.parse().ok());
    let person = person.filter(|id| state.person(*id).is_some());
    match (params.value("decision"), person) {
        (Some("cancel"), _) => deny(&asked, "access_denied", "User denied access"),
        (Some("agree"), Some(person)) => {
            let incremental = state.is_linked(person) && !asked.scope.is_empty();
            state.link(person, params.value("phone_number").is_some());
            remember(grant(state, &asked, person, incremental), person)
        }
        _ => page::refusal(&state.settings, language, &Koe::BadRequest),
    }
}

enum Step {
    Grant(u64),
    Deny(&'static str, &'static str),
    Consent(u64),
    Choose(Option<u64>),
}

fn next(state: &State, asked: &Authorization, remembered: Option<u64>) -> Step {
    let linked = remembered.filter(|person| state.is_linked(*person));
    let agreed = linked.filter(|person| state.missing(*person, &asked.scope).is_empty());
    if asked.prompts("none") {
        return match (agreed, remembered) {
            (Some(person), _) => Step::Grant(person),
            (None, Some(_)) => Step::Deny("consent_required", "user consent required."),
            (None, None) => Step::Deny("login_required", "user login required."),
        };
    }
    match (agreed, linked) {
        _ if asked.wants_a_choice() => Step::Choose(remembered),
        (Some(person), _) if state.settings.auto_sign_in => Step::Grant(person),
        (None, Some(person)) => Step::Consent(person),
        _ => Step::Choose(remembered),
    }
}

fn grant(state: &mut State, asked: &Authorization, person: u64, incremental: bool) -> Answer {
    let wants_openid = asked.scope.iter().any(|item| item == "openid");
    let id_token = state.settings.oidc && (wants_openid || !incremental);
    let mut scope = state.granted(person);
    scope.extend(wants_openid.then(|| "openid".to_owned()));
    let grant = Grant {
        person,
        client_id: state.settings.client_id.clone(),
        redirect_uri: asked.redirect_uri.clone(),
        challenge: asked.challenge.clone(),
        nonce: asked.nonce.clone(),
        scope,
        id_token,
    };
    let code = state.grants.issue(Kind::Code, grant);
    answer::redirect(&asked.location(&[("code", &code)]))
}

fn deny(asked: &Authorization, error: &str, description: &str) -> Answer {
    let pairs = [("error", error), ("error_description", description)];
    answer::redirect(&asked.location(&pairs))
}

fn remembered(state: &State, headers: &HeaderMap) -> Option<u64> {
    let lines = headers.get_all(COOKIE).iter();
    let mut cookies = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(Cookie::split_parse)
        .flatten();
    let cookie = cookies.find(|cookie| cookie.name() == PERSON)?;
    let person = cookie.value().parse().ok()?;
    state.person(person).map(|person| person.id)
}

fn remember(answer: Answer, person: u64) -> Answer {
    // Cookies ignore the port, so the path keeps this one from an app on the same address.
    let cookie = format!("{PERSON}={person}; Path=/oauth; HttpOnly; SameSite=Lax");
    match HeaderValue::try_from(cookie) {
        Ok(cookie) => answer::with_header(answer, SET_COOKIE, cookie),
        Err(_) => answer,
    }
}

/// Lets the browser forget who is signed in at the provider.
pub(super) fn forget(answer: Answer) -> Answer {
    answer::with_header(answer, SET_COOKIE, HeaderValue::from_static(NOBODY))
}

const PERSON: &str = "local_provider_person";
const NOBODY: &str = "local_provider_person=; Path=/oauth; Max-Age=0";
