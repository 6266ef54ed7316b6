//! Refusals: a page for users, a problem document (RFC 9457) for programs, and a line for the log.
//!
//! Every refusal passes through [`Flow::reply_to_failure`], where the application may give a reply
//! of its own. A failed sign-in is a [`LoginError`] with a reference that stands on the page and
//! in the log. A refused request is a [`Reason`] in a problem document. No refusal starts a
//! sign-in by itself, because a browser would go in circles if the cause remains.
//!
//! This module has the refusals of sign-ins, 404 and 405. `unauthorized` makes the 401, `forbidden`
//! the 403 and `not_caught_up` the 503.
//!
//! | status | reason | module |
//! |---|---|---|
//! | by the cause | a sign-in failed, or its account is not accepted | this one |
//! | 401 | there is no session, or the sign-in is not fresh enough | `unauthorized` |
//! | 403 | the user may not do this, or another site sent the request | `forbidden` |
//! | 404, 405 | the layer has no such path, or not for this method | this one |
//! | 413 | a form is too long to be saved | `unauthorized` |
//! | 503 | sessions cannot be checked yet | `not_caught_up` |

use std::time::Duration;

use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ALLOW, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, RETRY_AFTER, VARY},
    request::Parts,
};
use serde_json::{Value, json};

use super::{
    Flow, Registered,
    request::navigation::{self, Reader},
};
use crate::{
    error::{
        FailedCall, Fault, LoginError, LoginErrorKind,
        refusal::{Cause, Failure, Reason},
    },
    flow::request::in_app,
    language::Accepted,
    page::{
        Document,
        framed::{self, Framed},
        missing,
        refusal::{self, Links},
        texts::Texts,
    },
    provider::Title,
    web::{reply::Reply, return_to::ReturnTo},
};

pub(super) use forbidden::{cross_site, forbidden, foreign_act};
pub(super) use not_caught_up::{not_caught_up_at_callback, unavailable};
use ways::{links, retry_link};

mod forbidden;
mod not_caught_up;
pub(crate) mod unauthorized;
mod ways;

/// Refuses a sign-in, at `provider` or before one was chosen. The refusal has a line in the log and
/// a page.
pub(super) fn login(
    flow: &Flow,
    provider: Option<&str>,
    error: &LoginError,
    return_to: &ReturnTo,
    headers: &HeaderMap,
) -> Reply {
    flow.config.audit.refusal(provider, error);
    login_page(flow, provider, error, return_to, headers)
}

/// The page of [`login`] without the line in the log, which was written before. A repeated callback
/// gets the page again and must not count twice in the log.
pub(super) fn login_page(
    flow: &Flow,
    provider: Option<&str>,
    error: &LoginError,
    return_to: &ReturnTo,
    headers: &HeaderMap,
) -> Reply {
    let title = flow.title(provider);
    let (provider, way_out) = match error.kind() {
        // With several providers, the link leads to the sign-in page, because that page detects
        // whether cookies are allowed now.
        LoginErrorKind::NoCookies => {
            let provider = provider.filter(|_| flow.providers.len() == 1);
            (provider, in_app::way_out(flow, return_to, headers))
        }
        _ => (provider, None),
    };
    let retry = retry_link(flow, provider, error.kind(), return_to);
    let status = error.kind().status();
    let failure = Failure {
        cause: Cause::Login(error),
        status,
        headers,
        retry: &retry,
    };
    let ours = || {
        let mut links = links(flow, provider, error.kind(), &retry, return_to);
        links.way_out = way_out.as_deref();
        flow.html_page(status, page_of(error, title, &links, headers))
    };
    // The error goes along for the code around the layer, such as its metrics.
    let reply = flow
        .reply_to_failure(&failure, ours)
        .extension(error.clone());
    match retry_after(error) {
        Some(seconds) => reply.header(RETRY_AFTER, seconds),
        None => reply,
    }
}

/// The page of a refused sign-in. The application's reason may be in a language that the pages do
/// not have, so it is chosen by itself.
fn page_of(
    error: &LoginError,
    provider: Option<&Title>,
    links: &Links<'_>,
    headers: &HeaderMap,
) -> Document {
    let accepted = Accepted::of(headers);
    let said = error.denial();
    let said = said.map(|denied| denied.text().written(&accepted));
    refusal::render(Texts::preferred(headers), error, provider, said, links)
}

/// `Retry-After` in whole seconds (RFC 9110 section 10.2.3), for a failure that passes by itself.
/// The value is the time that the provider named, or five seconds.
pub(super) fn retry_after(error: &LoginError) -> Option<HeaderValue> {
    const SOON: Duration = Duration::from_secs(5);

    let passing =
        error.kind().status().is_server_error() && Fault::of(error.kind()) == Fault::Provider;
    let rest = error.retry_after().or(passing.then_some(SOON))?;
    // Rounded up, because a client that comes too early would be refused again.
    let seconds = rest.as_millis().div_ceil(1000).max(1);
    HeaderValue::try_from(seconds.to_string()).ok()
}

