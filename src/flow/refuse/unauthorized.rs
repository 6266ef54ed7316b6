//! 401 for a request without a session that is no page visit, in the form that its reader
//! understands.
//!
//! A script gets a problem document with a `login_url`, a frame or a form a page with a link, a
//! gRPC client a status in trailers, and htmx and Inertia a header that sends the whole window to
//! the sign-in. No cookie is set, because such a request never finishes a sign-in.
//!
//! | reader | body | headers of its own |
//! |---|---|---|
//! | a program | a problem document with `login_url`, without it if claims were renewed | |
//! | a frame, or Turbo | a page with a link to the whole window | |
//! | a window that sent a form | a page that says how to keep the text | |
//! | htmx | a problem document | `HX-Redirect` |
//! | Inertia | a problem document, with 409 | `X-Inertia-Location` |
//! | gRPC | none, with 200 | `grpc-status: 16` |
//!
//! All but the gRPC reply also have `WWW-Authenticate`.

use http::{
    HeaderName, HeaderValue, Method, StatusCode,
    header::{CONTENT_TYPE, WWW_AUTHENTICATE},
    request::Parts,
};
use serde_json::json;

use crate::{
    error::refusal::{Cause, Failure, Reason},
    flow::{
        Flow,
        request::{
            cross_origin, grpc, libraries,
            navigation::{self, Reader},
            same_origin, target,
        },
    },
    page::{
        framed::Framed,
        texts::Texts,
        unsent::{self, Unsent},
    },
    web::reply::Reply,
};

/// 401 for `reason`. `login` is the link that starts the sign-in. The text of the page says why the
/// request was refused, and differs for a request from another site.
pub(crate) fn reply(flow: &Flow, reason: Reason, login: &str, head: &Parts) -> Reply {
    let unsent = match reason {
        _ if same_origin::is_foreign(&head.headers, flow.config.origin.as_str()) => Unsent::Foreign,
        Reason::StepUp => Unsent::StepUp,
        Reason::Claims => Unsent::Renewed,
        _ => Unsent::SignedOut,
    };
    reply_with(flow, reason, login, head, unsent)
}

/// [`reply`] for a form that is too long to be saved. A user who reads the answer gets 413.
pub(crate) fn too_large(flow: &Flow, reason: Reason, login: &str, head: &Parts) -> Reply {
    match navigation::reader(head) {
        Reader::Program => reply(flow, reason, login, head),
        Reader::Window | Reader::Frame | Reader::Turbo => {
            reply_with(flow, reason, login, head, Unsent::TooLarge)
        }
    }
}

/// Makes the reply. gRPC and Inertia fix the status, so they are recognised first. The
/// application's own reply gets the same headers as the layer's, because clients depend on them.
fn reply_with(flow: &Flow, reason: Reason, login: &str, head: &Parts, unsent: Unsent) -> Reply {
    let (headers, is_grpc) = (&head.headers, grpc::is_grpc_call(head));
    let inertia = libraries::inertia_login(flow, reason, head);
    let failure = Failure {
        cause: Cause::Request(reason),
        status: status(reason, unsent, is_grpc, inertia.is_some()),
        headers,
        retry: login,
    };
    if is_grpc {
        return grpc(flow, reason, &failure);
    }
    let status = failure.status;
    let reply = flow.reply_to_failure(&failure, || match navigation::reader(head) {
        Reader::Program => document(flow, reason, status, login),
        Reader::Frame | Reader::Turbo if matches!(head.method, Method::GET | Method::HEAD) => {
            flow.framed(status, Framed::SignedOut, login, head)
        }
        // A page visit that cannot begin a sign-in. It gets the page of a frame with the policy of
        // a window.
        Reader::Window if head.method != Method::POST => {
            let page = super::page_of_frame(Framed::SignedOut, login, head);
            flow.html_page(status, page)
        }
        reader => form(flow, status, unsent, login, head, reader),
    });
    // RFC 9110 section 15.5.2 requires a challenge. No registered scheme fits cookies, and `Basic`
    // would open a dialogue of the browser.
    // The reason stands here too, because some gateways drop the body of a 401.
    let challenge = format!(
        "Cookie form-action=\"{}\", reason=\"{}\"",
        flow.config.prefix.login(),
        reason.as_str()
    );
    let reply = with(reply, WWW_AUTHENTICATE, &challenge);
    let reply = match libraries::htmx_login(flow, reason, head) {
        Some(link) => with(reply, libraries::HX_REDIRECT, &link),
        None => reply,
    };
    let reply = match inertia {
        Some(link) => with(reply, libraries::X_INERTIA_LOCATION, &link),
        None => reply,
    };
    cross_origin::readable(flow, reply, headers)
}

