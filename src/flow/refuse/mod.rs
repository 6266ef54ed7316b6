//! Refusals: a page with the cause for people, a problem document for programs, a line for the log.

use std::time::Duration;

use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{ALLOW, CONTENT_SECURITY_POLICY, RETRY_AFTER},
    request::Parts,
};
use serde_json::{Value, json};

use super::{
    Flow, Registered,
    request::{
        cross_origin,
        navigation::{self, Reader},
    },
};
use crate::{
    error::{
        FailedCall, Fault, LoginError, LoginErrorKind,
        refusal::{Cause, Failure, Reason},
    },
    flow::request::{in_app, link, target},
    page::{
        framed::{self, Framed},
        missing,
        refusal::{self, Links},
        unavailable::{self, Then},
        unsent::{self, Unsent},
    },
    web::{language::Language, reply::Reply, return_to::ReturnTo},
};

pub(crate) mod unauthorized;

/// A login that came to nothing, at `provider` or before any was chosen. Never begins another by
/// itself.
pub(super) fn login(
    flow: &Flow,
    provider: Option<&str>,
    error: &LoginError,
    return_to: &ReturnTo,
    headers: &HeaderMap,
) -> Reply {
    flow.config.audit.refusal(provider, error);
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
    let (provider, way_out) = match error.kind() {
        // The sign-in page finds out whether cookies are allowed now.
        LoginErrorKind::NoCookies => {
            let provider = provider.filter(|_| flow.providers.len() == 1);
            (provider, in_app::way_out(flow, return_to, headers))
        }
        _ => (provider, None),
    };
    let retry = flow.login_link(provider, return_to);
    let retry = match error.kind() {
        // Without asking anew, the provider would send the same account back.
        LoginErrorKind::Denied
        | LoginErrorKind::OtherAccount
        | LoginErrorKind::PhoneNotVerified
        | LoginErrorKind::Unproved => link::afresh(retry),
        _ => retry,
    };
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
        let page = refusal::render(Language::preferred(headers), error, &links);
        flow.page(status, page)
    };
    let reply = flow.refuse(&failure, ours).extension(error.clone());
    match retry_after(error) {
        Some(seconds) => reply.header(RETRY_AFTER, seconds),
        None => reply,
    }
}

/// The ways on. A page about an account has no link to a protected page: the provider would sign the same account in.
fn links<'a>(
    flow: &Flow,
    provider: Option<&str>,
    kind: LoginErrorKind,
    retry: &'a str,
    return_to: &ReturnTo,
) -> Links<'a> {
    let provider = provider.filter(|_| kind.concerns_account());
    let choice = || flow.login_link(None, return_to);
    let is_open = flow.config.public.contains(&Method::GET, "/");
    Links {
        retry,
        another_account: provider
            .map(|name| link::for_another_account(flow.login_link(Some(name), return_to))),
        choice: provider.and_then(|_| (flow.providers.len() > 1).then(choice)),
        home: (provider.is_none() || is_open).then(|| flow.config.prefix.base().home()),
        way_out: None,
    }
}

/// When a sign-in that failed for the moment, whatever its status, is worth trying again, in whole seconds (RFC 9110 section 10.2.3).
fn retry_after(error: &LoginError) -> Option<HeaderValue> {
    const SOON: Duration = Duration::from_secs(5);

    let passing =
        error.kind().status().is_server_error() && Fault::of(error.kind()) == Fault::Provider;
    let rest = error.retry_after().or(passing.then_some(SOON))?;
    let seconds = rest.as_millis().div_ceil(1000).max(1);
    HeaderValue::try_from(seconds.to_string()).ok()
}

/// A request that no login helps.
pub(super) fn forbidden(flow: &Flow, reason: Reason, retry: &str, head: &Parts) -> Reply {
    let framed = match navigation::reader(head) {
        Reader::Frame | Reader::Turbo => {
            Some(flow.framed(reason.status(), Framed::Refused, retry, head))
        }
        Reader::Window | Reader::Program => None,
    };
    forbidden_with(flow, reason, retry, &head.headers, framed)
}

/// The same, with a page in place of the problem document where a user reads it.
fn forbidden_with(
    flow: &Flow,
    reason: Reason,
    retry: &str,
    headers: &HeaderMap,
    page: Option<Reply>,
) -> Reply {
    let status = reason.status();
    let failure = Failure {
        cause: Cause::Request(reason),
        status,
        headers,
        retry,
    };
    let document = || Reply::problem(status, &problem(reason, "Not allowed"));
    let reply = flow.refuse(&failure, || page.unwrap_or_else(document));
    cross_origin::readable(flow, reply, headers)
}

/// Another origin's act with the user's session: this page's own link is the way to do it.
pub(super) fn cross_site(
    flow: &Flow,
    retry: &str,
    headers: &HeaderMap,
    page: Option<Reply>,
) -> Reply {
    let reason = Reason::CrossSite;
    flow.config.audit.request_refused(reason.as_str());
    forbidden_with(flow, reason, retry, headers, page)
}

