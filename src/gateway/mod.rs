//! Decisions about requests without a wrapped service: for reverse proxies, and for servers that
//! are no `tower::Service`.
//!
//! | for | use |
//! |---|---|
//! | a reverse proxy written in Rust | [`OAuthLayer::judge`] |
//! | nginx, Caddy, Traefik or Envoy in front of an application in any language | [`OAuthLayer::forward_auth`] |
//! | the identity of the user in headers for the application | [`VerifiedUser::write_headers`] |
//!
//! In each case, the paths below the [prefix](crate::Builder::prefix) must go to a service behind
//! the layer, which answers them itself.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Response, header::SET_COOKIE, request::Parts};

use crate::{
    flow::{Action, Decision, Flow},
    http_client::BoxFuture,
    layer::{OAuthLayer, finish, forget},
    session::user::VerifiedUser,
    web::request_body::RequestBody,
};

pub use forward_auth::{ForwardAuth, ForwardAuthService};
pub use identity::IdentityHeaders;

mod forward_auth;
mod identity;
mod original;

/// The decision about a request, by [`OAuthLayer::judge`].
///
/// Cookies in the headers are marked as sensitive, so that `Debug` does not show them.
///
/// ```
/// use http::{HeaderMap, Request, Response, StatusCode};
/// use bytes::Bytes;
/// use tower_phone_auth::{OAuthLayer, gateway::Judgement};
///
/// /// The answer to a request of a browser, or the headers that the application's answer needs.
/// async fn check(auth: &OAuthLayer, request: Request<()>) -> Result<HeaderMap, Response<Bytes>> {
///     match auth.judge(&request.into_parts().0).await {
///         Judgement::Pass { headers, .. } => Ok(headers),
///         Judgement::SignIn(response) | Judgement::Refuse(response) => Err(response),
///         _ => { // one of the layer's own paths: send it to a service behind the layer
///             let mut response = Response::new(Bytes::new());
///             *response.status_mut() = StatusCode::NOT_FOUND;
///             Err(response)
///         }
///     }
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Judgement {
    /// The request may go on to the application.
    #[non_exhaustive]
    Pass {
        /// The signed-in user. `None` on a [public](crate::Builder::public) path without a session,
        /// and there for an unsafe request of another site.
        user: Option<VerifiedUser>,
        /// The headers for the response to the browser: `Set-Cookie` of a renewed session, and
        /// `Cache-Control`. Append a `Set-Cookie`. Set `Cache-Control` if the application's
        /// response has none, and always if there is a `Set-Cookie`.
        headers: HeaderMap,
    },
    /// A page visit without a session. The response redirects the browser to the sign-in. A session
    /// whose [claims](crate::Builder::claims) are old gets a redirect to the same address, with a
    /// new cookie.
    SignIn(Response<Bytes>),
    /// The request must not go on. The response says why: 401, 403, 502 or 503, or the answer to a
    /// CORS preflight. A gRPC call is refused by `grpc-status` in a 200, as gRPC demands.
    Refuse(Response<Bytes>),
    /// A path below the prefix, such as the callback. Send the request, with its body, to a service
    /// behind the layer.
    Own,
}

impl OAuthLayer {
    /// Decides about a request as the service behind the layer does, without calling any service.
    ///
    /// The method, the address and the headers are those that the browser sent. An address that the
    /// proxy rewrote is judged as rewritten, so judge before a rewrite, or judge the path that the
    /// application will see. The address is without the path of the [public
    /// URL](crate::Builder::public_url).
    ///
    /// A form of a user without a session is refused by 401, also with
    /// [`save_forms`](crate::Builder::save_forms), because its body is not here.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use http::{Request, Response, header::{CACHE_CONTROL, SET_COOKIE}};
    /// use tower_phone_auth::{OAuthLayer, gateway::{IdentityHeaders, Judgement}};
    ///
    /// # async fn upstream(_: Request<Bytes>) -> Response<Bytes> { Response::default() }
    /// # async fn behind_the_layer(_: Request<Bytes>) -> Response<Bytes> { Response::default() }
    /// async fn proxy(auth: &OAuthLayer, request: Request<Bytes>) -> Response<Bytes> {
    ///     let (mut head, body) = request.into_parts();
    ///     match auth.judge(&head).await {
    ///         Judgement::Pass { user, headers, .. } => {
    ///             IdentityHeaders::default().write(user.as_ref(), &mut head.headers);
    ///             let mut response = upstream(Request::from_parts(head, body)).await;
    ///             let has_cookie = headers.contains_key(SET_COOKIE);
    ///             for (name, value) in &headers {
    ///                 if *name == SET_COOKIE {
    ///                     response.headers_mut().append(name, value.clone());
    ///                 } else if has_cookie || !response.headers().contains_key(CACHE_CONTROL) {
    ///                     response.headers_mut().insert(name, value.clone());
    ///                 }
    ///             }
    ///             response
    ///         }
    ///         Judgement::SignIn(response) | Judgement::Refuse(response) => response,
    ///         _ => behind_the_layer(Request::from_parts(head, body)).await,
    ///     }
    /// }
    /// ```
    pub async fn judge(&self, head: &Parts) -> Judgement {
        self.judged(head, |_| None).await
    }

