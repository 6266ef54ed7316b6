use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
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
pub(super) struct Shared(Arc<Mutex<State>>);

impl Shared {
    pub(super) fn new(origin: String) -> io::Result<Self> {
        let state = State::new(origin)?;
        Ok(Self(Arc::new(Mutex::new(state))))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) struct State {
    pub(super) origin: String,
    pub(super) settings: Settings,
    pub(super) people: Vec<Person>,
    pub(super) grants: Grants,
    pub(super) faults: Faults,
    pub(super) records: Records,
    pub(super) consents: Consents,
    pub(super) signer: Signer,
    pub(super) pushed: Pushed,
    pub(super) sessions: Sessions,
    pub(super) assertions: Assertions,
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

    pub(super) fn person(&self, id: u64) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    /// Adds a person, in place of any earlier one with the same id.
    pub(super) fn add(&mut self, person: Person) {
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

    pub(super) fn unlink(&mut self, dialect: Dialect, person: u64) {
        self.consents.unlink(dialect, person);
        self.grants.revoke_all_of(dialect, person);
    }

    /// Ends the consent behind a token, and all tokens with it.
    pub(super) fn revoke(&mut self, dialect: Dialect, token: &str) -> bool {
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
    pub(super) fn has_agreed(&self, dialect: Dialect, asked: &Authorization, person: u64) -> bool {
        let mut items = asked.scope.iter().filter(|item| *item != "openid");
        items.all(|item| self.consents.agrees(dialect, person, item))
    }

    /// What a code issued now stands for: the items that the person agreed to.
    pub(super) fn granted(
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
