//! The sign-in page of a browser that is signed in already, as in another tab. It does not lead on by itself: the place may
//! send its user back here, as an application does that wants another account.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderValue, request::Parts};

use crate::{
    flow::{
        Flow, form,
        request::link::{self, CONTINUE, Wanted},
    },
    page::sign_in::SignedIn,
    session::Session,
    web::{reply::Reply, return_to::ReturnTo},
};

/// A place that sends its user back within this gets no second button.
const LIFE: Duration = Duration::from_secs(60);

/// The note of the page about a live session. A sign-in that was asked for on purpose has no note.
pub(crate) fn note(flow: &Flow, wanted: &Wanted, head: &Parts) -> Option<SignedIn> {
    if wanted.asks_anew() {
        return None;
    }
    let session = flow.live_session(&head.headers)?;
    let (cookies, mark) = (&flow.config.cookies, mark(&session, &wanted.return_to));
    let mut held = cookies.named(&head.headers, cookies.continued());
    if held.any(|value| value == mark.as_bytes()) {
        return Some(SignedIn::SentBack);
    }
    let login = flow.login_link(None, &wanted.return_to);
    let link = link::with(login, CONTINUE, "1");
    Some(SignedIn::Continue(link))
}

/// The page's link was followed: to the place, or to the form that waits for it.
pub(crate) fn go_on(flow: &Flow, wanted: &Wanted, head: &Parts) -> Option<Reply> {
    if !wanted.continues || wanted.names_provider() {
        return None;
    }
    let (headers, return_to) = (&head.headers, &wanted.return_to);
    let session = flow.live_session(headers)?;
    let cookie = cookie(flow, &session, return_to);
    Some(form::go_on(flow, return_to, headers).cookie(cookie))
}

fn cookie(flow: &Flow, session: &Session, return_to: &ReturnTo) -> Option<HeaderValue> {
    let (cookies, path) = (&flow.config.cookies, flow.config.prefix.login());
    cookies.set_at(&path, cookies.continued(), &mark(session, return_to), LIFE)
}

/// Names this session at this place; no secret.
fn mark(session: &Session, return_to: &ReturnTo) -> String {
    let mut text = session.user.session_id.as_bytes().to_vec();
    text.extend_from_slice(return_to.as_str().as_bytes());
    let digest = digest(&SHA256, &text);
    let short = digest.as_ref().get(..12).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(short)
}
