use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{StatusCode, header::CONTENT_TYPE};
use serde_json::{Value, json};

use super::{
    answer::{self, Answer},
    grant::{Grant, Kind},
    oidc,
    params::Params,
    record::Recorded,
    settings::Settings,
    state::State,
};

/// `POST /oauth/token`.
pub(super) fn exchange(state: &mut State, request: &Recorded) -> Answer {
    match tokens(state, request) {
        Ok(tokens) => answer::json(StatusCode::OK, &tokens),
        Err(refusal) => answer::json(refusal.status, &refusal.body()),
    }
}

fn tokens(state: &mut State, request: &Recorded) -> Result<Value, Refusal> {
    let params = Params::parse(form(request)?);
    authenticate(&params, &state.settings)?;
    match params.value("grant_type") {
        Some("authorization_code") => {
            let grant = redeem(state, &params)?;
            let refresh = state.grants.issue(Kind::Refresh, grant.clone());
            Ok(issue(state, grant, Some(refresh)))
        }
        Some("refresh_token") => {
            let grant = renew(state, &params)?;
            Ok(issue(state, grant, None))
        }
        _ => Err(Refusal::new("unsupported_grant_type", "unknown grant_type")),
    }
}

fn form(request: &Recorded) -> Result<&[u8], Refusal> {
    let header = request.headers.get(CONTENT_TYPE);
    let media_type = header.and_then(|value| value.to_str().ok()?.split(';').next());
    if media_type.is_some_and(|name| name.trim().eq_ignore_ascii_case(FORM)) {
        return Ok(&request.body);
    }
    Err(Refusal::new("invalid_request", "the body is not a form"))
}

// Any Authorization header is ignored: Kakao knows client_secret_post only.
fn authenticate(params: &Params, settings: &Settings) -> Result<(), Refusal> {
    if params.value("client_id") != Some(settings.client_id.as_str()) {
        return Err(Refusal::client("Not exist client_id", "KOE101"));
    }
    if params.member("client_secret") != settings.client_secret.as_deref() {
        return Err(Refusal::client("Bad client credentials", "KOE010"));
    }
    Ok(())
}

fn redeem(state: &mut State, params: &Params) -> Result<Grant, Refusal> {
    let code = params.value("code").unwrap_or_default();
    let grant = state.grants.take(Kind::Code, code);
    let grant = grant.filter(|grant| grant.client_id == state.settings.client_id);
    let Some(grant) = grant else {
        // Kakao really echoes the code, which is why its descriptions must not be logged.
        let description = format!("authorization code not found for code={code}");
        return Err(Refusal::grant(description).code("KOE320"));
    };
    if params.value("redirect_uri") != Some(grant.redirect_uri.as_str()) {
        return Err(Refusal::grant("Redirect URI mismatch.").code("KOE303"));
    }
    let verifier = params.value("code_verifier");
    let verified = |challenge| verifier.is_some_and(|verifier| s256(verifier) == challenge);
    if grant.challenge.as_deref().is_none_or(verified) {
        Ok(grant)
    } else {
        Err(Refusal::grant("code_verifier does not match"))
    }
}

fn renew(state: &State, params: &Params) -> Result<Grant, Refusal> {
    let Some(token) = params.value("refresh_token") else {
        return Err(Refusal::grant("refresh_token is missing").code("KOE319"));
    };
    let grant = state.grants.find(Kind::Refresh, token).cloned();
    grant.ok_or_else(|| Refusal::grant("expired_or_invalid_refresh_token").code("KOE322"))
}

fn issue(state: &mut State, grant: Grant, refresh: Option<String>) -> Value {
    let mut tokens = json!({
        "token_type": "bearer",
        "expires_in": Kind::Access.lifetime().as_secs(),
        "scope": grant.scope.join(" "),
    });
    if let Some(id_token) = oidc::id_token(state, &grant) {
        tokens["id_token"] = id_token.into();
    }
    if let Some(refresh) = refresh {
        tokens["refresh_token"] = refresh.into();
        tokens["refresh_token_expires_in"] = Kind::Refresh.lifetime().as_secs().into();
    }
    tokens["access_token"] = state.grants.issue(Kind::Access, grant).into();
    tokens
}

fn s256(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()))
}

struct Refusal {
    status: StatusCode,
    error: &'static str,
    description: String,
    code: Option<&'static str>,
}

impl Refusal {
    // Kakao's error codes are not documented for every case, and none is made up here.
    fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            error,
            description: description.into(),
            code: None,
        }
    }

    fn grant(description: impl Into<String>) -> Self {
        Self::new("invalid_grant", description)
    }

    fn client(description: &str, code: &'static str) -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            ..Self::new("invalid_client", description).code(code)
        }
    }

    fn code(self, code: &'static str) -> Self {
        Self {
            code: Some(code),
            ..self
        }
    }

    fn body(&self) -> Value {
        let mut body = json!({ "error": self.error, "error_description": self.description });
        if let Some(code) = self.code {
            body["error_code"] = code.into();
        }
        body
    }
}

const FORM: &str = "application/x-www-form-urlencoded";
