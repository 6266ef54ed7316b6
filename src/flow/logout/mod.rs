//! `/auth/logout`: ends the session here, and at the provider if the application asked for it.
//!
//! GET never signs out, because any site can link to the path. GET shows a page that asks first, or
//! that says that the user is signed out. POST must come from a page of this origin. A sign-out
//! revokes the sessions, reads the address of the provider's own sign-out, and calls the
//! application's hook. Its reply deletes the cookies and redirects to the provider. If the log did
//! not take the revocation, the user stays here and gets a page that says so, because a copy of the
//! session may still work elsewhere.
//!
//! | request | sessions | reply |
//! |---|---|---|
//! | GET | some | a page that asks |
//! | GET | none | a page that says that the user is signed out |
//! | POST of this origin, in a window | any | 303 to the provider or the page after a sign-out |
//! | POST of this origin, with `return_to` | any | the same, or 303 to that page if it is public |
//! | POST of this origin, by a script | any | 204, or 202 if the log did not take the revocation |
//! | POST of a listed origin of this site, by a script | any | the same, with CORS headers |
//! | POST `?everywhere`, by a script | none | 401 |
//! | POST of another site | any | 403, with a page that asks if a user reads it |

use http::{HeaderValue, StatusCode, header::REFERRER_POLICY, request::Parts};
use serde_json::{Value, json};

use super::{
    Flow, form,
    login::attempt,
    refuse::{self, unauthorized},
    request::{cross_origin, cross_site, navigation, same_origin},
};
use crate::{
    error::{refusal::Reason, sources},
    flow::{
        end_session::{self, carried::PendingLogout},
        login::another_account,
        request::link,
    },
    page::{
        sign_out::{self, Ended},
        texts::Texts,
    },
    session::Session,
    web::{reply::Reply, return_to::ReturnTo},
};

pub(crate) mod signed_out;

/// GET `/auth/logout`: the page that asks, or that says that the user is signed out.
pub(super) async fn show(flow: &Flow, head: &Parts) -> Reply {
    // A replica that cannot check the session yet asks as well, because the session may be live.
    if !flow.sessions(&head.headers).is_empty() {
        return question(flow, StatusCode::OK, head).await;
    }
    let place = signed_out::page_before(flow, head);
    signed_out::confirm(flow, signed_out::proved(flow, head), &place, &head.headers)
}

/// The page with the sign-out button.
async fn question(flow: &Flow, status: StatusCode, head: &Parts) -> Reply {
    // The wish is put into the form's address, because the form itself has no field for it.
    let everywhere = is_everywhere(head);
    let query = if everywhere { "?everywhere" } else { "" };
    let action = format!("{}{query}", flow.config.prefix.logout());
    let place = signed_out::page_before(flow, head);
    let action = signed_out::with_named(flow, action, &place, head);
    let texts = Texts::preferred(&head.headers);
    let page = sign_out::ask(texts, &action, place.as_str(), everywhere);
    // With this policy the form names its origin, also in browsers without fetch metadata.
    let policy = HeaderValue::from_static("same-origin");
    let page = flow.html_page(status, page).header(REFERRER_POLICY, policy);
    end_session::let_through(flow, &head.headers, page).await
}

/// The reply to a POST of another site. If a user reads the reply, a page asks first. The browser
/// may have left out the session's cookie (`SameSite=Lax`), so the page is also shown to a request
/// without a session.
async fn foreign(flow: &Flow, head: &Parts) -> Reply {
    let ask = flow.config.prefix.logout();
    let page = if navigation::wants_page(&head.headers) {
        Some(question(flow, Reason::CrossSite.status(), head).await)
    } else {
        None
    };
    refuse::cross_site(flow, &ask, &head.headers, page)
}

