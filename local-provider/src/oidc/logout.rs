//! Sign-out and revocation of the OpenID dialect.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;
use url::Url;

use super::{Oidc, client, issuer};
use crate::{
    dialect::Dialect,
    login::{mistake::Mistake, page::Page, remembered, target},
    state::{State, grants::Kind},
    tokens::exchange,
    web::{
        answer::{self, Answer},
        loopback,
        record::Recorded,
    },
};

/// `/oidc/logout`: signs out at the provider (OpenID Connect RP-Initiated Logout section 2). The
/// address to return to must be on loopback; without one, a page shows the mistake.
pub(crate) fn end_session(state: &mut State, request: &Recorded) -> Answer {
    let params = request.all_params();
    let page = Page::new(&Oidc, request);
    let hint = params.value("id_token_hint");
    let ours = hint.is_none_or(|hint| is_ours(state, hint));
    if !state.settings.knows(&params) || !ours {
        return page.refused(&state.settings, &Mistake::ClientId.into());
    }
    let uri = params.value("post_logout_redirect_uri");
    let uri = uri.filter(|uri| loopback::is_page(uri));
    let Some(Ok(url)) = uri.map(Url::parse) else {
        return page.refused(&state.settings, &Mistake::LogoutUri.into());
    };
    let returned = params.value("state").map(|state| ("state", state));
    let answer = answer::redirect(&target::with_query(url, returned));
    remembered::forget(answer, &Oidc)
}

/// Whether the hint names this provider and this application. The hint may be expired (section 4),
/// and its signature is not checked, because nothing depends on it here.
fn is_ours(state: &State, hint: &str) -> bool {
    let payload = hint.split('.').nth(1).unwrap_or_default();
    let payload = URL_SAFE_NO_PAD.decode(payload).unwrap_or_default();
    let claims: Value = serde_json::from_slice(&payload).unwrap_or_default();
    claims["iss"] == issuer(&state.origin) && claims["aud"] == state.settings.client_id
}

/// `POST /oidc/revoke`: revokes one token (RFC 7009).
pub(crate) fn revoke(state: &mut State, request: &Recorded) -> Answer {
    let token = exchange::form(request).and_then(|params| {
        client::authenticate(state, request, &params)?;
        Ok(params.value("token").unwrap_or_default().to_owned())
    });
    match token {
        Ok(token) => {
            for kind in [Kind::Access, Kind::Refresh] {
                state.grants.take(Dialect::Oidc, kind, &token);
            }
            answer::with_type(StatusCode::OK, answer::JSON, Bytes::new())
        }
        Err(refusal) => refusal.answer(),
    }
}
