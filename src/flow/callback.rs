//! The provider sends the person back: everything is checked before the network is asked.

use std::time::Duration;

use http::request::Parts;
use secrecy::SecretString;
use tokio::time::timeout;

use super::{
    Flow, Registered,
    callback_query::{CallbackQuery, EXPIRED, Outcome},
    error_name, form, judge, leave, recheck, refuse, start,
};
use crate::{
    calls::{Purpose, within},
    error::{LoginError, LoginErrorKind},
    pending::{Pending, Round},
    provider::Grant,
    reply::Reply,
    return_to::ReturnTo,
    revocation::Trust,
    session::Session,
    user::VerifiedUser,
};

/// How long a callback waits for the first reading of the revocation log.
const LOG_PATIENCE: Duration = Duration::from_secs(3);

/// The pending cookie is deleted whatever comes of it; a session is replaced by a new one or
/// left alone.
pub(super) async fn answer(flow: &Flow, provider: &Registered, head: &Parts) -> Reply {
    let home = ReturnTo::home();
    let Some(query) = CallbackQuery::parse(head.uri.query()) else {
        return without_state(flow, provider, head);
    };
    let cookie = flow.config.cookies.pending(&query.state);
    let reply = match claim(flow, provider, &query, &cookie, head) {
        Claim::Fresh(pending) if !knows_revocations(flow).await => {
            refuse::not_caught_up_at_callback(flow, &pending.return_to, &head.headers)
        }
        Claim::Fresh(pending) => {
            let proceeding = proceed(flow, provider, query, &pending, head);
            within(Purpose::SignIn, provider.time, proceeding).await
        }
        Claim::Used(return_to) if flow.is_signed_in(&head.headers) => {
            Reply::see_other(return_to.as_str())
        }
        Claim::Unknown if flow.is_signed_in(&head.headers) => Reply::see_other(home.as_str()),
        Claim::Used(return_to) => unknown(flow, provider, &return_to, head),
        Claim::Unknown => unknown(flow, provider, &home, head),
    };
    let held = flow
        .config
        .cookies
        .all_pending(&head.headers)
        .any(|(name, _)| name == cookie);
    reply.cookie(held.then(|| flow.config.cookies.delete(&cookie)).flatten())
}

/// An error is shown as what it says, with the place of the one pending login; all else lacks a part. No cookie is touched,
/// so that no other site ends a sign-in.
fn without_state(flow: &Flow, provider: &Registered, head: &Parts) -> Reply {
    let (error, place) = match CallbackQuery::error_alone(head.uri.query()) {
        Some(name) => (refused(&name), only_place(flow, provider, head)),
        None => (LoginError::new(LoginErrorKind::MalformedCallback), None),
    };
    let place = place.unwrap_or_else(ReturnTo::home);
    let (name, error) = (Some(&*provider.name), error.by_browser());
    refuse::login(flow, name, &error, &place, &head.headers)
}

/// The place of this provider's pending login, if there is exactly one.
fn only_place(flow: &Flow, provider: &Registered, head: &Parts) -> Option<ReturnTo> {
    let (config, now) = (&flow.config, flow.config.clock.unix());
    let (sealer, prefix) = (&config.pending_sealer, config.prefix.as_str());
    let held = config.cookies.all_pending(&head.headers);
    let opened = held.filter_map(|(name, value)| Pending::open(sealer, &name, value, now, prefix));
    let mut live = opened.filter(|pending| {
        pending.binding == provider.binding
            && !pending.is_over(now)
            && pending.round.rechecks.is_none()
    });
    let only = live.next()?;
    live.next().is_none().then_some(only.return_to)
}

/// A session names the revocations of its user that the sign-in came after. A replica that has not read its log would
/// name none of them, and end the session as soon as it reads the log.
async fn knows_revocations(flow: &Flow) -> bool {
    if flow.config.revocations.trust() != Trust::Starting {
        return true;
    }
    let reading = timeout(LOG_PATIENCE, flow.config.revocations.caught_up());
    matches!(reading.await, Ok(Ok(())))
}

