//! 401 for what is no page visit, in the form that its reader understands. No cookie: such a request
//! never finishes a login.

use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode, Uri,
    header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, WWW_AUTHENTICATE},
    request::Parts,
};
use serde_json::json;

use super::{Flow, cross_origin, navigation};
use crate::{
    failure::{Cause, Failure, Reason},
    language::Language,
    page::framed,
    reply::Reply,
    return_to::ReturnTo,
};

const HX_REQUEST: HeaderName = HeaderName::from_static("hx-request");
const HX_CURRENT_URL: HeaderName = HeaderName::from_static("hx-current-url");
const HX_REDIRECT: HeaderName = HeaderName::from_static("hx-redirect");

/// `login` is the link that begins the login that is wanted.
pub(super) fn answer(flow: &Flow, reason: Reason, login: &str, head: &Parts) -> Reply {
    let (headers, is_grpc) = (&head.headers, navigation::is_grpc_call(head));
    let failure = Failure {
        cause: Cause::Request(reason),
        status: if is_grpc {
            StatusCode::OK
        } else {
            reason.status()
        },
        headers,
        retry: login,
    };
    if is_grpc {
        return grpc(flow, reason, &failure);
    }
    let reply = flow.refuse(&failure, || {
        if navigation::is_framed(head) {
            framed(flow, reason, login, headers)
        } else {
            document(flow, reason, login)
        }
    });
    // RFC 9110 section 15.5.2 asks for a challenge; none registered fits cookies, and `Basic`
    // would open a browser's own dialogue.
    let challenge = format!("Cookie form-action=\"{}\"", flow.config.prefix.login());
    let reply = with(reply, WWW_AUTHENTICATE, &challenge);
    let reply = match headers.get(HX_REQUEST) {
        Some(value) if value == "true" => with(reply, HX_REDIRECT, &htmx_login(flow, headers)),
        _ => reply,
    };
    cross_origin::readable(flow, reply, headers)
}

fn document(flow: &Flow, reason: Reason, login: &str) -> Reply {
    let origin = flow.config.origin.as_str();
    let document = json!({
        "type": "about:blank",
        "title": "Sign-in required",
        "status": 401,
        "detail": reason.to_string(),
        "reason": reason.as_str(),
        "login_url": format!("{origin}{login}"),
    });
    Reply::problem(reason.status(), &document)
}

/// A user reads it, inside a page of this origin. The link leads the whole window to the login.
fn framed(flow: &Flow, reason: Reason, login: &str, headers: &HeaderMap) -> Reply {
    let page = framed::render(Language::preferred(headers), login);
    let policy = flow.config.policies.framed.clone();
    flow.page(reason.status(), page)
        .header(CONTENT_SECURITY_POLICY, policy)
}

/// Trailers alone (gRPC over HTTP/2, "Responses"): 16 is UNAUTHENTICATED.
fn grpc(flow: &Flow, reason: Reason, failure: &Failure<'_>) -> Reply {
    let grpc = HeaderValue::from_static("application/grpc");
    let reply = flow.refuse(failure, || {
        Reply::empty(StatusCode::OK).header(CONTENT_TYPE, grpc)
    });
    let reply = with(reply, HeaderName::from_static("grpc-status"), "16");
    with(
        reply,
        HeaderName::from_static("grpc-message"),
        reason.as_str(),
    )
}

/// htmx goes there with the whole page, and comes back to the page it was on.
fn htmx_login(flow: &Flow, headers: &HeaderMap) -> String {
    let page = headers
        .get(HX_CURRENT_URL)
        .and_then(|url| url.to_str().ok()?.parse::<Uri>().ok());
    let target = page.as_ref().and_then(Uri::path_and_query);
    let return_to = target.map_or_else(ReturnTo::home, |target| flow.return_to(target.as_str()));
    flow.short_login_link(None, &return_to)
}

fn with(reply: Reply, name: HeaderName, value: &str) -> Reply {
    match HeaderValue::from_str(value) {
        Ok(value) => reply.header_if_missing(name, value),
        Err(_) => reply,
    }
}