    /// Removes the layer's cookies from the headers of a request, so that the application behind a
    /// gateway does not have the session. Other cookies stay. Call it after [`judge`](Self::judge),
    /// which needs the cookies. For a wrapped service, use the setting
    /// [`strip_cookies`](crate::Builder::strip_cookies).
    ///
    /// ```
    /// use http::{HeaderMap, HeaderValue, header::COOKIE};
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
    ///
    /// let kakao = Kakao::new("rest-api-key", "client-secret");
    /// let auth = OAuthLayer::new(kakao, "http://127.0.0.1:3000", SessionKey::random())?;
    /// let mut headers = HeaderMap::new();
    /// headers.insert(COOKIE, HeaderValue::from_static("theme=dark; phone-auth=sealed"));
    /// auth.strip_cookies(&mut headers);
    /// assert_eq!(headers[COOKIE], "theme=dark");
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    pub fn strip_cookies(&self, headers: &mut HeaderMap) {
        self.flow().config().cookies.strip(headers);
    }

    /// [`judge`](Self::judge), with the answer of `instead` in place of a page visit's sign-in.
    async fn judged(
        &self,
        head: &Parts,
        instead: impl FnOnce(&Action) -> Option<Response<Bytes>>,
    ) -> Judgement {
        let flow = self.flow();
        flow.start();
        // As in `decide`, a session does not matter below the prefix. The body of such a request is
        // needed, as for a report of a provider, and it is not here.
        if flow.is_own(head.uri.path()) {
            return Judgement::Own;
        }
        match flow.decide(&head.method, &head.uri, &head.headers) {
            Decision::Pass(user, renewal, caching) => {
                // The same function as for the response of a wrapped service, so that both get the
                // same headers.
                let mut response = Response::new(());
                let renewal = renewal.map(|renewal| Box::new((*renewal, Arc::clone(flow))));
                finish(&mut response, renewal, caching);
                let (mut parts, ()) = response.into_parts();
                hide_cookies(&mut parts.headers);
                Judgement::Pass {
                    user: Some(user),
                    headers: parts.headers,
                }
            }
            Decision::PassAnonymous(_) => Judgement::Pass {
                user: None,
                headers: HeaderMap::new(),
            },
            Decision::Respond(action) => match instead(&action) {
                Some(response) => Judgement::SignIn(response),
                None => answer(flow, action, head.clone()).await,
            },
        }
    }
}

/// Carries out the action. The response of a sign-in that cannot begin, such as 503, is a refusal.
async fn answer(flow: &Arc<Flow>, action: Action, mut head: Parts) -> Judgement {
    let action = match action {
        // The body is not here.
        Action::SaveForm(reason) => Action::Unauthorized(reason),
        other => other,
    };
    let signs_in = begins(&action);
    forget(&mut head.extensions);
    // Boxed, so that the compiler does not lay out the whole sign-in in the application's futures,
    // which can exceed its recursion limit.
    let response: BoxFuture<'_, _> =
        Box::pin(Arc::clone(flow).respond(action, head, RequestBody::empty()));
    let mut response = response.await;
    hide_cookies(response.headers_mut());
    if signs_in && response.status().is_redirection() {
        Judgement::SignIn(response)
    } else {
        Judgement::Refuse(response)
    }
}

/// Whether the action redirects a page visit.
fn begins(action: &Action) -> bool {
    matches!(action, Action::Start | Action::Recheck | Action::NewClaims)
}

/// Marks the cookies, which a sealed session is one of, so that `Debug` does not show them.
fn hide_cookies(headers: &mut HeaderMap) {
    for (name, value) in headers.iter_mut() {
        if name == SET_COOKIE {
            value.set_sensitive(true);
        }
    }
}
