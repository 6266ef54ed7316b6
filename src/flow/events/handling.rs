//! Events that are being handled, each in a task of its own.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::future::join;
use tokio::sync::watch;
use tracing::{Instrument, Span};

use crate::flow::{Flow, Registered, replay::short};
use crate::{
    audit::Notice,
    clock::UnixTime,
    hooks::Unlink,
    provider::event::{EventEffect, VerifiedEvent},
    revocation::{EventId, LONGEST_SUBJECT, NotEverywhere, Revocation},
};

/// As many unfinished events are remembered. Of more, a repetition counts as handled.
const MOST: usize = 4096;

#[derive(Debug, Default)]
pub(crate) struct Handling(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    running: HashMap<EventId, Outcome>,
    /// The hook has run, and sessions did not end everywhere: the next time, they alone are ended.
    unfinished: HashSet<EventId>,
}

/// Whether all was done; none until that is known.
pub(crate) type Outcome = watch::Receiver<Option<bool>>;

impl Handling {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The turn to handle it, unless it is being handled now.
    pub(crate) fn begin(flow: &Arc<Flow>, id: Option<EventId>) -> (Outcome, Option<Turn>) {
        let mut state = flow.handling.state();
        if let Some(outcome) = id.and_then(|id| state.running.get(&id)) {
            return (outcome.clone(), None);
        }
        let (sender, outcome) = watch::channel(None);
        if let Some(id) = id {
            state.running.insert(id, outcome.clone());
        }
        let turn = Turn {
            flow: Arc::clone(flow),
            id,
            outcome: sender,
        };
        (outcome, Some(turn))
    }

    pub(crate) fn is_unfinished(&self, id: Option<EventId>) -> bool {
        id.is_some_and(|id| self.state().unfinished.contains(&id))
    }
}

/// While it is held, the event is being handled. It ends with its task, also if a hook panics or the runtime shuts down.
pub(crate) struct Turn {
    pub(crate) flow: Arc<Flow>,
    pub(crate) id: Option<EventId>,
    outcome: watch::Sender<Option<bool>>,
}

impl Turn {
    /// Done, or to be handled again; what of it the hook has done is not done twice.
    pub(crate) fn ends(self, is_done: bool, hook_has_run: bool) {
        if let Some(id) = self.id {
            let mut state = self.flow.handling.state();
            if is_done {
                state.unfinished.remove(&id);
            } else if hook_has_run && state.unfinished.len() < MOST {
                state.unfinished.insert(id);
            }
        }
        self.outcome.send_replace(Some(is_done));
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.flow.handling.state().running.remove(&id);
        }
    }
}

/// Waits for it; not done if its task went away.
pub(crate) async fn is_done(mut outcome: Outcome) -> bool {
    let known = outcome.wait_for(Option::is_some).await;
    known.is_ok_and(|known| *known == Some(true))
}

/// Has an event handled, unless it was; the part because of which it is refused.
pub(crate) fn begin(
    flow: &Arc<Flow>,
    index: usize,
    name: &str,
    event: VerifiedEvent,
) -> Result<Outcome, &'static str> {
    if event.effects.iter().any(names_no_session) {
        tracing::warn!(
            provider = name,
            "event refused: a subject that no session can have"
        );
        return Err("sub");
    }
    let id = event.id.as_ref().map(|id| short(&format!("{name}\0{id}")));
    let (outcome, turn) = Handling::begin(flow, id);
    if let Some(turn) = turn {
        // Only now: with the turn, no other request handles it meanwhile.
        let is_known = id.is_some_and(|id| flow.config.revocations.has_event(&id));
        if is_known && !flow.handling.is_unfinished(id) {
            flow.config.audit.event_refused(name, "repeated");
            return Err("jti");
        }
        tokio::spawn(handle(turn, index, event).instrument(Span::current()));
    }
    Ok(outcome)
}

