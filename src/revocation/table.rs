//! The revocations that could still end a session, in memory.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use papaya::{HashMap, ResizeMode};

use super::{
    entry::{Begun, Cut, Revocation, SKEW, TRANSIT},
    hasher::RevocationHasher,
    target::{EventId, PersonKey, PersonKeyRef, Target},
};
use crate::{
    clock::UnixTime,
    session::{
        Binding,
        id::SessionId,
        user::{Known, VerifiedUser},
    },
};

/// Read by every request without a lock; written by a revocation now and then.
///
/// `papaya`'s reads take no lock and allocate nothing. A table is moved in one go when it grows: while it is
/// moved step by step, each read would look into both.
#[derive(Debug)]
pub(super) struct Table {
    sessions: HashMap<SessionId, UnixTime, RevocationHasher>,
    people: HashMap<PersonKey, Kept, RevocationHasher>,
    /// Events that were handled, and until when a copy of each would be believed.
    events: HashMap<EventId, UnixTime, RevocationHasher>,
    /// Since it was last pruned.
    added: AtomicUsize,
    /// How many were ever added.
    steps: AtomicU64,
}

/// What was revoked of one person: by this application, and by the provider with its own time.
#[derive(Clone, Copy, Debug)]
struct Kept {
    own: Option<Learned>,
    issued_until: Option<Learned>,
    expires_at: UnixTime,
}

#[derive(Clone, Copy, Debug)]
struct Learned {
    cut: Cut,
    /// After so many others.
    step: u64,
}

impl Kept {
    const NONE: Self = Self {
        own: None,
        issued_until: None,
        expires_at: UnixTime::from_secs(0),
    };

    fn with(self, cut: Cut, expires_at: UnixTime, step: u64) -> Self {
        let later = |before: Option<Learned>| match before {
            Some(before) if before.cut.max(cut) == before.cut => before,
            Some(before) => Learned {
                cut: before.cut.max(cut),
                step,
            },
            None => Learned { cut, step },
        };
        let expires_at = self.expires_at.max(expires_at);
        match cut.issued_until {
            Some(_) => Self {
                issued_until: Some(later(self.issued_until)),
                expires_at,
                ..self
            },
            None => Self {
                own: Some(later(self.own)),
                expires_at,
                ..self
            },
        }
    }

    fn all(&self) -> impl Iterator<Item = Learned> {
        [self.own, self.issued_until].into_iter().flatten()
    }

    /// Replicas forget it some time after its end, each in its own time. A replica that forgot it signs users in who do
    /// not know it: their sessions are dated after that end.
    fn reaches(&self, begun: Begun) -> bool {
        begun.dated <= self.expires_at
    }

    fn ends(&self, begun: Begun, known: u64) -> bool {
        self.reaches(begun) && self.all().any(|learned| learned.cut.ends(begun, known))
    }

    fn latest(&self) -> u64 {
        let dates = self.all().map(|learned| learned.cut.at);
        dates.max().unwrap_or_default()
    }

    /// The latest that was known at that step, and none later than one that was not.
    fn known(&self, step: u64) -> u64 {
        let dates = |was_known: bool| {
            let those = self
                .all()
                .filter(move |learned| (learned.step <= step) == was_known);
            those.map(|learned| learned.cut.at)
        };
        let (known, unknown) = (dates(true).max(), dates(false).min());
        let known = known.unwrap_or_default();
        unknown.map_or(known, |at| known.min(at.saturating_sub(1)))
    }
}

/// More events are forgotten: a copy of one may then be handled again. Providers sign them, so a stranger adds none.
const MOST_EVENTS: usize = 65_536;

/// Pruned after so many more than there were, so that it holds no more than twice what is live.
const SLACK: usize = 1024;

impl Default for Table {
    fn default() -> Self {
        Self {
            sessions: HashMap::builder()
                .hasher(RevocationHasher::default())
                .resize_mode(ResizeMode::Blocking)
                .build(),
            people: HashMap::builder()
                .hasher(RevocationHasher::default())
                .resize_mode(ResizeMode::Blocking)
                .build(),
            events: HashMap::builder()
                .hasher(RevocationHasher::default())
                .resize_mode(ResizeMode::Blocking)
                .build(),
            added: AtomicUsize::new(0),
            steps: AtomicU64::new(0),
        }
    }
}

impl Table {
    pub(super) fn has_ended(&self, binding: Binding, user: &VerifiedUser) -> bool {
        if self.has_session(&user.session_id) {
            return true;
        }
        let begun = Begun {
            dated: user.authenticated_at.into(),
            issued: user.issued_at,
        };
        let [subject, at_provider] = self.kept(binding, user);
        let ends = |kept: Option<Kept>, known| kept.is_some_and(|kept| kept.ends(begun, known));
        ends(subject, user.known.subject)
            || match user.provider_session {
                // A session at the provider that was ended never begins again.
                Some(_) => at_provider.is_some_and(|kept| kept.reaches(begun)),
                None => ends(at_provider, user.known.at_provider),
            }
    }

    /// How many revocations were learned so far.
    pub(super) fn step(&self) -> u64 {
        self.steps.load(Ordering::Acquire)
    }