/// What this browser knows of the state that came back.
enum Claim {
    Fresh(Pending),
    /// It was claimed before (a reload, the back button, a copy), or took too long.
    Used(ReturnTo),
    Unknown,
}

fn claim(
    flow: &Flow,
    provider: &Registered,
    query: &CallbackQuery,
    cookie: &str,
    head: &Parts,
) -> Claim {
    let config = &flow.config;
    let now = config.clock.unix();
    let pending = config
        .cookies
        .all_pending(&head.headers)
        .filter(|(name, _)| *name == cookie)
        .find_map(|(name, value)| {
            Pending::open(
                &config.pending_sealer,
                &name,
                value,
                now,
                config.prefix.as_str(),
            )
        })
        .filter(|pending| pending.has_state(&query.state) && pending.binding == provider.binding);
    match pending {
        Some(pending) if pending.is_over(now) => Claim::Used(pending.return_to),
        Some(pending) if is_first(flow, provider, query) => Claim::Fresh(pending),
        Some(pending) => Claim::Used(pending.return_to),
        None => Claim::Unknown,
    }
}

/// Whether no callback of this state came before. Only one that sends its code to the provider is remembered: the
/// others cost nothing, and a stranger could push out with them what is remembered.
fn is_first(flow: &Flow, provider: &Registered, query: &CallbackQuery) -> bool {
    match &query.outcome {
        Outcome::Code(_) if has_issuer(provider, query) => flow.spent.add_text(&query.state),
        Outcome::Code(_) | Outcome::Error(_) => !flow.spent.contains_text(&query.state),
    }
}

/// RFC 9207 section 2.4: a wrong `iss` is refused, and so is a missing one where the provider announced it.
pub(super) fn has_issuer(provider: &Registered, query: &CallbackQuery) -> bool {
    match (&query.issuer, &query.outcome) {
        (Some(sent), _) => provider.dialect.is_issuer(sent),
        (None, Outcome::Code(_)) => !provider.dialect.announces_issuer(),
        (None, Outcome::Error(_)) => true,
    }
}

fn unknown(flow: &Flow, provider: &Registered, return_to: &ReturnTo, head: &Parts) -> Reply {
    let error = LoginError::new(LoginErrorKind::UnknownState).by_browser();
    refuse::login(flow, Some(&provider.name), &error, return_to, &head.headers)
}

async fn proceed(
    flow: &Flow,
    provider: &Registered,
    query: CallbackQuery,
    pending: &Pending,
    head: &Parts,
) -> Reply {
    if pending.round.rechecks.is_some() {
        return recheck::conclude(flow, provider, query, pending, head).await;
    }
    let again = |round| {
        start::begin(
            flow,
            provider,
            pending.return_to.clone(),
            round,
            &head.headers,
        )
    };
    let error = match sign_in(flow, provider, query, pending).await {
        Ok(arrival) => match enter(flow, provider, arrival, &pending.return_to, head).await {
            Some(reply) => return reply,
            None => LoginError::new(LoginErrorKind::InvalidAnswer),
        },
        Err(error) => error,
    };
    match detour(error.kind(), error.code(), pending.round) {
        Some(round) => {
            if round.asks_for_phone && !pending.round.asks_for_phone {
                let provider = &*provider.name;
                tracing::info!(
                    provider,
                    "the phone number was withheld: consent is asked for once more"
                );
            }
            again(round).await
        }
        None => refuse::login(
            flow,
            Some(&provider.name),
            &error,
            &pending.return_to,
            &head.headers,
        ),
    }
}

/// Each detour is taken once; the round travels in the sealed cookie.
fn detour(kind: LoginErrorKind, code: Option<&str>, round: Round) -> Option<Round> {
    match kind {
        LoginErrorKind::PhoneNotShared if !round.asks_for_phone => Some(Round {
            asks_for_phone: true,
            ..round
        }),
        LoginErrorKind::ProviderRefused | LoginErrorKind::CodeRejected
            if !round.retried && (needs_page(code) || code == Some(EXPIRED)) =>
        {
            Some(Round {
                retried: true,
                ..round
            })
        }
        _ => None,
    }
}

/// OpenID Connect Core section 3.1.2.6: the provider was not allowed to show a page.
const NEEDS_PAGE: [&str; 4] = [
    "login_required",
    "consent_required",
    "interaction_required",
    "account_selection_required",
];