/// POST `/auth/logout`. `?everywhere` ends all sessions of the user. A script that asks for that
/// without a session gets 401, because the layer does not know whose sessions it means. The audit
/// log has a line for each session, before the provider and the hook, which may take long.
pub(super) async fn sign_out(flow: &Flow, head: &Parts) -> Reply {
    let wants_page = navigation::wants_page(&head.headers);
    if is_foreign(flow, head, wants_page) {
        return foreign(flow, head).await;
    }
    let (sessions, everywhere) = (flow.sessions(&head.headers), is_everywhere(head));
    if sessions.is_empty() && everywhere && !wants_page {
        let login = flow.config.prefix.login();
        return unauthorized::reply(flow, Reason::NoSession, &login, head);
    }
    let ended = end(flow, &sessions, everywhere).await;
    audit(flow, &sessions, everywhere, ended);
    // An incomplete sign-out shows its page, and does not go on to the provider.
    let leaves = sessions
        .first()
        .filter(|_| wants_page && ended != Ended::Partly);
    let place = signed_out::page_before(flow, head);
    let named = signed_out::named_page(flow, head);
    let redirect = match leaves {
        Some(session) => {
            let place = (&place, named.is_some());
            end_session::begin(flow, session, everywhere, place, &head.headers).await
        }
        None => None,
    };
    for session in sessions {
        // The hook comes after the revocation, because it may take long.
        flow.config.hooks.sign_out(session.user).await;
    }
    let stays_here = redirect.is_none();
    let reply = match redirect {
        Some(redirect) => redirect,
        None if wants_page => signed_out::to_named(flow, ended, named.as_ref(), &head.headers)
            .unwrap_or_else(|| signed_out::redirect(flow, ended, &place, &head.headers)),
        None => to_program(flow, ended, head),
    };
    let pending_logout =
        stays_here.then(|| end_session::forget_pending_logout(flow, &head.headers));
    without_cookies(flow, head, reply.cookie(pending_logout.flatten()))
}

/// Whether the POST is from another site. A script of a listed origin of the same site may sign
/// out, a window of it may not.
fn is_foreign(flow: &Flow, head: &Parts, wants_page: bool) -> bool {
    let (headers, listed) = (&head.headers, &flow.config.cors_origins);
    same_origin::is_foreign(headers, flow.config.origin.as_str())
        && (wants_page || !cross_site::is_same_site_script(headers, listed))
}

/// Writes a line for each session that ended.
fn audit(flow: &Flow, sessions: &[Session], everywhere: bool, ended: Ended) {
    let reach = (everywhere, ended != Ended::Partly);
    for Session { user, .. } in sessions {
        let audit = &flow.config.audit;
        audit.sign_out(&user.provider, &user.subject, &user.session_id(), reach);
    }
}

/// The reply to a script: 204, or 202 with a document if the log did not take the revocation yet. A
/// script that only checks for a status of success is not misled, because the session of this
/// browser has ended.
fn to_program(flow: &Flow, ended: Ended, head: &Parts) -> Reply {
    let reply = match ended {
        Ended::Partly => Reply::json(StatusCode::ACCEPTED, &partly()),
        _ => Reply::empty(StatusCode::NO_CONTENT),
    };
    let reply = reply.cookie(signed_out::forget(flow, &head.headers));
    cross_origin::readable(flow, reply, &head.headers)
}

/// Deletes the cookies of the session, of sign-ins and of saved forms. A session cookie of another
/// application on this host stays.
fn without_cookies(flow: &Flow, head: &Parts, reply: Reply) -> Reply {
    let (cookies, headers) = (&flow.config.cookies, &head.headers);
    let reply = attempt::forget(flow, headers, reply);
    let reply = reply.cookie(end_session::forget(flow, headers));
    // A step that goes on would sign the user in again.
    let (step, hint) = (&flow.cookies.phone_step, &flow.cookies.step_hint);
    let has_step = step.is_brought("", headers);
    let reply = reply.cookie(has_step.then(|| step.delete("")).flatten());
    // Browsers do not send its hint here.
    let reply = reply.cookie(has_step.then(|| hint.delete("")).flatten());
    // This deletion stands last, because curl 7.88 with a cookie file takes no other.
    let reply = reply.cookie(cookies.forget_sign_ins(headers));
    let reply = form::forget(flow, headers, reply);
    let is_another = cookies.sessions(headers).next().is_some() && !flow.has_own_session(headers);
    reply.cookie(
        (!is_another)
            .then(|| cookies.delete(cookies.session()))
            .flatten(),
    )
}

