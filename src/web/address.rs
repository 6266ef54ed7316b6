//! The reach of an IP address: this machine, a private network, or the Internet.
//!
//! The layer calls addresses that a provider's metadata name. This module says which of them could
//! lead to this machine or its network (server-side request forgery), in every notation of an
//! address. The HTTP client asks it about each address that a name resolves to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The reach of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The Internet.
    Global,
    /// A private network (RFC 1918, RFC 4193), the network of a carrier (RFC 6598), or a range that
    /// no server on the Internet has.
    Private,
    /// This machine (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3).
    Loopback,
    /// Unspecified, link-local, multicast or broadcast. No server of a provider has such an
    /// address. On many machines the unspecified address leads to this one, and 169.254.169.254 to
    /// the keys of a cloud account.
    Nowhere,
}

/// The reach of an address. An IPv6 address that stands for an IPv4 address has the reach of the
/// IPv4 address.
pub(crate) fn reach(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(address) => v4(address),
        IpAddr::V6(address) => v6(address),
    }
}

/// The reach of an IPv4 address, by the registry of special addresses (RFC 6890). Ranges for
/// documentation count as global, because no host has such an address.
fn v4(address: Ipv4Addr) -> Reach {
    match address.octets() {
        [127, ..] => Reach::Loopback,
        // "This network", link-local, multicast, broadcast.
        [0, ..] | [169, 254, ..] | [224..=239, ..] | [255, 255, 255, 255] => Reach::Nowhere,
        // RFC 1918, RFC 6598, RFC 6890 (protocol assignments), RFC 2544 (benchmarks), reserved.
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Reach::Private,
        [100, 64..=127, ..] | [192, 0, 0, _] | [198, 18 | 19, ..] | [240..=255, ..] => {
            Reach::Private
        }
        _ => Reach::Global,
    }
}

/// The reach of an IPv6 address, by the registry of special addresses (RFC 6890).
fn v6(address: Ipv6Addr) -> Reach {
    // The IPv4 address in two segments of an IPv6 one.
    let inside = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => Reach::Loopback,
        [0, 0, 0, 0, 0, 0, 0, 0] => Reach::Nowhere,
        // Mapped (RFC 4291 section 2.5.5.2).
        [0, 0, 0, 0, 0, 0xffff, high, low] => inside(high, low),
        // Compatible (section 2.5.5.1), translated (RFC 2765), NAT64 (RFC 6052, RFC 8215), 6to4
        // (RFC 3056).
        [0, 0, 0, 0, 0 | 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x64, 0xff9b, 1, _, _, _, high, low]
        | [0x2002, high, low, ..] => translated(inside(high, low)),
        // Unique local, and the site-local addresses before it (RFC 3879).
        [0xfc00..=0xfdff, ..] | [0xfec0..=0xfeff, ..] => Reach::Private,
        // Link-local, multicast.
        [0xfe80..=0xfebf, ..] | [0xff00..=0xffff, ..] => Reach::Nowhere,
        _ => Reach::Global,
    }
}

/// The reach of an address that a translator maps to an IPv4 one. A packet to it leaves this
/// machine, so it is no loopback address. On some networks such an address leads to the translator
/// itself, so it is refused.
fn translated(reach: Reach) -> Reach {
    match reach {
        Reach::Loopback => Reach::Nowhere,
        reach => reach,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(reach_of: &[&str]) -> Vec<Reach> {
        let parse = |text: &&str| reach(text.parse().unwrap());
        reach_of.iter().map(parse).collect()
    }

    #[test]
    fn this_machine_is_known_in_every_notation() {
        for address in ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(all(&[address]), [Reach::Loopback], "{address}");
        }
    }

    #[test]
    fn addresses_that_no_provider_has_lead_nowhere() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "::",
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "64:ff9b::169.254.169.254",
            "64:ff9b::127.0.0.1",
            "64:ff9b:1::7f00:1",
            "2002:7f00:1::",
            "::127.0.0.1",
            "::ffff:0:7f00:1",
            "fe80::1",
            "febf::1",
            "224.0.0.1",
            "ff02::1",
            "255.255.255.255",
        ] {
            assert_eq!(all(&[address]), [Reach::Nowhere], "{address}");
        }
    }

    #[test]
    fn inner_networks_are_private() {
        for address in [
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "100.127.0.1",
            "198.18.0.1",
            "240.0.0.1",
            "fc00::1",
            "fd12:3456::1",
            "fec0::1",
            "::ffff:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "2002:a00:1::",
        ] {
            assert_eq!(all(&[address]), [Reach::Private], "{address}");
        }
    }

    #[test]
    fn the_rest_is_the_internet() {
        for address in [
            "1.1.1.1",
            "172.15.0.1",
            "172.32.0.1",
            "100.63.0.1",
            "100.128.0.1",
            "192.0.1.1",
            "223.255.255.255",
            "64:ff9b::1.1.1.1",
            "2606:4700:4700::1111",
            "fbff::1",
        ] {
            assert_eq!(all(&[address]), [Reach::Global], "{address}");
        }
    }
}
