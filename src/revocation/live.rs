//! The revocations that could still end a session, in memory.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use papaya::{HashMap, ResizeMode};

use super::{
    fact::{Cut, Revocation, SKEW},
    fold::Fold,
    whose::{EventId, Name, Whom, Whose},
};
use crate::{
    clock::UnixTime,
    session::Binding,
    session_id::SessionId,
    user::{Known, VerifiedUser},
};

/// Read by every request without a lock; written by a revocation now and then.
///
/// `papaya`'s reads take no lock and allocate nothing. A table is moved in one go when it grows: while it is
/// moved step by step, each read would look into both.
#[derive(Debug)]
pub(super) struct Live {
    sessions: HashMap<SessionId, UnixTime, Fold>,
    people: HashMap<Whom, Kept, Fold>,
    /// Events that were handled, and until when a copy of each would be believed.
    events: HashMap<EventId, UnixTime, Fold>,
    /// Since it was last pruned.
    added: AtomicUsize,
}

#[derive(Clone, Copy, Debug)]
struct Kept {
    cut: Cut,
    until: UnixTime,
}

impl Kept {
    /// Replicas forget it some time after its end, each in its own time. A replica that forgot it signs users in who do
    /// not know it: their sessions are dated after that end.
    fn ends(self, dated: UnixTime, known: u64) -> bool {
        dated <= self.until && self.cut.ends(dated, known)
    }
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
        let dated = UnixTime::from(user.authenticated_at);
        let [subject, at_provider] = self.cuts(binding, user);
        let ends = |kept: Option<Kept>, known| kept.is_some_and(|kept| kept.ends(dated, known));
        ends(subject, user.known.subject) || ends(at_provider, user.known.at_provider)
    }

    pub(super) fn has_session(&self, id: &SessionId) -> bool {
        self.sessions.pin().contains_key(id)
    }

    pub(super) fn has_event(&self, id: &EventId) -> bool {
        self.events.pin().contains_key(id)
    }

    /// The revocations that a sign-in of now comes after.
    pub(super) fn known(&self, binding: Binding, user: &VerifiedUser) -> Known {
        let [subject, at_provider] = self.cuts(binding, user);
        let at = |kept: Option<Kept>| kept.map_or(0, |kept| kept.cut.at);
        Known {
            subject: at(subject),
            at_provider: at(at_provider),
        }
    }

    /// What was revoked of this person; and of this session at the provider, or of the person's sessions that know none.
    fn cuts(&self, binding: Binding, user: &VerifiedUser) -> [Option<Kept>; 2] {
        let people = self.people.pin();
        let cut = |name: Name<'_>| people.get(&name).copied();
        let narrower = match &user.provider_session {
            Some(id) => Name::provider_session(binding, id),
            None => Name::subject_without_session(binding, &user.subject),
        };
        [cut(Name::subject(binding, &user.subject)), cut(narrower)]
    }

    /// Dates the revocation of a person as what happens now: after any before, so that it ends a sign-in that came
    /// between the two.
    pub(super) fn date(&self, revocation: &mut Revocation, now_millis: u64) {
        let Whose::Person(whom) = &revocation.whose else {
            return;
        };
        let (now, cut) = (UnixTime::from_secs(now_millis / 1000), &mut revocation.cut);
        cut.ahead = cut.ahead.max(now.after(SKEW));
        // What a provider says of an earlier time ends nothing begun since.
        if now > UnixTime::from_secs(cut.at / 1000).after(TRANSIT) {
            return;
        }
        cut.at = cut.at.max(now_millis);
        if let Some(known) = self.people.pin().get(whom) {
            cut.at = cut.at.max(known.cut.at.saturating_add(1));
            revocation.until = revocation.until.max(known.until);
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
                let cut = revocation.cut;
                let later = |known: &Kept| Kept {
                    cut: cut.max(known.cut),
                    until: until.max(known.until),
                };
                let people = self.people.pin();
                people.update_or_insert(whom.clone(), later, Kept { cut, until });
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
        self.people.pin().retain(|_, kept| kept.until >= now);
        self.events.pin().retain(|_, until| *until >= now);
    }

    /// Everything that can still end a session, for a log that lost it.
    pub(super) fn all(&self, now: UnixTime) -> Vec<Revocation> {
        let (sessions, people) = (self.sessions.pin(), self.people.pin());
        let sessions = sessions.iter().map(|(id, until)| Revocation {
            whose: Whose::Session(*id),
            cut: Cut::NONE,
            until: *until,
        });
        let people = people.iter().map(|(whom, kept)| Revocation {
            whose: Whose::Person(whom.clone()),
            cut: kept.cut,
            until: kept.until,
        });
        let events = self.events.pin();
        let events = events
            .iter()
            .map(|(id, until)| Revocation::of_event(*id, *until));
        let all = sessions.chain(people).chain(events);
        all.filter(|revocation| revocation.until >= now).collect()
    }

    fn len(&self) -> usize {
        self.sessions.len() + self.people.len() + self.events.len()
    }
}
