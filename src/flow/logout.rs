//! `/auth/logout`: ends the session here, when a page of this site asks for it.

use http::{HeaderMap, HeaderValue, StatusCode, header::REFERRER_POLICY, request::Parts};

use serde_json::{Value, json};

use super::{Flow, attempt, form, leave, navigation, refuse, same_origin, unauthorized};
use crate::{
    failure::Reason,
    language::Language,
    page::sign_out::{self, Ended},
    reply::Reply,
    session::Session,
};

/// GET: asks first, or says that it is done.
pub(super) async fn ask(flow: &Flow, head: &Parts) -> Reply {
    if flow.is_signed_in(&head.headers) {
        return question(flow, StatusCode::OK, head).await;
    }
    let language = Language::preferred(&head.headers);
    let page = sign_out::done(language, &flow.config.prefix.login(), Ended::Here);
    flow.page(StatusCode::OK, page)
}

async fn question(flow: &Flow, status: StatusCode, head: &Parts) -> Reply {
    let everywhere = is_everywhere(head);
    let query = if everywhere { "?everywhere" } else { "" };
    let action = format!("{}{query}", flow.config.prefix.logout());
    let language = Language::preferred(&head.headers);
    let page = sign_out::ask(language, &action, "/", everywhere);
    // So that its form names its origin to browsers without fetch metadata.
    let policy = HeaderValue::from_static("same-origin");
    let page = flow.page(status, page).header(REFERRER_POLICY, policy);
    leave::let_through(flow, &head.headers, page).await
}

/// Another site's page asked. A user who sees the answer is asked; the browser may have left the session's cookie out.
async fn foreign(flow: &Flow, head: &Parts) -> Reply {
    let ask = flow.config.prefix.logout();
    let page = if navigation::wants_page(&head.headers) {
        Some(question(flow, Reason::CrossSite.status(), head).await)
    } else {
        None
    };
    refuse::cross_site(flow, &ask, &head.headers, page)
}

/// POST.
pub(super) async fn answer(flow: &Flow, head: &Parts) -> Reply {
    if same_origin::is_foreign(&head.headers, flow.config.origin.as_str()) {
        return foreign(flow, head).await;
    }
    let wants_page = navigation::wants_page(&head.headers);
    let sessions = flow.sessions(&head.headers);
    if sessions.is_empty() && is_everywhere(head) && !wants_page {
        let login = flow.config.prefix.login();
        return unauthorized::answer(flow, Reason::NoSession, &login, head);
    }
    let everywhere = is_everywhere(head);
    let ended = end(flow, &sessions, everywhere).await;
    for Session { user, .. } in &sessions {
        let reach = (everywhere, ended != Ended::Partly);
        let audit = &flow.config.audit;
        audit.sign_out(&user.provider, &user.subject, &user.session_id, reach);
    }
    // What did not go right must be read first.
    let leaves = sessions
        .first()
        .filter(|_| wants_page && ended != Ended::Partly);
    let away = match leaves {
        Some(session) => leave::begin(flow, session, &head.headers).await,
        None => None,
    };
    for session in sessions {
        flow.config.hooks.sign_out(session.user).await;
    }
    let reply = match away {
        Some(away) => away,
        None if wants_page => page(flow, ended, &head.headers),
        None if ended == Ended::Partly => Reply::json(StatusCode::ACCEPTED, &partly()),
        None => Reply::empty(StatusCode::NO_CONTENT),
    };
    let reply = attempt::forget(flow, &head.headers, reply);
    let reply = reply.cookie(leave::forget(flow, &head.headers));
    let cookies = &flow.config.cookies;
    // The deletion stands last: curl 7.88 with a cookie file takes no other.
    let reply = reply.cookie(cookies.forget_rounds(&head.headers));
    let reply = reply.cookie(form::forget(flow, &head.headers));
    let is_another =
        cookies.sessions(&head.headers).next().is_some() && !flow.has_own_session(&head.headers);
    reply.cookie(
        (!is_another)
            .then(|| cookies.delete(cookies.session()))
            .flatten(),
    )
}

/// `?everywhere`, whatever its value.
fn is_everywhere(head: &Parts) -> bool {
    let query = head.uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "everywhere")
}

async fn end(flow: &Flow, sessions: &[Session], everywhere: bool) -> Ended {
    let told = if everywhere {
        flow.end_everywhere(sessions).await
    } else {
        flow.end_sessions(sessions).await
    };
    match told {
        Err(error) => {
            tracing::warn!("a sign-out is not known everywhere: {error}");
            Ended::Partly
        }
        Ok(()) if everywhere && !sessions.is_empty() => Ended::Everywhere,
        Ok(()) => Ended::Here,
    }
}

/// The plain answer is a page of its own, so that a reload asks nothing twice.
fn page(flow: &Flow, ended: Ended, headers: &HeaderMap) -> Reply {
    if ended == Ended::Here {
        return Reply::see_other(&flow.config.prefix.logout());
    }
    let status = match ended {
        Ended::Partly => StatusCode::ACCEPTED,
        Ended::Here | Ended::Everywhere | Ended::AtProvider => StatusCode::OK,
    };
    let login = flow.config.prefix.login();
    flow.page(
        status,
        sign_out::done(Language::preferred(headers), &login, ended),
    )
}

fn partly() -> Value {
    json!({
        "title": "Signed out here",
        "status": 202,
        "detail": "The session ended on this machine; telling the others is being retried.",
        "reason": "not_everywhere",
    })
}
