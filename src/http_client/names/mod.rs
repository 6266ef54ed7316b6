//! Host names in a provider's metadata, and the addresses to which they may resolve (protection
//! against server-side request forgery).
//!
//! The provider writes its metadata. An endpoint at another host than the provider's own must not
//! lead this server to itself, to a link-local address or into an internal network: the client
//! secret is posted there, and internal services may trust this server. Literal addresses are
//! checked when the metadata are read. Names are checked at every connection, so that a name that
//! resolves to another address later (DNS rebinding) is refused too.

use std::{
    collections::HashSet,
    error::Error,
    fmt, io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, PoisonError, RwLock},
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::Url;

use super::BoxFuture;
use crate::web::{
    address::{Reach, reach},
    origin::{is_loopback, literal},
};

#[cfg(test)]
pub(super) mod tests;

/// A resolver, so that tests need no DNS.
pub(super) trait Lookup: Send + Sync {
    fn lookup<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>>;
}

/// The host names of one provider: those of the settings, which may resolve to any address, and
/// those of its metadata.
#[derive(Clone)]
pub(crate) struct Names(Arc<Inner>);

struct Inner {
    /// The URLs of the settings.
    own: Vec<Url>,
    /// Host names in metadata.
    named: RwLock<HashSet<String>>,
    lookup: Box<dyn Lookup>,
}

impl Names {
    /// `own` are the URLs of the settings: issuer and discovery URL. If there are none, no name is
    /// checked.
    pub(crate) fn new(own: Vec<Url>) -> Self {
        Self::with(own, System)
    }

    /// With another resolver, for tests.
    fn with(own: Vec<Url>, lookup: impl Lookup + 'static) -> Self {
        Self(Arc::new(Inner {
            own,
            named: RwLock::default(),
            lookup: Box::new(lookup),
        }))
    }

    /// Whether an endpoint of the metadata may be used. From now on, connections to its host name
    /// are checked.
    pub(crate) async fn admits(&self, endpoint: &Url) -> bool {
        let own = &self.0.own;
        if own.is_empty() || own.iter().any(|own| own.host() == endpoint.host()) {
            return true;
        }
        // Names such as `localhost` need no resolver.
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
    /// itself has one, a loopback address if the provider is on loopback.
    async fn permits(&self, address: IpAddr) -> bool {
        match reach(address) {
            Reach::Global => true,
            Reach::Nowhere => false,
            internal => self.reaches(internal).await,
        }
    }

    /// Whether a host of the settings resolves to an address of this kind.
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

    /// Whether metadata named this host.
    fn is_named(&self, name: &str) -> bool {
        let named = self.0.named.read().unwrap_or_else(PoisonError::into_inner);
        named.contains(name)
    }

    /// The allowed addresses of a host name.
    async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Box<dyn Error + Send + Sync>> {
        let all = self.0.lookup.lookup(name).await?;
        if !self.is_named(name) {
            return Ok(all);
        }
        let mut permitted = Vec::with_capacity(all.len());
        for address in all {
            if self.permits(address).await {
                permitted.push(address);
            }
        }
        if permitted.is_empty() {
            tracing::error!(
                name,
                "the provider's metadata name a host that resolves to an internal address, so no \
                 connection was made; see Oidc::allow_internal_endpoints"
            );
            return Err(Box::new(Forbidden));
        }
        Ok(permitted)
    }
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let names = self.clone();
        Box::pin(async move {
            let addresses = names.addresses(name.as_str()).await?;
            // The port of the URL replaces port 0.
            let with_port = |address| SocketAddr::new(address, 0);
            Ok(Box::new(addresses.into_iter().map(with_port)) as Addrs)
        })
    }
}

/// The operating system's resolver.
struct System;

impl Lookup for System {
    fn lookup<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// No address of the host name is allowed.
#[derive(Debug)]
pub(super) struct Forbidden;

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the host name resolves to an internal address")
    }
}

impl Error for Forbidden {}
