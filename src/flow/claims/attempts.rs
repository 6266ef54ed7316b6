//! The calls of the hook that makes claims: one at a time for a session, and none for a while after
//! a failure.
//!
//! A session whose claims are old asks with every request. Without these limits, a hook that fails
//! or is slow would be called as often as the user's browser sends requests, which keeps a database
//! down that has just failed. Only a session that this layer sealed gets here, so a stranger adds
//! no entry.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::watch;

use crate::{
    clock::Clock,
    error::{LoginError, LoginErrorKind},
    session::{claims::ClaimsText, id::SessionId},
};

/// The first and the longest pause after a failure. Each is twice as long as the one before.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(30)];
/// The most sessions that are remembered. It bounds the memory. A session that is forgotten has its
/// hook called again.
const MOST: usize = 1024;

/// The calls that are under way, and the failures.
#[derive(Default)]
pub(in crate::flow) struct Attempts(Mutex<HashMap<SessionId, Attempt>>);

enum Attempt {
    /// A request waits for the hook. Others of the same session wait for its result.
    Running(watch::Receiver<Option<Outcome>>),
    Failed(Failure),
}

/// The result of one call, for all requests that waited for it.
type Outcome = Result<Made, LoginError>;

/// New claims.
#[derive(Clone)]
pub(super) struct Made {
    pub(super) claims: ClaimsText,
    /// The date of the latest request for new ones that was known before they were made.
    pub(super) known: u64,
}

/// The last failure for a session.
struct Failure {
    error: LoginError,
    /// The date of the latest request for new claims before the call. A later one ends the pause.
    known: u64,
    pause: Duration,
    /// The end of the pause, by the monotonic clock.
    until: Duration,
}

/// The reason why there are no new claims.
pub(super) struct NotMade {
    pub(super) error: LoginError,
    /// The time until the hook is called again.
    pub(super) rest: Duration,
    /// The hook was called for this request, so the log has no line yet.
    pub(super) is_new: bool,
}

impl NotMade {
    /// An error of this request.
    pub(super) fn now(error: LoginError) -> Self {
        Self {
            error,
            rest: PAUSES[0],
            is_new: true,
        }
    }
}

/// The next act of a request with old claims.
enum Turn {
    Wait(watch::Receiver<Option<Outcome>>),
    Refuse(NotMade),
    Call(Call),
}

/// One call of the hook. It ends when it is dropped, as when the client of the request leaves.
struct Call {
    sender: watch::Sender<Option<Outcome>>,
    /// The pause if it fails.
    pause: Duration,
}

impl Attempts {
    /// The claims that `hook` makes for a session, or that another request of the session just got.
    /// `known` is the date of the latest request for new claims.
    pub(super) async fn make<T>(
        &self,
        session: SessionId,
        known: u64,
        clock: &Clock,
        hook: impl FnOnce() -> T,
    ) -> Result<Made, NotMade>
    where
        T: Future<Output = Result<ClaimsText, LoginError>>,
    {
        let call = loop {
            match self.turn(session, known, clock.monotonic()) {
                Turn::Call(call) => break call,
                Turn::Refuse(refused) => return Err(refused),
                Turn::Wait(mut other) => {
                    // There is no outcome if the other request was given up.
                    let outcome = other.wait_for(Option::is_some).await;
                    if let Some(outcome) = outcome.ok().and_then(|outcome| outcome.clone()) {
                        return outcome.map_err(|error| NotMade {
                            error,
                            rest: PAUSES[0],
                            is_new: false,
                        });
                    }
                }
            }
        };
        let made = hook().await.map(|claims| Made { claims, known });
        let outcome = made.map_err(|error| timed(error, call.pause));
        self.finish(session, known, clock.monotonic(), &call, &outcome);
        call.sender.send_replace(Some(outcome.clone()));
        outcome.map_err(|error| NotMade {
            error,
            rest: call.pause,
            is_new: true,
        })
    }

    /// A panic cannot leave an entry half changed, so a poisoned lock is taken as it is.
    fn entries(&self) -> MutexGuard<'_, HashMap<SessionId, Attempt>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Decides about a request, and notes that the hook is about to be called.
    fn turn(&self, session: SessionId, known: u64, now: Duration) -> Turn {
        let mut entries = self.entries();
        let pause = match entries.get(&session) {
            Some(Attempt::Running(other)) if is_alive(other) => return Turn::Wait(other.clone()),
            Some(Attempt::Failed(failure)) if failure.known >= known => {
                let rest = failure.until.saturating_sub(now);
                if !rest.is_zero() {
                    let error = timed(failure.error.clone(), rest);
                    let is_new = false;
                    return Turn::Refuse(NotMade {
                        error,
                        rest,
                        is_new,
                    });
                }
                failure.next_pause(now)
            }
            _ => PAUSES[0],
        };
        let (sender, receiver) = watch::channel(None);
        put(&mut entries, session, Attempt::Running(receiver), now);
        Turn::Call(Call { sender, pause })
    }

    /// Notes a failure, and forgets the earlier ones after a success.
    fn finish(
        &self,
        session: SessionId,
        known: u64,
        now: Duration,
        call: &Call,
        outcome: &Outcome,
    ) {
        let mut entries = self.entries();
        entries.remove(&session);
        if let Err(error) = outcome {
            let failure = Failure {
                error: error.clone(),
                known,
                pause: call.pause,
                until: now.saturating_add(call.pause),
            };
            put(&mut entries, session, Attempt::Failed(failure), now);
        }
    }
}

impl Failure {
    /// The pause after one more failure. The pauses begin anew if the last one was long ago.
    fn next_pause(&self, now: Duration) -> Duration {
        match self.is_recent(now) {
            true => (self.pause * 2).min(PAUSES[1]),
            false => PAUSES[0],
        }
    }

    fn is_recent(&self, now: Duration) -> bool {
        now < self.until.saturating_add(PAUSES[1])
    }
}

/// Whether the request that calls the hook is still there.
fn is_alive(call: &watch::Receiver<Option<Outcome>>) -> bool {
    call.has_changed().is_ok()
}

/// Puts an entry. If there are too many, the old ones go first, then any failure. If all others are
/// running, the entry is left out.
fn put(entries: &mut HashMap<SessionId, Attempt>, id: SessionId, attempt: Attempt, now: Duration) {
    if entries.len() >= MOST && !entries.contains_key(&id) {
        entries.retain(|_, attempt| match attempt {
            Attempt::Running(call) => is_alive(call),
            Attempt::Failed(failure) => failure.is_recent(now),
        });
        if entries.len() >= MOST {
            let is_failed = |attempt: &Attempt| matches!(attempt, Attempt::Failed(_));
            let mut failed = entries.iter().filter(|(_, attempt)| is_failed(attempt));
            let Some(failed) = failed.next().map(|(id, _)| *id) else {
                return;
            };
            entries.remove(&failed);
        }
    }
    entries.insert(id, attempt);
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
