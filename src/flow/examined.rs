//! A provider with its addresses here, as the doctor examines it.

use std::time::Duration;

use super::login::pending;
use super::{Flow, Registered, login::pending_limit};
use crate::{config::Config, http_client::HttpClient, provider::ProviderClient, session};

/// One of the providers of a layer.
pub(crate) struct Examined<'a> {
    pub(crate) name: &'a str,
    pub(crate) client: &'a dyn ProviderClient,
    /// Without the limits of sign-ins.
    pub(crate) http: &'a dyn HttpClient,
    /// The time that the provider may take.
    pub(crate) time: Duration,
    /// An endpoint failed so often that it is not called at the moment.
    pub(crate) is_paused: bool,
    pub(crate) redirect_uri: String,
    /// The address for its notices, if it sends any.
    pub(crate) events_uri: Option<String>,
    /// The address to which its sign-out comes back.
    pub(crate) logged_out_uri: String,
}

impl Flow {
    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// The bytes of the layer's cookies in one request, with their names: of a user who is signed in, and of a browser that
    /// holds as many open sign-ins and forms beside it as it may.
    pub(crate) fn cookie_bytes(&self) -> [usize; 2] {
        let session = self.config.cookies.session().len() + 1 + session::LONGEST;
        let beside = match self.config.saves_forms {
            true => pending_limit::MOST_WITH_FORM,
            false => pending::MOST_BYTES,
        };
        [session, session + beside]
    }

    pub(crate) fn examined(&self) -> impl Iterator<Item = Examined<'_>> {
        self.providers.iter().map(|known| self.examine(known))
    }

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
