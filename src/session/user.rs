//! The signed-in user, as the application sees it.

use std::{fmt, sync::Arc, time::SystemTime};

use super::id::{ProviderSession, SessionId};
use crate::{
    clock::UnixTime,
    phone::{PhoneAssurance, PhoneNumber},
};

/// A signed-in user with a phone number that a provider vouched for.
///
/// Only the layer makes values of this type (`#[non_exhaustive]`; tests use the feature
/// `test-util`), so having one proves the sign-in. The value is in the extensions of the request,
/// and with the feature `axum` it is an extractor. Clones are cheap.
///
/// ```
/// use http::Request;
/// use tower_phone_auth::VerifiedUser;
///
/// fn greet<B>(request: &Request<B>) -> Option<String> {
///     let VerifiedUser { phone, provider, subject, .. } = request.extensions().get()?;
///     Some(format!("{phone}, known to {provider} as {subject}"))
/// }
/// # assert_eq!(greet(&Request::new(())), None);
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifiedUser {
    /// The phone number. Users without an acceptable one cannot sign in. A number can pass to
    /// another person, so identify users by ([`provider`](Self::provider),
    /// [`subject`](Self::subject)).
    pub phone: PhoneNumber,
    /// How reliable the number is.
    pub phone_assurance: PhoneAssurance,
    /// The name of the provider in this layer, such as `kakao`.
    pub provider: Arc<str>,
    /// The provider's identifier of the user, which never changes.
    pub subject: Arc<str>,
    /// A name to show, if the provider gave one. The user chose it, and it is not verified. At most
    /// 40 characters, without control characters, marks and overrides of the text's direction, and
    /// characters without a width. Zero-width joiners stay between visible characters, because
    /// scripts and emoji need them.
    pub name: Option<Arc<str>>,
    /// An email address, if the provider gave one.
    pub email: Option<Arc<str>>,
    /// Whether the provider says that the email address is verified.
    pub email_verified: bool,
    /// When the user signed in at this layer, in whole seconds.
    pub authenticated_at: SystemTime,
    /// When the session ends at the latest, in whole seconds.
    pub expires_at: SystemTime,
    /// The id of the session, which stays the same until its end. See
    /// [`OAuthLayer::revoke_session`](crate::OAuthLayer::revoke_session).
    pub session_id: SessionId,
    /// When the user last authenticated at the provider, by the `auth_time` of a verified ID token
    /// (OpenID Connect Core section 2), and nothing else. `None` if the provider sends none.
    ///
    /// The sign-in may be later, because a provider that knows the browser asks for no password.
    pub(crate) proved_at: Option<SystemTime>,
    /// Whether the provider was asked for a fresh authentication (`prompt=login` or `max_age`).
    /// Being asked proves nothing, because a browser can remove the parameters.
    pub(crate) asked_afresh: bool,
    /// The `iat` of the ID token. It is by the provider's clock, so it is compared with other times
    /// of the provider only.
    pub(crate) issued_at: Option<UnixTime>,
    /// The session at the provider, if the ID token had a `sid`. A report that names the `sid` ends
    /// this session.
    pub(crate) provider_session: Option<ProviderSession>,
    /// The revocations that the session began after.
    pub(crate) known: Known,
}

/// The dates of the latest revocations that the sign-in knew, in milliseconds since 1970, or 0 if
/// there was none. The session began after these revocations, whatever the clocks of the replicas
/// say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// The latest revocation of all sessions of the user.
    pub(crate) subject: u64,
    /// The latest revocation of the session at the provider. For a user without a `sid`, the latest
    /// revocation of all sessions of the user without one.
    pub(crate) at_provider: u64,
}

/// Hides the personal data, and the subject, which may be a phone number.
impl fmt::Debug for VerifiedUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedUser")
            .field("provider", &self.provider)
            .field("subject", &format_args!("[hidden]"))
            .field("phone", &self.phone)
            .field("phone_assurance", &self.phone_assurance)
            .field("session_id", &self.session_id)
            .finish_non_exhaustive()
    }
}
