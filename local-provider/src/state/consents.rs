use std::collections::{BTreeMap, BTreeSet};

use crate::dialect::Dialect;

/// The people linked to the application, with the items each agreed to, in every dialect by itself.
#[derive(Default)]
pub(crate) struct Consents(BTreeMap<(Dialect, u64), BTreeSet<String>>);

impl Consents {
    pub(crate) fn is_linked(&self, dialect: Dialect, person: u64) -> bool {
        self.0.contains_key(&(dialect, person))
    }

    pub(crate) fn agrees(&self, dialect: Dialect, person: u64, item: &str) -> bool {
        let items = self.0.get(&(dialect, person));
        items.is_some_and(|items| items.contains(item))
    }

    /// Everything that a person agrees to.
    pub(crate) fn of(&self, dialect: Dialect, person: u64) -> impl Iterator<Item = &String> {
        self.0.get(&(dialect, person)).into_iter().flatten()
    }

    /// Records what a person said to these items: yes to all, or to all but one.
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

    pub(crate) fn unlink(&mut self, dialect: Dialect, person: u64) {
        self.0.remove(&(dialect, person));
    }
}
