//! The purpose and the deadline of calls. They are task-local, so that the code of a provider does
//! not have to pass them on and cannot forget to.
//!
//! `flow` opens a scope with [`within`] for a callback, a page visit or an event. All calls inside
//! share its deadline, so that a callback with four calls takes no longer than one with a single
//! call. A call outside every scope has the provider's timeout for itself.
//!
//! A task that is spawned inside a scope is outside of it, because task-local values are not
//! inherited.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, timeout_at};

use crate::{
    error::Sent,
    http_client::{HttpError, HttpErrorKind},
};

/// The purpose of a call. It decides which permits the call uses, and whether its failure counts
/// against sign-ins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A page visit, a callback, or the preparation for them (`warm_up`). A user may be waiting.
    SignIn,
    /// The verification of an event from the provider.
    Event,
    /// A revocation or an unlink that the application asks for.
    Application,
}

/// The scope in which a call is made.
#[derive(Clone, Copy)]
pub(super) struct Scope {
    /// The purpose of the outermost scope, because the request that arrived decides whose permits
    /// are used.
    pub(super) purpose: Purpose,
    /// The earliest deadline of all enclosing scopes, so that an inner scope can shorten the time
    /// and not extend it.
    pub(super) deadline: Instant,
    /// The sign-in succeeds without these calls; see [`optional`].
    pub(super) is_optional: bool,
}

tokio::task_local! {
    /// The innermost scope of the task. It is copied, so no call holds it.
    static SCOPE: Scope;
    /// The values sent to the provider in the outermost scope, such as the code and the tokens. A
    /// response may repeat them, and they must not reach the log.
    static SENT: Arc<Mutex<Sent>>;
}

/// The furthest deadline. `Instant` panics if an addition overflows, which a very long setting
/// could cause.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Runs `work` with a time limit for all its calls together. In a nested scope, the earlier
/// deadline and the purpose of the outer scope apply. `work` itself is not stopped at the deadline,
/// only its calls are.
pub(crate) async fn within<F: Future>(purpose: Purpose, limit: Duration, work: F) -> F::Output {
    let own = Scope {
        purpose,
        deadline: deadline(limit),
        is_optional: false,
    };
    let outer = SCOPE.try_with(|outer| *outer);
    let scope = outer.map_or(own, |outer| Scope {
        deadline: outer.deadline.min(own.deadline),
        ..outer
    });
    // The values of an outer scope are shared, because a response inside may repeat any of them.
    let sent = SENT.try_with(Arc::clone).unwrap_or_default();
    SENT.scope(sent, SCOPE.scope(scope, work)).await
}

/// Runs `work` whose calls the sign-in can do without. They have half of the time until the
/// deadline, so that an endpoint that hangs leaves the other half to the calls that are needed.
/// Their failures do not make the provider unavailable for sign-ins.
pub(crate) async fn optional<F: Future>(work: F) -> F::Output {
    let Ok(outer) = SCOPE.try_with(|outer| *outer) else {
        return work.await;
    };
    let now = Instant::now();
    let scope = Scope {
        deadline: now + outer.deadline.saturating_duration_since(now) / 2,
        is_optional: true,
        ..outer
    };
    SCOPE.scope(scope, work).await
}

/// Adds values that are sent to the provider, and returns all values of the outermost scope.
/// Outside every scope, only `more` is returned.
pub(crate) fn record_sent(more: Sent) -> Sent {
    SENT.try_with(|sent| {
        let mut sent = sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.extend(&more);
        sent.clone()
    })
    .unwrap_or(more)
}

/// Waits for another call's result until the deadline of this scope. Calls that share one fetch use
/// it, since the fetch may have begun under a later deadline. Outside every scope, the wait has no
/// limit.
pub(crate) async fn wait<F: Future>(other: F) -> Result<F::Output, HttpError> {
    match SCOPE.try_with(|scope| scope.deadline) {
        Ok(deadline) => timeout_at(deadline, other)
            .await
            .map_err(|_| HttpErrorKind::TimedOut.into()),
        Err(_) => Ok(other.await),
    }
}

/// The purpose of the current scope. Outside every scope, the application itself makes the call,
/// for example to revoke a token.
pub(crate) fn purpose() -> Purpose {
    SCOPE
        .try_with(|scope| scope.purpose)
        .unwrap_or(Purpose::Application)
}

/// The current scope, or one that begins now with this limit.
pub(super) fn current(limit: Duration) -> Scope {
    SCOPE.try_with(|scope| *scope).unwrap_or_else(|_| Scope {
        purpose: Purpose::Application,
        deadline: deadline(limit),
        is_optional: false,
    })
}

/// The deadline `limit` from now, at most [`LONGEST`] from now. It is a time of the runtime, which
/// tests can pause.
fn deadline(limit: Duration) -> Instant {
    Instant::now() + limit.min(LONGEST)
}
