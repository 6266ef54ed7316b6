//! The consents of persons.

use std::collections::{BTreeMap, BTreeSet};

use crate::dialect::Dialect;

/// The persons who are linked to the application, each with the consent items that the person
/// agreed to. Each dialect has consents of its own.
#[derive(Default)]
pub(crate) struct Consents(BTreeMap<(Dialect, u64), BTreeSet<String>>);

impl Consents {
    /// Whether the person has used the application before, with or without any item.
    pub(crate) fn is_linked(&self, dialect: Dialect, person: u64) -> bool {
        self.0.contains_key(&(dialect, person))
    }

    /// Whether the person agreed to the item.
    pub(crate) fn agrees(&self, dialect: Dialect, person: u64, item: &str) -> bool {
        let items = self.0.get(&(dialect, person));
        items.is_some_and(|items| items.contains(item))
    }

    /// All items that the person agreed to.
    pub(crate) fn of(&self, dialect: Dialect, person: u64) -> impl Iterator<Item = &String> {
        self.0.get(&(dialect, person)).into_iter().flatten()
    }

    /// Links a person, and records the answer to these items: yes to all of them, or to all but
    /// `refused`.
    pub(crate) fn link(
        &mut self,
        dialect: Dialect,
        person: u64,
        items: &[String],
        refused: Option<&str>,
    ) {
        let agreed = self.0.entry((dialect, person)).or_default();
        for item in items {
            if refused == Some(item) {
                agreed.remove(item);
            } else {
                agreed.insert(item.clone());
            }
        }
    }

    /// Forgets the person's consents.
    pub(crate) fn unlink(&mut self, dialect: Dialect, person: u64) {
        self.0.remove(&(dialect, person));
    }
}
