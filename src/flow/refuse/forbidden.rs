//! 403 for requests that a sign-in does not help, because the user may not do this or another site
//! sent the request.

use http::{HeaderMap, request::Parts};

use super::problem;
use crate::{
    error::refusal::{Cause, Failure, Reason},
    flow::{
        Flow,
        request::{
            cross_origin,
            navigation::{self, Reader},
            target,
        },
    },
    page::{
        framed::Framed,
        texts::Texts,
        unsent::{self, Unsent},
    },
    web::reply::Reply,
};

/// 403 for a request that a sign-in does not help. `retry` is a link that may help, such as a fresh
/// sign-in with another account.
pub(crate) fn forbidden(flow: &Flow, reason: Reason, retry: &str, head: &Parts) -> Reply {
    let framed = match navigation::reader(head) {
        Reader::Frame | Reader::Turbo => {
            Some(flow.framed(reason.status(), Framed::Refused, retry, head))
        }
        Reader::Window | Reader::Program => None,
    };
    forbidden_with(flow, reason, retry, &head.headers, framed)
}

/// [`forbidden`], with a page in place of the problem document if a user reads the answer.
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
    let reply = flow.reply_to_failure(&failure, || page.unwrap_or_else(document));
    cross_origin::readable(flow, reply, headers)
}

/// 403 for an unsafe request of another origin with the user's session. `page` is for a user who
/// reads the answer, and has a link or button of this origin for the same act. The audit log has a
/// line, because an attack looks like this.
pub(crate) fn cross_site(
    flow: &Flow,
    retry: &str,
    headers: &HeaderMap,
    page: Option<Reply>,
) -> Reply {
    let reason = Reason::CrossSite;
    flow.config.audit.request_refused(reason.as_str());
    forbidden_with(flow, reason, retry, headers, page)
}

/// [`cross_site`] for a request to the application. A form of another site, such as the return of a
/// payment service, gets a page that leads on. The link opens the same address by GET. A visit by
/// GET changes nothing, and the browser sends the session with it.
pub(crate) fn foreign_act(flow: &Flow, head: &Parts) -> Reply {
    let (home, here) = (flow.home(), target::return_here(flow, head));
    let page = || {
        let links = unsent::Links {
            login: home.as_str(),
            here: here.as_str(),
            home: home.as_str(),
        };
        let texts = Texts::preferred(&head.headers);
        let page = unsent::render(texts, Unsent::ForeignAct, &links);
        flow.html_page(Reason::CrossSite.status(), page)
    };
    let page = (navigation::reader(head) == Reader::Window).then(page);
    cross_site(flow, home.as_str(), &head.headers, page)
}