pub(super) fn needs_page(code: Option<&str>) -> bool {
    code.is_some_and(|code| NEEDS_PAGE.contains(&code))
}

/// Somebody who signed in at the provider, and may enter.
struct Arrival {
    user: VerifiedUser,
    logout_hint: Option<SecretString>,
}

async fn sign_in(
    flow: &Flow,
    provider: &Registered,
    query: CallbackQuery,
    pending: &Pending,
) -> Result<Arrival, LoginError> {
    if !has_issuer(provider, &query) {
        return Err(LoginError::new(LoginErrorKind::IssuerMismatch).by_browser());
    }
    let code: SecretString = match query.outcome {
        Outcome::Code(code) => code,
        Outcome::Error(error) => return Err(refused(&error).by_browser()),
    };
    let grant = Grant {
        code: &code,
        code_verifier: &pending.code_verifier,
        state: &pending.state,
        nonce: &pending.nonce,
        issuer: query.issuer.as_deref(),
    };
    let known_before = flow.config.revocations.step();
    let (profile, tokens) = provider.dialect.sign_in(grant).await?;
    let mut user = judge::user(&profile, &provider.name, &flow.config)?;
    user.asked_afresh = pending.round.fresh;
    flow.begin(&mut user, provider, known_before)?;
    let entered = flow.config.hooks.sign_in(&user, tokens).await;
    let masked = || flow.config.audit.mask(&user.provider, &user.subject);
    entered.map_err(|error| error.about(masked().into_string()))?;
    Ok(Arrival {
        user,
        logout_hint: profile.logout_hint,
    })
}

/// RFC 6749 section 4.1.2.1 and OpenID Connect Core section 3.1.2.6. Only names known here are
/// shown.
pub(super) fn refused(error: &str) -> LoginError {
    const KNOWN: [(&str, LoginErrorKind); 13] = [
        (EXPIRED, LoginErrorKind::CodeRejected),
        ("access_denied", LoginErrorKind::Cancelled),
        ("server_error", LoginErrorKind::ProviderBusy),
        ("temporarily_unavailable", LoginErrorKind::ProviderBusy),
        ("unauthorized_client", LoginErrorKind::Misconfigured),
        ("invalid_scope", LoginErrorKind::Misconfigured),
        ("invalid_request", LoginErrorKind::Misconfigured),
        ("unsupported_response_type", LoginErrorKind::Misconfigured),
        ("misconfigured", LoginErrorKind::Misconfigured),
        (NEEDS_PAGE[0], LoginErrorKind::ProviderRefused),
        (NEEDS_PAGE[1], LoginErrorKind::ProviderRefused),
        (NEEDS_PAGE[2], LoginErrorKind::ProviderRefused),
        (NEEDS_PAGE[3], LoginErrorKind::ProviderRefused),
    ];
    match KNOWN.iter().find(|(name, _)| *name == error) {
        Some((name, kind)) => LoginError::with_code(*kind, *name),
        None => error_name::unregistered(error),
    }
}

/// A new session at each login, and on to where the person wanted to go.
async fn enter(
    flow: &Flow,
    provider: &Registered,
    arrival: Arrival,
    return_to: &ReturnTo,
    head: &Parts,
) -> Option<Reply> {
    let now = flow.config.clock.unix();
    let session = Session::new(arrival.user, provider.binding, now);
    let cookie = flow.session_cookie(&session, now)?;
    flow.end_replaced(&head.headers).await;
    let (user, audit) = (&session.user, &flow.config.audit);
    audit.sign_in(&user.provider, &user.subject, &user.session_id);
    let cookies = &flow.config.cookies;
    let last = (flow.providers.len() > 1).then(|| cookies.remember(&provider.name));
    let hint = leave::keep(flow, &session, arrival.logout_hint.as_ref());
    let reply = form::go_on(flow, return_to, &session, head);
    let reply = reply
        .cookie(Some(cookie))
        .cookie(last.flatten())
        .cookie(hint);
    Some(reply.cookie(cookies.count_round(&head.headers)))
}
