//! The exchange of a callback's code, from the provider's answer to the session.
//!
//! A code is good for one exchange. If the browser closes the connection in between, the exchange
//! goes on, so that a reload gets its outcome.
//!
//! The steps, each of which can refuse the sign-in:
//!
//! 1. The issuer (`iss`) and the error of the callback are checked (`code.rs`).
//! 2. The provider's client sends the code with the PKCE verifier, verifies the tokens and reads
//!    the profile.
//! 3. The profile becomes a user (`verified_user.rs`): phone number, assurance, subject.
//! 4. The revocations that arrived since step 2 began are compared with the user.
//! 5. The rule and the sign-in hook of the application may refuse the user.
//! 6. The session is made and sealed, and the session that it replaces is revoked.
//!
//! A user whose number is the only fault goes to the phone step before step 5, if the application
//! has one (`flow/phone/`).
//!
//! A refusal for the missing phone number, or for a page that the provider must show, leads to the
//! provider once more in place of an error's page.

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, HeaderValue};
use secrecy::SecretString;
use tokio::time::timeout;
use tracing::{Instrument, Span};

use crate::{
    calls::{self, Purpose, within},
    error::{self, LoginError, LoginErrorKind},
    flow::{
        Flow, Registered, end_session, enter,
        login::{
            callback_query::CallbackQuery,
            code::code,
            error_name,
            outcome::{Outcome, Refusal, SignedIn},
            outcomes::RunningCallback,
            pending::{AttemptKind, Pending},
            recheck, verified_user,
        },
        phone::{self, begin::Begun},
    },
    provider::{CodeExchange, profile::Profile},
    session::Session,
};

/// The time of a callback beside its calls and the application's hook. It covers the waiting for
/// the revocation log.
const SPARE: Duration = Duration::from_secs(2);

/// Runs the exchange in a task of its own, so that a closed connection does not cancel it.
pub(crate) fn run(
    callback: RunningCallback,
    provider: Arc<Registered>,
    query: CallbackQuery,
    pending: Pending,
    headers: HeaderMap,
) {
    let flow = callback.flow();
    let work = async move {
        // The calls and the hook have deadlines of their own. This one is for other waiting, such
        // as for the revocation log.
        let most = provider.time.saturating_add(flow.config.hooks.limit());
        let proceeding = proceed(&flow, &provider, query, &pending, &headers);
        let proceeding = within(Purpose::SignIn, provider.time, proceeding);
        let outcome = timeout(most.saturating_add(SPARE), proceeding).await;
        callback.finish(outcome.unwrap_or_else(|_| {
            Outcome::refused(
                &flow,
                &provider,
                LoginError::new(LoginErrorKind::ProviderTimeout),
            )
        }));
    };
    tokio::spawn(work.instrument(Span::current()));
}

/// The outcome of a sign-in, or of a check of a session.
async fn proceed(
    flow: &Flow,
    provider: &Registered,
    query: CallbackQuery,
    pending: &Pending,
    headers: &HeaderMap,
) -> Outcome {
    if pending.attempt.rechecks.is_some() {
        return recheck::conclude(flow, provider, query, pending, headers).await;
    }
    let refused = match sign_in(flow, provider, query, pending, headers).await {
        Ok(accepted) => match conclude(flow, provider, accepted, pending, headers).await {
            Some(outcome) => return outcome,
            None => LoginError::new(LoginErrorKind::InvalidAnswer).into(),
        },
        Err(refused) => refused,
    };
    let error = &refused.error;
    match detour(error.kind(), error.code(), pending.attempt) {
        Some(attempt) => {
            if attempt.asks_for_phone && !pending.attempt.asks_for_phone {
                let provider = &*provider.name;
                tracing::info!(
                    provider,
                    "the user withheld the phone number; consent is asked for once more"
                );
            }
            Outcome::once_more(flow, provider, &pending.return_to, attempt, headers).await
        }
        None => {
            phone::not_given::warn_of_reader(flow, provider, error);
            Outcome::refused(flow, provider, refused)
        }
    }
}

/// The session of an accepted user, or the phone step of one without a number. `None` if sealing
/// fails.
async fn conclude(
    flow: &Flow,
    provider: &Registered,
    accepted: Accepted,
    pending: &Pending,
    headers: &HeaderMap,
) -> Option<Outcome> {
    if accepted.lacks_number {
        return ask_number(flow, provider, accepted, pending);
    }
    let signed_in = enter(flow, provider, accepted, headers).await?;
    Some(Outcome::SignedIn(signed_in))
}

/// The next attempt after a refusal, if there is one. It asks for consent to the phone number, or
/// lets the provider show its page. The sealed cookie notes each detour, so each is taken once.
fn detour(kind: LoginErrorKind, code: Option<&str>, attempt: AttemptKind) -> Option<AttemptKind> {
    match kind {
        LoginErrorKind::PhoneNotShared if !attempt.asks_for_phone => Some(AttemptKind {
            asks_for_phone: true,
            ..attempt
        }),
        LoginErrorKind::ProviderRefused | LoginErrorKind::CodeRejected
            if !attempt.retried
                && (error_name::needs_page(code) || error_name::is_expired(kind, code)) =>
        {
            Some(AttemptKind {
                retried: true,
                ..attempt
            })
        }
        _ => None,
    }
}

