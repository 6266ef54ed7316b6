//! `VerifiedUser` as an axum extractor.

use axum_core::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    response::{IntoResponse, Response},
};
use http::{StatusCode, request::Parts};

use crate::session::user::{Anonymous, VerifiedUser};

/// The reason why a handler gets no [`VerifiedUser`].
///
/// ```
/// use axum::response::IntoResponse;
/// use tower_phone_auth::layer::Rejection;
///
/// assert_eq!(Rejection::SignedOut.into_response().status(), 401);
/// assert_eq!(Rejection::NoLayer.into_response().status(), 500);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rejection {
    /// The route is public, and no user is signed in (401). Take `Option<VerifiedUser>` to allow
    /// it.
    SignedOut,
    /// No [`OAuthLayer`](crate::OAuthLayer) is before the route (500, and an ERROR line).
    NoLayer,
}

impl std::fmt::Display for Rejection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::SignedOut => "no user is signed in",
            Self::NoLayer => "no OAuthLayer is before this route",
        })
    }
}

impl std::error::Error for Rejection {}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        match self {
            Self::SignedOut => StatusCode::UNAUTHORIZED.into_response(),
            Self::NoLayer => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for VerifiedUser {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Rejection> {
        let user = <Self as OptionalFromRequestParts<S>>::from_request_parts(parts, state).await?;
        user.ok_or(Rejection::SignedOut)
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for VerifiedUser {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Rejection> {
        let user = parts.extensions.get::<Self>().cloned();
        if user.is_none() && parts.extensions.get::<Anonymous>().is_none() {
            tracing::error!(
                path = parts.uri.path(),
                "a handler takes a VerifiedUser, and no OAuthLayer is before its route: \
                 add .layer(auth) last, after the routes, on the outermost router"
            );
            return Err(Rejection::NoLayer);
        }
        Ok(user)
    }
}
