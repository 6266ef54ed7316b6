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
//! 5. The rule and the hooks of the application may refuse the user (`admit.rs`).
//! 6. The session is made and sealed, and the session that it replaces is revoked.
//!
//! A user whose number is the only fault goes to the phone step before step 5, if the application
//! has one (`flow/phone/`). The hook of the profile is called before.
//!
//! A refusal for the missing phone number, or for a page that the provider must show, leads to the
//! provider once more in place of an error's page.

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, HeaderValue};
use secrecy::SecretString;
use tokio::time::timeout;
use tracing::{Instrument, Span};

use super::admit::{Admitted, Given, admit, detour};
use crate::{
    calls::{self, Purpose, within},
    error::{self, LoginError, LoginErrorKind},
    flow::{
        Flow, Registered, end_session, enter,
        login::{
            callback_query::CallbackQuery,
            code::code,
            outcome::{Outcome, Refusal, SignedIn},
            outcomes::RunningCallback,
            pending::Pending,
            recheck,
        },
        phone::{self, begin::Begun},
    },
    provider::CodeExchange,
    session::Session,
};

/// The time of a callback beside its calls and the application's hook. It covers the waiting for
/// the revocation log.
const SPARE: Duration = Duration::from_secs(2);
/// The hooks that a callback calls one after another, at most: for a known number, for the profile,
/// for the sign-in, and for claims.
const MOST_HOOKS: u32 = 4;

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
        // The calls and the hooks have deadlines of their own. This one is for other waiting, such
        // as for the revocation log.
        let hooks = flow.config.hooks.limit().saturating_mul(MOST_HOOKS);
        let most = provider.time.saturating_add(hooks);
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
    let Accepted { user, id_token } = accepted;
    match user {
        Admitted::Whole(session) => {
            let signed_in = enter(flow, provider, session, id_token, headers).await?;
            Some(Outcome::SignedIn(signed_in))
        }
        Admitted::WithoutNumber(session, claims) => {
            let hint = end_session::keep_for_step(flow, &session, id_token.as_ref());
            let (state, place) = (&pending.state, &pending.return_to);
            let step = phone::begin::step(flow, session, claims, state, place)?;
            Some(Outcome::PhoneStep(Box::new(Begun {
                step,
                remembered: remembered(flow, provider),
                hint,
            })))
        }
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
    user: Admitted,
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
    let given = Given {
        profile: &profile,
        tokens,
        claims,
        known_before,
    };
    let admitted = admit(flow, provider, given, pending, headers).await;
    let id_token = profile.id_token;
    match admitted {
        Ok(user) => Ok(Accepted { user, id_token }),
        Err(error) => Err(Refusal {
            id_token,
            ..error.into()
        }),
    }
}

/// Begins a new session. `None` if sealing fails.
async fn enter(
    flow: &Flow,
    provider: &Registered,
    session: Session,
    id_token: Option<SecretString>,
    headers: &HeaderMap,
) -> Option<Arc<SignedIn>> {
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
