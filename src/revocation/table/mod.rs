//! The revocations that could still end a session, in memory.
//!
//! There are four maps, because four kinds of target are looked up by different keys. They are one
//! session, a user or a session at the provider, the claims of a user, and a handled event.

use std::{
    hash::RandomState,
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
};

use papaya::{HashMap, ResizeMode};

use super::{
    entry::{Cutoff, Revocation, SKEW, SessionStart, TRANSIT},
    person::PersonRevocations,
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

use claims::ClaimsRequests;
pub(super) use claims::Source;
use ever::Ever;

mod claims;
mod ever;
#[cfg(test)]
mod tests;

/// The revocations in effect on this replica. Every request reads the table; a revocation writes it
/// now and then.
///
/// Reads of `papaya` take no lock and allocate nothing. A growing map is moved at once
/// (`ResizeMode::Blocking`), because each read during a move step by step would look into both.
///
/// # Hasher
/// Keys are hashed with the standard library's SipHash and a random key. `papaya` allocates without
/// end if some dozens of keys share a slot. With a hash without a secret, such keys can be
/// computed: users of some providers choose their own subject, and an application may pass on the
/// session id of a request.
#[derive(Debug)]
pub(super) struct Table {
    /// The revoked sessions, each with the date after which the session has expired anyway.
    sessions: HashMap<SessionId, UnixTime, Hasher>,
    /// The revocations of users and of sessions at a provider.
    users: HashMap<PersonKey, PersonRevocations, Hasher>,
    /// The requests for new claims of users.
    claims: HashMap<PersonKey, ClaimsRequests, Hasher>,
    /// The expiry of each handled event.
    events: HashMap<EventId, UnixTime, Hasher>,
    /// Whether `users` and `claims` ever got an entry.
    had_users: Ever,
    had_claims: Ever,
    /// The number of entries added since the last pruning. An update of a known entry counts too,
    /// so pruning may come earlier than needed, never later.
    added: AtomicUsize,
    /// The number of revocations ever applied, as a logical clock. A sign-in notes the step at its
    /// start. The revocations with a later step came while it ran.
    steps: AtomicU64,
}

/// SipHash with a random key for each map. See [`Table`].
type Hasher = RandomState;

/// Events beyond this number are not noted, so a copy of one may be handled again. Providers sign
/// events, so a stranger cannot fill the table.
const MOST_EVENTS: usize = 65_536;

/// The table is pruned when more entries were added than this number and half of its size. A table
/// whose live entries do not grow then holds at most about twice their number.
const SLACK: usize = 1024;

impl Default for Table {
    fn default() -> Self {
        Self {
            sessions: HashMap::builder()
                .hasher(Hasher::default())
                .resize_mode(ResizeMode::Blocking)
                .build(),
            users: HashMap::builder()
                .hasher(Hasher::default())
                .resize_mode(ResizeMode::Blocking)
                .build(),
            claims: HashMap::builder()
                .hasher(Hasher::default())
                .resize_mode(ResizeMode::Blocking)
                .build(),
            events: HashMap::builder()
                .hasher(Hasher::default())
                .resize_mode(ResizeMode::Blocking)
                .build(),
            had_users: Ever::default(),
            had_claims: Ever::default(),
            added: AtomicUsize::new(0),
            steps: AtomicU64::new(0),
        }
    }
}

impl Table {
    /// Whether any revocation ends the session of this user. The caller has opened the session with
    /// this `binding`.
    ///
    /// The session's own id is checked first, which is one look-up. The two look-ups by user
    /// follow.
    pub(super) fn has_ended(&self, binding: Binding, user: &VerifiedUser) -> bool {
        let facts = user.facts();
        if self.has_session(&facts.session_id) {
            return true;
        }
        let start = SessionStart {
            signed_in_at: facts.authenticated_at,
            issued_at: facts.issued_at,
        };
        let [of_subject, at_provider] = self.of_person(binding, user);
        let ends = |revocations: Option<PersonRevocations>, known| {
            revocations.is_some_and(|revocations| revocations.ends(start, known))
        };
        ends(of_subject, facts.known.subject)
            || match facts.provider_session {
                // A session at the provider that ended never begins again, so its dates are not
                // compared.
                Some(_) => at_provider.is_some_and(|revocations| revocations.reaches(start)),
                None => ends(at_provider, facts.known.at_provider),
            }
    }

    /// The number of revocations applied so far.
    ///
    /// `Acquire` pairs with the increment in [`add`](Self::add).
    pub(super) fn step(&self) -> u64 {
        self.steps.load(Ordering::Acquire)
    }

    pub(super) fn has_session(&self, id: &SessionId) -> bool {
        self.sessions.pin().contains_key(id)
    }

    pub(super) fn has_event(&self, id: &EventId) -> bool {
        self.events.pin().contains_key(id)
    }

    /// The dates of the last revocations that were applied by `step`. A session keeps them as
    /// [`Known`].
    pub(super) fn known(&self, binding: Binding, user: &VerifiedUser, step: u64) -> Known {
        let [of_subject, at_provider] = self.of_person(binding, user);
        let at = |revocations: Option<PersonRevocations>| {
            revocations.map_or(0, |revocations| revocations.known(step))
        };
        Known {
            subject: at(of_subject),
            at_provider: at(at_provider),
        }
    }

    /// The revocations of the user's subject, and those of the session's `sid`. For a session
    /// without a `sid`, the second ones are those for all sessions of the subject without one.
    fn of_person(&self, binding: Binding, user: &VerifiedUser) -> [Option<PersonRevocations>; 2] {
        if !self.had_users.has_entry() {
            return [None; 2];
        }
        let users = self.users.pin();
        let find = |key: PersonKeyRef<'_>| users.get(&key).copied();
        let at_provider = match &user.facts().provider_session {
            Some(id) => PersonKeyRef::provider_session(binding, id),
            None => PersonKeyRef::subject_without_session(binding, &user.subject),
        };
        [
            find(PersonKeyRef::subject(binding, &user.subject)),
            find(at_provider),
        ]
    }

    /// Sets the date of a user's revocation to now, and at least to one millisecond after the
    /// latest known one of the same user.
    ///
    /// The millisecond makes the dates of one user strictly increase. Without it, a sign-in that
    /// began after the latest revocation, and knows its date, would survive a second revocation
    /// within the same millisecond, or one by a clock that is behind.
    ///
    /// A revocation without a date of the provider that names a time more than [`TRANSIT`] ago
    /// keeps that time, because the user may have signed in again since. Targets other than users
    /// have no date.
    pub(super) fn date(&self, revocation: &mut Revocation, now_millis: u64) {
        let (Target::Person(person) | Target::PersonByProviderTime(person)) = &revocation.target
        else {
            return;
        };
        if person.is_claims() {
            let user = person.clone();
            return self.date_claims(&user, revocation, now_millis);
        }
        let (now, cutoff) = (
            UnixTime::from_secs(now_millis / 1000),
            &mut revocation.cutoff,
        );
        // A session that is dated up to now is plausible, also if the revocation names an earlier
        // time.
        cutoff.implausible_after = cutoff.implausible_after.max(now.after(SKEW));
        let is_late = now > UnixTime::from_secs(cutoff.at / 1000).after(TRANSIT);
        if cutoff.issued_until.is_none() && is_late {
            return;
        }
        cutoff.at = cutoff.at.max(now_millis);
        if let Some(known) = self.users.pin().get(person) {
            cutoff.at = cutoff.at.max(known.latest().saturating_add(1));
            if cutoff.issued_until.is_some() {
                cutoff.issued_until = cutoff.issued_until.max(known.issued_until());
            }
            revocation.expires_at = revocation.expires_at.max(known.expires_at);
        }
    }

    /// Applies one revocation. A known entry of the same target is widened, never narrowed, so
    /// entries may come in any order and more than once. `now` is the date for pruning.
    pub(super) fn add(&self, revocation: &Revocation, from: Source, now: UnixTime) {
        let expires_at = revocation.expires_at;
        // Counted before it is inserted, so that a sign-in that starts once the entry is visible
        // has reached the entry's step. The new session would otherwise end by a revocation that
        // came before it.
        let step = self.steps.fetch_add(1, Ordering::AcqRel) + 1;
        match &revocation.target {
            Target::Session(id) => {
                let sessions = self.sessions.pin();
                sessions.update_or_insert(*id, |known| expires_at.max(*known), expires_at);
            }
            Target::Person(user) if user.is_claims() => self.add_claims(user, revocation, from),
            Target::Person(person) | Target::PersonByProviderTime(person) => {
                self.had_users.note();
                let (cutoff, users) = (revocation.cutoff, self.users.pin());
                let later = |known: &PersonRevocations| known.with(cutoff, expires_at, step);
                let first = PersonRevocations::NONE.with(cutoff, expires_at, step);
                users.update_or_insert(person.clone(), later, first);
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

    /// Drops expired entries.
    pub(super) fn prune(&self, now: UnixTime) {
        self.added.store(0, Ordering::Relaxed);
        let is_live = |expires_at: &UnixTime| *expires_at >= now;
        self.sessions
            .pin()
            .retain(|_, expires_at| is_live(expires_at));
        self.users
            .pin()
            .retain(|_, revocations| is_live(&revocations.expires_at));
        self.claims
            .pin()
            .retain(|_, requests| is_live(&requests.expires_at));
        self.events
            .pin()
            .retain(|_, expires_at| is_live(expires_at));
    }

    /// Every live entry, to be published again after the log lost them.
    pub(super) fn all(&self, now: UnixTime) -> Vec<Revocation> {
        let (sessions, users) = (self.sessions.pin(), self.users.pin());
        let sessions = sessions.iter().map(|(id, expires_at)| Revocation {
            target: Target::Session(*id),
            cutoff: Cutoff::UNUSED,
            expires_at: *expires_at,
        });
        let users = users.iter().flat_map(|(person, revocations)| {
            revocations.cutoffs().map(move |cutoff| Revocation {
                target: match cutoff.issued_until {
                    Some(_) => Target::PersonByProviderTime(person.clone()),
                    None => Target::Person(person.clone()),
                },
                cutoff,
                expires_at: revocations.expires_at,
            })
        });
        let claims = self.claims.pin();
        let claims = claims.iter().map(|(user, requests)| Revocation {
            target: Target::Person(user.clone()),
            cutoff: requests.restored(),
            expires_at: requests.expires_at,
        });
        let events = self.events.pin();
        let events = events
            .iter()
            .map(|(id, expires_at)| Revocation::of_event(*id, *expires_at));
        let all = sessions.chain(users).chain(claims).chain(events);
        all.filter(|revocation| revocation.expires_at >= now)
            .collect()
    }

    fn len(&self) -> usize {
        self.sessions.len() + self.users.len() + self.claims.len() + self.events.len()
    }
}