    pub(super) fn has_session(&self, id: &SessionId) -> bool {
        self.sessions.pin().contains_key(id)
    }

    pub(super) fn has_event(&self, id: &EventId) -> bool {
        self.events.pin().contains_key(id)
    }

    /// The revocations that a sign-in comes after which began at that step.
    pub(super) fn known(&self, binding: Binding, user: &VerifiedUser, step: u64) -> Known {
        let [subject, at_provider] = self.kept(binding, user);
        let at = |kept: Option<Kept>| kept.map_or(0, |kept| kept.known(step));
        Known {
            subject: at(subject),
            at_provider: at(at_provider),
        }
    }

    /// What was revoked of this person; and of this session at the provider, or of the person's sessions that know none.
    fn kept(&self, binding: Binding, user: &VerifiedUser) -> [Option<Kept>; 2] {
        let people = self.people.pin();
        let kept = |name: PersonKeyRef<'_>| people.get(&name).copied();
        let narrower = match &user.provider_session {
            Some(id) => PersonKeyRef::provider_session(binding, id),
            None => PersonKeyRef::subject_without_session(binding, &user.subject),
        };
        [
            kept(PersonKeyRef::subject(binding, &user.subject)),
            kept(narrower),
        ]
    }

    /// Dates the revocation of a person as what happens now: after any before, so that it ends a sign-in that came
    /// between the two.
    pub(super) fn date(&self, revocation: &mut Revocation, now_millis: u64) {
        let (Target::Person(person) | Target::PersonByProviderTime(person)) = &revocation.target
        else {
            return;
        };
        let (now, cut) = (UnixTime::from_secs(now_millis / 1000), &mut revocation.cut);
        cut.ahead = cut.ahead.max(now.after(SKEW));
        // What is said of an earlier time ends nothing begun since.
        if cut.issued_until.is_none() && now > UnixTime::from_secs(cut.at / 1000).after(TRANSIT) {
            return;
        }
        cut.at = cut.at.max(now_millis);
        if let Some(known) = self.people.pin().get(person) {
            cut.at = cut.at.max(known.latest().saturating_add(1));
            if cut.issued_until.is_some() {
                let before = known
                    .issued_until
                    .and_then(|learned| learned.cut.issued_until);
                cut.issued_until = cut.issued_until.max(before);
            }
            revocation.expires_at = revocation.expires_at.max(known.expires_at);
        }
    }

    pub(super) fn add(&self, revocation: &Revocation, now: UnixTime) {
        let expires_at = revocation.expires_at;
        // Before it can be found: what a sign-in finds came before its step, or after it.
        let step = self.steps.fetch_add(1, Ordering::AcqRel) + 1;
        match &revocation.target {
            Target::Session(id) => {
                let sessions = self.sessions.pin();
                sessions.update_or_insert(*id, |known| expires_at.max(*known), expires_at);
            }
            Target::Person(person) | Target::PersonByProviderTime(person) => {
                let (cut, people) = (revocation.cut, self.people.pin());
                let later = |known: &Kept| known.with(cut, expires_at, step);
                let first = Kept::NONE.with(cut, expires_at, step);
                people.update_or_insert(person.clone(), later, first);
            }
            Target::Event(id) if self.events.len() < MOST_EVENTS => {
                let events = self.events.pin();
                events.update_or_insert(*id, |known| expires_at.max(*known), expires_at);
            }
            Target::Event(_) => {}
        }
        let added = self.added.fetch_add(1, Ordering::Relaxed);
        if added > SLACK + self.len() / 2 {
            self.prune(now);
        }
    }

    /// Forgets what can end nothing any more.
    pub(super) fn prune(&self, now: UnixTime) {
        self.added.store(0, Ordering::Relaxed);
        self.sessions
            .pin()
            .retain(|_, expires_at| *expires_at >= now);
        self.people.pin().retain(|_, kept| kept.expires_at >= now);
        self.events.pin().retain(|_, expires_at| *expires_at >= now);
    }

    /// Everything that can still end a session, for a log that lost it.
    pub(super) fn all(&self, now: UnixTime) -> Vec<Revocation> {
        let (sessions, people) = (self.sessions.pin(), self.people.pin());
        let sessions = sessions.iter().map(|(id, expires_at)| Revocation {
            target: Target::Session(*id),
            cut: Cut::NONE,
            expires_at: *expires_at,
        });
        let people = people.iter().flat_map(|(person, kept)| {
            kept.all().map(move |learned| Revocation {
                target: match learned.cut.issued_until {
                    Some(_) => Target::PersonByProviderTime(person.clone()),
                    None => Target::Person(person.clone()),
                },
                cut: learned.cut,
                expires_at: kept.expires_at,
            })
        });
        let events = self.events.pin();
        let events = events
            .iter()
            .map(|(id, expires_at)| Revocation::of_event(*id, *expires_at));
        let all = sessions.chain(people).chain(events);
        all.filter(|revocation| revocation.expires_at >= now)
            .collect()
    }

    fn len(&self) -> usize {
        self.sessions.len() + self.people.len() + self.events.len()
    }
}
