//! The application's part of a [`CustomProvider`](crate::CustomProvider): reading the profile.

use bytes::Bytes;
use http::{Request, StatusCode};

use super::profile::Profile;
use crate::error::LoginErrorKind;

/// Reads the user's profile at a provider without OpenID Connect.
///
/// [`request`](Self::request) makes the request that the layer sends with the access token.
/// [`read`](Self::read) reads the response. Both are synchronous. The response is untrusted input,
/// so check the types of its members.
///
/// ```
/// use bytes::Bytes;
/// use http::{Request, StatusCode};
/// use tower_phone_auth::{error::LoginErrorKind, phone::PhoneAssurance, provider::{Profile, ReadProfile}};
///
/// struct Club;
///
/// impl ReadProfile for Club {
///     fn request(&self, access_token: &str) -> http::Result<Request<Bytes>> {
///         Request::get("https://api.club.example/me")
///             .header("authorization", format!("Bearer {access_token}"))
///             .body(Bytes::new())
///     }
///
///     fn read(&self, status: StatusCode, body: &[u8]) -> Result<Profile, LoginErrorKind> {
///         let me: serde_json::Value =
///             serde_json::from_slice(body).map_err(|_| LoginErrorKind::InvalidAnswer)?;
///         let id = me["id"].as_str().ok_or(LoginErrorKind::InvalidAnswer)?;
///         let phone = me["phone"].as_str().ok_or(LoginErrorKind::PhoneNotOnAccount)?;
///         Ok(Profile::new(id, phone, PhoneAssurance::Asserted))
///     }
/// }
///
/// let answer = br#"{"id": "7", "phone": "+82 10-1234-5678"}"#;
/// assert!(Club.read(StatusCode::OK, answer).is_ok());
/// ```
pub trait ReadProfile: Send + Sync + 'static {
    /// The request for the profile. Its URL must be https, or http on loopback, because the request
    /// carries the token. The token consists of visible ASCII characters.
    ///
    /// # Errors
    ///
    /// If the request cannot be built. The sign-in is then refused.
    fn request(&self, access_token: &str) -> http::Result<Request<Bytes>>;

    /// The profile in the response. [`LoginErrorKind::PhoneNotShared`] makes the layer ask the user
    /// for consent a second time, once.
    ///
    /// # Errors
    ///
    /// The cause, which decides the page and the status.
    fn read(&self, status: StatusCode, body: &[u8]) -> Result<Profile, LoginErrorKind>;
}
