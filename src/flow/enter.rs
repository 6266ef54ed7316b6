//! The start of a session, after a callback or after a phone step.

use http::{HeaderMap, HeaderValue};

use crate::{flow::Flow, session::Session};

/// The cookie of a new session. The session that it replaces is revoked. A sign-in never continues
/// an old session, which prevents session fixation. `None` if sealing fails.
pub(crate) async fn begin(
    flow: &Flow,
    session: &Session,
    headers: &HeaderMap,
) -> Option<HeaderValue> {
    // Before the old session is revoked, so that a user does not lose it if sealing fails.
    let cookie = flow.session_cookie(session, flow.config.clock.unix())?;
    flow.end_replaced(headers).await;
    let (user, audit) = (&session.user, &flow.config.audit);
    audit.sign_in(&user.provider, &user.subject, &user.session_id());
    Some(cookie)
}
