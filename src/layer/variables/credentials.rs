//! The client id and the client secret of a provider.

use super::lookup::Lookup;
use crate::error::ConfigError;

const ID: &str = "CLIENT_ID";
const SECRET: &str = "CLIENT_SECRET";

/// The credentials of one provider.
pub(super) struct Credentials<'a> {
    lookup: &'a Lookup<'a>,
    /// The name in `OAUTH_PROVIDER`.
    provider: &'a str,
    /// Whether `OAUTH_PROVIDER` names no other provider.
    is_only: bool,
}

impl<'a> Credentials<'a> {
    pub(super) fn of(lookup: &'a Lookup<'a>, provider: &'a str, is_only: bool) -> Self {
        Self {
            lookup,
            provider,
            is_only,
        }
    }

    /// The client id, which every provider needs.
    pub(super) fn id(&self) -> Result<String, ConfigError> {
        let provider = self.provider;
        let own = self.lookup.name(&self.own(ID));
        let remedy = format!(
            "give the client id of your application in the console of {provider}, here or in {own}"
        );
        let variable = self.variable(ID);
        self.lookup.required(&variable, &remedy)
    }

    /// The client secret of a provider that needs one.
    pub(super) fn required_secret(&self) -> Result<String, ConfigError> {
        let provider = self.provider;
        let (own, variable) = (self.own(SECRET), self.secret_variable());
        let mut remedy = format!("give the client secret that the console of {provider} shows");
        if variable != own {
            remedy += &format!(", here or in {}", self.lookup.name(&own));
        }
        self.lookup.required(&variable, &remedy)
    }

    /// The client secret, if there is one.
    pub(super) fn secret(&self) -> Option<String> {
        self.lookup.text(&self.secret_variable())
    }

    /// The settings by the variables that they are read from.
    pub(super) fn names(&self) -> Vec<(&'static str, String)> {
        let name = |variable: String| self.lookup.name(&variable);
        vec![
            ("client_id", name(self.variable(ID))),
            ("client_secret", name(self.secret_variable())),
        ]
    }

    /// The variable of the secret. Of several providers, one with a client id of its own does not
    /// use the secret of all, because that belongs to another client and would be sent to a server
    /// that must not have it.
    pub(super) fn secret_variable(&self) -> String {
        let own_id = self.lookup.text(&self.own(ID));
        match own_id.filter(|_| !self.is_only) {
            Some(_) => self.own(SECRET),
            None => self.variable(SECRET),
        }
    }

    /// The variable of this provider if it is set, and otherwise that of all providers.
    fn variable(&self, member: &str) -> String {
        let own = self.own(member);
        match self.lookup.text(&own) {
            Some(_) => own,
            None => format!("OAUTH_{member}"),
        }
    }

    /// The variable of this provider alone.
    fn own(&self, member: &str) -> String {
        format!("{}_{member}", self.provider.to_uppercase())
    }
}
