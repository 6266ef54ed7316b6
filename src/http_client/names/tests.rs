use std::{
    collections::VecDeque,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::*;

/// A resolver with a list of addresses for each name. Each lookup takes the next one; the last one
/// stays.
#[derive(Default)]
struct Fake {
    /// The names and their addresses that are left.
    answers: Mutex<Vec<(String, VecDeque<IpAddr>)>>,
    /// The number of lookups.
    asked: Arc<AtomicUsize>,
}

/// A name without addresses does not exist.
impl Lookup for Fake {
    fn lookup<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.answers.lock().unwrap();
        let known = answers.iter_mut().find(|(known, _)| known == name);
        let answer = known.and_then(|(_, left)| match left.len() {
            0 | 1 => left.front().copied(),
            _ => left.pop_front(),
        });
        Box::pin(async move {
            answer
                .map(|one| vec![one])
                .ok_or(io::ErrorKind::NotFound.into())
        })
    }
}

/// The names of a provider with this issuer. Each name resolves to these addresses, one after the
/// other, so that a test can change an address between two connections.
pub(crate) fn names(issuer: &str, answers: &[(&str, &[&str])]) -> Names {
    let parse = |(name, list): &(&str, &[&str])| {
        let list = list.iter().map(|address| address.parse().unwrap());
        ((*name).to_owned(), list.collect())
    };
    let fake = Fake {
        answers: Mutex::new(answers.iter().map(parse).collect()),
        ..Fake::default()
    };
    Names::with(vec![issuer.parse().unwrap()], fake)
}

/// Whether an endpoint is accepted.
async fn admits(names: &Names, endpoint: &str) -> bool {
    names.admits(&endpoint.parse().unwrap()).await
}

/// An issuer with a public address.
const PUBLIC: &str = "https://id.example.com";

/// The names of the provider with the issuer [`PUBLIC`].
fn public() -> Names {
    names(PUBLIC, &[("id.example.com", &["93.184.215.14"])])
}

/// The notations are those that browsers and resolvers accept for one address.
#[tokio::test]
async fn internal_addresses_in_metadata_are_refused_in_every_notation() {
    // Loopback as an address, as a number, in hexadecimal and in octal.
    for endpoint in [
        "https://127.0.0.1/",
        "https://127.9.9.9:8443/",
        "https://2130706433/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://localhost/",
        "https://localhost./",
        "https://api.localhost/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://0.0.0.0:8443/",
        "https://0/",
        "https://[::]/",
        // Link-local addresses, among them that of a cloud's metadata service, also inside of IPv6
        // addresses.
        "https://169.254.169.254/",
        "https://2852039166/",
        "https://0xa9fea9fe/",
        "https://0251.0376.0251.0376/",
        "https://[fe80::1]/",
        "https://[::ffff:a9fe:a9fe]/",
        "https://[64:ff9b::a9fe:a9fe]/",
        // Private and shared networks (RFC 1918, RFC 6598, RFC 4193), also behind NAT64 and 6to4.
        "https://10.0.0.1/",
        "https://012.1/",
        "https://192.168.0.1/",
        "https://172.16.0.1/",
        "https://100.64.0.1/",
        "https://[fd00::1]/",
        "https://[64:ff9b::10.0.0.1]/",
        "https://[2002:c0a8:1::]/",
    ] {
        assert!(!admits(&public(), endpoint).await, "{endpoint}");
    }
    assert!(admits(&public(), "https://93.184.215.14/").await);
    assert!(admits(&public(), "https://[2606:4700:4700::1111]/").await);
}

/// The operator chose this host, so the metadata lead nowhere else.
#[tokio::test]
async fn an_endpoint_at_the_issuers_own_host_is_not_checked() {
    for issuer in [
        "https://10.0.0.5/realm",
        "https://[fd00::5]",
        "https://127.0.0.1",
    ] {
        let names = names(issuer, &[]);
        assert!(admits(&names, &format!("{issuer}/token")).await, "{issuer}");
    }
}

/// A provider in a private network often has its endpoints at several hosts of that network. None
/// of these endpoints is on loopback or at a link-local address.
#[tokio::test]
async fn a_private_provider_may_have_private_endpoints_and_no_loopback_ones() {
    let by_name = || {
        names(
            "https://id.corp.example",
            &[("id.corp.example", &["10.0.0.5"])],
        )
    };
    let by_address = || names("https://10.0.0.5", &[]);
    for names in [by_name(), by_address()] {
        assert!(admits(&names, "https://10.0.0.6/").await);
        assert!(admits(&names, "https://[fd00::6]/").await);
        assert!(!admits(&names, "https://127.0.0.1/").await);
        assert!(!admits(&names, "https://169.254.169.254/").await);
        assert!(!admits(&names, "https://0.0.0.0/").await);
    }
}

/// The provider of a development set-up has its endpoints on other ports of the same host.
#[tokio::test]
async fn a_provider_on_this_machine_may_have_endpoints_here_and_not_in_the_network() {
    let names = names("http://127.0.0.1:9000", &[]);
    assert!(admits(&names, "http://localhost:9001/").await);
    assert!(admits(&names, "http://[::1]:9001/").await);
    assert!(!admits(&names, "https://10.0.0.6/").await);
    assert!(!admits(&names, "https://0.0.0.0:9001/").await);
    assert!(!admits(&names, "https://169.254.169.254/").await);
}

/// Connections of the default client.
#[cfg(feature = "reqwest")]
mod connections {
    use super::{super::resolver::Forbidden, *};

    /// DNS rebinding: the name is public when it is checked, and internal when it is used.
    #[tokio::test]
    async fn a_host_name_of_metadata_is_checked_at_every_connection() {
        let names = names(
            PUBLIC,
            &[
                ("id.example.com", &["93.184.215.14"]),
                (
                    "keys.example",
                    &["93.184.215.15", "127.0.0.1", "10.0.0.1", "169.254.169.254"],
                ),
            ],
        );
        assert!(admits(&names, "https://keys.example/jwks").await);
        // The first lookup gives a public address. Each later one gives another internal address.
        assert!(names.addresses("keys.example").await.is_ok());
        for rebound in ["127.0.0.1", "10.0.0.1", "169.254.169.254"] {
            let error = names.addresses("keys.example").await.unwrap_err();
            assert!(error.is::<Forbidden>(), "{rebound}");
        }
    }

    /// The name of a proxy is a setting, too, and often is an internal one.
    #[tokio::test]
    async fn host_names_of_the_settings_are_not_checked() {
        let names = names(
            "https://id.corp.example",
            &[
                ("id.corp.example", &["10.0.0.5"]),
                ("proxy.corp", &["10.0.0.3"]),
            ],
        );
        assert!(names.addresses("id.corp.example").await.is_ok());
        assert!(names.addresses("proxy.corp").await.is_ok());
    }
}
