//! The handling of events, each in a task of its own.
//!
//! A provider repeats an event that it got no success for, also to another replica and while the
//! first is still handled. Each event is therefore known by its id. While it is handled, a
//! repetition waits for the same result. After it is done, the revocation log remembers the id, so
//! every replica refuses a repetition.
//!
//! Two parts can fail independently: publishing the revocations, and the application's hook. The
//! hook never runs twice for one event. If it has run and the log did not take the revocations, a
//! repetition publishes them alone.
//!
//! | revocations | hook | the id is published | a repetition |
//! |---|---|---|---|
//! | published | succeeded, or there is none | yes | is refused |
//! | published | failed | no | does both again |
//! | not published | succeeded | yes | publishes the revocations alone, at this replica |
//! | not published | failed, or there is none | no | does both again |

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;
use tracing::{Instrument, Span};

use super::effects;
use crate::flow::{Flow, Registered, replay::short};
use crate::{
    provider::event::{EventEffect, VerifiedEvent},
    revocation::{EventId, LONGEST_SUBJECT, Revocation},
};

/// The most unfinished events that are remembered. Of further ones, a repetition counts as handled.
/// This happens only while the log is out of reach and hooks have run for thousands of events.
const MAX: usize = 4096;

/// The events that this process handles.
#[derive(Debug, Default)]
pub(crate) struct Handling(Mutex<State>);

/// The data behind the lock, which is never held across an `await`.
#[derive(Debug, Default)]
struct State {
    /// Events that are being handled, for repetitions that wait.
    running: HashMap<EventId, Outcome>,
    /// Events whose hook has run while the revocations were not published. A repetition publishes
    /// them alone.
    unfinished: HashSet<EventId>,
}

/// Receives whether the whole event was handled. The value is `None` until that is known.
pub(crate) type Outcome = watch::Receiver<Option<bool>>;

impl Handling {
    /// Takes the lock. A panic cannot leave the maps half changed, so a poisoned lock is taken as
    /// it is.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The right to handle an event, or the outcome to wait for if it is being handled now. An
    /// event without an id is handled each time that it arrives.
    pub(crate) fn begin(flow: &Arc<Flow>, id: Option<EventId>) -> (Outcome, Option<RunningEvent>) {
        let mut state = flow.handling.state();
        if let Some(outcome) = id.and_then(|id| state.running.get(&id)) {
            return (outcome.clone(), None);
        }
        let (sender, outcome) = watch::channel(None);
        if let Some(id) = id {
            state.running.insert(id, outcome.clone());
        }
        let running = RunningEvent {
            flow: Arc::clone(flow),
            id,
            outcome: sender,
        };
        (outcome, Some(running))
    }

    /// Whether the hook of this event has run before.
    pub(crate) fn is_unfinished(&self, id: Option<EventId>) -> bool {
        id.is_some_and(|id| self.state().unfinished.contains(&id))
    }
}

/// The right to handle one event. The value is dropped with its task, so that repetitions do not
/// wait for ever if a hook panics or the runtime shuts down.
pub(crate) struct RunningEvent {
    /// The layer, which the task keeps alive until the event is handled.
    pub(crate) flow: Arc<Flow>,
    /// The event's id. `None` if the provider sends none.
    pub(crate) id: Option<EventId>,
    /// Wakes the requests that wait for the result.
    outcome: watch::Sender<Option<bool>>,
}

impl RunningEvent {
    /// Notes the result. An event that is not done may be handled again. If its hook has run, the
    /// repetition leaves the hook out.
    pub(crate) fn finish(self, is_done: bool, hook_has_run: bool) {
        if let Some(id) = self.id {
            let mut state = self.flow.handling.state();
            if is_done {
                state.unfinished.remove(&id);
            } else if hook_has_run && state.unfinished.len() < MAX {
                state.unfinished.insert(id);
            }
        }
        self.outcome.send_replace(Some(is_done));
    }
}

impl Drop for RunningEvent {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.flow.handling.state().running.remove(&id);
        }
    }
}

/// Waits for the result. A task that ended early has not handled the event.
pub(crate) async fn is_done(mut outcome: Outcome) -> bool {
    let known = outcome.wait_for(Option::is_some).await;
    known.is_ok_and(|known| *known == Some(true))
}

/// Starts a task that handles the event, unless the event was handled before. The error names the
/// claim for which the event is refused: `sub` or `jti`.
pub(crate) fn begin(
    flow: &Arc<Flow>,
    provider: &Arc<Registered>,
    event: VerifiedEvent,
) -> Result<Outcome, &'static str> {
    let name = &*provider.name;
    if event.effects.iter().any(names_no_session) {
        tracing::warn!(
            provider = name,
            "event refused: its subject is longer than that of any session"
        );
        return Err("sub");
    }
    // The provider's name is part of the id, because two providers may use the same `jti`.
    let id = event.id.as_ref().map(|id| short(&format!("{name}\0{id}")));
    let (outcome, running) = Handling::begin(flow, id);
    if let Some(running) = running {
        // This is checked after the right is taken, because no other request can handle the event
        // meanwhile.
        let is_known = id.is_some_and(|id| flow.config.revocations.has_event(&id));
        if is_known && !flow.handling.is_unfinished(id) {
            flow.config.audit.event_refused(name, "repeated");
            return Err("jti");
        }
        let handling = handle(running, Arc::clone(provider), event);
        tokio::spawn(handling.instrument(Span::current()));
    }
    Ok(outcome)
}

/// Whether the subject is longer than that of any session. A sign-in with it was refused.
fn names_no_session(effect: &EventEffect) -> bool {
    let subject = effect.subject();
    subject.is_some_and(|subject| subject.len() > LONGEST_SUBJECT)
}

/// Handles an event, and publishes its id if it must not be handled again. The function has no
/// result, because its caller may have gone. The outcome goes to all that wait.
async fn handle(running: RunningEvent, provider: Arc<Registered>, event: VerifiedEvent) {
    let flow = Arc::clone(&running.flow);
    let VerifiedEvent {
        effects, window, ..
    } = event;
    // The provider's time counts. A replay of the event then ends no session that began after it.
    let (now, at) = (flow.config.clock.unix(), event.at);
    let has_hook = effects.iter().any(EventEffect::is_unlinked) && flow.config.hooks.has_unlink();
    let ran_before = flow.handling.is_unfinished(running.id);
    let mut sum = effects::Done::ALL;
    // One after the other, in the order of the event.
    for effect in &effects {
        let done = effects::act(&flow, &provider, effect, at, ran_before).await;
        sum = sum.and(done);
    }
    // The id is published when the event is done, and also when its hook has run, because no
    // replica may run the hook again. This process remembers what else is left.
    let hook_has_run = has_hook && sum.hooked;
    if let Some(id) = running.id
        && sum.hooked
        && (sum.ended || hook_has_run)
    {
        // From the later of the two times, because either clock may be behind the other, and a
        // copy that is still accepted must be known.
        let until = at.map_or(now, |at| at.max(now)).after(window);
        let event = Revocation::of_event(id, until);
        // The follower publishes the entry later if the log does not take it now.
        let _ = flow.config.revocations.publish(vec![event]).await;
    }
    running.finish(sum.ended && sum.hooked, hook_has_run);
}
