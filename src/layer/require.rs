//! The layer for routes that require more than a session.

use std::{
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::{Request, Response};
use http_body::Body;
use serde::de::DeserializeOwned;
use tower_layer::Layer;
use tower_service::Service;

use super::{body::ResponseBody, future::ResponseFuture};
use crate::{
    config::check_assurance,
    flow::{Flow, Requirements},
    phone::PhoneAssurance,
    session::user::VerifiedUser,
    web::request_body::{BoxError, RequestBody},
};

/// A layer for routes that require more than a session, such as a recent sign-in. It goes into
/// axum's `route_layer`, or around any service behind an [`OAuthLayer`](crate::OAuthLayer).
/// [`OAuthLayer::require`](crate::OAuthLayer::require) makes it.
///
/// A user who authenticated too long ago signs in again. A page visit is redirected to the
/// provider, which is asked to authenticate the user. Any other request gets 401 with the reason
/// `step_up`. With [`save_forms`](crate::Builder::save_forms), a form is saved and offered after
/// the sign-in. A visit from a link on another site gets a page with a button first.
///
/// It accepts only users of the layer that made it. In any other place, outside of that layer or
/// inside another one, no sign-in could satisfy it. Every request then gets 500, and one line at
/// ERROR names the cause and the remedy.
///
/// ```
/// use std::time::Duration;
/// use axum::{Router, routing::get};
/// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
///
/// let auth = OAuthLayer::new(Kakao::new("key", "secret"), "https://shop.example.com", SessionKey::random())?;
/// let fresh = auth.require().max_age(Duration::from_secs(5 * 60));
/// let app: Router = Router::new()
///     .route("/pay", get(|| async { "pay" }))
///     .route_layer(fresh)
///     .route("/", get(|| async { "home" }))
///     .layer(auth);
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct RequireUser {
    requirements: Requirements,
    flow: Arc<Flow>,
}

impl RequireUser {
    pub(crate) fn new(flow: Arc<Flow>) -> Self {
        flow.keep_targets();
        Self {
            requirements: Requirements::default(),
            flow,
        }
    }

    /// The longest time since the user authenticated at the provider, in whole seconds. Default: no
    /// limit within the session.
    ///
    /// The proof is the `auth_time` of a verified ID token ([OpenID Connect Core section
    /// 2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken)) at any sign-in. A user
    /// who has just typed a password is not asked again, and a user whom the provider let in
    /// silently is. The age at the sign-in is taken from the provider's own times (`auth_time` and
    /// `iat`), so that its clock may differ. The time since then is measured by the replica's
    /// clock.
    ///
    /// OpenID providers prove it, and [`Kakao`](crate::Kakao) where OpenID Connect is switched on.
    /// Kakao without it, [`Naver`](crate::Naver), [`Google`](crate::Google) and
    /// [`CustomProvider`](crate::CustomProvider) can be asked for a fresh sign-in, and never say
    /// whether they asked the user. Their users get 403, a page or a problem document with the
    /// reason `unproved` ([`Reason::Unproved`](crate::hooks::Reason::Unproved)), and the log has
    /// one line at WARN. A user whom the provider let in again without a new proof gets the same.
    /// See [`accept_unproved`](Self::accept_unproved).
    ///
    /// ```
    /// use std::time::Duration;
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
    ///
    /// let kakao = Kakao::new("rest-api-key", "client-secret").openid_connect();
    /// let auth = OAuthLayer::new(kakao, "https://shop.example.com", SessionKey::random())?;
    /// let fresh = auth.require().max_age(Duration::from_secs(5 * 60));
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    pub fn max_age(mut self, age: Duration) -> Self {
        self.requirements.max_age = Some(age);
        self
    }

    /// Accepts that the provider was asked for a fresh authentication, if it gives no proof of one.
    /// Default: off, such users get 403.
    ///
    /// **It protects little.** The request for a fresh sign-in goes through the browser, so the
    /// user of an unlocked browser can remove it from the address, and a provider may ignore it. If
    /// a provider does prove the sign-in, the proof decides.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tower_phone_auth::{Naver, OAuthLayer, SessionKey};
    ///
    /// let naver = Naver::new("client-id", "client-secret");
    /// let auth = OAuthLayer::new(naver, "https://shop.example.com", SessionKey::random())?;
    /// let asked = auth.require().max_age(Duration::from_secs(5 * 60)).accept_unproved();
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    pub fn accept_unproved(mut self) -> Self {
        self.requirements.accepts_unproved = true;
        self
    }

    /// The lowest accepted assurance of the phone number. Default: that of the layer. Users with
    /// less get 403, because another sign-in rarely raises it.
    ///
    /// With [`Confirmed`](PhoneAssurance::Confirmed), a page visit goes on to the
    /// [phone step](crate::Builder::phone_step) and then to the route. Without a phone step, every
    /// user gets 403, and a line at ERROR says so when the route is made.
    ///
    /// ```
    /// use tower_phone_auth::{Google, OAuthLayer, SessionKey, phone::PhoneAssurance};
    ///
    /// let google = Google::new("client-id", "client-secret");
    /// let auth = OAuthLayer::new(google, "https://shop.example.com", SessionKey::random())?;
    /// let sure = auth.require().minimum_assurance(PhoneAssurance::Verified);
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    pub fn minimum_assurance(mut self, assurance: PhoneAssurance) -> Self {
        let has_step = self.flow.config().phone_step.is_some();
        if let Err(error) = check_assurance(assurance, has_step) {
            tracing::error!("a route has a requirement that no user can meet: {error}");
        }
        self.requirements.assurance = assurance;
        self
    }

    /// Accepts only users for whom `rule` returns true. Others get 403, a page or a problem
    /// document with the reason `not_allowed`
    /// ([`Reason::NotAllowed`](crate::hooks::Reason::NotAllowed)), because another sign-in of the
    /// same user does not help. Default: all users of the layer. Of several rules, all must accept
    /// the user.
    ///
    /// The rule runs in every request of the route, so it should not block or lock. A rule for all
    /// routes is [`Builder::allow`](crate::Builder::allow).
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
    ///
    /// let auth = OAuthLayer::new(Kakao::new("key", "secret"), "https://shop.example.com", SessionKey::random())?;
    /// let korean = auth.require().allow(|user| user.phone.region().as_deref() == Some("KR"));
    /// let app: Router = Router::new()
    ///     .route("/delivery", get(|| async { "delivery" }))
    ///     .route_layer(korean)
    ///     .layer(auth);
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    pub fn allow(mut self, rule: impl Fn(&VerifiedUser) -> bool + Send + Sync + 'static) -> Self {
        self.requirements.rules.push(Arc::new(rule));
        self
    }

    /// Accepts only users whose claims `rule` accepts: the data that
    /// [`Builder::on_sign_in`](crate::Builder::on_sign_in) returned or
    /// [`Builder::claims`](crate::Builder::claims) made. Others get 403 as by
    /// [`allow`](Self::allow), and so do users without claims and with claims of another type.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use serde::{Deserialize, Serialize};
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct Shop { is_staff: bool }
    ///
    /// let auth = OAuthLayer::builder()
    ///     .public_url("https://shop.example.com")
    ///     .session_key(SessionKey::random())
    ///     .provider(Kakao::new("key", "secret"))
    ///     .on_sign_in(|sign_in| async move { Ok(Shop { is_staff: sign_in.user.subject == "42" }) })
    ///     .build()?;
    /// let app: Router = Router::new()
    ///     .route("/orders", get(|| async { "orders" }))
    ///     .route_layer(auth.require().claims(|shop: &Shop| shop.is_staff))
    ///     .layer(auth);
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    pub fn claims<T: DeserializeOwned>(
        self,
        rule: impl Fn(&T) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.allow(move |user| {
            let claims = user.claims::<T>();
            claims.is_ok_and(|claims| claims.is_some_and(|claims| rule(&claims)))
        })
    }
}

impl<S> Layer<S> for RequireUser {
    type Service = Required<S>;

    fn layer(&self, inner: S) -> Required<S> {
        Required {
            inner,
            require: self.clone(),
        }
    }
}

/// A service behind [`RequireUser`].
///
/// ```
/// use http::{Request, Response};
/// use tower::Layer;
/// use tower_phone_auth::{layer::Required, Kakao, OAuthLayer, SessionKey};
///
/// let auth = OAuthLayer::new(Kakao::new("key", "secret"), "http://127.0.0.1:3000", SessionKey::random())?;
/// let service: Required<_> = auth.require().layer(tower::service_fn(|_: Request<String>| async {
///     Ok::<_, std::convert::Infallible>(Response::new(String::new()))
/// }));
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Required<S> {
    inner: S,
    require: RequireUser,
}

impl<S> Required<S> {
    /// The wrapped service.
    ///
    /// ```
    /// use tower::Layer;
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
    ///
    /// let kakao = Kakao::new("rest-api-key", "client-secret");
    /// let auth = OAuthLayer::new(kakao, "https://shop.example.com", SessionKey::random())?;
    /// let wrapped = auth.require().layer(42); // any service
    /// assert_eq!(wrapped.get_ref(), &42);
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// Unwraps the service.
    ///
    /// ```
    /// use tower::Layer;
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
    ///
    /// let kakao = Kakao::new("rest-api-key", "client-secret");
    /// let auth = OAuthLayer::new(kakao, "https://shop.example.com", SessionKey::random())?;
    /// let wrapped = auth.require().layer(42); // any service
    /// assert_eq!(wrapped.into_inner(), 42);
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, B, R> Service<Request<B>> for Required<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    B: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    type Response = Response<ResponseBody<R>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let RequireUser { requirements, flow } = &self.require;
        if flow.probe_require(&request) {
            return ResponseFuture::pass_unchanged(self.inner.call(request));
        }
        let seen = (request.method(), request.uri(), request.headers());
        let action = flow.decide_required(requirements, request.extensions(), seen);
        let Some(action) = action else {
            return ResponseFuture::pass_unchanged(self.inner.call(request));
        };
        let (mut head, body) = request.into_parts();
        flow.prepare_action(&mut head);
        let flow = Arc::clone(flow);
        ResponseFuture::answer(flow.respond(action, head, RequestBody::new(body)))
    }
}
