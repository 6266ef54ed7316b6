//! The signed-in user, as the application sees it.

use std::{fmt, sync::Arc, time::SystemTime};

use serde::{Serialize, Serializer, de::DeserializeOwned, ser::SerializeStruct};

use super::{
    claims::{self, ClaimsError},
    details::{Details, UserTexts},
    id::SessionId,
    subject::Subject,
};
use crate::phone::{PhoneAssurance, PhoneNumber};

pub(crate) use super::details::{Facts, Known};

/// A signed-in user with a phone number that a provider vouched for.
///
/// Only the layer makes values of this type (tests use the feature `test-util`), so having one
/// proves the sign-in. The value is in the extensions of the request, and with the feature `axum`
/// it is an extractor. Clones share their memory.
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
///
/// # Serialisation
/// serde writes the members `phone` (E.164), `phone_assurance`, `provider`, `subject`, `name`,
/// `email` and `email_verified`; `name` and `email` are null if there is none. Nothing reads it
/// back, because only the layer makes users.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
#[doc(alias = "axum", alias = "extractor")]
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
    pub subject: Subject,
    /// Everything else. One `Arc`, because a user is moved several times in every request.
    details: Arc<Details>,
}

impl VerifiedUser {
    /// A name to show, if the provider gave one. The user chose it, and it is not verified. At most
    /// 40 characters, without control characters, marks and overrides of the text's direction, and
    /// characters without a width. Zero-width joiners stay between visible characters, because
    /// scripts and emoji need them.
    ///
    /// ```
    /// use tower_phone_auth::VerifiedUser;
    ///
    /// fn greeting(user: &VerifiedUser) -> String {
    ///     format!("Hello, {}", user.name().unwrap_or("you"))
    /// }
    /// ```
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        Some(self.details.texts().name).filter(|name| !name.is_empty())
    }

    /// An email address, if the provider gave one.
    ///
    /// ```
    /// use tower_phone_auth::VerifiedUser;
    ///
    /// fn receipt_to(user: &VerifiedUser) -> Option<&str> {
    ///     user.email().filter(|_| user.email_verified())
    /// }
    /// ```
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        Some(self.details.texts().email).filter(|email| !email.is_empty())
    }

    /// Whether the provider says that the email address is verified.
    ///
    /// ```
    /// use tower_phone_auth::VerifiedUser;
    ///
    /// fn receipt_to(user: &VerifiedUser) -> Option<&str> {
    ///     user.email().filter(|_| user.email_verified())
    /// }
    /// ```
    #[must_use]
    pub fn email_verified(&self) -> bool {
        self.facts().email_verified
    }

    /// When the user signed in at this layer, in whole seconds.
    ///
    /// ```
    /// use tower_phone_auth::VerifiedUser;
    ///
    /// fn is_new(user: &VerifiedUser) -> bool {
    ///     user.authenticated_at().elapsed().is_ok_and(|age| age.as_secs() < 60)
    /// }
    /// ```
    #[must_use]
    pub fn authenticated_at(&self) -> SystemTime {
        self.facts().authenticated_at.into()
    }

    /// When the user confirmed the phone number by a code of the
    /// [phone step](crate::Builder::phone_step), in whole seconds. `None` if the number came from
    /// the provider.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use tower_phone_auth::VerifiedUser;
    ///
    /// fn is_recent(user: &VerifiedUser, now: SystemTime) -> bool {
    ///     let age = user.confirmed_at().and_then(|at| now.duration_since(at).ok());
    ///     age.is_some_and(|age| age < Duration::from_secs(24 * 60 * 60))
    /// }
    /// ```
    #[must_use]
    pub fn confirmed_at(&self) -> Option<SystemTime> {
        self.facts().confirmed_at.map(Into::into)
    }

    /// When the session ends at the latest, in whole seconds.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_phone_auth::VerifiedUser;
    ///
    /// fn seconds_left(user: &VerifiedUser) -> u64 {
    ///     let left = user.expires_at().duration_since(SystemTime::now());
    ///     left.map_or(0, |left| left.as_secs())
    /// }
    /// ```
    #[must_use]
    pub fn expires_at(&self) -> SystemTime {
        self.facts().expires_at.into()
    }

    /// The id of the session, which stays the same until its end. See
    /// [`OAuthLayer::revoke_session`](crate::OAuthLayer::revoke_session).
    ///
    /// ```
    /// use tower_phone_auth::{OAuthLayer, VerifiedUser, revocation::NotEverywhere};
    ///
    /// async fn end(auth: &OAuthLayer, user: &VerifiedUser) -> Result<(), NotEverywhere> {
    ///     auth.revoke_session(user.session_id()).await
    /// }
    /// ```
    #[must_use]
    pub fn session_id(&self) -> SessionId {
        self.facts().session_id
    }

    /// The application's own data of this session, which
    /// [`Builder::on_sign_in`](crate::Builder::on_sign_in) returned or
    /// [`Builder::claims`](crate::Builder::claims) made. `None` if there are none, as in a session
    /// that began before the application had these hooks.
    ///
    /// The data are sealed in the session's cookie, so no store is asked. They are as old as the
    /// session, or as the last [refresh](crate::OAuthLayer::refresh_claims). Every call reads the
    /// JSON anew.
    ///
    /// ```
    /// use serde::Deserialize;
    /// use tower_phone_auth::VerifiedUser;
    ///
    /// #[derive(Deserialize)]
    /// struct Shop { customer: u64, is_staff: bool }
    ///
    /// fn is_staff(user: &VerifiedUser) -> bool {
    ///     matches!(user.claims::<Shop>(), Ok(Some(shop)) if shop.is_staff)
    /// }
    /// ```
    ///
    /// # Errors
    /// If the data are not of the type `T`, as after a change of the type. With
    /// [`Builder::claims`](crate::Builder::claims) the layer makes new ones first. Without it, such
    /// a session goes on until its end.
    pub fn claims<T: DeserializeOwned>(&self) -> Result<Option<T>, ClaimsError> {
        claims::read(self.claims_text())
    }

    /// The JSON of the application's data. Empty if there are none.
    pub(crate) fn claims_text(&self) -> &str {
        self.details.claims()
    }

    /// Replaces the application's data. `known` is the date of the last request for new ones, as
    /// [`Facts`] keep it.
    pub(crate) fn set_claims(&mut self, claims: &str, known: u64) {
        let texts = UserTexts {
            claims,
            ..self.details.texts()
        };
        let facts = Facts {
            claims_known: Some(known),
            ..self.details.facts
        };
        self.details = Arc::new(Details::new(facts, texts));
    }

    /// Removes the application's data.
    pub(crate) fn remove_claims(&mut self) {
        let facts = Facts {
            claims_known: None,
            ..self.details.facts
        };
        let texts = UserTexts {
            claims: "",
            ..self.details.texts()
        };
        self.details = Arc::new(Details::new(facts, texts));
    }

    /// A user of these facts.
    pub(crate) fn new(
        (phone, phone_assurance): (PhoneNumber, PhoneAssurance),
        provider: Arc<str>,
        texts: UserTexts<'_>,
        facts: Facts,
    ) -> Self {
        Self::of(
            (phone, phone_assurance),
            provider,
            Details::new(facts, texts),
        )
    }

    /// A user with these details.
    #[inline(always)]
    pub(crate) fn of(
        (phone, phone_assurance): (PhoneNumber, PhoneAssurance),
        provider: Arc<str>,
        details: Details,
    ) -> Self {
        let details = Arc::new(details);
        Self {
            phone,
            phone_assurance,
            provider,
            subject: Subject::of(&details),
            details,
        }
    }

    /// The facts that are no texts.
    pub(crate) fn facts(&self) -> &Facts {
        &self.details.facts
    }

    /// The facts to change. The memory is copied if a clone shares it.
    pub(crate) fn facts_mut(&mut self) -> &mut Facts {
        &mut Arc::make_mut(&mut self.details).facts
    }

    /// Replaces texts, for tests. The public subject stays.
    #[cfg(feature = "test-util")]
    pub(crate) fn set_texts(&mut self, name: Option<&str>, email: Option<&str>) {
        let known = self.details.texts();
        let texts = UserTexts {
            subject: known.subject,
            name: name.unwrap_or(known.name),
            email: email.unwrap_or(known.email),
            claims: known.claims,
        };
        self.details = Arc::new(Details::new(self.details.facts, texts));
    }
}

/// Hides the personal data, and the subject, which may be a phone number.
impl fmt::Debug for VerifiedUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedUser")
            .field("provider", &self.provider)
            .field("subject", &format_args!("[hidden]"))
            .field("phone", &self.phone)
            .field("phone_assurance", &self.phone_assurance)
            .field("session_id", &self.session_id())
            .finish_non_exhaustive()
    }
}

impl Serialize for VerifiedUser {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut user = serializer.serialize_struct("VerifiedUser", 7)?;
        user.serialize_field("phone", &self.phone)?;
        user.serialize_field("phone_assurance", &self.phone_assurance)?;
        user.serialize_field("provider", &*self.provider)?;
        user.serialize_field("subject", &self.subject)?;
        user.serialize_field("name", &self.name())?;
        user.serialize_field("email", &self.email())?;
        user.serialize_field("email_verified", &self.email_verified())?;
        user.end()
    }
}
