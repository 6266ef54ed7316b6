//! The resolver of the default client, which checks each name of the metadata at every connection.

use std::{
    error::Error,
    fmt,
    net::{IpAddr, SocketAddr},
    sync::PoisonError,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::Names;

impl Names {
    /// Whether the metadata have named this host. Names are compared as `Url` writes them, in lower
    /// case.
    fn is_named(&self, name: &str) -> bool {
        let named = self.0.named.read().unwrap_or_else(PoisonError::into_inner);
        named.contains(name)
    }

    /// The allowed addresses of a host name. The error is the resolver's, or [`Forbidden`] if no
    /// address is allowed. A name outside of the metadata, such as that of a proxy, is not checked.
    pub(super) async fn addresses(
        &self,
        name: &str,
    ) -> Result<Vec<IpAddr>, Box<dyn Error + Send + Sync>> {
        let all = self.0.lookup.lookup(name).await?;
        if !self.is_named(name) {
            return Ok(all);
        }
        // A name may have several addresses. Only the allowed ones are used, so that one internal
        // address among them is never tried.
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

/// `reqwest` asks this resolver for each new connection.
impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let names = self.clone();
        Box::pin(async move {
            let addresses = names.addresses(name.as_str()).await?;
            // `reqwest` replaces the port 0 by the port of the URL.
            let with_port = |address| SocketAddr::new(address, 0);
            Ok(Box::new(addresses.into_iter().map(with_port)) as Addrs)
        })
    }
}

/// No address of the host name is allowed. The default client recognizes this error by its type.
#[derive(Debug)]
pub(in crate::http_client) struct Forbidden;

/// The text does not name the address, which would describe the internal network.
impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the host name resolves to an internal address")
    }
}

/// It has no source, because the resolver itself succeeded.
impl Error for Forbidden {}
