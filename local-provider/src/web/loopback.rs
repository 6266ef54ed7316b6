//! Loopback addresses, the only ones that the provider trusts.

use url::{Host, Url};

/// Whether a host, as in a `Host` header, is a loopback name or address.
pub(crate) fn is_host(host: &str) -> bool {
    Host::parse(host).is_ok_and(|host| stays_here(&host))
}

/// Whether the URI is a page on a loopback host. A fragment is refused (RFC 6749 section 3.1.2).
pub(crate) fn is_page(uri: &str) -> bool {
    let Ok(url) = Url::parse(uri) else {
        return false;
    };
    let local = url.host().is_some_and(|host| stays_here(&host));
    local && matches!(url.scheme(), "http" | "https") && url.fragment().is_none()
}

/// Whether a request to the host does not leave this machine. `localhost` and the names below it
/// never do (RFC 6761 section 6.3).
fn stays_here<T: AsRef<str>>(host: &Host<T>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.as_ref();
            let name = name.strip_suffix('.').unwrap_or(name);
            name == "localhost" || name.ends_with(".localhost")
        }
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.to_canonical().is_loopback(),
    }
}
