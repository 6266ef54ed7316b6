//! The reverse proxy: the layer decides about each request, and the application gets the user in
//! headers.

use std::{convert::Infallible, future, net::SocketAddr, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{
        HeaderMap, StatusCode,
        header::{CACHE_CONTROL, SET_COOKIE},
    },
    response::Response,
};
use tower::ServiceExt;
use tower_phone_auth::{
    OAuthLayer, VerifiedUser,
    gateway::{IdentityHeaders, Judgement},
};

use super::upstream::Upstream;

/// How often an open WebSocket is checked for the end of its session.
const CHECK_INTERVAL: Duration = Duration::from_secs(2);

#[derive(Clone)]
pub(crate) struct Gateway {
    auth: OAuthLayer,
    /// A service behind the layer, which answers the layer's own paths, such as the callback.
    own: Router,
    upstream: Upstream,
    names: IdentityHeaders,
}

impl Gateway {
    pub(crate) fn new(auth: OAuthLayer, upstream: Upstream) -> Self {
        let own = Router::new().fallback(async || StatusCode::NOT_FOUND);
        Self {
            own: own.layer(auth.clone()),
            auth,
            upstream,
            names: IdentityHeaders::default(),
        }
    }
}

pub(crate) fn routes(gateway: Gateway) -> Router {
    Router::new().fallback(answer).with_state(gateway)
}

async fn answer(
    State(gateway): State<Gateway>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    request: Request,
) -> Result<Response, Infallible> {
    let (head, body) = request.into_parts();
    match gateway.auth.judge(&head).await {
        Judgement::Pass { user, headers, .. } => {
            let write = |to: &mut HeaderMap| {
                // Removes what the browser forged, also without a user.
                gateway.names.write(user.as_ref(), to);
                gateway.auth.strip_cookies(to); // the application must not have the session
            };
            let request = Request::from_parts(head, body);
            let until = ended(gateway.auth.clone(), user.clone());
            let response = gateway.upstream.send(request, client, write, until).await;
            Ok(with(response, &headers))
        }
        Judgement::SignIn(response) | Judgement::Refuse(response) => Ok(response.map(Body::from)),
        _ => gateway.own.oneshot(Request::from_parts(head, body)).await,
    }
}

/// Adds the layer's headers: the cookie of a renewed session, and `Cache-Control` so that the Back
/// button shows no page after the sign-out.
fn with(mut response: Response, headers: &HeaderMap) -> Response {
    let is_renewed = headers.contains_key(SET_COOKIE);
    let is_silent = !response.headers().contains_key(CACHE_CONTROL);
    for (name, value) in headers {
        if name == SET_COOKIE {
            response.headers_mut().append(name, value.clone());
        } else if is_renewed || is_silent {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}

/// Completes when the session has ended, for a WebSocket, which outlives its request.
async fn ended(auth: OAuthLayer, user: Option<VerifiedUser>) {
    let Some(user) = user else {
        return future::pending().await;
    };
    while !auth.has_ended(&user) {
        tokio::time::sleep(CHECK_INTERVAL).await;
    }
}
