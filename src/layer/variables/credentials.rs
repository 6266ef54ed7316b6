//! The client id and the client secret of a provider.

use super::lookup::Lookup;
use crate::error::ConfigError;

/// The credentials of one provider.
pub(super) struct Credentials<'a> {
    lookup: &'a Lookup<'a>,
    /// The name in `OAUTH_PROVIDER`.
    provider: &'a str,
}

impl<'a> Credentials<'a> {
    pub(super) fn of(lookup: &'a Lookup<'a>, provider: &'a str) -> Self {
        Self { lookup, provider }
    }

    /// The client id, which every provider needs.
    pub(super) fn id(&self) -> Result<String, ConfigError> {
        let provider = self.provider;
        let remedy = format!("give the client id of your application in the console of {provider}");
        let variable = self.variable("CLIENT_ID");
        self.lookup.required(&variable, &remedy)
    }

    /// The client secret of a provider that needs one.
    pub(super) fn required_secret(&self) -> Result<String, ConfigError> {
        let provider = self.provider;
        let remedy = format!("give the client secret that the console of {provider} shows");
        let variable = self.variable("CLIENT_SECRET");
        self.lookup.required(&variable, &remedy)
    }

    /// The client secret, if there is one.
    pub(super) fn secret(&self) -> Option<String> {
        self.lookup.text(&self.variable("CLIENT_SECRET"))
    }

    /// The settings by the variables that they are read from.
    pub(super) fn names(&self) -> Vec<(&'static str, String)> {
        let name = |member| self.lookup.name(&self.variable(member));
        vec![
            ("client_id", name("CLIENT_ID")),
            ("client_secret", name("CLIENT_SECRET")),
        ]
    }

    /// The variable of this provider if it is set, and otherwise that of all providers.
    fn variable(&self, member: &str) -> String {
        let own = format!("{}_{member}", self.provider.to_uppercase());
        match self.lookup.text(&own) {
            Some(_) => own,
            None => format!("OAUTH_{member}"),
        }
    }
}
