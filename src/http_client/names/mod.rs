//! Which addresses a name in a provider's metadata may lead to.
//!
//! Metadata are written by the provider. An endpoint at another host than the provider's own must not lead this server to
//! itself, to a link-local address or into an inner network: the client secret is posted there, and what answers may trust
//! this server. Addresses are judged when metadata are read, names whenever a connection is made, so that a name with
//! another address later ("DNS rebinding") is of no use.

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

/// Asks for the addresses of a name.
pub(super) trait Lookup: Send + Sync {
    fn lookup<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>>;
}

/// The names of one provider: its own, which may lead anywhere, and those in its metadata.
#[derive(Clone)]
pub(crate) struct Names(Arc<Inner>);

struct Inner {
    /// The hosts that the application configured.
    own: Vec<Url>,
    /// Hosts that metadata named.
    named: RwLock<HashSet<String>>,
    lookup: Box<dyn Lookup>,
}

impl Names {
    /// `own` are the addresses that the application gave: those of the issuer and of the metadata. With none, no name is
    /// judged.
    pub(crate) fn new(own: Vec<Url>) -> Self {
        Self::with(own, System)
    }

    fn with(own: Vec<Url>, lookup: impl Lookup + 'static) -> Self {
        Self(Arc::new(Inner {
            own,
            named: RwLock::default(),
            lookup: Box::new(lookup),
        }))
    }

    /// Whether an endpoint of metadata may be used. From now on, connections to its name are judged.
    pub(crate) async fn admits(&self, endpoint: &Url) -> bool {
        let own = &self.0.own;
        if own.is_empty() || own.iter().any(|own| own.host() == endpoint.host()) {
            return true;
        }
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

    /// A private address is right where the provider itself has one, and one of this machine where it is here.
    async fn permits(&self, address: IpAddr) -> bool {
        match reach(address) {
            Reach::Global => true,
            Reach::Nowhere => false,
            inner => self.reaches(inner).await,
        }
    }

    async fn reaches(&self, inner: Reach) -> bool {
        for own in &self.0.own {
            let addresses = match (literal(own), own.host_str()) {
                (Some(address), _) => vec![address],
                (None, Some(name)) => self.0.lookup.lookup(name).await.unwrap_or_default(),
                (None, None) => Vec::new(),
            };
            if addresses.into_iter().any(|address| reach(address) == inner) {
                return true;
            }
        }
        false
    }

    fn is_named(&self, name: &str) -> bool {
        let named = self.0.named.read().unwrap_or_else(PoisonError::into_inner);
        named.contains(name)
    }

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
                "the provider's metadata name a host with an inner address: not connected; see \
                 Oidc::allow_internal_endpoints"
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

/// No address of the name is permitted.
#[derive(Debug)]
pub(super) struct Forbidden;

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name leads to an inner address")
    }
}

impl Error for Forbidden {}
