//! The address of a server, in the forms that the documentation of `RedisLog` lists.
//!
//! The redis crate parses the address of one server. The addresses of a Cluster and of Sentinels
//! are read here, as several hosts that share their user, password and TLS.

use std::net::IpAddr;

use ::redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo};
use percent_encoding::percent_decode_str;
use url::Url;

use crate::error::ConfigError;

#[cfg(test)]
mod tests;

/// A server, as the settings name it.
pub(super) struct Address {
    pub(super) kind: Kind,
    /// Whether connections use TLS, by the scheme of the address.
    pub(super) tls: bool,
    /// Host and port, or the path of a socket, for messages.
    pub(super) place: String,
    /// The password would cross a network unencrypted. Worth a warning, not an error, because the
    /// network may be a private one.
    pub(super) exposes_password: bool,
}

/// The kinds of set-up, which the redis crate has different clients for.
pub(super) enum Kind {
    Single(Box<ConnectionInfo>),
    /// Some of the nodes. The client learns the others from them.
    Cluster(Vec<ConnectionInfo>),
    Sentinel(Box<Sentinels>),
}

/// Sentinels, and the server that they are asked for. User and password are those of the server;
/// the Sentinels may have their own.
pub(super) struct Sentinels {
    pub(super) nodes: Vec<ConnectionAddr>,
    pub(super) tls: bool,
    /// The name by which the Sentinels know the primary.
    pub(super) service: String,
    pub(super) database: i64,
    pub(super) user: Option<String>,
    pub(super) password: Option<String>,
    pub(super) sentinel_user: Option<String>,
    pub(super) sentinel_password: Option<String>,
}