/// Whether the query has `everywhere`, whatever its value is. `?everywhere`, `?everywhere=` and
/// `?everywhere=1` are equal.
fn is_everywhere(head: &Parts) -> bool {
    let query = head.uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "everywhere")
}

/// Revokes the sessions, and returns how far the sign-out went.
async fn end(flow: &Flow, sessions: &[Session], everywhere: bool) -> Ended {
    let published = if everywhere {
        flow.end_everywhere(sessions).await
    } else {
        flow.end_sessions(sessions).await
    };
    match published {
        Err(error) => {
            let source = sources(&error);
            tracing::warn!(
                source,
                "a sign-out is not known to all replicas yet: {error}"
            );
            Ended::Partly
        }
        Ok(()) if everywhere && !sessions.is_empty() => Ended::Everywhere,
        Ok(()) => Ended::Here,
    }
}

/// The document of an incomplete sign-out.
fn partly() -> Value {
    json!({
        "title": "Signed out here",
        "status": 202,
        "detail": "The session ended on this replica. Publishing the sign-out to the others is being retried.",
        "reason": "not_everywhere",
    })
}

/// GET `/auth/logout/done`: the provider sends the user back after its own sign-out. `state`
/// changes nothing about sessions. It only decides which page is shown, or which sign-in begins.
pub(super) async fn back_from_provider(flow: &Flow, head: &Parts) -> Reply {
    let (config, headers) = (&flow.config, &head.headers);
    let now = config.clock.unix();
    let pending_logout = link::value(&head.uri, "state").and_then(|sent| {
        let mut held = flow.cookies.pending_logout.open("", headers, now);
        held.find(|pending_logout| pending_logout.ends_with(&sent, now))
    });
    let next = pending_logout.as_ref().and_then(PendingLogout::next);
    // The user may have signed in again in another tab, and must not read that the session has
    // ended.
    let is_out = flow.sessions(headers).is_empty();
    match (next, pending_logout.as_ref()) {
        (Some(next), _) => {
            let reply = another_account::go_on(flow, next, headers).await;
            reply.cookie(end_session::forget_pending_logout(flow, headers))
        }
        (None, Some(pending_logout)) if is_out && named(flow, pending_logout).is_some() => {
            let place = named(flow, pending_logout).unwrap_or_else(|| flow.home());
            let reply = Reply::see_other(place.as_str());
            reply.cookie(end_session::forget_pending_logout(flow, headers))
        }
        (None, _) if is_out && config.after_sign_out.is_some() => {
            let reply = signed_out::redirect(flow, Ended::Here, &flow.home(), headers);
            reply.cookie(end_session::forget_pending_logout(flow, headers))
        }
        // The cookie stays, so that a reload shows the same page.
        (None, Some(pending_logout)) if is_out => {
            let ended = match pending_logout.was_everywhere() {
                true => Ended::EverywhereAndAtProvider,
                false => Ended::AtProvider,
            };
            let place = pending_logout.place(&config.prefix);
            signed_out::confirm(flow, ended, &place, headers)
        }
        (None, _) => {
            let reply = show(flow, head).await;
            reply.cookie(end_session::forget_pending_logout(flow, headers))
        }
    }
}

/// The page that the application named for the time after the sign-out, checked again.
fn named(flow: &Flow, pending_logout: &PendingLogout) -> Option<ReturnTo> {
    let place = pending_logout.place(&flow.config.prefix);
    let is_named = pending_logout.is_named() && signed_out::is_open(flow, &place);
    is_named.then_some(place)
}
