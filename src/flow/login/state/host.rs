//! The host of a request, for comparison.

use aws_lc_rs::digest::{SHA256, digest};
use http::{HeaderMap, header::HOST, uri::Authority};
use serde::{Deserialize, Serialize};

/// The first four bytes of the hash of the host's name. The client chose the name, so the hash is
/// only compared, and never shown or used in a link. Four bytes are enough, because a collision
/// only changes the text of an error page. `None` if the request has no valid `Host`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Host(Option<[u8; 4]>);

impl Host {
    /// Reads the `Host` header, without the port because cookies do not distinguish ports (RFC
    /// 6265 section 8.5).
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let sent = headers.get(HOST).map(|host| host.as_bytes());
        let authority = sent.and_then(|host| Authority::try_from(host).ok());
        let name = authority.map(|authority| authority.host().to_ascii_lowercase());
        let hash = name.map(|name| digest(&SHA256, name.as_bytes()));
        Self(hash.and_then(|hash| hash.as_ref().first_chunk().copied()))
    }

    /// Whether both hosts are known and differ. An unknown host differs from none, so the error
    /// page does not blame the address without evidence.
    pub(crate) fn differs(self, other: Self) -> bool {
        matches!((self.0, other.0), (Some(one), Some(other)) if one != other)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn host(name: &str) -> Host {
        let name = HeaderValue::from_bytes(name.as_bytes()).unwrap();
        Host::of(&HeaderMap::from_iter([(HOST, name)]))
    }

    #[test]
    fn hosts_differ_by_their_names_alone() {
        for (one, other, differs) in [
            ("localhost:3000", "127.0.0.1:3000", true),
            ("www.example.com", "example.com", true),
            ("[::1]:3000", "localhost:3000", true),
            ("Example.COM", "example.com", false),
            ("example.com:8080", "example.com", false),
            ("[::1]:3000", "[::1]", false),
            ("", "example.com", false),
            ("a b", "example.com", false),
        ] {
            assert_eq!(host(one).differs(host(other)), differs, "{one} {other}");
        }
        assert!(!Host::of(&HeaderMap::new()).differs(host("example.com")));
    }
}