/// The secret values of the authorization request, which the log must not show.
fn sent_before(pending: &Pending) -> error::Sent {
    let mut sent = error::Sent::default();
    sent.add("state", &pending.state);
    sent.add("nonce", &pending.nonce);
    sent
}

/// A user who signed in at the provider and is accepted here.
struct Accepted {
    /// The new session.
    session: Session,
    /// The user has no acceptable number and proves one first.
    lacks_number: bool,
    /// The verified ID token, which a sign-out at the provider needs. `None` if the provider sends
    /// none.
    id_token: Option<SecretString>,
}

/// Exchanges the code, makes the user of the profile, and asks the application's hook. The step of
/// the revocations is taken before the exchange, so that one that arrives during it counts.
async fn sign_in(
    flow: &Flow,
    provider: &Registered,
    query: CallbackQuery,
    pending: &Pending,
    headers: &HeaderMap,
) -> Result<Accepted, Refusal> {
    let code = code(provider, &query, pending)?;
    let exchange = CodeExchange {
        code: &code,
        code_verifier: &pending.code_verifier,
        state: &pending.state,
        nonce: &pending.nonce,
        issuer: query.issuer.as_deref(),
        callback: &query.parameters,
    };
    // From here on, the log hides these values in whatever the provider answers.
    calls::record_sent(sent_before(pending));
    let known_before = flow.config.revocations.step();
    let (mut profile, tokens) = provider.client.sign_in(exchange).await?;
    let claims = std::mem::take(&mut profile.claims);
    let entered = async {
        let (mut session, lacks_number) = session_of(flow, provider, &profile, pending, headers)?;
        let user = &mut session.user;
        // A later `require()` must know whether the provider was asked, because the provider may
        // give no proof.
        user.facts_mut().asked_afresh = pending.attempt.fresh;
        flow.note_known_revocations(user, provider, known_before)?;
        if !lacks_number {
            // The hook comes last, so it never sees a user whom the layer refuses.
            let claims_known = flow.claims_date(provider.binding, user);
            let entered = flow.config.hooks.sign_in(user, Some(tokens), claims).await;
            let masked = || flow.config.audit.mask(&user.provider, &user.subject);
            let claims = entered.map_err(|error| error.about(masked().into_string()))?;
            if let Some(claims) = claims {
                user.set_claims(&claims, claims_known);
            }
        }
        Ok((session, lacks_number))
    };
    let entered: Result<_, LoginError> = entered.await;
    let id_token = profile.id_token;
    match entered {
        Ok((session, lacks_number)) => Ok(Accepted {
            session,
            lacks_number,
            id_token,
        }),
        Err(error) => Err(Refusal {
            id_token,
            ..error.into()
        }),
    }
}

/// The session of the user of a profile, and whether the number is still to be proved. A number
/// that a live session of the same user has confirmed is kept. Where the provider can be asked for
/// consent once more, that comes before the phone step.
fn session_of(
    flow: &Flow,
    provider: &Registered,
    profile: &Profile,
    pending: &Pending,
    headers: &HeaderMap,
) -> Result<(Session, bool), LoginError> {
    let (config, name, now) = (&flow.config, &provider.name, flow.config.clock.unix());
    let begin = |user| Session::new(user, provider.binding, now);
    let found = verified_user::user(profile, name, config);
    if config.phone_step.is_none() {
        return found.map(|user| (begin(user), false));
    }
    let (mut session, refused) = match found {
        Ok(user) => (begin(user), None),
        Err(error) if phone::begin::takes_over(flow, error.kind()) => {
            phone::not_given::warn(provider, &error);
            let user = verified_user::without_number(profile, name, config)?;
            (begin(user), Some(error))
        }
        Err(error) => return Err(error),
    };
    let is_kept = phone::begin::keep_confirmed(flow, &mut session, headers);
    match refused {
        Some(error)
            if !is_kept && detour(error.kind(), error.code(), pending.attempt).is_some() =>
        {
            Err(error)
        }
        refused => Ok((session, refused.is_some() && !is_kept)),
    }
}

/// Begins a new session. `None` if sealing fails.
async fn enter(
    flow: &Flow,
    provider: &Registered,
    accepted: Accepted,
    headers: &HeaderMap,
) -> Option<Arc<SignedIn>> {
    let Accepted {
        session, id_token, ..
    } = accepted;
    let cookie = enter::begin(flow, &session, headers).await?;
    let hint = end_session::keep(flow, &session, id_token.as_ref());
    let cookies = [Some(cookie), remembered(flow, provider)];
    Some(Arc::new(SignedIn {
        session,
        cookies: cookies.into_iter().flatten().collect(),
        hint,
    }))
}

/// The cookie that remembers the provider. With one provider there is no choice that could use it.
fn remembered(flow: &Flow, provider: &Registered) -> Option<HeaderValue> {
    let has_choice = flow.providers.len() > 1;
    has_choice.then(|| flow.config.cookies.remember(&provider.name))?
}

/// The phone step of a user without an acceptable number.
fn ask_number(
    flow: &Flow,
    provider: &Registered,
    accepted: Accepted,
    pending: &Pending,
) -> Option<Outcome> {
    let Accepted {
        session, id_token, ..
    } = accepted;
    let hint = end_session::keep(flow, &session, id_token.as_ref());
    let step = phone::begin::step(flow, session, &pending.state, &pending.return_to)?;
    Some(Outcome::PhoneStep(Box::new(Begun {
        step,
        remembered: remembered(flow, provider),
        hint,
    })))
}
