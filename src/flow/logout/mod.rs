//! `/auth/logout`: ends the session here, when a page of this site asks for it.

use http::{HeaderValue, StatusCode, header::REFERRER_POLICY, request::Parts};

use serde_json::{Value, json};

use super::{
    Flow, form,
    login::attempt,
    refuse::{self, unauthorized},
    request::{navigation, same_origin},
};
use crate::{
    error::refusal::Reason,
    flow::{
        end_session::{self, carried::PendingLogout},
        login::another_account,
        request::link,
    },
    page::sign_out::{self, Ended},
    session::Session,
    web::{language::Language, reply::Reply},
};

pub(crate) mod signed_out;

/// GET: asks first, or says that it is done.
pub(super) async fn ask(flow: &Flow, head: &Parts) -> Reply {
    // A replica that cannot judge the session yet asks as well: the session may be alive.
    if !flow.sessions(&head.headers).is_empty() {
        return question(flow, StatusCode::OK, head).await;
    }
    let place = signed_out::page_before(flow, head);
    signed_out::page(flow, signed_out::claimed(flow, head), &place, &head.headers)
}

async fn question(flow: &Flow, status: StatusCode, head: &Parts) -> Reply {
    let everywhere = is_everywhere(head);
    let query = if everywhere { "?everywhere" } else { "" };
    let action = format!("{}{query}", flow.config.prefix.logout());
    let place = signed_out::page_before(flow, head);
    let action = signed_out::with_place(flow, action, &place);
    let language = Language::preferred(&head.headers);
    let page = sign_out::ask(language, &action, place.as_str(), everywhere);
    // So that its form names its origin to browsers without fetch metadata.
    let policy = HeaderValue::from_static("same-origin");
    let page = flow.page(status, page).header(REFERRER_POLICY, policy);
    crate::flow::end_session::let_through(flow, &head.headers, page).await
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
    let place = signed_out::page_before(flow, head);
    let away = match leaves {
        Some(session) => {
            crate::flow::end_session::begin(flow, session, everywhere, &place, &head.headers).await
        }
        None => None,
    };
    for session in sessions {
        flow.config.hooks.sign_out(session.user).await;
    }
    let stays = away.is_none();
    let reply = match away {
        Some(away) => away,
        None if wants_page => signed_out::lead(flow, ended, &place, &head.headers),
        None => to_program(ended).cookie(signed_out::forget(flow, &head.headers)),
    };
    let departure = stays.then(|| crate::flow::end_session::forget_departure(flow, &head.headers));
    without_cookies(flow, head, reply.cookie(departure.flatten()))
}

fn to_program(ended: Ended) -> Reply {
    match ended {
        Ended::Partly => Reply::json(StatusCode::ACCEPTED, &partly()),
        _ => Reply::empty(StatusCode::NO_CONTENT),
    }
}

/// Deletes what the browser holds of the session.
fn without_cookies(flow: &Flow, head: &Parts, reply: Reply) -> Reply {
    let (cookies, headers) = (&flow.config.cookies, &head.headers);
    let reply = attempt::forget(flow, headers, reply);
    let reply = reply.cookie(crate::flow::end_session::forget(flow, headers));
    // The deletion stands last: curl 7.88 with a cookie file takes no other.
    let reply = reply.cookie(cookies.forget_sign_ins(headers));
    let reply = form::forget(flow, headers, reply);
    let is_another = cookies.sessions(headers).next().is_some() && !flow.has_own_session(headers);
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

fn partly() -> Value {
    json!({
        "title": "Signed out here",
        "status": 202,
        "detail": "The session ended on this machine; telling the others is being retried.",
        "reason": "not_everywhere",
    })
}

/// The user comes back from there. The state only decides what is shown, or which sign-in begins.
pub(super) async fn done(flow: &Flow, head: &Parts) -> Reply {
    let (config, headers) = (&flow.config, &head.headers);
    let (cookies, now) = (&config.cookies, config.clock.unix());
    let name = cookies.departure();
    let departure = link::value(&head.uri, "state").and_then(|sent| {
        cookies
            .named(headers, name)
            .filter_map(|value| PendingLogout::open(&config.logout_sealer, name, value, now))
            .find(|departure| departure.ends_with(&sent, now))
    });
    let next = departure.as_ref().and_then(PendingLogout::next);
    let is_out = flow.sessions(headers).is_empty();
    match (next, departure.as_ref()) {
        (Some(next), _) => {
            let reply = another_account::go_on(flow, next, headers).await;
            reply.cookie(end_session::forget_departure(flow, headers))
        }
        (None, _) if is_out && config.after_sign_out.is_some() => {
            let reply = signed_out::lead(flow, Ended::Here, &flow.home(), headers);
            reply.cookie(end_session::forget_departure(flow, headers))
        }
        // The cookie stays, so that a reload says the same.
        (None, Some(departure)) if is_out => {
            let ended = match departure.was_everywhere() {
                true => Ended::EverywhereAndAtProvider,
                false => Ended::AtProvider,
            };
            let place = departure.place(&config.prefix);
            signed_out::page(flow, ended, &place, headers)
        }
        (None, _) => {
            let reply = ask(flow, head).await;
            reply.cookie(end_session::forget_departure(flow, headers))
        }
    }
}
