//! A route that asks for more than a session.

use std::{
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::{Request, Response};
use http_body::Body;
use tower::{BoxError, Layer, Service};

use crate::{
    body::{RequestBody, ResponseBody},
    flow::{Demand, Flow},
    future::ResponseFuture,
    phone::PhoneAssurance,
    user::VerifiedUser,
};

/// Asks more of the user than the layer does, for some routes: a layer for axum's `route_layer`, or any service
/// behind an [`OAuthLayer`](crate::OAuthLayer).
///
/// Whoever signed in too long ago signs in afresh: a page visit is sent to the provider, which asks for the
/// password again where it can (Google cannot be made to); anything else gets 401 with the reason `step_up`, but for
/// a form where [`save_forms`](crate::Builder::save_forms) is on: it is offered again after the sign-in.
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
    demand: Demand,
    flow: Arc<Flow>,
}

impl RequireUser {
    pub(crate) fn new(flow: Arc<Flow>) -> Self {
        flow.keep_targets();
        Self {
            demand: Demand::default(),
            flow,
        }
    }

    /// How long ago the person may have proved to the provider who they are, at most. Default: as long as the session
    /// lasts.
    ///
    /// Being let in by a provider that knows the browser proves nothing: an ordinary sign-in counts only where the
    /// provider tells when it asked (OpenID Connect `auth_time`). A fresh one counts from when it ends; whether Kakao,
    /// Naver or Google really asked, they do not say.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.demand.max_age = Some(age);
        self
    }

    /// The least assurance of the phone number. Default: no more than the layer asks for. A sign-in rarely raises
    /// it: whoever has less gets 403.
    pub fn minimum_assurance(mut self, assurance: PhoneAssurance) -> Self {
        self.demand.assurance = assurance;
        self
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
/// use tower_phone_auth::{Kakao, OAuthLayer, Required, SessionKey};
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
        let RequireUser { demand, flow } = &self.require;
        let user = request.extensions().get::<VerifiedUser>();
        match flow.demand(*demand, user, request.method(), request.headers()) {
            None => ResponseFuture::pass(self.inner.call(request), None),
            Some(journey) => {
                let (head, body) = request.into_parts();
                let flow = Arc::clone(flow);
                ResponseFuture::answer(flow.answer(journey, head, RequestBody::new(body)))
            }
        }
    }
}
