//! 401 for what is no page visit, in the form that its client reads. No cookie: such a request
//! never finishes a login.

use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode, Uri,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, ORIGIN, VARY,
        WWW_AUTHENTICATE,
    },
};
use serde_json::json;

use super::{Flow, navigation};
use crate::{reply::Reply, return_to::ReturnTo};

const HX_REQUEST: HeaderName = HeaderName::from_static("hx-request");
const HX_CURRENT_URL: HeaderName = HeaderName::from_static("hx-current-url");
const HX_REDIRECT: HeaderName = HeaderName::from_static("hx-redirect");

/// Why a session is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    NoSession,
    Expired,
    /// It was revoked: signed out, replaced, or ended from elsewhere.
    Ended,
    /// Whether it was revoked is not known.
    Unjudged,
    /// There is one, and the route wants a fresher login.
    StepUp,
}

impl Reason {
    fn name(self) -> &'static str {
        match self {
            Self::NoSession => "no_session",
            Self::Expired => "expired",
            Self::Ended => "ended",
            Self::Unjudged => "unjudged",
            Self::StepUp => "step_up",
        }
    }

    fn detail(self) -> &'static str {
        match self {
            Self::NoSession => "There is no session.",
            Self::Expired => "The session has expired.",
            Self::Ended => "The session was ended.",
            Self::Unjudged => "Whether the session still holds is not known yet.",
            Self::StepUp => "This needs a fresh sign-in.",
        }
    }
}

/// `login` is the link that begins the login that is wanted.
pub(super) fn answer(flow: &Flow, reason: Reason, login: &str, headers: &HeaderMap) -> Reply {
    if navigation::is_grpc(headers) {
        return grpc(reason);
    }
    let origin = flow.config.origin.as_str();
    let document = json!({
        "type": "about:blank",
        "title": "Sign-in required",
        "status": 401,
        "detail": reason.detail(),
        "reason": reason.name(),
        "login_url": format!("{origin}{login}"),
    });
    let reply = Reply::problem(StatusCode::UNAUTHORIZED, &document);
    // RFC 9110 section 15.5.2 asks for a challenge; none registered fits cookies, and `Basic`
    // would open a browser's own dialogue.
    let challenge = format!("Cookie form-action=\"{}\"", flow.config.prefix.login());
    let reply = with(reply, WWW_AUTHENTICATE, &challenge);
    let reply = match headers.get(HX_REQUEST) {
        Some(value) if value == "true" => with(reply, HX_REDIRECT, &htmx_login(flow, headers)),
        _ => reply,
    };
    cross_origin(flow, reply, headers)
}

/// Trailers alone (gRPC over HTTP/2, "Responses"): 16 is UNAUTHENTICATED.
fn grpc(reason: Reason) -> Reply {
    let reply = Reply::empty(StatusCode::OK)
        .header(CONTENT_TYPE, HeaderValue::from_static("application/grpc"))
        .header(
            HeaderName::from_static("grpc-status"),
            HeaderValue::from_static("16"),
        );
    with(
        reply,
        HeaderName::from_static("grpc-message"),
        reason.name(),
    )
}

/// htmx goes there with the whole page, and comes back to the page it was on.
fn htmx_login(flow: &Flow, headers: &HeaderMap) -> String {
    let page = headers
        .get(HX_CURRENT_URL)
        .and_then(|url| url.to_str().ok()?.parse::<Uri>().ok());
    let target = page.as_ref().and_then(Uri::path_and_query);
    let return_to = target.map_or_else(ReturnTo::home, |target| flow.return_to(target.as_str()));
    flow.login_link(None, &return_to)
}

/// A page of an allowed origin may read why it was refused (Fetch, "CORS protocol").
fn cross_origin(flow: &Flow, reply: Reply, headers: &HeaderMap) -> Reply {
    let reply = reply.header(VARY, HeaderValue::from_static("Origin, Cookie"));
    let origin = headers.get(ORIGIN);
    match origin.filter(|sent| flow.config.cors_origins.iter().any(|known| known == sent)) {
        Some(origin) => reply
            .header(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone())
            .header(
                ACCESS_CONTROL_ALLOW_CREDENTIALS,
                HeaderValue::from_static("true"),
            ),
        None => reply,
    }
}

fn with(reply: Reply, name: HeaderName, value: &str) -> Reply {
    match HeaderValue::from_str(value) {
        Ok(value) => reply.header(name, value),
        Err(_) => reply,
    }
}
