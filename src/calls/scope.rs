//! For what calls are made, and until when. It travels with the task, so that no provider's code can leave it out.

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

/// For what a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A page visit, a callback, or the preparation for them.
    SignIn,
    /// The provider reports something.
    Event,
    /// The application revokes a token or a link.
    Application,
}

#[derive(Clone, Copy)]
pub(super) struct Scope {
    pub(super) purpose: Purpose,
    pub(super) deadline: Instant,
}

tokio::task_local! {
    static SCOPE: Scope;
    /// The values sent to the provider since the outermost scope began.
    static SENT: Arc<Mutex<Sent>>;
}

/// No deadline is further away, so that no setting overflows the clock.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Runs `work`, all calls of which together have this time. Inside another such scope, the earlier deadline and the
/// outer purpose hold.
pub(crate) async fn within<F: Future>(purpose: Purpose, limit: Duration, work: F) -> F::Output {
    let own = Scope {
        purpose,
        deadline: deadline(limit),
    };
    let outer = SCOPE.try_with(|outer| *outer);
    let scope = outer.map_or(own, |outer| Scope {
        purpose: outer.purpose,
        deadline: outer.deadline.min(own.deadline),
    });
    let sent = SENT.try_with(Arc::clone).unwrap_or_default();
    SENT.scope(sent, SCOPE.scope(scope, work)).await
}

/// Remembers what is sent to the provider, and gives all that was sent so far: its answers may repeat it.
pub(crate) fn record_sent(more: Sent) -> Sent {
    SENT.try_with(|sent| {
        let mut sent = sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.extend(&more);
        sent.clone()
    })
    .unwrap_or(more)
}

/// Waits for what another call brings, until this scope's deadline.
pub(crate) async fn wait<F: Future>(other: F) -> Result<F::Output, HttpError> {
    match SCOPE.try_with(|scope| scope.deadline) {
        Ok(deadline) => timeout_at(deadline, other)
            .await
            .map_err(|_| HttpErrorKind::TimedOut.into()),
        Err(_) => Ok(other.await),
    }
}

pub(crate) fn purpose() -> Purpose {
    SCOPE
        .try_with(|scope| scope.purpose)
        .unwrap_or(Purpose::Application)
}

pub(super) fn current(limit: Duration) -> Scope {
    SCOPE.try_with(|scope| *scope).unwrap_or_else(|_| Scope {
        purpose: Purpose::Application,
        deadline: deadline(limit),
    })
}

fn deadline(limit: Duration) -> Instant {
    Instant::now() + limit.min(LONGEST)
}
