use http::StatusCode;
use serde_json::json;
use url::Url;

use super::{
    answer::{self, Answer},
    authorization::with_query,
    authorize,
    bearer::Bearer,
    grant::Kind,
    koe::Koe,
    loopback, page,
    params::Params,
    record::Recorded,
    state::State,
};
use crate::language::Language;

/// `GET /v1/user/access_token_info`.
pub(super) fn token_info(state: &State, request: &Recorded) -> Answer {
    match Bearer::of(state, &request.headers) {
        Ok(bearer) => {
            let expires_in = state.grants.remaining(&bearer.token).as_secs();
            let info = json!({ "id": bearer.person.id, "expires_in": expires_in, "app_id": 1 });
            answer::json(StatusCode::OK, &info)
        }
        Err(refused) => refused.answer(),
    }
}

/// `POST /v1/user/logout`: ends this access token.
pub(super) fn log_out(state: &mut State, request: &Recorded) -> Answer {
    match Bearer::of(state, &request.headers) {
        Ok(bearer) => {
            state.grants.take(Kind::Access, &bearer.token);
            answer::json(StatusCode::OK, &json!({ "id": bearer.person.id }))
        }
        Err(refused) => refused.answer(),
    }
}

/// `POST /v1/user/unlink`: ends every token and forgets the consent.
pub(super) fn unlink(state: &mut State, request: &Recorded) -> Answer {
    match Bearer::of(state, &request.headers) {
        Ok(bearer) => {
            state.unlink(bearer.person.id);
            answer::json(StatusCode::OK, &json!({ "id": bearer.person.id }))
        }
        Err(refused) => refused.answer(),
    }
}

/// `GET /oauth/logout`: ends the browser's session at the provider.
pub(super) fn leave(state: &State, request: &Recorded) -> Answer {
    let params = Params::parse(request.query.as_deref().unwrap_or_default().as_bytes());
    let language = Language::preferred(&request.headers);
    let refuse = |koe| page::refusal(&state.settings, language, &koe);
    if params.value("client_id") != Some(state.settings.client_id.as_str()) {
        return refuse(Koe::ClientId);
    }
    let uri = params.value("logout_redirect_uri");
    let uri = uri.filter(|uri| loopback::is_page(uri));
    let Some(Ok(url)) = uri.map(Url::parse) else {
        return refuse(Koe::LogoutUri);
    };
    let state = params.value("state").map(|state| ("state", state));
    authorize::forget(answer::redirect(&with_query(url, state)))
}
