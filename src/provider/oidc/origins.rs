//! The two addresses of a provider: the issuer, which browsers use, and the optional discovery URL,
//! which this server uses.
//!
//! The two differ behind a proxy or in a container network. Endpoints of the metadata that the
//! browser opens are moved to the issuer's origin, endpoints that this server calls to the
//! discovery URL's origin. Without a discovery URL, endpoints stay as the metadata state them.

use url::{Host, Url};

use crate::{
    error::ConfigError,
    web::{
        address::{Reach, reach},
        origin::{is_safe, literal},
    },
};

/// The end of the address of the metadata (Discovery section 4).
const WELL_KNOWN: &str = ".well-known/openid-configuration";

/// The addresses of the settings, checked.
#[derive(Clone, Debug)]
pub(super) struct Origins {
    /// The issuer exactly as given, because the metadata must state the same text (Discovery
    /// section 4.3).
    pub(super) issuer: String,
    /// The issuer as a URL, for its origin.
    issuer_url: Url,
    /// The address of the metadata for this server, if it differs from the issuer's.
    discovery_url: Option<Url>,
    /// The setting `allow_insecure_http`.
    insecure_http: bool,
}

impl Origins {
    /// Checks both addresses.
    ///
    /// # Errors
    ///
    /// If one is no URL, has a fragment or user information, or a scheme that is not allowed. The
    /// error names its setting.
    pub(super) fn parse(
        issuer: &str,
        discovery_url: Option<&str>,
        insecure_http: bool,
    ) -> Result<Self, ConfigError> {
        let issuer_url = Url::parse(issuer).ok();
        let issuer_url = issuer_url.filter(|url| is_clear(url) && url.query().is_none());
        let issuer_url = issuer_url.ok_or_else(|| {
            let problem = format!("{issuer:?} is not an https URL without query");
            let remedy = "give it exactly as the provider writes it, as in https://id.example.com";
            ConfigError::new("issuer", problem, remedy)
        })?;
        check_scheme("issuer", &issuer_url, insecure_http)?;
        let discovery_url = discovery_url.map(|url| document(url, insecure_http));
        Ok(Self {
            issuer: issuer.to_owned(),
            issuer_url,
            discovery_url: discovery_url.transpose()?,
            insecure_http,
        })
    }

    /// Warns if secrets travel over plain http. Called once, when the layer is built.
    pub(super) fn warn(&self) {
        let urls = [Some(&self.issuer_url), self.discovery_url.as_ref()];
        // An address of the settings over https or on loopback is safe.
        if let Some(url) = urls.into_iter().flatten().find(|url| !is_safe(url)) {
            tracing::warn!(
                provider = url.as_str(),
                "plain http to the provider: any machine on that network can read the client secret \
                 and sign in as any user; for development alone"
            );
        }
    }

    /// The address of the metadata (Discovery section 4).
    pub(super) fn document(&self) -> String {
        match &self.discovery_url {
            Some(discovery_url) => discovery_url.to_string(),
            None => {
                // Discovery section 4.1 removes a trailing slash first.
                let issuer = self.issuer.strip_suffix('/').unwrap_or(&self.issuer);
                format!("{issuer}/{WELL_KNOWN}")
            }
        }
    }

    /// An endpoint of the metadata, if its scheme is allowed: https, http on loopback, or plain
    /// http that [`allow_insecure_http`](super::Oidc::allow_insecure_http) permits.
    pub(super) fn endpoint(&self, text: &str) -> Option<Url> {
        let url = Url::parse(text).ok()?;
        let is_allowed = is_safe(&url) || (self.insecure_http && is_private_http(&url));
        (is_allowed && url.fragment().is_none()).then_some(url)
    }

    /// An endpoint that this server calls, at the origin where this server reaches the provider.
    /// `None` if the origin cannot be replaced.
    pub(super) fn for_server(&self, endpoint: Url) -> Option<Url> {
        match &self.discovery_url {
            Some(discovery_url) => at_origin(endpoint, discovery_url),
            None => Some(endpoint),
        }
    }

    /// An endpoint that the browser opens, at the issuer's origin.
    pub(super) fn for_browser(&self, endpoint: Url) -> Option<Url> {
        match &self.discovery_url {
            Some(_) => at_origin(endpoint, &self.issuer_url),
            None => Some(endpoint),
        }
    }
}

