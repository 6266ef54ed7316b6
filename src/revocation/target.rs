//! The targets of revocations, and the keys by which they are found.
//!
//! A user and a session at a provider share one map. The first byte of a key tells the kinds apart.

use std::hash::Hash;

use crate::session::{
    Binding,
    id::{ProviderSession, SessionId},
};

/// The object of a revocation. The outbox keeps one entry for each target, which a further
/// revocation of the same target widens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Target {
    /// One session of this layer.
    Session(SessionId),
    /// All sessions of a user or of a session at the provider, revoked by the application or
    /// without a date of the provider.
    Person(PersonKey),
    /// The same sessions, revoked by a report of the provider that has a date of its own.
    PersonByProviderTime(PersonKey),
    /// An event that was handled, and must not be handled again.
    Event(EventId),
}

/// A hash of the provider and of the event's `jti`, or of the members that identify an event
/// without a `jti`, shortened to 16 bytes.
pub(crate) type EventId = [u8; 16];

/// A user at a provider, or one session there. In one allocation, the bytes are a letter for the
/// kind, the binding of the provider, and the subject or the hash of the `sid`.
///
/// The binding is part of the key, so equal subjects of two providers are two users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PersonKey(pub(super) Box<[u8]>);

impl PersonKey {
    /// Whether the key names a session at the provider, not a user.
    pub(super) fn is_provider_session(&self) -> bool {
        self.0.first() == Some(&PROVIDER_SESSION)
    }

    /// Whether the key names the claims of a user, so that no session ends by it.
    pub(super) fn is_claims(&self) -> bool {
        self.0.first() == Some(&CLAIMS)
    }
}

/// The kind of a session at the provider. The other kinds are `u`, all sessions of a subject, `n`,
/// the sessions of a subject that have no `sid`, and `c`, the claims of a subject's sessions. The
/// letters are stored in the log. A replica keeps and publishes entries of a kind that it does not
/// know, and never looks them up, so new kinds do not disturb older replicas.
const PROVIDER_SESSION: u8 = b's';
/// The kind of the claims of a user's sessions.
const CLAIMS: u8 = b'c';

/// A [`PersonKey`] in pieces that are borrowed from a session. A look-up by it allocates nothing,
/// which the path of a signed-in request needs.
#[derive(Clone, Copy, Debug)]
pub(super) struct PersonKeyRef<'a> {
    kind: u8,
    binding: Binding,
    text: &'a [u8],
}

impl<'a> PersonKeyRef<'a> {
    /// All sessions of a user at a provider.
    pub(super) fn subject(binding: Binding, subject: &'a str) -> Self {
        Self {
            kind: b'u',
            binding,
            text: subject.as_bytes(),
        }
    }

    /// The sessions of a user without a `sid`. A report that names a `sid` cannot name these
    /// sessions, so a sign-out at the provider ends all of them of the user.
    pub(super) fn subject_without_session(binding: Binding, subject: &'a str) -> Self {
        Self {
            kind: b'n',
            binding,
            text: subject.as_bytes(),
        }
    }

    /// The claims of a user's sessions. An entry ends no session. It asks for new claims.
    pub(super) fn claims(binding: Binding, subject: &'a str) -> Self {
        Self {
            kind: CLAIMS,
            binding,
            text: subject.as_bytes(),
        }
    }

    /// The sessions that belong to one session at the provider.
    pub(super) fn provider_session(binding: Binding, session: &'a ProviderSession) -> Self {
        Self {
            kind: PROVIDER_SESSION,
            binding,
            text: session.as_bytes(),
        }
    }

    /// The key as the table and the log keep it.
    pub(super) fn to_owned(self) -> PersonKey {
        PersonKey(
            [&[self.kind], &self.binding.as_bytes()[..], self.text]
                .concat()
                .into(),
        )
    }
}

/// Writes the same values as the hash of the equal [`PersonKey`].
impl Hash for PersonKeyRef<'_> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write_u8(self.kind);
        state.write_u64(u64::from_le_bytes(*self.binding.as_bytes()));
        state.write(self.text);
    }
}

/// Must be the hash of the equal [`PersonKeyRef`], by which it is looked up.
impl Hash for PersonKey {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        if let Some((kind, rest)) = self.0.split_first()
            && let Some((binding, text)) = rest.split_first_chunk()
        {
            state.write_u8(*kind);
            state.write_u64(u64::from_le_bytes(*binding));
            state.write(text);
        }
    }
}

impl papaya::Equivalent<PersonKey> for PersonKeyRef<'_> {
    fn equivalent(&self, person: &PersonKey) -> bool {
        let rest = person.0.strip_prefix(&[self.kind]);
        let text = rest.and_then(|rest| rest.strip_prefix(self.binding.as_bytes()));
        text == Some(self.text)
    }
}
