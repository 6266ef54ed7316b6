//! How an application reads the profile at a provider of its own.

use bytes::Bytes;
use http::{Request, StatusCode};

use super::profile::Profile;
use crate::error::LoginErrorKind;

/// Reads a person's profile at a provider that speaks no OpenID Connect.
///
/// Two plain functions: what is asked with the access token, and what the answer means. Neither waits, and
/// the answer is hostile until read.
///
/// ```
/// use bytes::Bytes;
/// use http::{Request, StatusCode};
/// use tower_phone_auth::{LoginErrorKind, PhoneAssurance, Profile, ReadProfile};
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
    /// The request for the profile, over https (or http on loopback). The token is visible characters only.
    ///
    /// # Errors
    /// If the request cannot be built; the login is refused.
    fn request(&self, access_token: &str) -> http::Result<Request<Bytes>>;

    /// What the answer means. [`LoginErrorKind::PhoneNotShared`] lets the person be asked again, once.
    ///
    /// # Errors
    /// The cause, which decides the page and the status.
    fn read(&self, status: StatusCode, body: &[u8]) -> Result<Profile, LoginErrorKind>;
}
