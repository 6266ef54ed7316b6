//! The view of a layer that `doctor` examines: its providers, their addresses, and the size of its
//! cookies.
//!
//! `doctor` is above this module in the order of modules, and gets no access to the fields of
//! [`Flow`]. It sees what this view shows.

use std::time::Duration;

use super::login::pending;
use super::{Flow, Registered, login::pending_limit};
use crate::{config::Config, http_client::HttpClient, provider::ProviderClient, session};

/// One of the providers of a layer.
pub(crate) struct Examined<'a> {
    /// The provider's name in this layer.
    pub(crate) name: &'a str,
    /// The connected provider.
    pub(crate) client: &'a dyn ProviderClient,
    /// The HTTP client without the limits of sign-ins, so that an examination is not refused for
    /// load.
    pub(crate) http: &'a dyn HttpClient,
    /// The time that calls to the provider may take.
    pub(crate) time: Duration,
    /// An endpoint failed so often that calls to it are paused.
    pub(crate) is_paused: bool,
    /// The callback address, as it is registered at the provider.
    pub(crate) redirect_uri: String,
    /// The address for the provider's reports. `None` if the provider sends none.
    pub(crate) events_uri: Option<String>,
    /// The address to which the provider sends users back after its sign-out.
    pub(crate) logged_out_uri: String,
}

impl Flow {
    /// The settings of the layer.
    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// The most bytes of the layer's cookies in one request, names included. The first number is
    /// for a signed-in user. The second is for a browser that also holds as many pending sign-ins
    /// and saved forms as it may. `doctor` compares both with the limits of common servers.
    pub(crate) fn cookie_bytes(&self) -> [usize; 2] {
        let longest = match self.config.hooks.may_give_claims() {
            true => session::LONGEST,
            false => session::ORDINARY,
        };
        // One byte for the `=` between name and value.
        let session = self.config.cookies.session().len() + 1 + longest;
        let beside = match self.config.plain.saves_forms {
            true => pending_limit::MAX_BYTES_WITH_FORM,
            false => pending::MAX_BYTES,
        };
        [session, session + beside]
    }

    /// The providers, as `doctor` sees them.
    pub(crate) fn examined(&self) -> impl Iterator<Item = Examined<'_>> {
        self.providers.iter().map(|known| self.examine(known))
    }

    /// One provider. The addresses are made as the flow makes them, so that `doctor` shows the ones
    /// that an operator must register.
    fn examine<'a>(&'a self, known: &'a Registered) -> Examined<'a> {
        let (config, name) = (&self.config, &*known.name);
        let origin = config.origin.as_str();
        let events = || format!("{origin}{}/events/{name}", config.prefix.as_str());
        Examined {
            name,
            client: &*known.client,
            http: known.calls.client(),
            time: known.time,
            is_paused: known.calls.is_down(),
            redirect_uri: config.redirect_uri(name),
            events_uri: known.client.event_methods().map(|_| events()),
            logged_out_uri: format!("{origin}{}", config.prefix.logged_out()),
        }
    }
}
