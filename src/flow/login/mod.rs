//! `/auth/login?provider=&return_to=&fresh=&another_account=&login_hint=`: a login on purpose, or the choice among providers. A third party
//! begins one with `iss` and `target_link_uri` (OpenID Connect Core section 4).

use http::{StatusCode, request::Parts};

use self::pending::AttemptKind;
use super::{
    Flow, Registered,
    refuse::unauthorized,
    request::{
        link::{self, Wanted},
        navigation,
    },
};
use crate::{error::refusal::Reason, flow::request::target, web::reply::Reply};

pub(crate) mod another_account;
pub(crate) mod attempt;
pub(crate) mod callback;
pub(crate) mod callback_query;
pub(crate) mod choose;
pub(crate) mod code;
pub(crate) mod error_name;
pub(crate) mod finished;
pub(crate) mod foreign;
pub(crate) mod freshness;
pub(crate) mod outcome;
pub(crate) mod outcome_table;
pub(crate) mod outcomes;
pub(crate) mod pending;
pub(crate) mod pending_limit;
pub(crate) mod probe;
pub(crate) mod recheck;
pub(crate) mod shown_name;
pub(crate) mod signed_in;
pub(crate) mod start;
pub(crate) mod state;
pub(crate) mod step_up;
pub(crate) mod third_party;
pub(crate) mod verified_user;
pub(crate) mod www;

pub(super) async fn answer(flow: &Flow, head: &Parts) -> Reply {
    if !navigation::may_navigate(&head.headers) {
        let login = if navigation::is_framed(head) {
            target::asked(flow, head)
        } else {
            flow.config.prefix.login()
        };
        return unauthorized::answer(flow, Reason::NoSession, &login, head);
    }
    let wanted = Wanted::read(flow, head);
    if let Some(reply) = www::before_login(flow, &wanted, head) {
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
        (false, [only]) if !choose::is_stuck_here(only, &head.headers) => {
            (Some(only), StatusCode::OK)
        }
        (false, _) => (None, StatusCode::OK),
    };
    match provider {
        Some(provider) => begin(flow, provider, wanted, head).await,
        None => choose::page(flow, status, &wanted, head),
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
    let login = link::as_wanted(login, fresh, another_account);
    let login = link::with_hint(login, hint);
    if let Some(question) = foreign::ask(flow, StatusCode::OK, &login, head) {
        return question;
    }
    if another_account {
        return another_account::begin(flow, provider, return_to, &head.headers).await;
    }
    let attempt = AttemptKind {
        fresh,
        ..AttemptKind::default()
    };
    start::begin_for(flow, provider, return_to, attempt, hint, &head.headers).await
}
