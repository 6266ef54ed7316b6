//! The revocations that could still end a session, in memory.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use papaya::{HashMap, ResizeMode};

use super::{
    fact::{EventId, Name, Revocation, SKEW, Whom, Whose},
    fold::Fold,
};
use crate::{clock::UnixTime, session::Binding, session_id::SessionId, user::VerifiedUser};

/// Read by every request without a lock; written by a revocation now and then.
///
/// `papaya`'s reads take no lock and allocate nothing. A table is moved in one go when it grows: while it is
/// moved step by step, each read would look into both.
#[derive(Debug)]
pub(super) struct Live {
    sessions: HashMap<SessionId, UnixTime, Fold>,
    people: HashMap<Whom, Cut, Fold>,
    /// Events that were handled, and until when a copy of each would be believed.
    events: HashMap<EventId, UnixTime, Fold>,
    /// Since it was last pruned.
    added: AtomicUsize,
}

#[derive(Clone, Copy, Debug)]
struct Cut {
    through: UnixTime,
    until: UnixTime,
}

/// How long a provider's word is on its way.
const TRANSIT: Duration = Duration::from_secs(10);

/// More events are forgotten: a copy of one may then be handled again. Providers sign them, so a stranger adds none.
const MOST_EVENTS: usize = 65_536;

/// Pruned after so many more than there were, so that it holds no more than twice what is live.
const SLACK: usize = 1024;

impl Default for Live {
    fn default() -> Self {
        Self {
            sessions: HashMap::builder()
                .hasher(Fold::default())
                .resize_mode(ResizeMode::Blocking)
                .build(),
            people: HashMap::builder()
                .hasher(Fold::default())
                .resize_mode(ResizeMode::Blocking)
                .build(),
            events: HashMap::builder()
                .hasher(Fold::default())
                .resize_mode(ResizeMode::Blocking)
                .build(),
            added: AtomicUsize::new(0),
        }
    }
}

impl Live {
    pub(super) fn has_ended(&self, binding: Binding, user: &VerifiedUser) -> bool {
        if self.has_session(&user.session_id) {
            return true;
        }
        let through = self.through(binding, user);
        through.is_some_and(|through| UnixTime::from(user.authenticated_at) <= through)
    }

    pub(super) fn has_session(&self, id: &SessionId) -> bool {
        self.sessions.pin().contains_key(id)
    }

    pub(super) fn has_event(&self, id: &EventId) -> bool {
        self.events.pin().contains_key(id)
    }

    /// Until when sign-ins of this person, and of this session at the provider, are over.
    pub(super) fn through(&self, binding: Binding, user: &VerifiedUser) -> Option<UnixTime> {
        let people = self.people.pin();
        let subject = people.get(&Name::subject(binding, &user.subject));
        let narrower = match &user.provider_session {
            Some(id) => Name::provider_session(binding, id),
            None => Name::subject_without_session(binding, &user.subject),
        };
        let cuts = [subject, people.get(&narrower)].into_iter().flatten();
        cuts.map(|cut| cut.through).max()
    }

    /// A sign-in after an earlier revocation is dated after it: this one ends that, too, also within the same
    /// second. Repeated calls do not move it on without end.
    pub(super) fn advance(&self, revocation: &mut Revocation, now: UnixTime) {
        // What a provider says of an earlier time ends nothing begun since.
        let is_of_now = revocation.through.after(TRANSIT) >= now.after(SKEW);
        if is_of_now
            && let Whose::Person(whom) = &revocation.whose
            && let Some(known) = self.people.pin().get(whom)
            && known.through >= revocation.through
        {
            let next = known.through.after(Duration::from_secs(1));
            let latest = now.after(2 * SKEW);
            revocation.through = next.min(latest).max(revocation.through);
            revocation.until = revocation
                .until
                .max(known.until)
                .after(Duration::from_secs(1));
        }
    }

    pub(super) fn add(&self, revocation: &Revocation, now: UnixTime) {
        let until = revocation.until;
        match &revocation.whose {
            Whose::Session(id) => {
                let sessions = self.sessions.pin();
                sessions.update_or_insert(*id, |known| until.max(*known), until);
            }
            Whose::Person(whom) => {
                let through = revocation.through;
                let later = |known: &Cut| Cut {
                    through: through.max(known.through),
                    until: until.max(known.until),
                };
                let people = self.people.pin();
                people.update_or_insert(whom.clone(), later, Cut { through, until });
            }
            Whose::Event(id) if self.events.len() < MOST_EVENTS => {
                let events = self.events.pin();
                events.update_or_insert(*id, |known| until.max(*known), until);
            }
            Whose::Event(_) => {}
        }
        let added = self.added.fetch_add(1, Ordering::Relaxed);
        if added > SLACK + self.len() / 2 {
            self.prune(now);
        }
    }

    /// Forgets what can end nothing any more.
    pub(super) fn prune(&self, now: UnixTime) {
        self.added.store(0, Ordering::Relaxed);
        self.sessions.pin().retain(|_, until| *until >= now);
        self.people.pin().retain(|_, cut| cut.until >= now);
        self.events.pin().retain(|_, until| *until >= now);
    }

    /// Everything, for a log that lost it.
    pub(super) fn all(&self) -> Vec<Revocation> {
        let (sessions, people) = (self.sessions.pin(), self.people.pin());
        let sessions = sessions.iter().map(|(id, until)| Revocation {
            whose: Whose::Session(*id),
            through: UnixTime::END,
            until: *until,
        });
        let people = people.iter().map(|(whom, cut)| Revocation {
            whose: Whose::Person(whom.clone()),
            through: cut.through,
            until: cut.until,
        });
        let events = self.events.pin();
        let events = events
            .iter()
            .map(|(id, until)| Revocation::of_event(*id, *until));
        sessions.chain(people).chain(events).collect()
    }

    fn len(&self) -> usize {
        self.sessions.len() + self.people.len() + self.events.len()
    }
}