/// The same for a request to the application. A form of another site, such as a payment service's, has a page that leads on.
pub(super) fn foreign_act(flow: &Flow, head: &Parts) -> Reply {
    let (home, here) = (flow.home(), target::target(flow, head));
    let page = || {
        let links = unsent::Links {
            login: home.as_str(),
            here: here.as_str(),
            home: home.as_str(),
        };
        let language = Language::preferred(&head.headers);
        let page = unsent::render(language, Unsent::ForeignAct, &links);
        flow.page(Reason::CrossSite.status(), page)
    };
    let page = (navigation::reader(head) == Reader::Window).then(page);
    cross_site(flow, home.as_str(), &head.headers, page)
}

fn problem(reason: Reason, title: &str) -> Value {
    json!({
        "type": "about:blank",
        "title": title,
        "status": reason.status().as_u16(),
        "detail": reason.to_string(),
        "reason": reason.as_str(),
    })
}

/// The machine has not caught up with what was revoked elsewhere, and lets nobody in until then.
pub(super) fn unavailable(flow: &Flow, head: &Parts) -> Reply {
    let then = match head.method {
        Method::GET | Method::HEAD => Then::Reloads,
        _ => Then::TryAgain,
    };
    let here = target::target(flow, head);
    let is_framed = matches!(navigation::reader(head), Reader::Frame | Reader::Turbo);
    let page = is_framed.then(|| {
        let status = Reason::NotCaughtUp.status();
        flow.framed(status, Framed::Unavailable, here.as_str(), head)
    });
    not_caught_up(flow, here.as_str(), then, &head.headers, page)
}

/// As [`unavailable`], for a callback. Its code was not sent to the provider.
pub(super) fn not_caught_up_at_callback(
    flow: &Flow,
    return_to: &ReturnTo,
    headers: &HeaderMap,
) -> Reply {
    let here = return_to.as_str();
    not_caught_up(flow, here, Then::SignInAgain, headers, None)
}

fn not_caught_up(
    flow: &Flow,
    here: &str,
    then: Then,
    headers: &HeaderMap,
    framed: Option<Reply>,
) -> Reply {
    let reason = Reason::NotCaughtUp;
    let failure = Failure {
        cause: Cause::Request(reason),
        status: reason.status(),
        headers,
        retry: here,
    };
    let reply = flow.refuse(&failure, || {
        if let Some(framed) = framed {
            return framed;
        }
        if navigation::wants_page(headers) {
            let page = unavailable::render(Language::preferred(headers), here, then);
            return flow.page(reason.status(), page);
        }
        let document = problem(reason, "Sessions cannot be checked");
        Reply::problem(reason.status(), &document)
    });
    // In seconds (RFC 9110 section 10.2.3): it catches up in less.
    cross_origin::readable(flow, reply, headers).header(RETRY_AFTER, HeaderValue::from_static("1"))
}

/// The provider answers by POST, which brings no cookie of `SameSite=Lax`: its setting for `response_mode` is wrong. The code
/// is not looked at.
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
    let page = || refusal::render(Language::preferred(headers), &error, &links);
    let reply = flow.refuse(&failure, || flow.page(status, page()));
    let reply = reply.extension(error.clone());
    reply.header(ALLOW, HeaderValue::from_static("GET"))
}

pub(super) fn method_not_allowed(flow: &Flow, allowed: &'static str, head: &Parts) -> Reply {
    let reply = missing(flow, StatusCode::METHOD_NOT_ALLOWED, head);
    reply.header(ALLOW, HeaderValue::from_static(allowed))
}

/// Below the prefix, and nothing there: a page for a user, nothing for a program.
pub(super) fn missing(flow: &Flow, status: StatusCode, head: &Parts) -> Reply {
    if navigation::reader(head) != Reader::Window {
        return Reply::empty(status);
    }
    let language = Language::preferred(&head.headers);
    flow.page(status, missing::render(language, flow.home().as_str()))
}

impl Flow {
    /// Ours, unless the application has an answer of its own.
    pub(super) fn refuse(&self, failure: &Failure<'_>, ours: impl FnOnce() -> Reply) -> Reply {
        match self.config.hooks.failure(failure) {
            Some(response) => Reply::own(response, failure.status),
            None => ours(),
        }
    }

    /// A page of ours, which loads nothing.
    pub(super) fn page(&self, status: StatusCode, page: String) -> Reply {
        let policy = self.config.policies.strict.clone();
        Reply::html(status, page).header(CONTENT_SECURITY_POLICY, policy)
    }

    /// A page of ours inside a page of this origin.
    pub(super) fn framed(
        &self,
        status: StatusCode,
        framed: Framed,
        link: &str,
        head: &Parts,
    ) -> Reply {
        let language = Language::preferred(&head.headers);
        let page = framed::render(language, framed, link, navigation::is_form_of_turbo(head));
        let policy = self.config.policies.framed.clone();
        self.page(status, page)
            .header(CONTENT_SECURITY_POLICY, policy)
    }
}
