//! The service that a proxy asks whether a request may pass.

use std::{
    convert::Infallible,
    fmt,
    future::Ready,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header::LOCATION, request::Parts};
use tower_service::Service;

use super::{IdentityHeaders, Judgement, original::Source};
use crate::{
    flow::Action,
    layer::{OAuthLayer, ResponseBody, ResponseFuture},
};

/// The proxy that asks, which decides the headers that are read. The headers of other proxies are
/// not read, because the browser may have sent them.
///
/// ```
/// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, gateway::ForwardAuth};
///
/// let kakao = Kakao::new("rest-api-key", "client-secret");
/// let auth = OAuthLayer::new(kakao, "https://shop.example.com", SessionKey::random())?;
/// let check = auth.forward_auth(ForwardAuth::Nginx);
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ForwardAuth {
    /// nginx with [`auth_request`](https://nginx.org/en/docs/http/ngx_http_auth_request_module.html).
    /// Set `X-Original-Method $request_method` and `X-Original-URI $request_uri`. Answers are 200,
    /// 401 and 403 only, since nginx takes every other status for a fault. Let `error_page 401 403`
    /// send a refused request to a service behind the layer, whose answer has all headers and the
    /// page.
    Nginx,
    /// Traefik with [`ForwardAuth`](https://doc.traefik.io/traefik/middlewares/http/forwardauth/),
    /// which sets `X-Forwarded-Method` and `X-Forwarded-Uri`, and sends a refusal to the browser.
    Traefik,
    /// Caddy with [`forward_auth`](https://caddyserver.com/docs/caddyfile/directives/forward_auth),
    /// which sets `X-Forwarded-Method` and `X-Forwarded-Uri`, and sends a refusal to the browser.
    Caddy,
    /// Envoy with [`ext_authz`](https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/ext_authz_filter)
    /// over HTTP. Envoy asks with the method of the request, at its path behind this prefix, so
    /// mount the service at all paths below it. The guide's page `envoy` has tested settings. Allow
    /// the headers `cookie`, `origin`, `referer`, `accept`, `accept-language`, `content-type`,
    /// `upgrade`, `sec-websocket-key`, `sec-purpose`, and those that begin with `sec-fetch-` or
    /// `access-control-request-`.
    #[non_exhaustive]
    Envoy {
        /// The `path_prefix` of Envoy's `http_service`, such as `/check`.
        path_prefix: &'static str,
    },
}

impl ForwardAuth {
    /// Envoy with this `path_prefix`, such as `/check`.
    ///
    /// ```
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, gateway::ForwardAuth};
    ///
    /// let kakao = Kakao::new("rest-api-key", "client-secret");
    /// let auth = OAuthLayer::new(kakao, "https://shop.example.com", SessionKey::random())?;
    /// let check = auth.forward_auth(ForwardAuth::envoy("/check"));
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    #[must_use]
    pub const fn envoy(path_prefix: &'static str) -> Self {
        Self::Envoy { path_prefix }
    }

    const fn source(self) -> Source {
        match self {
            Self::Nginx => Source::Original,
            Self::Traefik | Self::Caddy => Source::Forwarded,
            Self::Envoy { path_prefix } => Source::Prefixed(path_prefix),
        }
    }

    /// The answer in place of a sign-in, which nginx would throw away: `error_page` sends the page
    /// visit to the layer once more, and the sign-in begins there.
    fn instead(self, action: &Action) -> Option<Response<Bytes>> {
        let is_later = self == Self::Nginx && super::begins(action);
        is_later.then(|| status(StatusCode::UNAUTHORIZED))
    }

    /// The refusal as the proxy needs it. A proxy takes 2xx for a yes, so a refusal of a gRPC call
    /// and the answer to a preflight become 403.
    fn refusal(self, response: Response<Bytes>, origin: &str) -> Response<Bytes> {
        let (mut head, mut body) = response.into_parts();
        // Traefik takes a path for one of the service that it asks, and would send the browser
        // there.
        if let (Self::Traefik, Some(location)) = (self, head.headers.get_mut(LOCATION))
            && location.as_bytes().starts_with(b"/")
        {
            let public = [origin.as_bytes(), location.as_bytes()].concat();
            *location = HeaderValue::try_from(public).unwrap_or_else(|_| location.clone());
        }
        match (self, head.status) {
            (Self::Nginx, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {}
            // nginx would make any other status a 500, which tells the user of an outage.
            (Self::Nginx, _) => head.status = StatusCode::UNAUTHORIZED,
            // The body belongs to the status that is replaced, so it goes too.
            (_, status) if status.is_success() => {
                head.status = StatusCode::FORBIDDEN;
                body = Bytes::new();
            }
            _ => {}
        }
        Response::from_parts(head, body)
    }
}

