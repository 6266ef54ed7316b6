//! `VerifiedUser` as an axum extractor.

use std::{fmt, sync::Arc};

use axum_core::{
    body::Body,
    extract::{FromRequestParts, OptionalFromRequestParts},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{StatusCode, request::Parts};

use crate::{
    flow::{Action, Anonymous},
    http_client::BoxFuture,
    session::user::VerifiedUser,
    web::request_body::RequestBody,
};

/// The reason why a handler gets no [`VerifiedUser`].
///
/// ```
/// use axum::response::IntoResponse;
/// use tower_phone_auth::layer::Rejection;
///
/// assert_eq!(Rejection::NoLayer.into_response().status(), 500);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Rejection {
    /// The route is public, and no user is signed in. Take `Option<VerifiedUser>` to allow it. The
    /// response is that of the layer on a protected path: a page visit begins a sign-in, and any
    /// other request gets 401. A form is not [saved](crate::Builder::save_forms).
    SignedOut(Refusal),
    /// No [`OAuthLayer`](crate::OAuthLayer) is before the route (500, and an ERROR line).
    NoLayer,
}

/// The layer's response to a request without a user, as [`IntoResponse`] returns it.
///
/// ```
/// use axum::response::{IntoResponse, Response};
/// use tower_phone_auth::layer::Refusal;
///
/// fn own_page(refusal: Refusal) -> Response {
///     match refusal.status().as_u16() {
///         401 => "Sign in first.".into_response(),
///         _ => refusal.into_response(),
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Refusal(Box<http::Response<Bytes>>);

impl Refusal {
    /// The status of the response, such as 303 or 401.
    ///
    /// ```
    /// use axum::response::{IntoResponse, Response};
    /// use tower_phone_auth::layer::Rejection;
    ///
    /// fn log(rejection: Rejection) -> Response {
    ///     if let Rejection::SignedOut(refusal) = &rejection {
    ///         println!("answered with {}", refusal.status());
    ///     }
    ///     rejection.into_response()
    /// }
    /// ```
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.0.map(Body::from)
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SignedOut(_) => "no user is signed in",
            Self::NoLayer => "no OAuthLayer is before this route",
        })
    }
}

impl std::error::Error for Rejection {}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        match self {
            Self::SignedOut(refusal) => refusal.into_response(),
            Self::NoLayer => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

/// The signed-in user, for a handler of axum (feature `axum-08`). Without a user, as on a public
/// path, the handler is not called: a page visit begins a sign-in, and any other request gets 401.
///
/// ```
/// use tower_phone_auth::VerifiedUser;
///
/// async fn orders(user: VerifiedUser) -> String {
///     format!("orders of {}", user.phone.masked())
/// }
/// # let _: axum::routing::MethodRouter = axum::routing::get(orders);
/// ```
impl<S: Sync> FromRequestParts<S> for VerifiedUser {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Rejection> {
        match found(parts)? {
            Ok(user) => Ok(user),
            Err(passed) => Err(Rejection::SignedOut(refuse(&passed, parts).await)),
        }
    }
}

/// The user if one is signed in, for a handler of axum on a [public](crate::Builder::public) path
/// (feature `axum-08`).
///
/// ```
/// use tower_phone_auth::VerifiedUser;
///
/// async fn home(user: Option<VerifiedUser>) -> String {
///     user.map_or_else(|| "sign in".to_owned(), |user| user.phone.masked().to_string())
/// }
/// # let _: axum::routing::MethodRouter = axum::routing::get(home);
/// ```
impl<S: Sync> OptionalFromRequestParts<S> for VerifiedUser {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Rejection> {
        Ok(found(parts)?.ok())
    }
}

/// The user of the request, or the mark of the layer that it passed without one.
fn found(parts: &Parts) -> Result<Result<VerifiedUser, Anonymous>, Rejection> {
    let extensions = &parts.extensions;
    match (extensions.get::<VerifiedUser>(), extensions.get()) {
        (Some(user), _) => Ok(Ok(user.clone())),
        (None, Some(passed)) => Ok(Err(Anonymous::clone(passed))),
        (None, None) => {
            tracing::error!(
                path = parts.uri.path(),
                "a handler takes a VerifiedUser, and no OAuthLayer is before its route: \
                 add .layer(auth) last, after the routes, on the outermost router"
            );
            Err(Rejection::NoLayer)
        }
    }
}

/// The layer's response to a request that needs a user. The body is not read, because other
/// extractors may need it, so a form cannot be saved.
async fn refuse(passed: &Anonymous, parts: &Parts) -> Refusal {
    let flow = Arc::clone(&passed.flow);
    let mut head = parts.clone();
    flow.prepare_action(&mut head);
    let action = flow.without_user(passed.missing, &head.method, &head.headers);
    let action = match action {
        Action::SaveForm(reason) => Action::Unauthorized(reason),
        action => action,
    };
    // Boxed, so that the compiler does not lay out the whole sign-in in every handler of an
    // application, which can exceed its recursion limit.
    let response: BoxFuture<'_, _> =
        Box::pin(flow.respond(action, head, RequestBody::new(String::new())));
    Refusal(Box::new(response.await))
}
