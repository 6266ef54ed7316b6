//! The sign-in page for a user who is signed in already, as in another tab.
//!
//! The page does not redirect by itself. The page at the return address may send its user back here
//! on purpose, for example because the application wants another account. A redirect would then
//! make the browser go in circles. A button leads on once.
//!
//! 1. A signed-in user opens `/auth/login`. The page shows the providers, and [`note`] adds the
//!    button.
//! 2. The button leads to `/auth/login?continue=1`. [`go_on`] sets a cookie of a minute that names
//!    the session and the return address, and redirects there.
//! 3. If the page at the return address sends the user back within that minute, [`note`] finds the
//!    cookie and says that the user is signed in, without a button.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderValue, request::Parts};

use crate::{
    flow::{
        Flow, form,
        request::link::{self, LoginQuery},
    },
    page::sign_in::SignedIn,
    session::Session,
    web::{cookie::CookieKind, reply::Reply, return_to::ReturnTo},
};

/// A return address that sends its user back within this time gets no second button.
const LIFE: Duration = Duration::from_secs(60);

/// The note on the page about a live session. A link that asks for a new sign-in gets none.
pub(crate) fn note(flow: &Flow, query: &LoginQuery, head: &Parts) -> Option<SignedIn> {
    if query.asks_anew() {
        return None;
    }
    let session = flow.live_session(&head.headers)?;
    let mark = mark(&session, &query.return_to);
    let continued = continued(flow);
    let name = continued.name("");
    let mut held = continued.values(&name, &head.headers);
    // The page at the return address sent its user back within a minute.
    if held.any(|value| value == mark.as_bytes()) {
        return Some(SignedIn::SentBack);
    }
    let login = flow.login_link(None, &query.return_to);
    Some(SignedIn::Continue(link::for_signed_in(login)))
}

/// Goes on to the return address, or to the form that waits for it, after the user followed the
/// page's link. Without a live session the link opens the sign-in page like any other link to it.
pub(crate) fn go_on(flow: &Flow, query: &LoginQuery, head: &Parts) -> Option<Reply> {
    if !query.continues || query.names_provider() {
        return None;
    }
    let (headers, return_to) = (&head.headers, &query.return_to);
    let session = flow.live_session(headers)?;
    let cookie = cookie(flow, &session, return_to);
    Some(form::go_on(flow, return_to, headers).cookie(cookie))
}

/// The cookie by which the page knows that this return address sent its user back.
fn cookie(flow: &Flow, session: &Session, return_to: &ReturnTo) -> Option<HeaderValue> {
    let kind = continued(flow);
    kind.set(&kind.name(""), &mark(session, return_to), LIFE)
}

/// The kind of the cookie. Its path is that of the sign-in page, the only page that reads it.
fn continued(flow: &Flow) -> CookieKind {
    let path = flow.config.prefix.login();
    flow.config.cookies.kind("-continued", &path)
}

/// A hash that names this session at this return address. The hash is no secret, and reveals
/// neither of the two.
fn mark(session: &Session, return_to: &ReturnTo) -> String {
    let mut text = session.user.session_id().as_bytes().to_vec();
    text.extend_from_slice(return_to.as_str().as_bytes());
    let digest = digest(&SHA256, &text);
    let short = digest.as_ref().get(..12).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(short)
}
