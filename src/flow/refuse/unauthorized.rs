//! 401 for what is no page visit, in the form that its reader understands. No cookie: such a request
//! never finishes a login.

use http::{
    HeaderName, HeaderValue, Method, StatusCode,
    header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, WWW_AUTHENTICATE},
    request::Parts,
};
use serde_json::json;

use crate::{
    error::refusal::{Cause, Failure, Reason},
    flow::{
        Flow,
        request::{
            cross_origin, libraries,
            navigation::{self, Reader},
            same_origin, target,
        },
    },
    page::{
        framed::Framed,
        unsent::{self, Unsent},
    },
    web::{language::Language, reply::Reply},
};

/// `login` is the link that begins the login that is wanted.
pub(crate) fn answer(flow: &Flow, reason: Reason, login: &str, head: &Parts) -> Reply {
    let unsent = match reason {
        _ if same_origin::is_foreign(&head.headers, flow.config.origin.as_str()) => Unsent::Foreign,
        Reason::StepUp => Unsent::StepUp,
        _ => Unsent::SignedOut,
    };
    refuse(flow, reason, login, head, unsent)
}

/// The same for a form that is too long to be kept: 413 where a user reads the answer.
pub(crate) fn too_large(flow: &Flow, reason: Reason, login: &str, head: &Parts) -> Reply {
    match navigation::reader(head) {
        Reader::Program => answer(flow, reason, login, head),
        Reader::Window | Reader::Frame | Reader::Turbo => {
            refuse(flow, reason, login, head, Unsent::TooLarge)
        }
    }
}

fn refuse(flow: &Flow, reason: Reason, login: &str, head: &Parts, unsent: Unsent) -> Reply {
    let (headers, is_grpc) = (&head.headers, navigation::is_grpc_call(head));
    let inertia = libraries::inertia_login(flow, reason, head);
    let failure = Failure {
        cause: Cause::Request(reason),
        status: match unsent {
            _ if is_grpc => StatusCode::OK,
            _ if inertia.is_some() => StatusCode::CONFLICT,
            Unsent::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            _ => reason.status(),
        },
        headers,
        retry: login,
    };
    if is_grpc {
        return grpc(flow, reason, &failure);
    }
    let status = failure.status;
    let reply = flow.refuse(&failure, || match navigation::reader(head) {
        Reader::Program => document(flow, reason, status, login),
        Reader::Frame | Reader::Turbo if matches!(head.method, Method::GET | Method::HEAD) => {
            flow.framed(status, Framed::SignedOut, login, head)
        }
        Reader::Window if head.method != Method::POST => {
            let framed = flow.framed(status, Framed::SignedOut, login, head);
            framed.header(CONTENT_SECURITY_POLICY, flow.config.policies.strict.clone())
        }
        reader => form(flow, status, unsent, login, head, reader),
    });
    // RFC 9110 section 15.5.2 asks for a challenge; none registered fits cookies, and `Basic`
    // would open a browser's own dialogue.
    let challenge = format!("Cookie form-action=\"{}\"", flow.config.prefix.login());
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

fn document(flow: &Flow, reason: Reason, status: StatusCode, login: &str) -> Reply {
    let origin = flow.config.origin.as_str();
    let document = json!({
        "type": "about:blank",
        "title": "Sign-in required",
        "status": status.as_u16(),
        "detail": reason.to_string(),
        "reason": reason.as_str(),
        "login_url": format!("{origin}{login}"),
    });
    Reply::problem(status, &document)
}

/// A user reads it, after a form.
fn form(
    flow: &Flow,
    status: StatusCode,
    unsent: Unsent,
    login: &str,
    head: &Parts,
    reader: Reader,
) -> Reply {
    let language = Language::preferred(&head.headers);
    if navigation::is_form_of_turbo(head) {
        return flow.page(status, unsent::render_in_place(language, unsent, login));
    }
    let (here, home) = (target::target(flow, head), flow.home());
    let links = unsent::Links {
        login,
        here: here.as_str(),
        home: home.as_str(),
    };
    let page = unsent::render(language, unsent, &links);
    let page = flow.page(status, page);
    match reader {
        Reader::Frame => {
            let policy = flow.config.policies.framed.clone();
            page.header(CONTENT_SECURITY_POLICY, policy)
        }
        Reader::Window | Reader::Turbo | Reader::Program => page,
    }
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

fn with(reply: Reply, name: HeaderName, value: &str) -> Reply {
    match HeaderValue::from_str(value) {
        Ok(value) => reply.header_if_missing(name, value),
        Err(_) => reply,
    }
}
