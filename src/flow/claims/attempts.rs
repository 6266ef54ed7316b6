//! The calls of the hook that makes claims: one at a time for a session, none for a while after a
//! failure, and none while the claims that it made are still new.
//!
//! A session whose claims are old asks with every request. Without these limits, a hook that fails
//! or is slow would be called as often as the user's browser sends requests, which keeps a database
//! down that has just failed. Only a session that this layer sealed gets here, so a stranger adds
//! no entry.

use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::watch;
use tracing::{Instrument as _, Span};

use crate::{
    clock::Clock,
    error::{LoginError, LoginErrorKind},
    session::{claims::ClaimsText, id::SessionId},
};

use entries::{Attempt, Entries, Failure, Kept, PAUSES};

mod entries;

/// The calls that are under way, the failures, and the claims that were made last.
#[derive(Clone, Default)]
pub(in crate::flow) struct Attempts(Arc<Mutex<Entries>>);

/// The result of one call, for all requests that waited for it.
type Outcome = Result<Made, LoginError>;

/// New claims.
#[derive(Clone)]
pub(super) struct Made {
    pub(super) claims: ClaimsText,
    /// The number of the latest request for new ones that was known before they were made.
    pub(super) known: u64,
}

/// The reason why there are no new claims. A call that failed has its line in the log already.
pub(super) struct NotMade {
    pub(super) error: LoginError,
    /// The time until the hook is called again.
    pub(super) rest: Duration,
}

impl NotMade {
    fn new(error: &LoginError, rest: Duration) -> Self {
        let error = timed(error.clone(), rest);
        Self { error, rest }
    }
}

/// The next act of a request with old claims.
enum Turn {
    Wait(watch::Receiver<Option<Outcome>>),
    Refuse(NotMade),
    /// The claims of an earlier call, for a client that did not keep the cookie with them.
    Reuse(Made),
    Call(Call),
}

/// One call of the hook. If it is dropped without a result, as at shutdown, it counts as failed.
struct Call {
    attempts: Attempts,
    session: SessionId,
    known: u64,
    clock: Clock,
    /// The pause if it fails.
    pause: Duration,
    sender: watch::Sender<Option<Outcome>>,
}

impl Attempts {
    /// The claims that `hook` makes for a session, or that another request of the session got.
    /// `known` is the number of the latest request for new claims.
    ///
    /// The hook runs in a task of its own. A client that leaves and comes again, which would
    /// otherwise call it each time, waits for the same call. The task gives a failure to `report`,
    /// because no client may wait for it any more.
    pub(super) async fn make<T>(
        &self,
        session: SessionId,
        known: u64,
        clock: &Clock,
        hook: impl FnOnce() -> T,
        report: impl FnOnce(&LoginError) + Send + 'static,
    ) -> Result<Made, NotMade>
    where
        T: Future<Output = Result<ClaimsText, LoginError>> + Send + 'static,
    {
        let outcome = match self.turn(session, known, clock) {
            Turn::Wait(outcome) => outcome,
            Turn::Refuse(refused) => return Err(refused),
            Turn::Reuse(made) => return Ok(made),
            Turn::Call(call) => {
                let outcome = call.sender.subscribe();
                tokio::spawn(call.run(hook(), report).instrument(Span::current()));
                outcome
            }
        };
        ended(outcome).await.map_err(|error| NotMade {
            rest: error.retry_after().unwrap_or(PAUSES[0]),
            error,
        })
    }

    /// A panic cannot leave an entry half changed, so a poisoned lock is taken as it is.
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Decides about a request, and notes that the hook is about to be called.
    fn turn(&self, session: SessionId, known: u64, clock: &Clock) -> Turn {
        let (mut entries, now) = (self.entries(), clock.monotonic());
        let pause = match entries.of(&session) {
            Some(Attempt::Running(other)) => return Turn::Wait(other.clone()),
            Some(Attempt::Made(kept)) if kept.serves(known, now) => {
                return Turn::Reuse(kept.made.clone());
            }
            Some(Attempt::Failed(failure)) if failure.known >= known => {
                let rest = failure.until.saturating_sub(now);
                if !rest.is_zero() {
                    return Turn::Refuse(NotMade::new(&failure.error, rest));
                }
                failure.next_pause(now)
            }
            _ => PAUSES[0],
        };
        let (sender, receiver) = watch::channel(None);
        if !entries.put(session, Attempt::Running(receiver), now) {
            let error = LoginError::new(LoginErrorKind::ApplicationBusy);
            return Turn::Refuse(NotMade::new(&error, PAUSES[0]));
        }
        Turn::Call(Call {
            attempts: self.clone(),
            session,
            known,
            clock: clock.clone(),
            pause,
            sender,
        })
    }
}

impl Call {
    async fn run<T>(self, hook: T, report: impl FnOnce(&LoginError))
    where
        T: Future<Output = Result<ClaimsText, LoginError>> + Send + 'static,
    {
        // A task of its own, so that a panic of the hook is a failure like any other.
        let outcome = tokio::spawn(hook.in_current_span()).await;
        let outcome = outcome
            .unwrap_or_else(|_| Err(LoginError::new(LoginErrorKind::ApplicationBusy)))
            .map_err(|error| timed(error, self.pause));
        // Before any request gets the answer, so that its reference is in the log by then.
        if let Err(error) = &outcome {
            report(error);
        }
        self.end(outcome);
    }

    /// Notes the result, for requests that wait and for later ones.
    fn end(&self, outcome: Result<ClaimsText, LoginError>) {
        let (known, now) = (self.known, self.clock.monotonic());
        let outcome = outcome.map(|claims| Made { claims, known });
        let attempt = match outcome.clone() {
            Ok(made) => Attempt::Made(Kept::new(made, now)),
            Err(error) => Attempt::Failed(Failure {
                error,
                known,
                pause: self.pause,
                until: now.saturating_add(self.pause),
            }),
        };
        self.attempts.entries().put(self.session, attempt, now);
        self.sender.send_replace(Some(outcome));
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if self.sender.borrow().is_none() {
            let error = LoginError::new(LoginErrorKind::ApplicationBusy);
            self.end(Err(timed(error, self.pause)));
        }
    }
}

/// The result of a call. Each has one, because a call that is dropped counts as failed.
async fn ended(mut call: watch::Receiver<Option<Outcome>>) -> Outcome {
    let outcome = call.wait_for(Option::is_some).await;
    let outcome = outcome.ok().and_then(|outcome| outcome.clone());
    outcome.unwrap_or_else(|| Err(LoginError::new(LoginErrorKind::ApplicationBusy)))
}

/// The error with the time until the next call, if waiting helps at all.
fn timed(error: LoginError, rest: Duration) -> LoginError {
    match error.kind() {
        LoginErrorKind::ApplicationBusy => error.retried_after(rest),
        _ => error,
    }
}

#[cfg(test)]
mod tests;