/// All forms at once, because a wrong address is usually a wrong form.
const REMEDY: &str = "give redis://host:6379/0, rediss:// for TLS, redis+unix:///path, \
                      redis-cluster://host:6379?node=host2:6379, or \
                      redis-sentinel://host:26379/0?service=name";

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// If the address has none of the documented forms.
    pub(super) fn parse(text: &str) -> Result<Self, ConfigError> {
        let url = Url::parse(text.trim()).map_err(|_| Self::refuse("is no URL"))?;
        let host = url.host_str().filter(|host| !host.is_empty());
        let tls = matches!(
            url.scheme(),
            "rediss" | "valkeys" | "rediss-cluster" | "rediss-sentinel"
        );
        let (kind, standard) = match (url.scheme(), host) {
            ("redis" | "rediss" | "valkey" | "valkeys", Some(_)) => (Self::single(&url)?, 6379),
            ("redis+unix" | "valkey+unix" | "unix", _) => (Self::single(&url)?, 0),
            ("redis-cluster" | "rediss-cluster", Some(host)) => {
                (Self::cluster(&url, host, tls)?, 6379)
            }
            ("redis-sentinel" | "rediss-sentinel", Some(host)) => {
                (Self::sentinel(&url, host, tls)?, 26379)
            }
            ("redis" | "rediss" | "valkey" | "valkeys", None)
            | ("redis-cluster" | "rediss-cluster" | "redis-sentinel" | "rediss-sentinel", None) => {
                return Err(Self::refuse("has no host"));
            }
            (scheme, _) => {
                return Err(Self::refuse(&format!(
                    "has the scheme {scheme:?}, which is not one of Redis"
                )));
            }
        };
        let place = match host {
            Some(host) => format!("{host}:{}", url.port().unwrap_or(standard)),
            None => url.path().to_owned(),
        };
        let exposes_password = !tls && url.password().is_some() && is_elsewhere(&url);
        Ok(Self {
            kind,
            tls,
            place,
            exposes_password,
        })
    }

    /// The error of an address. The message does not repeat the address, which may contain a
    /// password.
    pub(super) fn refuse(problem: &str) -> ConfigError {
        ConfigError::new("redis_url", problem, REMEDY)
    }

    /// One server, by the parser of the redis crate.
    fn single(url: &Url) -> Result<Kind, ConfigError> {
        let info = url.clone().into_connection_info();
        let info =
            info.map_err(|_| Self::refuse("has no number of a database, or an unknown parameter"))?;
        Ok(Kind::Single(Box::new(info)))
    }

    /// The nodes of a Cluster. All of them have the same user and password.
    fn cluster(url: &Url, host: &str, tls: bool) -> Result<Kind, ConfigError> {
        let scheme = if tls { "rediss" } else { "redis" };
        let info = |(host, port): (String, u16)| {
            // An IPv6 address, which `nodes` gave without its brackets.
            let address = if host.contains(':') {
                format!("{scheme}://[{host}]:{port}")
            } else {
                format!("{scheme}://{host}:{port}")
            };
            let mut node = Url::parse(&address).map_err(|_| Self::refuse("has a wrong node"))?;
            let named = node.set_username(url.username());
            let named = named.and_then(|()| node.set_password(url.password()));
            named.map_err(|()| Self::refuse("has a wrong user"))?;
            node.into_connection_info()
                .map_err(|_| Self::refuse("has a wrong node"))
        };
        let nodes = nodes(url, host, 6379)?.into_iter().map(info);
        Ok(Kind::Cluster(nodes.collect::<Result<_, _>>()?))
    }

    /// Sentinels. User, password and path of the address are those of the server; those of the
    /// Sentinels are parameters.
    fn sentinel(url: &Url, host: &str, tls: bool) -> Result<Kind, ConfigError> {
        let parameter = |name: &str| {
            let mut pairs = url.query_pairs();
            pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
        };
        // The parameters above are decoded by `query_pairs`, user and password are not.
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let node = |(host, port)| {
            if tls {
                ConnectionAddr::TcpTls {
                    host,
                    port,
                    insecure: false,
                    tls_params: None,
                }
            } else {
                ConnectionAddr::Tcp(host, port)
            }
        };
        let service = parameter("service").filter(|service| !service.is_empty());
        let database = match url.path().trim_start_matches('/') {
            "" => Ok(0),
            number => number.parse(),
        };
        Ok(Kind::Sentinel(Box::new(Sentinels {
            nodes: nodes(url, host, 26379)?.into_iter().map(node).collect(),
            tls,
            service: service
                .ok_or_else(|| Self::refuse("names no ?service=, as the Sentinels call it"))?,
            database: database.map_err(|_| Self::refuse("has no number of a database"))?,
            user: Some(decoded(url.username())).filter(|user| !user.is_empty()),
            password: url.password().map(decoded),
            sentinel_user: parameter("sentinel_user"),
            sentinel_password: parameter("sentinel_password"),
        })))
    }
}

/// Whether the host is not a loopback one. False for a Unix socket, which has no host.
fn is_elsewhere(url: &Url) -> bool {
    let host = url.host_str().map(bare).unwrap_or_default();
    let is_here = match host.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    };
    !host.is_empty() && !is_here
}

/// The host of the address, and the hosts of the `node=` parameters, each with its port.
fn nodes(url: &Url, host: &str, standard: u16) -> Result<Vec<(String, u16)>, ConfigError> {
    let first = (bare(host), url.port().unwrap_or(standard));
    let pairs = url.query_pairs().filter(|(name, _)| name == "node");
    let others = pairs.map(|(_, node)| {
        let (host, port) = match node.rsplit_once(':') {
            Some((host, port)) => (bare(host), port.parse().ok()),
            None => (bare(&node), Some(standard)),
        };
        let port = port.filter(|_| !host.is_empty());
        let port = port.ok_or_else(|| Address::refuse("has a node= that is no host:port"))?;
        Ok((host, port))
    });
    std::iter::once(Ok(first)).chain(others).collect()
}

/// The host without the brackets that a URL puts around an IPv6 address.
fn bare(host: &str) -> String {
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned()
}
