use http::{Method, StatusCode};

use super::{
    account,
    answer::{self, Answer},
    authorize, oidc, profile,
    record::Recorded,
    state::State,
    token,
};

/// The right answer to a request.
pub(super) fn answer(state: &mut State, request: &Recorded) -> Answer {
    let get = request.method == Method::GET;
    let post = request.method == Method::POST;
    match request.path.as_str() {
        "/oauth/authorize" if get => authorize::show(state, request),
        "/oauth/authorize" if post => authorize::decide(state, request),
        "/oauth/token" if post => token::exchange(state, request),
        "/oauth/logout" if get => account::leave(state, request),
        "/v2/user/me" if get || post => profile::me(state, request),
        "/v1/oidc/userinfo" if get => profile::userinfo(state, request),
        "/v1/user/access_token_info" if get => account::token_info(state, request),
        "/v1/user/logout" if post => account::log_out(state, request),
        "/v1/user/unlink" if post => account::unlink(state, request),
        "/.well-known/openid-configuration" if get && state.settings.oidc => {
            oidc::configuration(state)
        }
        "/.well-known/jwks.json" if get && state.settings.oidc => oidc::keys(),
        "/oauth/authorize" | "/v2/user/me" => answer::method_not_allowed("GET, POST"),
        "/oauth/token" | "/v1/user/logout" | "/v1/user/unlink" => {
            answer::method_not_allowed("POST")
        }
        "/oauth/logout" | "/v1/oidc/userinfo" | "/v1/user/access_token_info" => {
            answer::method_not_allowed("GET")
        }
        _ => answer::text(StatusCode::NOT_FOUND, "not found"),
    }
}
