//! Who is signed in.

use std::{fmt, sync::Arc, time::SystemTime};

use super::id::{ProviderSession, SessionId};
use crate::{
    clock::UnixTime,
    phone::{PhoneAssurance, PhoneNumber},
};

/// A person whose phone number a provider vouched for: holding one is the proof.
///
/// Only the layer makes one (`#[non_exhaustive]`; tests have the feature `test-util`); everybody may read it. On
/// axum it is an extractor, elsewhere it is in the request's extensions. Cloning is cheap.
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
    /// The phone number. Whoever has no acceptable one never becomes a `VerifiedUser`. A number can change
    /// hands: the key of a person is ([`provider`](Self::provider), [`subject`](Self::subject)).
    pub phone: PhoneNumber,
    /// How far the number is vouched for.
    pub phone_assurance: PhoneAssurance,
    /// The name of the provider in this layer, such as `kakao`.
    pub provider: Arc<str>,
    /// The provider's own, never changing identifier of the person.
    pub subject: Arc<str>,
    /// A name to show, if the provider gave one: chosen by the person, not verified, at most 40 characters. Control
    /// characters, marks and overrides of the text's direction, and characters without a width are taken out; zero-width
    /// joiners stay between visible characters, where scripts and emoji need them.
    pub name: Option<Arc<str>>,
    /// An email address, if the provider gave one.
    pub email: Option<Arc<str>>,
    /// Whether the provider says that the email address is verified.
    pub email_verified: bool,
    /// When the person signed in here, in whole seconds.
    pub authenticated_at: SystemTime,
    /// When the session ends at the latest, in whole seconds.
    pub expires_at: SystemTime,
    /// The session's own name, the same from sign-in to its end: for
    /// [`OAuthLayer::revoke_session`](crate::OAuthLayer::revoke_session).
    pub session_id: SessionId,
    /// When the user last proved to the provider who they are: the `auth_time` of a verified ID token, and
    /// nothing else. A provider that knows the browser lets users pass without.
    pub(crate) proved_at: Option<SystemTime>,
    /// Whether the provider was asked for a fresh sign-in, which proves nothing.
    pub(crate) asked_afresh: bool,
    /// The `iat` of the ID token, by the provider's clock: for comparing with other times of the provider.
    pub(crate) issued_at: Option<UnixTime>,
    /// The provider's session, where it named one.
    pub(crate) provider_session: Option<ProviderSession>,
    pub(crate) known: Known,
}

/// The latest revocations that the sign-in knew, in milliseconds since 1970, and 0 where there was none: the session
/// began after them, whatever any clock says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// Of the person.
    pub(crate) subject: u64,
    /// Of the session at the provider; where there is none, of the person's sessions without one.
    pub(crate) at_provider: u64,
}

/// Hides the personal data; the subject too, since it may be a phone number.
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

/// In the extensions of a request that passed the layer with nobody signed in, so that the
/// extractor can tell a public route from a missing layer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Anonymous;
