//! Kakao's endpoints about a token and its account.

use http::{StatusCode, header::AUTHORIZATION};
use serde_json::json;
use url::Url;

use super::{Kakao, refused};
use crate::{
    dialect::Dialect,
    login::{mistake::Mistake, page::Page, remembered, target},
    state::{State, grants::Kind},
    tokens::bearer::Bearer,
    web::{
        answer::{self, Answer},
        loopback,
        record::Recorded,
    },
};

/// `GET /v1/user/access_token_info`.
pub(crate) fn token_info(state: &mut State, request: &Recorded) -> Answer {
    match Bearer::of(state, Dialect::Kakao, &request.headers) {
        Ok(bearer) => {
            let expires_in = state.grants.remaining(&bearer.token).as_secs();
            let info = json!({ "id": bearer.person.id, "expires_in": expires_in, "app_id": 1 });
            answer::json(StatusCode::OK, &info)
        }
        Err(cause) => refused::no_bearer(cause),
    }
}

/// `POST /v1/user/logout`: revokes this access token.
pub(crate) fn log_out(state: &mut State, request: &Recorded) -> Answer {
    match Bearer::of(state, Dialect::Kakao, &request.headers) {
        Ok(bearer) => {
            let token = &bearer.token;
            state.grants.take(Dialect::Kakao, Kind::Access, token);
            answer::json(StatusCode::OK, &json!({ "id": bearer.person.id }))
        }
        Err(cause) => refused::no_bearer(cause),
    }
}

/// `POST /v1/user/unlink`: revokes the tokens and removes the consent. With the admin key, this
/// concerns any person, otherwise the person of the token.
pub(crate) fn unlink(state: &mut State, request: &Recorded) -> Answer {
    let person = match by_admin(state, request) {
        Some(person) => person,
        None => match Bearer::of(state, Dialect::Kakao, &request.headers) {
            Ok(bearer) => bearer.person.id,
            Err(cause) => return refused::no_bearer(cause),
        },
    };
    state.unlink(Dialect::Kakao, person);
    answer::json(StatusCode::OK, &json!({ "id": person }))
}

/// The person that a request with the right admin key names. `None` without the key, or if no
/// person has the id.
fn by_admin(state: &State, request: &Recorded) -> Option<u64> {
    let right = format!("KakaoAK {}", state.settings.admin_key);
    let sent = request.headers.get(AUTHORIZATION)?;
    let params = request.all_params();
    let person = params.value("target_id").filter(|_| *sent == right)?;
    state.person(person.parse().ok()?).map(|person| person.id)
}

/// `GET /oauth/logout`: ends the browser's session at the provider, and redirects to the
/// application.
pub(crate) fn leave(state: &mut State, request: &Recorded) -> Answer {
    let params = request.query_params();
    let page = Page::new(&Kakao, request);
    if !state.settings.knows(&params) {
        return page.refused(&state.settings, &Mistake::ClientId.into());
    }
    let uri = params.value("logout_redirect_uri");
    let uri = uri.filter(|uri| loopback::is_page(uri));
    let Some(Ok(url)) = uri.map(Url::parse) else {
        return page.refused(&state.settings, &Mistake::LogoutUri.into());
    };
    let state = params.value("state").map(|state| ("state", state));
    let answer = answer::redirect(&target::with_query(url, state));
    remembered::forget(answer, &Kakao)
}
