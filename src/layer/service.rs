//! The service, one match over the decision of the flow.

use std::{
    future::ready,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Extensions, Request, Response};
use http_body::Body;
use tower_service::Service;

use super::{body::ResponseBody, future::ResponseFuture};
use crate::{
    flow::{Action, Anonymous, Decision, Flow, Probed, Target},
    session::user::VerifiedUser,
    web::{
        reply::Reply,
        request_body::{BoxError, RequestBody},
    },
};

/// A service behind an [`OAuthLayer`](crate::OAuthLayer). The wrapped service is called for
/// signed-in users and public paths only.
///
/// The wrapped service needs neither `Clone` nor `Send` nor `'static`. The service that was polled
/// ready is the one that is called, and its error type stays. The body of a request is any
/// [`http_body::Body`] that is `Send` and `'static`, because the layer reads bodies that are posted
/// to its own paths.
///
/// ```
/// use http::{Extensions, Request, Response};
/// use tower::Layer;
/// use tower_phone_auth::{layer::AuthService, Kakao, OAuthLayer, SessionKey};
///
/// let auth = OAuthLayer::new(Kakao::new("key", "secret"), "http://127.0.0.1:3000", SessionKey::random())?;
/// let service: AuthService<_> = auth.layer(tower::service_fn(|_: Request<String>| async {
///     Ok::<_, std::convert::Infallible>(Response::new(String::new()))
/// }));
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct AuthService<S> {
    inner: S,
    flow: Arc<Flow>,
}

impl<S> AuthService<S> {
    pub(crate) fn new(inner: S, flow: Arc<Flow>) -> Self {
        Self { inner, flow }
    }

    /// The wrapped service.
    ///
    /// ```
    /// use tower::Layer;
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
    ///
    /// let kakao = Kakao::new("rest-api-key", "client-secret");
    /// let auth = OAuthLayer::new(kakao, "https://shop.example.com", SessionKey::random())?;
    /// let wrapped = auth.layer(42); // any service
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
    /// let wrapped = auth.layer(42); // any service
    /// assert_eq!(wrapped.into_inner(), 42);
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, B, R> Service<Request<B>> for AuthService<S>
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

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        self.flow.start();
        match self.flow.probe_layer(&mut request) {
            Some(Probed::Answered(reply)) => return probed(reply),
            Some(Probed::Passes) => {
                return ResponseFuture::pass_unchanged(self.inner.call(request));
            }
            None => {}
        }
        let (method, uri, headers) = (request.method(), request.uri(), request.headers());
        match self.flow.decide(method, uri, headers) {
            Decision::Pass(user, renewal, caching) => {
                // Replaces any `VerifiedUser` that an outer layer inserted.
                request.extensions_mut().insert(user);
                self.flow.prepare(&mut request, false);
                let renewal = renewal.map(|renewal| Box::new((*renewal, Arc::clone(&self.flow))));
                ResponseFuture::pass(self.inner.call(request), renewal, caching)
            }
            Decision::PassAnonymous(missing) => {
                let flow = Arc::clone(&self.flow);
                forget(request.extensions_mut()).insert(Anonymous { flow, missing });
                self.flow.prepare(&mut request, true);
                ResponseFuture::pass_unchanged(self.inner.call(request))
            }
            Decision::Respond(action) => answer(&self.flow, action, request),
        }
    }
}

/// The response of the layer to the check of its place.
fn probed<F>(reply: Reply) -> ResponseFuture<F> {
    ResponseFuture::answer(ready(reply.into_response()))
}

/// The response of the layer itself.
fn answer<F, B>(flow: &Arc<Flow>, action: Action, mut request: Request<B>) -> ResponseFuture<F>
where
    B: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    let action = flow.unless_shared(action, &request);
    forget(request.extensions_mut());
    let (head, body) = request.into_parts();
    ResponseFuture::answer(Arc::clone(flow).respond(action, head, RequestBody::new(body)))
}

/// Removes values that an outer layer inserted, so that the wrapped service and the layer's own
/// actions see no user of another layer.
pub(crate) fn forget(extensions: &mut Extensions) -> &mut Extensions {
    extensions.remove::<VerifiedUser>();
    extensions.remove::<Anonymous>();
    extensions.remove::<Target>();
    extensions
}
