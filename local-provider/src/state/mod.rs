//! Everything that the provider remembers. Modules here hold data and answer no request.

pub(crate) mod challenge;
pub(crate) mod consents;
pub(crate) mod grants;
pub(crate) mod inbox;
pub(crate) mod pushed;
pub(crate) mod requested;
pub(crate) mod sessions;
pub(crate) mod used_assertions;
pub(crate) mod used_signatures;
pub(crate) mod verifications;

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use self::{
    consents::Consents,
    grants::{Grants, Kind},
    inbox::Inbox,
    pushed::Pushed,
    sessions::Sessions,
    used_assertions::UsedAssertions,
    used_signatures::UsedSignatures,
    verifications::Verifications,
};
use crate::{
    dialect::Dialect, faults::Faults, keys::signer::Signer, person::Person, settings::Settings,
    web::record::Records,
};

/// The state, shared by all connections. The guard is not held across an `await`.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Mutex<State>>);

impl Shared {
    pub(crate) fn new(origin: String, settings: Settings) -> io::Result<Self> {
        let state = State::new(origin, settings)?;
        Ok(Self(Arc::new(Mutex::new(state))))
    }

    /// Locks the state for one request. A panic of another holder is ignored, so that one failed
    /// test does not fail all others.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The state of a provider. A new kind of state is a module here and a field.
pub(crate) struct State {
    /// The address of the provider.
    pub(crate) origin: String,
    pub(crate) settings: Settings,
    pub(crate) people: Vec<Person>,
    pub(crate) grants: Grants,
    pub(crate) faults: Faults,
    pub(crate) records: Records,
    pub(crate) consents: Consents,
    pub(crate) signer: Signer,
    pub(crate) pushed: Pushed,
    pub(crate) sessions: Sessions,
    pub(crate) used_assertions: UsedAssertions,
    pub(crate) inbox: Inbox,
    pub(crate) used_signatures: UsedSignatures,
    pub(crate) verifications: Verifications,
}

impl State {
    fn new(origin: String, settings: Settings) -> io::Result<Self> {
        Ok(Self {
            origin,
            settings,
            people: Vec::new(),
            grants: Grants::new()?,
            faults: Faults::default(),
            records: Records::default(),
            consents: Consents::default(),
            signer: Signer::default(),
            pushed: Pushed::default(),
            sessions: Sessions::default(),
            used_assertions: UsedAssertions::default(),
            inbox: Inbox::default(),
            used_signatures: UsedSignatures::default(),
            verifications: Verifications::default(),
        })
    }

    /// The person with this id.
    pub(crate) fn person(&self, id: u64) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    /// Removes the consents of a person in a dialect, and revokes the tokens.
    pub(crate) fn unlink(&mut self, dialect: Dialect, person: u64) {
        self.consents.unlink(dialect, person);
        self.grants.revoke_all_of(dialect, person);
    }

    /// Removes the consent behind a token, which revokes all tokens of the person. `false` if the
    /// token is unknown.
    pub(crate) fn revoke(&mut self, dialect: Dialect, token: &str) -> bool {
        let kinds = [Kind::Access, Kind::Refresh];
        let mut grants = kinds
            .iter()
            .filter_map(|kind| self.grants.find(dialect, *kind, token));
        let person = grants.next().map(|grant| grant.person);
        if let Some(person) = person {
            self.unlink(dialect, person);
        }
        person.is_some()
    }
}
