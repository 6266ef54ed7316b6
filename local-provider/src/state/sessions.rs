use std::collections::HashMap;

/// The latest session of each person at the provider.
#[derive(Default)]
pub(crate) struct Sessions(HashMap<u64, String>);

impl Sessions {
    pub(crate) fn begin(&mut self, person: u64, sid: String) {
        self.0.insert(person, sid);
    }

    pub(crate) fn latest(&self, person: u64) -> Option<&str> {
        self.0.get(&person).map(String::as_str)
    }
}
