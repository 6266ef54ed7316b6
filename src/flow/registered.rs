//! The providers of a layer, each under its name.

use std::sync::{Arc, atomic::AtomicBool};

use crate::{
    config::Config,
    error::ConfigError,
    provider::{Dialect, Place, Provider},
    session::Binding,
};

/// A provider under its name in this layer.
pub(super) struct Registered {
    pub(super) name: Arc<str>,
    pub(super) binding: Binding,
    pub(super) dialect: Arc<dyn Dialect>,
    /// The log has the line already that it proves no fresh sign-in.
    pub(super) unproved: AtomicBool,
}

/// All of them, checked: at least one, and no name twice.
pub(super) fn all(given: &[Provider], config: &Config) -> Result<Vec<Registered>, ConfigError> {
    if given.is_empty() {
        let remedy = "give one, such as Kakao::new(client_id, client_secret)";
        return Err(ConfigError::new("provider", "is missing", remedy));
    }
    let mut providers: Vec<Registered> = Vec::with_capacity(given.len());
    for provider in given {
        let name = provider.name();
        if providers.iter().any(|known| &*known.name == name) {
            let problem = format!("{name:?} is given twice");
            let remedy = "name one of them differently, as in Kakao::named(\"kakao-partner\")";
            return Err(ConfigError::new("provider", problem, remedy));
        }
        let dialect = provider.connect(&Place {
            redirect_uri: config.redirect_uri(name),
            on_loopback: config.origin.is_loopback(),
            http: Arc::clone(&config.http),
            clock: config.clock.clone(),
        })?;
        if provider.is_direct() && !config.origin.is_loopback() {
            tracing::warn!(
                provider = name,
                "its endpoints are on this machine: for tests alone"
            );
        }
        let identity = dialect.identity();
        providers.push(Registered {
            name: name.into(),
            binding: Binding::new(
                name,
                identity.family.as_str(),
                &identity.issuer,
                &identity.client_id,
            ),
            dialect,
            unproved: AtomicBool::new(false),
        });
    }
    Ok(providers)
}
