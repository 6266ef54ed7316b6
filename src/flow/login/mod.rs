//! Signing in, from `/auth/login` to the session.
//!
//! 1. A link leads to `GET /auth/login?provider=&return_to=&fresh=&another_account=&login_hint=`
//!    ([`open`]), or a third party begins with `iss` and `target_link_uri` (OpenID Connect Core
//!    section 4). A page visit without a session starts at step 3 (`start::protected`).
//! 2. The checks before a sign-in: a visit to a sibling host is redirected to the public host
//!    (`www.rs`), blocked cookies are detected (`probe.rs`), a user who is signed in may go on
//!    (`signed_in.rs`), and a link on another site has to be confirmed (`foreign.rs`). With several
//!    providers, the user chooses one (`choose.rs`).
//! 3. `start.rs` makes the pending sign-in (`pending.rs`) and its `state` (`state/`), puts it
//!    sealed into a cookie whose number of bytes is limited (`pending_limit.rs`), and redirects to
//!    the provider.
//! 4. The provider sends the user back to `/auth/callback/{provider}` (`callback/`). The query is
//!    read (`callback_query.rs`), and state, provider, issuer and age are checked before any
//!    network call.
//! 5. The code is exchanged in a task of its own (`callback/exchange.rs`). The profile becomes a
//!    verified user (`verified_user.rs`), and that user becomes a session.
//! 6. The outcome is kept for a repeated callback: in this process (`outcomes.rs`,
//!    `outcome_table.rs`) and, without the session itself, in the browser (`finished.rs`).
//!
//! `step_up.rs` and `freshness.rs` are for routes that need more than a session. `recheck/` asks
//! the provider again during a session. `another_account.rs` signs the user out at the provider
//! first.

use http::{StatusCode, request::Parts};

use self::pending::AttemptKind;
use super::{
    Flow, Registered,
    refuse::unauthorized,
    request::{
        link::{self, LoginQuery},
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
mod login_link;
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
mod unused;
pub(crate) mod verified_user;
pub(crate) mod www;

/// GET `/auth/login`. The host comes first, because all other checks need the cookies of the public
/// host. Blocked cookies come before a live session, because without cookies there is none. A live
/// session comes before the choice of the provider, because the page has a note about it.
pub(super) async fn open(flow: &Flow, head: &Parts) -> Reply {
    if !navigation::may_navigate(&head.headers) {
        // A frame gets a page whose link opens this same address in the whole window. A script gets
        // the plain address of the sign-in.
        let login = if navigation::is_framed(head) {
            target::requested(flow, head)
        } else {
            flow.config.prefix.login()
        };
        return unauthorized::reply(flow, Reason::NoSession, &login, head);
    }
    let query = LoginQuery::read(flow, head);
    if let Some(reply) = www::before_login(flow, &query, head) {
        return reply;
    }
    if let Some(page) = probe::refuse_blocked(flow, &query, head) {
        return page;
    }
    if let Some(reply) = signed_in::go_on(flow, &query, head) {
        return reply;
    }
    // A link to an unknown provider shows the choice with 404, so that its user can still sign in.
    // The only provider is skipped if it refuses browsers inside apps, because its page has no way
    // back.
    let (provider, status) = match (query.names_provider(), flow.providers.as_slice()) {
        (true, _) => (query.provider(flow), StatusCode::NOT_FOUND),
        (false, [only]) if !choose::is_stuck_here(only, &head.headers) => {
            (Some(only), StatusCode::OK)
        }
        (false, _) => (None, StatusCode::OK),
    };
    match provider {
        Some(provider) => begin(flow, provider, query, head).await,
        None => choose::show(flow, status, &query, head),
    }
}

/// Begins the sign-in at a provider. A visit from another site is confirmed by the user first. The
/// link of the confirmation is made anew from the parts that were read, so no other parameter gets
/// through.
async fn begin(flow: &Flow, provider: &Registered, query: LoginQuery, head: &Parts) -> Reply {
    let LoginQuery {
        return_to,
        fresh,
        another_account,
        ..
    } = query;
    let hint = query.login_hint.as_deref();
    let login = flow.login_link(Some(&provider.name), &return_to);
    let login = link::with_options(login, fresh, another_account);
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