/// No session has so long a subject, so a sign-in with it was refused.
fn names_no_session(effect: &EventEffect) -> bool {
    let subject = effect.subject();
    subject.is_some_and(|subject| subject.len() > LONGEST_SUBJECT)
}

/// Does what an event says.
async fn handle(turn: Turn, index: usize, event: VerifiedEvent) {
    let flow = Arc::clone(&turn.flow);
    let Some(provider) = flow.providers.get(index) else {
        return;
    };
    let VerifiedEvent {
        effects, window, ..
    } = event;
    // By the provider's clock: a copy that turns up later ends no session begun since.
    let (now, at) = (flow.config.clock.unix(), event.at);
    let has_hook = effects.iter().any(EventEffect::is_unlinked) && flow.config.hooks.has_unlink();
    let ran_before = flow.handling.is_unfinished(turn.id);
    let mut sum = Done::ALL;
    for effect in &effects {
        let done = act(&flow, provider, effect, at, ran_before).await;
        sum = sum.and(done);
    }
    // What failed must be able to come again; the hook of what did not, never runs twice.
    let hook_has_run = has_hook && sum.hooked;
    if let Some(id) = turn.id
        && sum.hooked
        && (sum.ended || hook_has_run)
    {
        let until = at.map_or(now, |at| at.max(now)).after(window);
        let event = Revocation::of_event(id, until);
        // If the log does not take it now, that is retried, like all else that is not known everywhere.
        let _ = flow.config.revocations.publish(vec![event]).await;
    }
    turn.ends(sum.ended && sum.hooked, hook_has_run);
}

/// What of an event was done.
#[derive(Clone, Copy)]
struct Done {
    /// Sessions ended everywhere.
    ended: bool,
    /// The application did its part.
    hooked: bool,
}

impl Done {
    const ALL: Self = Self {
        ended: true,
        hooked: true,
    };

    const fn and(self, other: Self) -> Self {
        Self {
            ended: self.ended && other.ended,
            hooked: self.hooked && other.hooked,
        }
    }
}

async fn act(
    flow: &Flow,
    provider: &Registered,
    effect: &EventEffect,
    at: Option<UnixTime>,
    hook_ran_before: bool,
) -> Done {
    let name = &*provider.name;
    let (ended, hooked) = match effect {
        EventEffect::SubjectEnded(subject) => (flow.end_subject(provider, subject, at).await, true),
        EventEffect::SessionEnded(sid) => {
            let ended = flow.end_provider_session(provider, sid, None, at);
            (ended.await, true)
        }
        EventEffect::SessionOfSubjectEnded { session, subject } => {
            let ended = flow.end_provider_session(provider, session, Some(subject), at);
            (ended.await, true)
        }
        EventEffect::Unlinked(subject) if hook_ran_before => {
            (flow.end_subject(provider, subject, at).await, true)
        }
        EventEffect::Unlinked(subject) => unlinked(flow, provider, subject, at).await,
    };
    flow.config.audit.event(Notice {
        provider: name,
        cause: effect.cause(),
        subject: effect.subject(),
        complete: ended.is_ok(),
    });
    if ended.is_err() {
        tracing::error!(
            provider = name,
            "an event ended sessions here and not everywhere"
        );
    }
    Done {
        ended: ended.is_ok(),
        hooked,
    }
}

/// Sessions end here at once. The hook does not wait for the other machines, nor need them: not every provider
/// says it twice.
async fn unlinked(
    flow: &Flow,
    provider: &Registered,
    subject: &str,
    at: Option<UnixTime>,
) -> (Result<(), NotEverywhere>, bool) {
    let now = flow.config.clock.unix();
    let unlink = Unlink {
        provider: provider.name.clone(),
        subject: subject.into(),
        at: at.map_or(now, |at| at.min(now)).into(),
    };
    let ended = flow.end_subject(provider, subject, at);
    join(ended, flow.config.hooks.unlink(unlink)).await
}
