//! Host names in a provider's metadata, and the addresses to which they may resolve (protection
//! against server-side request forgery).
//!
//! The provider writes its metadata. An endpoint at another host than the provider's own must not
//! lead this server to itself, to a link-local address or into an internal network, because the
//! client secret is posted there, and because internal services may trust this server.
//!
//! Literal addresses are checked when the metadata are read. The default client checks names at
//! every connection, so that a name that resolves to another address later (DNS rebinding) is
//! refused too.

use std::{
    collections::HashSet,
    io,
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, PoisonError, RwLock},
};

use url::Url;

use super::BoxFuture;
use crate::web::{
    address::{Reach, reach},
    origin::{is_loopback, literal},
};

#[cfg(feature = "reqwest")]
pub(super) mod resolver;
#[cfg(test)]
pub(super) mod tests;

/// A resolver of host names. The trait exists so that tests need no DNS.
pub(super) trait Lookup: Send + Sync {
    /// The addresses of a name. An error if the name does not exist.
    fn lookup<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>>;
}

/// The host names of one provider. Those of the settings may resolve to any address, because the
/// operator wrote them. Those of its metadata may not. Clones share the names.
#[derive(Clone)]
pub(crate) struct Names(Arc<Inner>);

/// The values that the clones share.
struct Inner {
    /// The URLs of the settings, which are issuer and discovery URL. Empty if nothing is checked.
    own: Vec<Url>,
    /// The host names that the metadata have named. The set only grows, and a metadata document
    /// names a few hosts.
    named: RwLock<HashSet<String>>,
    /// The operating system's resolver outside of tests.
    lookup: Box<dyn Lookup>,
}

impl Names {
    /// `own` are the URLs of the settings, which are issuer and discovery URL. If there are none,
    /// no name is checked. That is the case for a provider whose endpoints are constants, and for
    /// one with `allow_internal_endpoints`.
    pub(crate) fn new(own: Vec<Url>) -> Self {
        Self::with(own, System)
    }

    /// As [`new`](Self::new), with another resolver, for tests.
    fn with(own: Vec<Url>, lookup: impl Lookup + 'static) -> Self {
        Self(Arc::new(Inner {
            own,
            named: RwLock::default(),
            lookup: Box::new(lookup),
        }))
    }

    /// Whether an endpoint of the metadata may be used. If its host is a name, the answer is yes,
    /// and from now on connections to this name are checked.
    pub(crate) async fn admits(&self, endpoint: &Url) -> bool {
        let own = &self.0.own;
        // The settings name this host themselves, so the metadata lead nowhere new.
        if own.is_empty() || own.iter().any(|own| own.host() == endpoint.host()) {
            return true;
        }
        // Names such as `localhost` mean loopback by definition (RFC 6761 section 6.3), so they
        // need no resolver.
        let loopback = is_loopback(endpoint).then_some(IpAddr::from(Ipv4Addr::LOCALHOST));
        match (literal(endpoint).or(loopback), endpoint.host_str()) {
            (Some(address), _) => self.permits(address).await,
            (None, Some(name)) => {
                let mut named = self.0.named.write().unwrap_or_else(PoisonError::into_inner);
                named.insert(name.to_owned());
                true
            }
            (None, None) => false,
        }
    }

    /// Whether a connection to `address` is allowed. A private address is allowed if the provider
    /// itself has one, and a loopback address if the provider itself is on loopback. A link-local
    /// or unspecified address is never allowed, because no provider has one, and because cloud
    /// platforms serve their credentials at 169.254.169.254.
    async fn permits(&self, address: IpAddr) -> bool {
        match reach(address) {
            Reach::Global => true,
            Reach::Nowhere => false,
            internal => self.reaches(internal).await,
        }
    }

    /// Whether a host of the settings resolves to an address of this kind. A name that cannot be
    /// resolved has none.
    async fn reaches(&self, internal: Reach) -> bool {
        for own in &self.0.own {
            let addresses = match (literal(own), own.host_str()) {
                (Some(address), _) => vec![address],
                (None, Some(name)) => self.0.lookup.lookup(name).await.unwrap_or_default(),
                (None, None) => Vec::new(),
            };
            if addresses
                .into_iter()
                .any(|address| reach(address) == internal)
            {
                return true;
            }
        }
        false
    }
}

/// The operating system's resolver, with the hosts file and the search domains of the system.
struct System;

impl Lookup for System {
    fn lookup<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}
