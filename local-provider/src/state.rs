use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    authorization::Authorization,
    consents::Consents,
    dialect::Dialect,
    events::Sessions,
    faults::Faults,
    grant::{Grants, Kind},
    oidc::{Assertions, pushed::Pushed},
    person::Person,
    record::Records,
    settings::Settings,
    signer::Signer,
};

/// Everything the provider knows. No guard is ever held across an `await`.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Mutex<State>>);

impl Shared {
    pub(crate) fn new(origin: String) -> io::Result<Self> {
        let state = State::new(origin)?;
        Ok(Self(Arc::new(Mutex::new(state))))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) struct State {
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
    pub(crate) assertions: Assertions,
}

impl State {
    fn new(origin: String) -> io::Result<Self> {
        Ok(Self {
            origin,
            settings: Settings::default(),
            people: Person::defaults(),
            grants: Grants::new()?,
            faults: Faults::default(),
            records: Records::default(),
            consents: Consents::default(),
            signer: Signer::default(),
            pushed: Pushed::default(),
            sessions: Sessions::default(),
            assertions: Assertions::default(),
        })
    }

    pub(crate) fn person(&self, id: u64) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    /// Adds a person, in place of any earlier one with the same id.
    pub(crate) fn add(&mut self, person: Person) {
        self.people.retain(|other| other.id != person.id);
        for dialect in Dialect::ALL {
            self.unlink(dialect, person.id);
            if person.agrees_to_phone {
                let items = dialect.speech().items(&self.settings);
                self.consents.link(dialect, person.id, &items, None);
            }
        }
        self.people.push(person);
    }

    pub(crate) fn unlink(&mut self, dialect: Dialect, person: u64) {
        self.consents.unlink(dialect, person);
        self.grants.revoke_all_of(dialect, person);
    }

    /// Ends the consent behind a token, and all tokens with it.
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

    /// Whether the person has agreed to the whole scope.
    pub(crate) fn has_agreed(&self, dialect: Dialect, asked: &Authorization, person: u64) -> bool {
        let mut items = asked.scope.iter().filter(|item| *item != "openid");
        items.all(|item| self.consents.agrees(dialect, person, item))
    }

    /// What a code issued now stands for: the items that the person agreed to.
    pub(crate) fn granted(
        &self,
        dialect: Dialect,
        asked: &Authorization,
        person: u64,
    ) -> Vec<String> {
        let items = asked.items.iter();
        let agreed = items.filter(|item| self.consents.agrees(dialect, person, item));
        let mut granted: Vec<String> = agreed.cloned().collect();
        if asked.merges {
            let earlier = self.consents.of(dialect, person);
            granted.extend(earlier.filter(|item| !asked.is_about(item)).cloned());
        }
        if asked.asks_for("openid") && !asked.is_about("openid") {
            granted.push("openid".to_owned());
        }
        granted
    }
}