/// The problem document of a refused request. `reason` is a stable word for programs, and `detail`
/// a sentence for a developer.
fn problem(reason: Reason, title: &str) -> Value {
    json!({
        "type": "about:blank",
        "title": title,
        "status": reason.status().as_u16(),
        "detail": reason.to_string(),
        "reason": reason.as_str(),
    })
}

/// 405 for a callback by POST. The provider is set to `response_mode=form_post`, which the layer
/// never asks for. A POST of another site brings no cookie with `SameSite=Lax`, so the sign-in
/// could not be finished. The code is not read.
pub(super) fn posted_callback(flow: &Flow, provider: &Registered, head: &Parts) -> Reply {
    let error = LoginError::with_code(LoginErrorKind::Misconfigured, "response_mode").by_browser();
    let error = error.in_call(FailedCall {
        call: Some("callback"),
        ..FailedCall::default()
    });
    let name = Some(&*provider.name);
    flow.config.audit.refusal(name, &error);
    let home = flow.home();
    let retry = flow.login_link(name, &home);
    let (status, headers) = (StatusCode::METHOD_NOT_ALLOWED, &head.headers);
    let failure = Failure {
        cause: Cause::Login(&error),
        status,
        headers,
        retry: &retry,
    };
    let links = links(flow, name, error.kind(), &retry, &home);
    let page = || page_of(&error, flow.title(name), &links, headers);
    let reply = flow.reply_to_failure(&failure, || flow.html_page(status, page()));
    let reply = reply.extension(error.clone());
    reply.header(ALLOW, HeaderValue::from_static("GET"))
}

/// 405 with the methods that the path takes.
pub(super) fn method_not_allowed(flow: &Flow, allowed: &'static str, head: &Parts) -> Reply {
    let reply = missing(flow, StatusCode::METHOD_NOT_ALLOWED, head);
    reply.header(ALLOW, HeaderValue::from_static(allowed))
}

/// The reply at a path below the prefix that does not exist: a page for a user, an empty body for a
/// program. The page has no line in the log, because any client can ask for such a path.
pub(super) fn missing(flow: &Flow, status: StatusCode, head: &Parts) -> Reply {
    if navigation::reader(head) != Reader::Window {
        return Reply::empty(status);
    }
    let texts = Texts::preferred(&head.headers);
    flow.html_page(status, missing::render(texts, flow.home().as_str()))
}

/// The page of a frame, which is also that of a page visit that cannot begin a sign-in.
fn page_of_frame(framed: Framed, link: &str, head: &Parts) -> Document {
    let texts = Texts::preferred(&head.headers);
    framed::render(texts, framed, link, navigation::is_form_of_turbo(head))
}

impl Flow {
    /// The application's own reply to a failure if it gives one, else `ours`. The layer's page is
    /// made only if it is needed.
    pub(super) fn reply_to_failure(
        &self,
        failure: &Failure<'_>,
        ours: impl FnOnce() -> Reply,
    ) -> Reply {
        match self.config.hooks.failure(failure) {
            Some(response) => Reply::from_application(response, failure.status),
            None => ours(),
        }
    }

    /// A page of the layer. Its policy lets it load nothing from elsewhere.
    pub(super) fn html_page(&self, status: StatusCode, page: Document) -> Reply {
        self.page_under(&self.config.policies.strict, status, page)
    }

    /// A page of the layer under one of its policies. The application may have markup of its own
    /// for it. The status and the headers are the layer's in either case.
    pub(super) fn page_under(
        &self,
        policy: &HeaderValue,
        status: StatusCode,
        page: Document,
    ) -> Reply {
        let config = &self.config;
        let language = HeaderValue::from_static(page.language());
        let (html, policy) = page.finished(&config.look, &config.plain.pages, status, policy);
        Reply::html(status, html)
            .header(CONTENT_LANGUAGE, language)
            .header(
                VARY,
                HeaderValue::from_static("Origin, Cookie, Accept-Language"),
            )
            .header(CONTENT_SECURITY_POLICY, policy)
    }

    /// A page of the layer that is shown inside a page of this origin. Its policy permits frames of
    /// this origin alone, so no other site can put it under its own content.
    pub(super) fn framed(
        &self,
        status: StatusCode,
        framed: Framed,
        link: &str,
        head: &Parts,
    ) -> Reply {
        let policy = &self.config.policies.framed;
        self.page_under(policy, status, page_of_frame(framed, link, head))
    }
}
