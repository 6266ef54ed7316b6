use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{faults::Faults, grant::Grants, person::Person, record::Records, settings::Settings};

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
    /// The people linked to the app, with the consent items each agreed to.
    links: BTreeMap<u64, BTreeSet<String>>,
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
            links: BTreeMap::new(),
        })
    }

    pub(super) fn person(&self, id: u64) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    /// Adds a person, in place of any earlier one with the same id.
    pub(super) fn add(&mut self, person: Person) {
        self.unlink(person.id);
        self.people.retain(|other| other.id != person.id);
        if person.agrees_to_phone {
            self.link(person.id, true);
        }
        self.people.push(person);
    }

    pub(super) fn is_linked(&self, person: u64) -> bool {
        self.links.contains_key(&person)
    }

    pub(super) fn agrees(&self, person: u64, item: &str) -> bool {
        let items = self.links.get(&person);
        items.is_some_and(|items| items.contains(item))
    }

    /// Records a consent: to the phone number as chosen, to the app's other items always.
    pub(super) fn link(&mut self, person: u64, phone: bool) {
        let items = self.settings.consent_items.iter();
        let agreed = items.filter(|item| phone || *item != "phone_number");
        self.links.insert(person, agreed.cloned().collect());
    }

    pub(super) fn unlink(&mut self, person: u64) {
        self.links.remove(&person);
        self.grants.revoke_all_of(person);
    }

    /// The items among `scope` that the person has yet to agree to.
    pub(super) fn missing<'a>(&self, person: u64, scope: &'a [String]) -> Vec<&'a str> {
        let items = scope.iter().map(String::as_str);
        items
            .filter(|item| *item != "openid" && !self.agrees(person, item))
            .collect()
    }

    /// What a code issued now stands for: the app's items that the person agreed to.
    pub(super) fn granted(&self, person: u64) -> Vec<String> {
        let items = self.settings.consent_items.iter();
        items
            .filter(|item| self.agrees(person, item))
            .cloned()
            .collect()
    }
}
