//! Answers authorization requests and the page's form.
//!
//! Both read the whole request again, so the provider keeps nothing between the page and the form.

use crate::{
    clock::now,
    dialect::Dialect,
    login::{
        authorization::Authorization,
        mistake::Mistake,
        page::Page,
        remembered::{self, Remembered},
        rules::{Denial, DialectRules},
        step::Step,
    },
    state::{
        State,
        grants::{Grant, Kind},
    },
    web::{
        answer::{self, Answer},
        params::Params,
        record::Recorded,
    },
};

/// The page, or a redirect if no page is needed.
pub(crate) fn show(state: &mut State, request: &Recorded, rules: &dyn DialectRules) -> Answer {
    present(state, request, rules, &request.query_params())
}

/// The answer to the page's form. A `POST` without `decision` is an authorization request, which
/// OpenID Connect Core section 3.1.2.1 allows to be posted.
pub(crate) fn decide(state: &mut State, request: &Recorded, rules: &dyn DialectRules) -> Answer {
    let params = Params::parse(&request.body);
    if params.value("decision").is_none() && rules.accepts_posted_requests() {
        return present(state, request, rules, &params);
    }
    let page = Page::new(rules, request);
    let asked = match rules.read(state, &params) {
        Ok(asked) => asked,
        Err(refused) => return page.refused(&state.settings, &refused),
    };
    let person = params.value("person").and_then(|id| id.parse().ok());
    let person = person.filter(|id| state.person(*id).is_some());
    match (params.value("decision"), person) {
        (Some("cancel"), _) => deny(rules, &asked, Denial::Cancelled),
        (Some("agree"), Some(person)) => {
            // Noted before the person is linked, because the first consent brings other tokens with
            // some dialects.
            let known = state.consents.is_linked(rules.dialect(), person);
            let phone = rules.phone_item();
            let refused = params.value("phone_number").is_none().then_some(phone);
            state
                .consents
                .link(rules.dialect(), person, &asked.items, refused);
            let who = Remembered {
                person,
                since: since(state, request, rules, &asked, person),
            };
            let answer = grant(state, rules, &asked, who, known);
            remembered::remember(answer, rules, who)
        }
        _ => page.refused(&state.settings, &Mistake::Request.into()),
    }
}

/// The next step of a request, which the browser or the application sent.
fn present(
    state: &mut State,
    request: &Recorded,
    rules: &dyn DialectRules,
    params: &Params,
) -> Answer {
    let page = Page::new(rules, request);
    let asked = match rules.read(state, params) {
        Ok(asked) => asked,
        Err(refused) => return page.refused(&state.settings, &refused),
    };
    let remembered = remembered::person(state, &request.headers);
    match (
        Step::next(
            state,
            rules.dialect(),
            &asked,
            remembered.map(|who| who.person),
        ),
        remembered,
    ) {
        (Step::Grant, Some(who)) => grant(state, rules, &asked, who, true),
        (Step::Grant, None) => deny(rules, &asked, Denial::LoginRequired),
        (Step::Deny(denial), _) => deny(rules, &asked, denial),
        (Step::Consent(person), _) => page.consent(state, params, &asked, person),
        (Step::Choose(person), _) => page.choice(state, params, &asked, person),
    }
}

/// The time of the sign-in. A person who agrees on the page signs in now. The exception is a person
/// who was signed in already and was asked for consent only.
fn since(
    state: &State,
    request: &Recorded,
    rules: &dyn DialectRules,
    asked: &Authorization,
    person: u64,
) -> u64 {
    let remembered = remembered::person(state, &request.headers);
    let known = remembered.filter(|who| who.person == person);
    match (
        known,
        Step::next(state, rules.dialect(), asked, known.map(|who| who.person)),
    ) {
        (Some(who), Step::Consent(_)) => who.since,
        _ => now(),
    }
}

/// Redirects to the application with a code.
fn grant(
    state: &mut State,
    rules: &dyn DialectRules,
    asked: &Authorization,
    who: Remembered,
    known: bool,
) -> Answer {
    let Remembered { person, since } = who;
    let sid = state.grants.name();
    state.sessions.begin(person, sid.clone());
    let grant = Grant {
        sid,
        dialect: rules.dialect(),
        person,
        signed_in_at: since,
        client_id: state.settings.client_id.clone(),
        redirect_uri: asked.target.redirect_uri.clone(),
        challenge: asked.challenge.clone(),
        state: asked.target.state.clone(),
        nonce: asked.nonce.clone(),
        scope: granted(state, rules.dialect(), asked, person),
        requested: asked.requested,
        token_set: rules.token_set(&state.settings, asked, known),
    };
    let extras = rules.callback_parameters(&grant);
    let extras = extras.iter().map(|(name, value)| (*name, value.as_str()));
    let code = state.grants.issue(rules, Kind::Code, grant);
    let pairs = [("code", code.as_str())].into_iter().chain(extras);
    answer::redirect(&asked.target.location(pairs))
}

/// Redirects to the application with an error.
fn deny(rules: &dyn DialectRules, asked: &Authorization, denial: Denial) -> Answer {
    let (error, description) = rules.denial(denial);
    answer::redirect(&asked.target.error(error, description))
}

/// The scope of a code issued now: the items that the person agreed to.
fn granted(state: &State, dialect: Dialect, asked: &Authorization, person: u64) -> Vec<String> {
    let items = asked.items.iter();
    let agreed = items.filter(|item| state.consents.agrees(dialect, person, item));
    let mut granted: Vec<String> = agreed.cloned().collect();
    if asked.merges {
        let earlier = state.consents.of(dialect, person);
        granted.extend(earlier.filter(|item| !asked.is_about(item)).cloned());
    }
    if asked.asks_for("openid") && !asked.is_about("openid") {
        granted.push("openid".to_owned());
    }
    granted
}
