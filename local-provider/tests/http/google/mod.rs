//! Google's dialect.

use std::error::Error;

use serde_json::Value;
use tower_phone_auth_local_provider::GoogleSettings;

use super::app::{App, Dialect, JIWOO, agree, json};

mod page;
mod people;
mod token;

const GOOGLE: Dialect = Dialect {
    authorize: "/o/oauth2/v2/auth",
    token: "/token",
    profile: "/v1/people/me?personFields=phoneNumbers",
    query: &[
        (
            "scope",
            "openid email https://www.googleapis.com/auth/user.phonenumbers.read",
        ),
        ("nonce", "n-1"),
    ],
    exchange: &[],
};

const PHONE: &str = "https://www.googleapis.com/auth/user.phonenumbers.read";
const EMAIL: &str = "https://www.googleapis.com/auth/userinfo.email";
const KEYS: &str = "/oauth2/v3/certs";
const SUBJECT: &str = "101376016924429759228";

async fn start(change: impl FnOnce(&mut GoogleSettings)) -> Result<App, Box<dyn Error>> {
    let app = App::speaking(GOOGLE).await?;
    app.provider
        .configure(|settings| change(&mut settings.google));
    Ok(app)
}

/// Signs the person with a phone number in, and gives the answer of the People API.
async fn people(app: &mut App) -> Result<Value, Box<dyn Error>> {
    let tokens = app.tokens_of(vec![], agree(JIWOO)).await?;
    json(app.profile(&tokens).await?).await
}
