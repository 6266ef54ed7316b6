//! The revocations that could still end a session, in memory.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use papaya::{HashMap, ResizeMode};

use super::{
    entry::{Begun, Cut, Revocation, SKEW, TRANSIT},
    hasher::Fold,
    target::{EventId, Name, Whom, Whose},
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
pub(super) struct Live {
    sessions: HashMap<SessionId, UnixTime, Fold>,
    people: HashMap<Whom, Kept, Fold>,
    /// Events that were handled, and until when a copy of each would be believed.
    events: HashMap<EventId, UnixTime, Fold>,
    /// Since it was last pruned.
    added: AtomicUsize,
    /// How many were ever added.
    steps: AtomicU64,
}

/// What was revoked of one person: by this application, and by the provider with its own time.
#[derive(Clone, Copy, Debug)]
struct Kept {
    own: Option<Learned>,
    told: Option<Learned>,
    until: UnixTime,
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
        told: None,
        until: UnixTime::from_secs(0),
    };

    fn with(self, cut: Cut, until: UnixTime, step: u64) -> Self {
        let later = |before: Option<Learned>| match before {
            Some(before) if before.cut.max(cut) == before.cut => before,
            Some(before) => Learned {
                cut: before.cut.max(cut),
                step,
            },
            None => Learned { cut, step },
        };
        let until = self.until.max(until);
        match cut.told {
            Some(_) => Self {
                told: Some(later(self.told)),
                until,
                ..self
            },
            None => Self {
                own: Some(later(self.own)),
                until,
                ..self
            },
        }
    }

    fn all(&self) -> impl Iterator<Item = Learned> {
        [self.own, self.told].into_iter().flatten()
    }

    /// Replicas forget it some time after its end, each in its own time. A replica that forgot it signs users in who do
    /// not know it: their sessions are dated after that end.
    fn reaches(&self, begun: Begun) -> bool {
        begun.dated <= self.until
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
            steps: AtomicU64::new(0),
        }
    }
}

impl Live {
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
        let kept = |name: Name<'_>| people.get(&name).copied();
        let narrower = match &user.provider_session {
            Some(id) => Name::provider_session(binding, id),
            None => Name::subject_without_session(binding, &user.subject),
        };
        [kept(Name::subject(binding, &user.subject)), kept(narrower)]
    }

    /// Dates the revocation of a person as what happens now: after any before, so that it ends a sign-in that came
    /// between the two.
    pub(super) fn date(&self, revocation: &mut Revocation, now_millis: u64) {
        let (Whose::Person(whom) | Whose::Told(whom)) = &revocation.whose else {
            return;
        };
        let (now, cut) = (UnixTime::from_secs(now_millis / 1000), &mut revocation.cut);
        cut.ahead = cut.ahead.max(now.after(SKEW));
        // What is said of an earlier time ends nothing begun since.
        if cut.told.is_none() && now > UnixTime::from_secs(cut.at / 1000).after(TRANSIT) {
            return;
        }
        cut.at = cut.at.max(now_millis);
        if let Some(known) = self.people.pin().get(whom) {
            cut.at = cut.at.max(known.latest().saturating_add(1));
            if cut.told.is_some() {
                let before = known.told.and_then(|learned| learned.cut.told);
                cut.told = cut.told.max(before);
            }
            revocation.until = revocation.until.max(known.until);
        }
    }

    pub(super) fn add(&self, revocation: &Revocation, now: UnixTime) {
        let until = revocation.until;
        // Before it can be found: what a sign-in finds came before its step, or after it.
        let step = self.steps.fetch_add(1, Ordering::AcqRel) + 1;
        match &revocation.whose {
            Whose::Session(id) => {
                let sessions = self.sessions.pin();
                sessions.update_or_insert(*id, |known| until.max(*known), until);
            }
            Whose::Person(whom) | Whose::Told(whom) => {
                let (cut, people) = (revocation.cut, self.people.pin());
                let later = |known: &Kept| known.with(cut, until, step);
                let first = Kept::NONE.with(cut, until, step);
                people.update_or_insert(whom.clone(), later, first);
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
        let people = people.iter().flat_map(|(whom, kept)| {
            kept.all().map(move |learned| Revocation {
                whose: match learned.cut.told {
                    Some(_) => Whose::Told(whom.clone()),
                    None => Whose::Person(whom.clone()),
                },
                cut: learned.cut,
                until: kept.until,
            })
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
