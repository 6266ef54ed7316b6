//! Sessions without a sign-in, for tests of an application.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use super::OAuthLayer;
use crate::{
    phone::{PhoneAssurance, PhoneNumber, PhoneNumberError},
    session::{
        id::SessionId,
        user::{Known, VerifiedUser},
    },
};

/// A [`VerifiedUser`] for tests, made without a provider (feature `test-util`).
///
/// Enable the feature for tests only: `cargo add --dev tower-phone-auth --features test-util`.
///
/// ```
/// use axum::{Router, body::Body, routing::get};
/// use http::{Request, header::COOKIE};
/// use tower::ServiceExt;
/// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, TestUser, VerifiedUser};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let auth = OAuthLayer::new(Kakao::new("key", "secret"), "http://127.0.0.1:3000", SessionKey::random())?;
/// let app = Router::new()
///     .route("/", get(|VerifiedUser { phone, .. }: VerifiedUser| async move { phone.to_string() }))
///     .layer(auth.clone());
///
/// let cookie = TestUser::new("+82 10-1234-5678")?.cookie(&auth).ok_or("the layer has no such provider")?;
/// let request = Request::get("/").header(COOKIE, cookie).body(Body::empty())?;
/// assert_eq!(app.oneshot(request).await?.status(), 200);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct TestUser(VerifiedUser);

impl TestUser {
    /// A user of the provider `kakao` with this number in international form, signed in now for an
    /// hour, and not [fresh](Self::fresh).
    ///
    /// # Errors
    /// If the text is not a valid number.
    pub fn new(phone: &str) -> Result<Self, PhoneNumberError> {
        let now = SystemTime::now();
        Ok(Self(VerifiedUser {
            phone: phone.parse::<PhoneNumber>()?,
            phone_assurance: PhoneAssurance::Asserted,
            provider: Arc::from("kakao"),
            subject: Arc::from("1"),
            name: None,
            email: None,
            email_verified: false,
            authenticated_at: now,
            expires_at: now + Duration::from_secs(60 * 60),
            session_id: SessionId::random().unwrap_or(SessionId::from_bytes([0; 16])),
            proved_at: None,
            issued_at: None,
            asked_afresh: false,
            provider_session: None,
            known: Known::default(),
        }))
    }

    /// A user who authenticated at the provider just now, as
    /// [`max_age`](crate::layer::RequireUser::max_age) requires. Default: no proof, like a user
    /// whom the provider signed in without asking.
    ///
    /// ```
    /// use std::time::Duration;
    /// use axum::{Router, body::Body, routing::get};
    /// use http::{Request, header::COOKIE};
    /// use tower::ServiceExt;
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, TestUser};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let auth = OAuthLayer::new(Kakao::new("key", "secret"), "http://127.0.0.1:3000", SessionKey::random())?;
    /// let app = Router::new()
    ///     .route("/pay", get(|| async { "paid" }))
    ///     .route_layer(auth.require().max_age(Duration::from_secs(5 * 60)))
    ///     .layer(auth.clone());
    /// let pay = |user: TestUser| {
    ///     let cookie = user.cookie(&auth).unwrap();
    ///     app.clone().oneshot(Request::get("/pay").header(COOKIE, cookie).body(Body::empty()).unwrap())
    /// };
    ///
    /// let user = TestUser::new("+82 10-1234-5678")?;
    /// assert_eq!(pay(user.clone().fresh()).await?.status(), 200);
    /// assert_eq!(pay(user).await?.status(), 403); // Kakao without OpenID Connect proves nothing
    /// # Ok(())
    /// # }
    /// ```
    pub fn fresh(mut self) -> Self {
        self.0.proved_at = Some(self.0.authenticated_at);
        self
    }

    /// Changes a field.
    ///
    /// ```
    /// # use tower_phone_auth::TestUser;
    /// let user = TestUser::new("+82 10-1234-5678")?.with(|user| user.subject = "42".into());
    /// # Ok::<(), tower_phone_auth::phone::PhoneNumberError>(())
    /// ```
    pub fn with(mut self, change: impl FnOnce(&mut VerifiedUser)) -> Self {
        change(&mut self.0);
        self
    }

    /// The user, for the extensions of a request to a handler without a layer.
    ///
    /// ```
    /// # use tower_phone_auth::TestUser;
    /// let mut request = http::Request::new(());
    /// request.extensions_mut().insert(TestUser::new("+82 10-1234-5678")?.user());
    /// # Ok::<(), tower_phone_auth::phone::PhoneNumberError>(())
    /// ```
    #[must_use]
    pub fn user(&self) -> VerifiedUser {
        self.0.clone()
    }

    /// The value of a `Cookie` header that signs the user in at `layer`. `None` if the layer has no
    /// provider of the user's name.
    #[must_use]
    pub fn cookie(&self, layer: &OAuthLayer) -> Option<String> {
        let header = layer.flow().mint(&self.0)?;
        let pair = header.to_str().ok()?.split(';').next()?;
        Some(pair.to_owned())
    }
}
