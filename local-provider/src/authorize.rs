use crate::{
    answer::{self, Answer},
    authorization::Authorization,
    dialect::{Denial, Dialect},
    grant::{Grant, Kind},
    id_token,
    mistake::Mistake,
    page::Page,
    params::Params,
    record::Recorded,
    remembered::{self, Remembered},
    state::State,
    step::Step,
};

/// The page, or the answer if none is needed.
pub(crate) fn show(state: &mut State, request: &Recorded, dialect: Dialect) -> Answer {
    present(state, request, dialect, &request.query_params())
}

/// The page's form, or an app's request as one.
pub(crate) fn decide(state: &mut State, request: &Recorded, dialect: Dialect) -> Answer {
    let params = Params::parse(&request.body);
    if params.value("decision").is_none() && dialect.speech().takes_forms() {
        return present(state, request, dialect, &params);
    }
    let page = Page::new(dialect, request);
    let asked = match dialect.speech().read(state, &params) {
        Ok(asked) => asked,
        Err(refused) => return page.refused(&state.settings, &refused),
    };
    let person = params.value("person").and_then(|id| id.parse().ok());
    let person = person.filter(|id| state.person(*id).is_some());
    match (params.value("decision"), person) {
        (Some("cancel"), _) => deny(dialect, &asked, Denial::Cancelled),
        (Some("agree"), Some(person)) => {
            let known = state.consents.is_linked(dialect, person);
            let phone = dialect.speech().phone();
            let refused = params.value("phone_number").is_none().then_some(phone);
            state.consents.link(dialect, person, &asked.items, refused);
            let who = Remembered {
                person,
                since: since(state, request, dialect, &asked, person),
            };
            let answer = grant(state, dialect, &asked, who, known);
            remembered::remember(answer, dialect, who)
        }
        _ => page.refused(&state.settings, &Mistake::Request.into()),
    }
}

fn present(state: &mut State, request: &Recorded, dialect: Dialect, params: &Params) -> Answer {
    let page = Page::new(dialect, request);
    let asked = match dialect.speech().read(state, params) {
        Ok(asked) => asked,
        Err(refused) => return page.refused(&state.settings, &refused),
    };
    let remembered = remembered::person(state, &request.headers);
    match (
        Step::next(state, dialect, &asked, remembered.map(|who| who.person)),
        remembered,
    ) {
        (Step::Grant, Some(who)) => grant(state, dialect, &asked, who, true),
        (Step::Grant, None) => deny(dialect, &asked, Denial::LoginRequired),
        (Step::Deny(denial), _) => deny(dialect, &asked, denial),
        (Step::Consent(person), _) => page.consent(state, params, &asked, person),
        (Step::Choose(person), _) => page.choice(state, params, &asked, person),
    }
}

/// Whoever agrees on the page signs in by it, except a person who was signed in and is only asked to agree.
fn since(
    state: &State,
    request: &Recorded,
    dialect: Dialect,
    asked: &Authorization,
    person: u64,
) -> u64 {
    let remembered = remembered::person(state, &request.headers);
    let known = remembered.filter(|who| who.person == person);
    match (
        known,
        Step::next(state, dialect, asked, known.map(|who| who.person)),
    ) {
        (Some(who), Step::Consent(_)) => who.since,
        _ => id_token::now(),
    }
}

fn grant(
    state: &mut State,
    dialect: Dialect,
    asked: &Authorization,
    who: Remembered,
    known: bool,
) -> Answer {
    let Remembered { person, since } = who;
    let speech = dialect.speech();
    let sid = state.grants.name();
    state.sessions.begin(person, sid.clone());
    let grant = Grant {
        sid,
        dialect,
        person,
        signed_in_at: since,
        client_id: state.settings.client_id.clone(),
        redirect_uri: asked.target.redirect_uri.clone(),
        challenge: asked.challenge.clone(),
        state: asked.target.state.clone(),
        nonce: asked.nonce.clone(),
        scope: state.granted(dialect, asked, person),
        requested: asked.requested,
        papers: speech.papers(&state.settings, asked, known),
    };
    let extras = speech.extras(&grant);
    let extras = extras.iter().map(|(name, value)| (*name, value.as_str()));
    let code = state.grants.issue(Kind::Code, grant);
    let pairs = [("code", code.as_str())].into_iter().chain(extras);
    answer::redirect(&asked.target.location(pairs))
}

fn deny(dialect: Dialect, asked: &Authorization, denial: Denial) -> Answer {
    let (error, description) = dialect.speech().denial(denial);
    answer::redirect(&asked.target.error(error, description))
}
