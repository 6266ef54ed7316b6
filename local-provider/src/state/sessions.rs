//! Sessions at the provider, for logout tokens.

use std::collections::HashMap;

/// The `sid` of each person's latest session at the provider.
#[derive(Default)]
pub(crate) struct Sessions(HashMap<u64, String>);

impl Sessions {
    /// Notes a new session of the person, in place of the earlier one.
    pub(crate) fn begin(&mut self, person: u64, sid: String) {
        self.0.insert(person, sid);
    }

    /// The latest session. `None` for a person who has not signed in.
    pub(crate) fn latest(&self, person: u64) -> Option<&str> {
        self.0.get(&person).map(String::as_str)
    }
}
