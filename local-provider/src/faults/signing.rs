//! Wrong signatures.

/// How ID tokens are signed.
///
/// Ordered with [`LocalProvider::sign_id_tokens`](crate::LocalProvider::sign_id_tokens).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Signing {
    /// With the key that the header names.
    #[default]
    Right,
    /// With another key of the same kind, under the right key's `kid`.
    WrongKey,
    /// With the right key, and then one bit of the signature is flipped.
    Corrupted,
    /// Not at all: `alg` is `none` and the signature is empty.
    None,
    /// With HMAC, whose key is the PEM of the public key: `alg` is `HS256`.
    ///
    /// A client accepts such a token if it takes the algorithm from the token and the published key
    /// as a secret (RFC 8725 section 2.1). With [`Algorithm::Hs256`](crate::Algorithm::Hs256), the
    /// key is the PEM of the published RSA key.
    HmacWithPublicKey,
}
