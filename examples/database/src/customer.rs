//! Extractors: a user of the database, and one who is not in it yet.

use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};
use tower_phone_auth::VerifiedUser;

use crate::users::Account;

/// A signed-in user with a row in `users`.
pub(crate) struct Customer {
    pub(crate) id: i64,
    pub(crate) user: VerifiedUser,
}

/// A signed-in user who has none, because another user has the number.
pub(crate) struct Newcomer(pub(crate) VerifiedUser);

impl<S: Send + Sync> FromRequestParts<S> for Customer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let (user, id) = read(parts, state).await?;
        let id = id.ok_or_else(|| Redirect::to("/link").into_response())?;
        Ok(Self { id, user })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Newcomer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        match read(parts, state).await? {
            (user, None) => Ok(Self(user)),
            _ => Err(Redirect::to("/").into_response()),
        }
    }
}

/// The claims are sealed in the session, so this asks no database.
async fn read<S: Send + Sync>(
    parts: &mut Parts,
    state: &S,
) -> Result<(VerifiedUser, Option<i64>), Response> {
    let user = VerifiedUser::from_request_parts(parts, state).await;
    let user = user.map_err(IntoResponse::into_response)?;
    let account: Option<Account> = user.claims().unwrap_or_default();
    Ok((user, account.and_then(|account| account.id)))
}
