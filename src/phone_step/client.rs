//! The address of the client of a request, behind reverse proxies.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use http::{HeaderMap, HeaderName, request::Parts};
use ipnet::IpNet;

use crate::error::ConfigError;

/// Each proxy adds the address of its peer at the end.
const FORWARDED: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The function of the application for the address of the peer.
pub(crate) type ClientAddress = dyn Fn(&Parts) -> Option<IpAddr> + Send + Sync;

/// Finds the address of a client.
#[derive(Clone)]
pub(crate) struct Clients {
    peer: Option<Arc<ClientAddress>>,
    proxies: Vec<IpNet>,
}

impl Clients {
    /// Checks the setting `trusted_proxies`.
    pub(crate) fn new(
        peer: Option<Arc<ClientAddress>>,
        proxies: &[String],
    ) -> Result<Self, ConfigError> {
        let proxies = proxies.iter().map(|text| network(text));
        let proxies: Result<_, String> = proxies.collect();
        Ok(Self {
            peer,
            proxies: proxies.map_err(|text| {
                let problem = format!("{text:?} is neither an address nor a network");
                let remedy = "give addresses and networks, such as 10.0.0.5 or 10.0.0.0/8";
                ConfigError::new("trusted_proxies", problem, remedy)
            })?,
        })
    }

    /// The address of the client, or `None` if it is not known.
    pub(crate) fn of(&self, head: &Parts) -> Option<IpAddr> {
        let peer = self.peer.as_ref()?(head)?.to_canonical();
        self.behind(peer, &head.headers)
    }

    /// The client behind the peer. If the last entry of the header that is no proxy cannot be read,
    /// the address is unknown.
    fn behind(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let is_proxy =
            |address: &IpAddr| self.proxies.iter().any(|network| network.contains(address));
        if !is_proxy(&peer) {
            return Some(peer);
        }
        let lines: Vec<_> = headers.get_all(FORWARDED).iter().collect();
        let mut client = Some(peer);
        for line in lines.into_iter().rev() {
            // The client may have sent entries that are no text. Those of the proxies are.
            for entry in line.as_bytes().rsplit(|byte| *byte == b',') {
                let address = entry_of(std::str::from_utf8(entry).ok()?.trim())?;
                client = Some(address);
                if !is_proxy(&address) {
                    return client;
                }
            }
        }
        client
    }
}

/// An address with or without a port.
fn entry_of(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    let address = bare.parse().ok();
    let address = address.or_else(|| text.parse().ok().map(|socket: SocketAddr| socket.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

/// A network, or an address as a network of its own.
fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let address = text.parse().map(|address: IpAddr| address.to_canonical());
    address
        .map(IpNet::from)
        .or_else(|_| text.parse())
        .map_err(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn client(proxies: &[&str], peer: &str, lines: &[&str]) -> Option<String> {
        let proxies: Vec<String> = proxies.iter().map(|&text| text.to_owned()).collect();
        let clients = Clients::new(None, &proxies).unwrap();
        let headers = lines.iter();
        let headers =
            headers.map(|line| (FORWARDED, HeaderValue::from_bytes(line.as_bytes()).unwrap()));
        let found = clients.behind(peer.parse().unwrap(), &headers.collect());
        found.map(|address| address.to_string())
    }

    #[test]
    fn the_header_counts_only_from_a_trusted_proxy() {
        let proxies = ["10.0.0.0/8", "fd00::1"];
        for (peer, lines, found) in [
            ("203.0.113.9", &["198.51.100.1"][..], Some("203.0.113.9")),
            ("10.1.2.3", &["198.51.100.1"], Some("198.51.100.1")),
            (
                "10.1.2.3",
                &["6.6.6.6, 198.51.100.1, 10.9.9.9"],
                Some("198.51.100.1"),
            ),
            (
                "10.1.2.3",
                &["6.6.6.6", "198.51.100.1:4711"],
                Some("198.51.100.1"),
            ),
            ("fd00::1", &["[2001:db8::5]:443"], Some("2001:db8::5")),
            ("fd00::1", &["::ffff:198.51.100.1"], Some("198.51.100.1")),
            ("10.1.2.3", &["é, 198.51.100.1"], Some("198.51.100.1")),
            ("10.1.2.3", &["198.51.100.1, unknown"], None),
            ("10.1.2.3", &["10.0.0.7, 10.0.0.8"], Some("10.0.0.7")),
            ("10.1.2.3", &[], Some("10.1.2.3")),
        ] {
            assert_eq!(
                client(&proxies, peer, lines).as_deref(),
                found,
                "{peer} {lines:?}"
            );
        }
    }

    #[test]
    fn a_proxy_that_is_no_address_is_refused_with_its_text() {
        for text in ["10.0.0.0/33", "proxy.internal", ""] {
            let error = Clients::new(None, &[text.to_owned()]).err().unwrap();
            assert!(error.to_string().contains(&format!("{text:?}")), "{error}");
        }
    }
}