/// The address of the metadata by the setting `discovery_url`. An address without `/.well-known/`
/// stands for the issuer, so the rest of the path is appended.
fn document(text: &str, insecure_http: bool) -> Result<Url, ConfigError> {
    let wrong = || {
        let problem = format!("{text:?} is not an https URL");
        let remedy = "give the address of the metadata as this server reaches it, as in \
                      https://keycloak.internal:8443/realms/shop/.well-known/openid-configuration";
        ConfigError::new("discovery_url", problem, remedy)
    };
    let mut url = Url::parse(text).ok().filter(is_clear).ok_or_else(wrong)?;
    check_scheme("discovery_url", &url, insecure_http)?;
    if !url.path().contains("/.well-known/") {
        let path = format!("{}/{WELL_KNOWN}", url.path().trim_end_matches('/'));
        url.set_path(&path);
    }
    Ok(url)
}

/// An http(s) URL without user information and without fragment.
fn is_clear(url: &Url) -> bool {
    let is_anonymous = url.username().is_empty() && url.password().is_none();
    let is_web = matches!(url.scheme(), "https" | "http") && url.has_host();
    is_web && is_anonymous && url.fragment().is_none()
}

/// Refuses an address whose scheme is not allowed. The remedy depends on whether plain http could
/// be allowed there.
fn check_scheme(setting: &'static str, url: &Url, insecure_http: bool) -> Result<(), ConfigError> {
    let is_private = is_private_http(url);
    if is_safe(url) || (insecure_http && is_private) {
        return Ok(());
    }
    let problem = format!("{:?} is not an https URL", url.as_str());
    let remedy = if is_private {
        "give an https address; for development on a private network, allow_insecure_http() \
         permits plain http"
    } else {
        "give an https address: plain http is for loopback, and by allow_insecure_http() for \
         private addresses and names without a dot, or in .internal or .local"
    };
    Err(ConfigError::new(setting, problem, remedy))
}

/// Plain http to a host on a private network, by its address or its name.
fn is_private_http(url: &Url) -> bool {
    if url.scheme() != "http" {
        return false;
    }
    match (url.host(), literal(url)) {
        (_, Some(address)) => reach(address) == Reach::Private,
        (Some(Host::Domain(name)), None) => is_private_name(name),
        _ => false,
    }
}

/// A name that no public DNS resolves: without a dot, or below `.internal` or `.local`.
fn is_private_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    !name.is_empty()
        && (!name.contains('.') || name.ends_with(".internal") || name.ends_with(".local"))
}

/// `endpoint` moved to another origin. Path and query stay.
fn at_origin(mut endpoint: Url, origin: &Url) -> Option<Url> {
    endpoint.set_scheme(origin.scheme()).ok()?;
    endpoint.set_host(origin.host_str()).ok()?;
    endpoint.set_port(origin.port()).ok()?;
    Some(endpoint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn private(url: &str) -> bool {
        is_private_http(&Url::parse(url).unwrap())
    }

    #[test]
    fn plain_http_is_for_private_addresses_and_names_alone() {
        for url in [
            "http://keycloak:8080/realms/shop",
            "http://keycloak.:8080/",
            "http://10.0.0.7/",
            "http://172.18.0.2:8080/",
            "http://192.168.1.20/",
            "http://[fd00::7]/",
            "http://id.internal/",
            "http://id.svc.cluster.local:8080/",
        ] {
            assert!(private(url), "{url}");
        }
        for url in [
            "http://id.example.com/",
            "http://8.8.8.8/",
            "http://169.254.169.254/",
            "http://0.0.0.0/",
            "http://internal.example.com/",
            "http://local.example/",
            "http://notinternal.example/",
            "http://id.internal.example/",
            "http://[2606:4700:4700::1111]/",
            "https://keycloak/",
            "ftp://keycloak/",
        ] {
            assert!(!private(url), "{url}");
        }
    }

    #[test]
    fn endpoints_move_to_another_origin_with_their_path_and_query() {
        let url = |text: &str| Url::parse(text).unwrap();
        for (endpoint, origin, expected) in [
            (
                "https://id.example.com/t?x=1",
                "http://kc:8080/realms/s",
                "http://kc:8080/t?x=1",
            ),
            (
                "http://kc:8080/t",
                "https://id.example.com/",
                "https://id.example.com/t",
            ),
            (
                "https://id.example.com:8443/t",
                "https://kc/",
                "https://kc/t",
            ),
            (
                "http://kc:8080/t",
                "http://[fd00::1]:81/",
                "http://[fd00::1]:81/t",
            ),
        ] {
            let at_origin = at_origin(url(endpoint), &url(origin)).unwrap();
            assert_eq!(at_origin.as_str(), expected);
        }
    }
}