/// gRPC and Inertia have a status of their own, by which their clients know the reply. The failure
/// hook gets the status that the reply will have.
fn status(reason: Reason, unsent: Unsent, is_grpc: bool, is_inertia: bool) -> StatusCode {
    match unsent {
        _ if is_grpc => StatusCode::OK,
        _ if is_inertia => StatusCode::CONFLICT,
        Unsent::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        _ => reason.status(),
    }
}

/// The problem document for a program. After new claims there is no sign-in to link to, because the
/// same request passes when it comes again.
fn document(flow: &Flow, reason: Reason, status: StatusCode, login: &str) -> Reply {
    let (origin, is_renewed) = (flow.config.origin.as_str(), reason == Reason::Claims);
    let mut document = json!({
        "type": "about:blank",
        "title": if is_renewed { "Session renewed" } else { "Sign-in required" },
        "status": status.as_u16(),
        "detail": reason.to_string(),
        "reason": reason.as_str(),
    });
    if !is_renewed {
        document["login_url"] = json!(format!("{origin}{login}"));
    }
    Reply::problem(status, &document)
}

/// The page for a user whose form was not taken. The text that the user wrote is still on the page
/// before, which the Back button shows.
fn form(
    flow: &Flow,
    status: StatusCode,
    unsent: Unsent,
    login: &str,
    head: &Parts,
    reader: Reader,
) -> Reply {
    let texts = Texts::preferred(&head.headers);
    if navigation::is_form_of_turbo(head) {
        return flow.html_page(status, unsent::render_in_place(texts, unsent, login));
    }
    let (here, home) = (target::return_here(flow, head), flow.home());
    let links = unsent::Links {
        login,
        here: here.as_str(),
        home: home.as_str(),
    };
    let page = unsent::render(texts, unsent, &links);
    let policies = &flow.config.policies;
    let policy = match reader {
        Reader::Frame => &policies.framed,
        Reader::Window | Reader::Turbo | Reader::Program => &policies.strict,
    };
    flow.page_under(policy, status, page)
}

/// The gRPC reply: trailers alone (gRPC over HTTP/2, "Responses"). The status 16 is
/// UNAUTHENTICATED. The status of HTTP is 200 for every gRPC reply, also for an error.
fn grpc(flow: &Flow, reason: Reason, failure: &Failure<'_>) -> Reply {
    let grpc = HeaderValue::from_static("application/grpc");
    let reply = flow.reply_to_failure(failure, || {
        Reply::empty(StatusCode::OK).header(CONTENT_TYPE, grpc)
    });
    let reply = with(reply, HeaderName::from_static("grpc-status"), "16");
    with(
        reply,
        HeaderName::from_static("grpc-message"),
        reason.as_str(),
    )
}

/// Sets a header that the application's own reply does not have. A value that no header can hold
/// is left out.
fn with(reply: Reply, name: HeaderName, value: &str) -> Reply {
    match HeaderValue::from_str(value) {
        Ok(value) => reply.header_if_missing(name, value),
        Err(_) => reply,
    }
}
