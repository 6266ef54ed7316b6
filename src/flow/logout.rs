//! `/auth/logout`: ends the session here, when a page of this site asks for it.

use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{ORIGIN, REFERRER_POLICY},
    request::Parts,
};

use serde_json::{Value, json};

use super::{Flow, Reason, leave, navigation, refuse, unauthorized};
use crate::{
    language::Language,
    page::sign_out::{self, Ended},
    reply::Reply,
    session::Session,
};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// GET: asks first, or says that it is done.
pub(super) async fn ask(flow: &Flow, head: &Parts) -> Reply {
    let language = Language::preferred(&head.headers);
    let page = if flow.is_signed_in(&head.headers) {
        let everywhere = is_everywhere(head);
        let query = if everywhere { "?everywhere" } else { "" };
        let action = format!("{}{query}", flow.config.prefix.logout());
        sign_out::ask(language, &action, "/", everywhere)
    } else {
        sign_out::done(language, &flow.config.prefix.login(), Ended::Here)
    };
    // So that its form names its origin to browsers without fetch metadata.
    let policy = HeaderValue::from_static("same-origin");
    let page = flow
        .page(StatusCode::OK, page)
        .header(REFERRER_POLICY, policy);
    leave::let_through(flow, &head.headers, page).await
}

/// POST.
pub(super) async fn answer(flow: &Flow, head: &Parts) -> Reply {
    if !is_same_origin(&head.headers, flow.config.origin.as_str()) {
        return refuse::forbidden(
            "cross_site",
            "Signing out must be asked for by a page of this site.",
        );
    }
    let wants_page = navigation::wants_page(&head.headers);
    let sessions = flow.sessions(&head.headers);
    if sessions.is_empty() && is_everywhere(head) && !wants_page {
        let login = flow.config.prefix.login();
        return unauthorized::answer(flow, Reason::NoSession, &login, &head.headers);
    }
    let ended = end(flow, &sessions, is_everywhere(head)).await;
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
    let reply = reply.cookie(leave::forget(flow, &head.headers));
    let cookies = &flow.config.cookies;
    // The deletion stands last: curl 7.88 with a cookie file takes no other.
    let reply = reply.cookie(cookies.forget_rounds(&head.headers));
    reply.cookie(cookies.delete(cookies.session()))
}

/// `?everywhere`, whatever its value.
fn is_everywhere(head: &Parts) -> bool {
    let query = head.uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "everywhere")
}

async fn end(flow: &Flow, sessions: &[Session], everywhere: bool) -> Ended {
    let mut told = flow.end_sessions(sessions).await;
    let people = sessions.iter().filter(|_| everywhere);
    for session in people {
        if let Some(provider) = flow.by_binding(session.binding) {
            let now = flow.config.clock.unix();
            let subject = &session.user.subject;
            told = told.and(flow.end_subject(provider, subject, now).await);
        }
    }
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

/// Browsers say where a POST comes from, each header once. `Sec-Fetch-Site` is decisive: a page that sends no
/// `Referer`, as ours do, has `null` for its origin (Fetch, "append a request `Origin` header"). A
/// client that sends neither is no browser, and no other site can make it act.
fn is_same_origin(headers: &HeaderMap, origin: &str) -> bool {
    let once = |name: HeaderName| {
        let mut values = headers.get_all(name).iter();
        (values.next(), values.next().is_none())
    };
    let ((site, one_site), (sent, one_origin)) = (once(SEC_FETCH_SITE), once(ORIGIN));
    let here = match (site, sent) {
        (Some(site), Some(sent)) => site == "same-origin" && (sent == origin || sent == "null"),
        (Some(site), None) => site == "same-origin",
        (None, Some(sent)) => sent == origin,
        (None, None) => true,
    };
    here && one_site && one_origin
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(lines: &[(&'static str, &'static str)]) -> bool {
        let headers = lines
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        is_same_origin(&headers, "https://shop.example.com")
    }

    #[test]
    fn pages_of_this_origin_and_plain_clients_may_sign_out() {
        assert!(allowed(&[]));
        assert!(allowed(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "null")
        ]));
        assert!(allowed(&[("origin", "https://shop.example.com")]));
        assert!(allowed(&[("sec-fetch-site", "same-origin")]));
        assert!(allowed(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "https://shop.example.com"),
        ]));
    }

    #[test]
    fn other_sites_may_not() {
        for lines in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("origin", "http://shop.example.com")],
            &[("origin", "https://shop.example.com:8443")],
            &[
                ("sec-fetch-site", "same-origin"),
                ("origin", "https://evil.example"),
            ],
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://shop.example.com"),
            ],
        ] {
            assert!(!allowed(lines), "{lines:?}");
        }
    }
}
