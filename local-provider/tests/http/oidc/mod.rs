//! OpenID Connect.

use std::error::Error;

use serde_json::Value;
use tower_phone_auth_local_provider::OidcSettings;

use super::{
    app::{App, Dialect, JIWOO, agree},
    jwt,
};

mod client;
mod discovery;
mod forgery;
mod login;
mod page;
mod par;
mod phone;
mod rotation;
mod userinfo;

const OIDC: Dialect = Dialect {
    authorize: "/oidc/authorize",
    token: "/oidc/token",
    profile: "/oidc/userinfo",
    query: &[("scope", "openid profile email phone"), ("nonce", "n-1")],
    exchange: &[],
};

const KEYS: &str = "/oidc/jwks";

type Claims = Result<Value, Box<dyn Error>>;

async fn start(change: impl FnOnce(&mut OidcSettings)) -> Result<App, Box<dyn Error>> {
    let app = App::speaking(OIDC).await?;
    app.provider
        .configure(|settings| change(&mut settings.oidc));
    Ok(app)
}

/// The verified ID token of the person with a phone number, and userinfo.
async fn sign_in(app: &mut App) -> Result<(Value, Value), Box<dyn Error>> {
    let tokens = app.tokens_of(vec![], agree(JIWOO)).await?;
    let claims = id_token(app, &tokens).await?;
    let userinfo = super::app::json(app.profile(&tokens).await?).await?;
    Ok((claims, userinfo))
}

async fn id_token(app: &App, tokens: &Value) -> Claims {
    let (_, claims) = jwt::verified(app, KEYS, &tokens["id_token"]).await?;
    Ok(claims)
}
