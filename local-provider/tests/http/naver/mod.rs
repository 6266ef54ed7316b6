//! Naver's dialect.

use std::error::Error;

use serde_json::Value;

use super::app::{App, Dialect, Pairs, json};

mod page;
mod profile;
mod revocation;
mod token;

const NAVER: Dialect = Dialect {
    authorize: "/oauth2.0/authorize",
    token: "/oauth2.0/token",
    profile: "/v1/nid/me",
    query: &[],
    exchange: &[("state", "a state&more")],
};

async fn start() -> Result<App, Box<dyn Error>> {
    App::speaking(NAVER).await
}

/// Signs a user in, from the page to the profile's `response`.
async fn response(
    app: &mut App,
    extra: Pairs<'_>,
    choice: Pairs<'_>,
) -> Result<Value, Box<dyn Error>> {
    let tokens = app.tokens_of(extra, choice).await?;
    let profile = json(app.profile(&tokens).await?).await?;
    assert_eq!(profile["resultcode"], "00");
    assert_eq!(profile["message"], "success");
    Ok(profile["response"].clone())
}
