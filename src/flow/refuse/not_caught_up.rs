//! 503 while this replica has not read the revocation log.
//!
//! A replica that does not know the revocations would accept a stolen session that was revoked
//! elsewhere. The user is signed in all along, so the page says that and does not offer to sign
//! in.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, Method, header::RETRY_AFTER, request::Parts};

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
        unavailable::{self, Then},
    },
    web::{reply::Reply, return_to::ReturnTo},
};

/// The time until the page of a replica that has just started reloads. It is longer than the
/// reading of the log usually takes, so the first reload finds the answer.
const PAUSE: Duration = Duration::from_secs(2);
/// The time while the log cannot be read. A page that reloads every two seconds cannot be read with
/// a screen reader, and none of its links can be reached by keyboard.
const LONG_PAUSE: Duration = Duration::from_secs(30);
/// The age of the newest reading, or of the replica, from which on the pause is the long one.
const LONG_LAG: Duration = Duration::from_secs(10);

/// 503, because this replica has not read the revocation log yet and accepts no session until then.
/// A page by GET reloads by itself. A form must not be sent twice, so its user decides.
pub(crate) fn unavailable(flow: &Flow, head: &Parts) -> Reply {
    let then = match head.method {
        Method::GET | Method::HEAD => Then::Reloads(pause(flow.revocation_lag())),
        _ => Then::TryAgain,
    };
    let here = target::return_here(flow, head);
    let is_framed = matches!(navigation::reader(head), Reader::Frame | Reader::Turbo);
    let page = is_framed.then(|| {
        let status = Reason::NotCaughtUp.status();
        flow.framed(status, Framed::Unavailable, here.as_str(), head)
    });
    not_caught_up(flow, here.as_str(), then, &head.headers, page)
}

/// The time until the page reloads.
fn pause(lag: Option<Duration>) -> Duration {
    match lag {
        Some(lag) if lag >= LONG_LAG => LONG_PAUSE,
        _ => PAUSE,
    }
}

/// [`unavailable`] for a callback. Its code was not sent to the provider, so the user signs in
/// again.
pub(crate) fn not_caught_up_at_callback(
    flow: &Flow,
    return_to: &ReturnTo,
    headers: &HeaderMap,
) -> Reply {
    let here = return_to.as_str();
    not_caught_up(flow, here, Then::SignInAgain, headers, None)
}

/// The reply is the page for a user, or a problem document for a program.
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
    let reply = flow.reply_to_failure(&failure, || {
        if let Some(framed) = framed {
            return framed;
        }
        if navigation::wants_page(headers) {
            let page = unavailable::render(Texts::preferred(headers), here, then);
            return flow.html_page(reason.status(), page);
        }
        let document = problem(reason, "Sessions cannot be checked");
        Reply::problem(reason.status(), &document)
    });
    // In seconds (RFC 9110 section 10.2.3). A replica usually reads the log in less than one.
    cross_origin::readable(flow, reply, headers).header(RETRY_AFTER, HeaderValue::from_static("1"))
}
