//! The cause of a call without an answer, and its remedy.

use crate::doctor::facts::{Call, Certificates, Failure};
use crate::http_client::HttpErrorKind;

/// The cause in words, with the address, and the remedy.
pub(crate) fn cause(
    call: &Call,
    failure: &Failure,
    certificates: &Certificates,
) -> (String, String) {
    let address = &call.address;
    let source = failure.source.as_deref().unwrap_or_default();
    let found = match source {
        "" => format!("{} ({address})", failure.kind),
        source => format!("{}: {source} ({address})", failure.kind),
    };
    (found, remedy(address, failure, source, certificates))
}

/// The remedy by the kind of the error.
fn remedy(address: &str, failure: &Failure, source: &str, certificates: &Certificates) -> String {
    match failure.kind {
        HttpErrorKind::TimedOut => format!(
            "open the way from this machine to {} (firewall, proxy), or give the provider more time (provider_timeout)",
            place(address)
        ),
        HttpErrorKind::ForbiddenAddress => {
            "if the provider is right about this inner address, set Oidc::allow_internal_endpoints"
                .to_owned()
        }
        HttpErrorKind::TooLarge => {
            "check that the address is the provider's: its answer has more than 256 KiB".to_owned()
        }
        HttpErrorKind::Encoded(_) => {
            "let the provider or its proxy heed Accept-Encoding: identity".to_owned()
        }
        HttpErrorKind::Unreachable | HttpErrorKind::Busy(_) => {
            unreachable(address, source, certificates)
        }
    }
}

/// The remedy for a connection that failed. Recognises texts of rustls, hyper and the operating
/// system. Another client may have other texts, and then gets the general remedy at the end.
fn unreachable(address: &str, source: &str, certificates: &Certificates) -> String {
    let place = place(address);
    let has = |text: &str| source.contains(text);
    if has("expired") || has("Expired") || has("not valid yet") || has("NotValidYet") {
        return format!("renew the certificate of {place}, and check the clock of this machine");
    }
    if has("not valid for name") || has("NotValidForName") {
        return format!(
            "give the host name that the certificate of {place} has, or have it issued for this one"
        );
    }
    if has("CaUsedAsEndEntity") {
        return format!(
            "{place} shows the certificate of an authority, such as a self-signed one: give it a server certificate, and {}",
            authority(certificates)
        );
    }
    if has("invalid peer certificate") {
        return authority(certificates);
    }
    if has("dns error") || has("lookup") {
        return format!("check the name in {place}, and the resolver of this machine");
    }
    if has("refused") {
        return format!("check host and port of {place}, and that the server runs");
    }
    if has("corrupt message") || has("InvalidContentType") {
        return format!("check the port of {place}: what answers there does not speak TLS");
    }
    format!("check the way from this machine to {place}: firewall, proxy, and the server itself")
}

/// The remedy for an authority that is not trusted. The default client reads the system's store, or
/// only the file or folder of one of these variables.
fn authority(certificates: &Certificates) -> String {
    match certificates {
        Certificates::OwnClient => {
            "give the client of http_client the certificate authority that signed it".to_owned()
        }
        Certificates::System if cfg!(not(all(unix, not(target_vendor = "apple")))) => {
            "add the certificate authority that signed it to the store of the system".to_owned()
        }
        Certificates::System => {
            "add the certificate authority that signed it to the store of the system (update-ca-certificates), or set \
             SSL_CERT_FILE to one PEM file with it and the public authorities: nothing else is read then"
                .to_owned()
        }
        Certificates::At { variable, path, .. } => format!(
            "add the certificate authority that signed it to {}, which {variable} names",
            path.display()
        ),
    }
}

/// Scheme, host and port of an address, or the whole address if it is no URL.
fn place(address: &str) -> String {
    let url = url::Url::parse(address).ok();
    let origin = url.map(|url| url.origin().ascii_serialization());
    origin.unwrap_or_else(|| address.to_owned())
}
