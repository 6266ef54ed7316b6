//! What a revocation is about.

use std::hash::Hash;

use crate::session::{
    Binding,
    id::{ProviderSession, SessionId},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Target {
    Session(SessionId),
    Person(PersonKey),
    /// The same, as the provider said it: with its own time.
    PersonByProviderTime(PersonKey),
    /// Nobody's: an event that was handled, and must not be handled again.
    Event(EventId),
}

/// A short hash of the name that a provider gave an event, and of the provider.
pub(crate) type EventId = [u8; 16];

/// A person at a provider, or what belongs to one session there: a letter, the binding, and the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PersonKey(pub(super) Box<[u8]>);

impl PersonKey {
    pub(super) fn is_provider_session(&self) -> bool {
        self.0.first() == Some(&PROVIDER_SESSION)
    }
}

const PROVIDER_SESSION: u8 = b's';

/// The same, borrowed from a session that is looked up.
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

    /// What a person has in sessions that know no session at the provider.
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

    pub(super) fn person(self) -> PersonKey {
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

/// As its [`PersonKeyRef`], by which it is looked up.
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
