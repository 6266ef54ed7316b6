//! Refusals: a page with the cause for people, a problem document for programs, a line for the log.

use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ALLOW, CONTENT_SECURITY_POLICY, RETRY_AFTER},
    request::Parts,
};
use serde_json::json;

use super::{Flow, demand, navigation};
use crate::{
    error::{LoginError, LoginErrorKind},
    hooks::Failure,
    language::Language,
    page::{refusal, unavailable},
    reply::Reply,
    return_to::ReturnTo,
};

/// A login that came to nothing, at `provider` or before any was chosen. Never begins another by
/// itself.
pub(super) fn login(
    flow: &Flow,
    provider: Option<&str>,
    error: &LoginError,
    return_to: &ReturnTo,
    headers: &HeaderMap,
) -> Reply {
    let (kind, reference, code) = (error.kind(), error.reference(), error.code());
    if kind.is_for_operator() {
        tracing::error!(reference, provider, code, "sign-in refused: {kind}");
    } else {
        tracing::warn!(reference, provider, code, "sign-in refused: {kind}");
    }
    page(flow, provider, error, return_to, headers)
}

/// The page alone.
pub(super) fn page(
    flow: &Flow,
    provider: Option<&str>,
    error: &LoginError,
    return_to: &ReturnTo,
    headers: &HeaderMap,
) -> Reply {
    let mut retry = flow.login_link(provider, return_to);
    // Without asking anew, the provider would send the same account back.
    if matches!(
        error.kind(),
        LoginErrorKind::Denied | LoginErrorKind::PhoneNotVerified
    ) {
        retry.push_str(if retry.contains('?') {
            "&fresh=1"
        } else {
            "?fresh=1"
        });
    }
    let failure = Failure {
        error,
        headers,
        retry: &retry,
    };
    if let Some(response) = flow.config.hooks.failure(&failure) {
        return Reply::own(response).extension(error.clone());
    }
    let page = refusal::render(Language::preferred(headers), error, &retry, "/");
    flow.page(error.kind().status(), page)
        .extension(error.clone())
}

pub(super) fn forbidden(reason: &str, detail: &str) -> Reply {
    let document = json!({
        "type": "about:blank",
        "title": "Not allowed",
        "status": 403,
        "detail": detail,
        "reason": reason,
    });
    Reply::problem(StatusCode::FORBIDDEN, &document)
}

/// The machine has not caught up with what was revoked elsewhere, and lets nobody in until then.
pub(super) fn unavailable(flow: &Flow, head: &Parts) -> Reply {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    let reply = if navigation::wants_page(&head.headers) {
        let language = Language::preferred(&head.headers);
        let here = demand::target(flow, head);
        flow.page(status, unavailable::render(language, here.as_str()))
    } else {
        let document = json!({
            "type": "about:blank",
            "title": "Sessions cannot be checked",
            "status": 503,
            "detail": "This machine does not know yet which sessions were ended elsewhere. Try again.",
            "reason": "not_caught_up",
        });
        Reply::problem(status, &document)
    };
    // In seconds (RFC 9110 section 10.2.3): it catches up in less.
    reply.header(RETRY_AFTER, HeaderValue::from_static("1"))
}

pub(super) fn method_not_allowed(allowed: &'static str) -> Reply {
    Reply::empty(StatusCode::METHOD_NOT_ALLOWED).header(ALLOW, HeaderValue::from_static(allowed))
}

impl Flow {
    /// A page of ours, which loads nothing.
    pub(super) fn page(&self, status: StatusCode, page: String) -> Reply {
        let policy = self.config.content_security_policy.clone();
        Reply::html(status, page).header(CONTENT_SECURITY_POLICY, policy)
    }
}
