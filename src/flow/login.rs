//! `/auth/login?provider=&return_to=&fresh=&another_account=&login_hint=`: a login on purpose, or the choice among providers. A third party
//! begins one with `iss` and `target_link_uri` (OpenID Connect Core section 4).

use http::{StatusCode, request::Parts};

use super::{
    Flow, Registered, another_account, choice, demand, foreign, host, navigation, probe, refuse,
    signed_in, start, unauthorized,
    wanted::{self, Wanted},
};
use crate::{failure::Reason, pending::Round, reply::Reply};

pub(super) async fn answer(flow: &Flow, head: &Parts) -> Reply {
    if !navigation::may_navigate(&head.headers) {
        let login = if navigation::is_framed(head) {
            demand::asked(flow, head)
        } else {
            flow.config.prefix.login()
        };
        return unauthorized::answer(flow, Reason::NoSession, &login, head);
    }
    let wanted = Wanted::read(flow, head);
    if let Some(reply) = host::before_login(flow, &wanted, head) {
        return reply;
    }
    if let Some(page) = probe::refuse_blocked(flow, &wanted, head) {
        return page;
    }
    if let Some(reply) = signed_in::go_on(flow, &wanted, head) {
        return reply;
    }
    let (provider, status) = match (wanted.names_provider(), flow.providers.as_slice()) {
        (true, _) => (wanted.provider(flow), StatusCode::NOT_FOUND),
        (false, [only]) if !choice::is_stuck_here(only, &head.headers) => {
            (Some(only), StatusCode::OK)
        }
        (false, _) => (None, StatusCode::OK),
    };
    match provider {
        Some(provider) => begin(flow, provider, wanted, head).await,
        None => choice::page(flow, status, &wanted, head),
    }
}

/// A visit that another site sent is asked first.
async fn begin(flow: &Flow, provider: &Registered, wanted: Wanted, head: &Parts) -> Reply {
    let Wanted {
        return_to,
        fresh,
        another_account,
        ..
    } = wanted;
    let hint = wanted.login_hint.as_deref();
    let login = flow.login_link(Some(&provider.name), &return_to);
    let login = refuse::as_wanted(login, fresh, another_account);
    let login = wanted::with_hint(login, hint);
    if let Some(question) = foreign::ask(flow, StatusCode::OK, &login, head) {
        return question;
    }
    if another_account {
        return another_account::begin(flow, provider, return_to, &head.headers).await;
    }
    let round = Round {
        fresh,
        ..Round::default()
    };
    start::begin_for(flow, provider, return_to, round, hint, &head.headers).await
}
