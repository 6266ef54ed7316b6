use url::{Host, Url};

/// Whether the name or address of a host is a loopback one.
pub(crate) fn is_host(host: &str) -> bool {
    Host::parse(host).is_ok_and(|host| stays_here(&host))
}

/// Whether the URI is a page on a loopback host.
pub(crate) fn is_page(uri: &str) -> bool {
    let Ok(url) = Url::parse(uri) else {
        return false;
    };
    let local = url.host().is_some_and(|host| stays_here(&host));
    local && matches!(url.scheme(), "http" | "https") && url.fragment().is_none()
}

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
