//! The `iss` of the callback.

/// The `iss` of the callback (RFC 9207). The metadata announce whether callbacks have one; the last
/// three values contradict the announcement or the issuer.
///
/// A client with several providers compares the `iss` with the provider that it sent the user to
/// (RFC 9207 section 2.4). Without that check, a hostile provider can pass the code of another one
/// on to it (mix-up). A configuration file can set `true` for [`On`](Self::On) and `false` for
/// [`Off`](Self::Off), and none of the others.
///
/// ```
/// use tower_phone_auth_local_provider::{LocalProvider, faults::CallbackIss};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let provider = LocalProvider::start().await?;
/// provider.configure(|settings| {
///     settings.oidc.callback_iss = CallbackIss::Other("https://evil.example".to_owned());
/// });
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallbackIss {
    /// No `iss`, and none is announced.
    #[default]
    Off,
    /// The right `iss`, as announced.
    On,
    /// Another `iss`, though the right one is announced.
    Other(String),
    /// No `iss`, though one is announced.
    Missing,
    /// The right `iss`, though none is announced. Whether a client accepts it is its own
    /// decision (RFC 9207 section 2.4).
    Unannounced,
}

impl CallbackIss {
    /// Whether the metadata say that callbacks have an `iss`.
    pub(crate) fn is_announced(&self) -> bool {
        matches!(self, Self::On | Self::Other(_) | Self::Missing)
    }

    /// The `iss` of callbacks, if they have one. `right` is the issuer.
    pub(crate) fn sent(&self, right: &str) -> Option<String> {
        match self {
            Self::Off | Self::Missing => None,
            Self::On | Self::Unannounced => Some(right.to_owned()),
            Self::Other(other) => Some(other.clone()),
        }
    }
}
