//! The targets of revocations, and the keys by which they are found.

use std::hash::Hash;

use crate::session::{
    Binding,
    id::{ProviderSession, SessionId},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Target {
    Session(SessionId),
    Person(PersonKey),
    /// The same person, revoked by a message of the provider that has a date of its own.
    PersonByProviderTime(PersonKey),
    /// An event that was handled, and must not be handled again.
    Event(EventId),
}

/// A short hash of the provider and of the event's `jti`, or what stands for it.
pub(crate) type EventId = [u8; 16];

/// A user at a provider, or one session there: a letter for the kind, the binding, and the subject
/// or the hash of the `sid`, in one allocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PersonKey(pub(super) Box<[u8]>);

impl PersonKey {
    pub(super) fn is_provider_session(&self) -> bool {
        self.0.first() == Some(&PROVIDER_SESSION)
    }
}

const PROVIDER_SESSION: u8 = b's';

/// A [`PersonKey`] in pieces that are borrowed from a session: a look-up allocates nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct PersonKeyRef<'a> {
    kind: u8,
    binding: Binding,
    text: &'a [u8],
}

impl<'a> PersonKeyRef<'a> {
    pub(super) fn subject(binding: Binding, subject: &'a str) -> Self {
        Self {
            kind: b'u',
            binding,
            text: subject.as_bytes(),
        }
    }

    /// The sessions of a user without a `sid`.
    pub(super) fn subject_without_session(binding: Binding, subject: &'a str) -> Self {
        Self {
            kind: b'n',
            binding,
            text: subject.as_bytes(),
        }
    }

    pub(super) fn provider_session(binding: Binding, session: &'a ProviderSession) -> Self {
        Self {
            kind: PROVIDER_SESSION,
            binding,
            text: session.as_bytes(),
        }
    }

    pub(super) fn to_owned(self) -> PersonKey {
        PersonKey(
            [&[self.kind], &self.binding.as_bytes()[..], self.text]
                .concat()
                .into(),
        )
    }
}

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