/// A service that tells a proxy whether a request may pass. [`OAuthLayer::forward_auth`] makes it.
///
/// | answer | meaning |
/// |---|---|
/// | 200 | The request may pass. The answer has the [identity of the user](IdentityHeaders), with empty values on a public path without a user. |
/// | 303 | A page visit without a session begins a sign-in (nginx: 401, and the sign-in begins where `error_page` leads). |
/// | 307 | A page visit whose [claims](crate::Builder::claims) are old comes again with new ones (nginx: 401, as above). |
/// | 401, 403, 502, 503 | The request is refused (nginx: 401 or 403). |
///
/// A request that does not have the proxy's headers exactly once gets 403, and the log has one line
/// at ERROR for the first of them. A path below the [prefix](crate::Builder::prefix) is not for
/// this service: the proxy must send it to a service behind the layer. It gets 403, and a line at
/// ERROR for the first one (nginx: 401, so that `error_page` sends it there).
///
/// ```
/// use axum::Router;
/// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, gateway::ForwardAuth};
///
/// let kakao = Kakao::new("rest-api-key", "client-secret");
/// let auth = OAuthLayer::new(kakao, "https://shop.example.com", SessionKey::random())?;
/// let app: Router = Router::new().route_service("/check", auth.forward_auth(ForwardAuth::Caddy));
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ForwardAuthService {
    auth: OAuthLayer,
    proxy: ForwardAuth,
    names: IdentityHeaders,
    /// The log has the line about the headers of the proxy.
    unclear: Arc<AtomicBool>,
    /// The log has the line about a path of the layer.
    own: Arc<AtomicBool>,
}

impl OAuthLayer {
    /// A service that tells a reverse proxy whether a request may pass. Mount it at a path that the
    /// proxy alone asks for, beside a service behind the layer for the paths below the
    /// [prefix](crate::Builder::prefix).
    ///
    /// ```
    /// use axum::{Router, http::StatusCode};
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, gateway::ForwardAuth};
    ///
    /// let auth = OAuthLayer::new(Kakao::new("key", "secret"), "https://shop.example.com", SessionKey::random())?;
    /// let behind_the_layer = Router::new().fallback(|| async { StatusCode::NOT_FOUND }).layer(auth.clone());
    /// let app: Router = Router::new()
    ///     .route_service("/check", auth.forward_auth(ForwardAuth::Caddy))
    ///     .fallback_service(behind_the_layer);
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    #[must_use]
    pub fn forward_auth(&self, proxy: ForwardAuth) -> ForwardAuthService {
        ForwardAuthService {
            auth: self.clone(),
            proxy,
            names: IdentityHeaders::default(),
            unclear: Arc::default(),
            own: Arc::default(),
        }
    }
}

impl ForwardAuthService {
    /// The names of the headers with the user's identity. Default: `X-Auth-Phone` and the others of
    /// [`IdentityHeaders`].
    ///
    /// ```
    /// use http::HeaderName;
    /// use tower_phone_auth::gateway::{ForwardAuth, IdentityHeaders};
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
    ///
    /// let kakao = Kakao::new("rest-api-key", "client-secret");
    /// let auth = OAuthLayer::new(kakao, "https://shop.example.com", SessionKey::random())?;
    /// let mut names = IdentityHeaders::default();
    /// names.phone = HeaderName::from_static("x-user-phone");
    /// let check = auth.forward_auth(ForwardAuth::Nginx).identity_headers(names);
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    #[must_use]
    pub fn identity_headers(mut self, names: IdentityHeaders) -> Self {
        self.names = names;
        self
    }

    async fn answer(self, mut head: Parts) -> Response<Bytes> {
        // From here on, `head` is the request of the browser and no longer that of the proxy. A
        // request that has two readings is refused, because the proxy may act on the other one.
        let proxy = self.proxy;
        if let Err(unclear) = proxy.source().restore(&mut head) {
            report(&self.unclear, proxy, &unclear);
            return status(StatusCode::FORBIDDEN);
        }
        match self
            .auth
            .judged(&head, |action| proxy.instead(action))
            .await
        {
            Judgement::Pass { user, headers } => {
                let mut response = Response::new(Bytes::new());
                *response.headers_mut() = headers;
                // Also without a user: the proxy copies the headers, and an empty value replaces
                // the one that a browser forged.
                self.names.write(user.as_ref(), response.headers_mut());
                response
            }
            Judgement::SignIn(response) | Judgement::Refuse(response) => {
                proxy.refusal(response, self.auth.flow().origin())
            }
            // After a 401, nginx sends the request itself to the layer (`error_page`).
            Judgement::Own if proxy == ForwardAuth::Nginx => status(StatusCode::UNAUTHORIZED),
            Judgement::Own => {
                let fault = "the proxy asks about a path of the layer itself";
                report(&self.own, proxy, &fault);
                status(StatusCode::FORBIDDEN)
            }
        }
    }
}

/// Writes one line for each fault of a service, because every request through the proxy has it.
fn report(reported: &AtomicBool, proxy: ForwardAuth, fault: &dyn fmt::Display) {
    if !reported.swap(true, Ordering::Relaxed) {
        tracing::error!(
            ?proxy,
            "forward_auth: {fault}; set up the proxy as the documentation of ForwardAuth says; \
             such requests are refused"
        );
    }
}

fn status(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

impl<B> Service<Request<B>> for ForwardAuthService {
    type Response = Response<ResponseBody<String>>;
    type Error = Infallible;
    type Future = ResponseFuture<Ready<Result<Response<String>, Infallible>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The body is that of the proxy, which sends none.
        let (head, _) = request.into_parts();
        ResponseFuture::answer(self.clone().answer(head))
    }
}
