//! The methods of [`LocalProvider`] for settings, persons and recorded requests.

use crate::{
    LocalProvider, dialects, oidc,
    person::Person,
    settings::Settings,
    web::{endpoint::Endpoint, record::Recorded},
};

/// Settings, persons and the requests received.
impl LocalProvider {
    /// The issuer of the OpenID Connect dialect: `{origin}/oidc`.
    #[must_use]
    pub fn oidc_issuer(&self) -> String {
        oidc::issuer(&self.origin)
    }

    /// The application's `client_id`: see [`Settings::client_id`].
    #[must_use]
    pub fn client_id(&self) -> String {
        self.shared.lock().settings.client_id.clone()
    }

    /// The application's secret: see [`Settings::client_secret`].
    #[must_use]
    pub fn client_secret(&self) -> Option<String> {
        self.shared.lock().settings.client_secret.clone()
    }

    /// Changes how the application is registered. See [`Settings`] for an example.
    pub fn configure(&self, change: impl FnOnce(&mut Settings)) {
        // On a copy, so that the closure may use the provider as well.
        let mut settings = self.shared.lock().settings.clone();
        change(&mut settings);
        self.shared.lock().settings = settings;
    }

    /// Adds a person to the page, in place of any earlier one with the same id.
    pub fn add_person(&self, person: Person) {
        let state = &mut *self.shared.lock();
        state.people.retain(|other| other.id != person.id);
        for rules in dialects::ALL {
            state.unlink(rules.dialect(), person.id);
            if person.agrees_to_phone {
                let items = rules.items(&state.settings);
                let consents = &mut state.consents;
                consents.link(rules.dialect(), person.id, &items, None);
            }
        }
        state.people.push(person);
    }

    /// Unlinks a person from the application in every dialect: revokes the tokens and removes the
    /// consent.
    pub fn unlink(&self, person: u64) {
        let mut state = self.shared.lock();
        for rules in dialects::ALL {
            state.unlink(rules.dialect(), person);
        }
    }

    /// The requests received, oldest first. The latest 4096 are kept.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.lock().records.all()
    }

    /// How many of [`requests`](Self::requests) went to this endpoint.
    #[must_use]
    pub fn count(&self, endpoint: Endpoint) -> usize {
        self.shared.lock().records.count(endpoint)
    }

    /// Forgets the requests received so far.
    pub fn forget_requests(&self) {
        self.shared.lock().records.forget();
    }

    /// Replaces the signing keys of every dialect now.
    pub fn rotate_keys(&self) {
        self.shared.lock().signer.keys.rotate();
    }
}
