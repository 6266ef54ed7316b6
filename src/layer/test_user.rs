//! Sessions without a sign-in, for tests of an application.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use serde::Serialize;

use super::OAuthLayer;
use crate::{
    clock::UnixTime,
    error::ConfigError,
    phone::{PhoneAssurance, PhoneNumber, PhoneNumberError},
    session::{
        claims,
        details::UserTexts,
        id::SessionId,
        user::{Facts, VerifiedUser},
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
/// let cookie = TestUser::new("+82 10-1234-5678")?.cookie(&auth)?;
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
    /// ```
    /// use tower_phone_auth::TestUser;
    ///
    /// let user = TestUser::new("+82 10-1234-5678")?.user();
    /// assert_eq!(user.phone.to_string(), "+821012345678");
    /// # Ok::<(), tower_phone_auth::phone::PhoneNumberError>(())
    /// ```
    ///
    /// # Errors
    /// If the text is not a valid number.
    pub fn new(phone: &str) -> Result<Self, PhoneNumberError> {
        let now = UnixTime::from(SystemTime::now());
        let id = SessionId::random().unwrap_or(SessionId::from_bytes([0; 16]));
        let facts = Facts::of(id, now, now.after(Duration::from_secs(60 * 60)));
        let texts = UserTexts {
            subject: "1",
            ..UserTexts::default()
        };
        let phone = (phone.parse::<PhoneNumber>()?, PhoneAssurance::Asserted);
        let user = VerifiedUser::new(phone, Arc::from("kakao"), texts, facts);
        Ok(Self(user))
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
        let facts = self.0.facts_mut();
        facts.proved_at = Some(facts.authenticated_at);
        self
    }

    /// The name of the user. Default: none.
    ///
    /// ```
    /// # use tower_phone_auth::TestUser;
    /// let user = TestUser::new("+82 10-1234-5678")?.name("김지우");
    /// assert_eq!(user.user().name(), Some("김지우"));
    /// # Ok::<(), tower_phone_auth::phone::PhoneNumberError>(())
    /// ```
    pub fn name(mut self, name: &str) -> Self {
        self.0.set_texts(Some(name), None);
        self
    }

    /// The email address of the user, and whether the provider verified it. Default: none.
    ///
    /// ```
    /// # use tower_phone_auth::TestUser;
    /// let user = TestUser::new("+82 10-1234-5678")?.email("jiwoo@example.com", true);
    /// assert!(user.user().email_verified());
    /// # Ok::<(), tower_phone_auth::phone::PhoneNumberError>(())
    /// ```
    pub fn email(mut self, email: &str, is_verified: bool) -> Self {
        self.0.set_texts(None, Some(email));
        self.0.facts_mut().email_verified = is_verified;
        self
    }

    /// The id of the session. Default: a new one.
    ///
    /// ```
    /// # use tower_phone_auth::{SessionId, TestUser};
    /// let id: SessionId = "000102030405060708090a0b0c0d0e0f".parse()?;
    /// let user = TestUser::new("+82 10-1234-5678")?.session_id(id);
    /// assert_eq!(user.user().session_id(), id);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn session_id(mut self, id: SessionId) -> Self {
        self.0.facts_mut().session_id = id;
        self
    }

    /// When the user signed in, and when the session ends, in whole seconds. Default: now, and in
    /// an hour.
    ///
    /// ```
    /// # use tower_phone_auth::TestUser;
    /// use std::time::{Duration, SystemTime};
    ///
    /// let yesterday = SystemTime::now() - Duration::from_secs(24 * 60 * 60);
    /// let tomorrow = SystemTime::now() + Duration::from_secs(24 * 60 * 60);
    /// let user = TestUser::new("+82 10-1234-5678")?.signed_in(yesterday, tomorrow);
    /// assert!(user.user().expires_at() <= tomorrow);
    /// # Ok::<(), tower_phone_auth::phone::PhoneNumberError>(())
    /// ```
    pub fn signed_in(mut self, at: SystemTime, until: SystemTime) -> Self {
        let facts = self.0.facts_mut();
        (facts.authenticated_at, facts.expires_at) = (at.into(), until.into());
        self
    }

    /// The application's own data of the session, as
    /// [`on_sign_in`](crate::Builder::on_sign_in) returns them. Default: none.
    ///
    /// ```
    /// # use tower_phone_auth::TestUser;
    /// let user = TestUser::new("+82 10-1234-5678")?.claims(&["staff"])?.user();
    /// assert_eq!(user.claims()?, Some(["staff".to_owned()]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the data cannot be kept in a session: they are no JSON, or more than 512 bytes.
    pub fn claims<T: Serialize>(mut self, claims: &T) -> Result<Self, ConfigError> {
        let written = claims::written(claims).map_err(|unfit| {
            let problem = format!("the claims do not fit ({unfit:?})");
            ConfigError::new("claims", problem, "give at most 512 bytes of JSON")
        })?;
        self.0.set_claims(&written, 0);
        Ok(self)
    }

    /// Changes a public field.
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

    /// The value of a `Cookie` header that signs the user in at `layer`.
    ///
    /// ```
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, TestUser};
    ///
    /// let kakao = Kakao::new("rest-api-key", "client-secret");
    /// let auth = OAuthLayer::new(kakao, "http://127.0.0.1:3000", SessionKey::random())?;
    /// let user = TestUser::new("+82 10-1234-5678")?;
    /// assert!(user.cookie(&auth)?.starts_with("phone-auth="));
    /// let user = user.with(|user| user.provider = "naver".into());
    /// assert!(user.cookie(&auth).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the layer has no provider of the user's name, or if a session cannot keep a text of the
    /// user.
    pub fn cookie(&self, layer: &OAuthLayer) -> Result<String, ConfigError> {
        let flow = layer.flow();
        if flow.by_name(&self.0.provider).is_none() {
            let problem = format!("the layer has no provider named {:?}", self.0.provider);
            let remedy = format!("use one of {}", flow.names().join(", "));
            return Err(ConfigError::new("provider", problem, remedy));
        }
        let header = flow.mint(&self.0);
        let header = header.as_ref().and_then(|header| header.to_str().ok());
        let pair = header.and_then(|header| header.split(';').next());
        pair.map(ToOwned::to_owned).ok_or_else(|| {
            let problem = "a session cannot keep the texts of the user";
            let remedy = "use a subject of 1 to 255 bytes, and a shorter name or email address";
            ConfigError::new("user", problem, remedy)
        })
    }
}
