//! Wrong signatures.

/// How ID tokens are signed.
///
/// Ordered with [`LocalProvider::sign_id_tokens`](crate::LocalProvider::sign_id_tokens). Every
/// value except [`Right`](Self::Right) must make a client refuse the token (RFC 7515 section 5.2).
///
/// ```
/// use tower_phone_auth_local_provider::{LocalProvider, faults::Signing};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let provider = LocalProvider::start().await?;
/// for signing in [Signing::WrongKey, Signing::Corrupted, Signing::None] {
///     provider.sign_id_tokens(signing);
///     // Sign in with the client under test, and expect its error.
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Signing {
    /// With the key that the header names.
    #[default]
    Right,
    /// With another key of the same kind, under the right key's `kid`. A client that looks the key
    /// up and does not verify the signature accepts it.
    WrongKey,
    /// With the right key, and then one bit of the signature is flipped.
    Corrupted,
    /// Not at all: `alg` is `none` and the signature is empty (RFC 8725 section 3.2).
    None,
    /// With HMAC, whose key is the PEM of the public key: `alg` is `HS256`.
    ///
    /// A client accepts such a token if it takes the algorithm from the token and the published key
    /// as a secret (RFC 8725 section 2.1). With [`Algorithm::Hs256`](crate::Algorithm::Hs256), the
    /// key is the PEM of the published RSA key.
    HmacWithPublicKey,
}
