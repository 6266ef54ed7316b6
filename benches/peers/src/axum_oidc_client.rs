//! The same application with axum-oidc-client and its cache in memory. Its session is put into the
//! cache, because a request never looks into the tokens.

use std::{hint::black_box, sync::Arc};

use axum::{Router, http::header::SET_COOKIE, response::IntoResponse, routing::get};
use axum_extra::extract::cookie::{Cookie, PrivateCookieJar};
use axum_oidc_client::{
    auth::{AuthenticationLayer, CodeChallengeMethod, SESSION_KEY},
    auth_builder::OAuthConfigurationBuilder,
    auth_cache::AuthCache,
    auth_session::AuthSession,
    cache::{TwoTierAuthCache, config::TwoTierCacheConfig},
    logout::handle_default_logout::DefaultLogoutHandler,
};

use crate::{App, pair};

const ID: &str = "6b1f1d5c-5a0e-4b6e-9a39-3f6d1c0a2b77";

async fn greet(session: AuthSession) -> &'static str {
    black_box(session);
    "hello"
}

/// The application after a sign-in.
pub async fn app() -> App {
    let configuration = OAuthConfigurationBuilder::default()
        .with_authorization_endpoint("http://127.0.0.1:9/authorize")
        .with_token_endpoint("http://127.0.0.1:9/token")
        .with_client_id("local-client")
        .with_client_secret("local-secret")
        .with_redirect_uri("http://127.0.0.1:3000/auth/callback")
        .with_private_cookie_key(&"k".repeat(64))
        .with_scopes(vec!["openid", "phone"])
        .with_code_challenge_method(CodeChallengeMethod::S256)
        .with_post_logout_redirect_uri("/")
        .with_session_max_age(30)
        .build()
        .expect("the settings are right");
    let cache = TwoTierAuthCache::new(None, TwoTierCacheConfig::default());
    let cache: Arc<dyn AuthCache + Send + Sync> = Arc::new(cache.expect("the cache is right"));
    // As long as those of a provider.
    let session = AuthSession {
        id_token: "i".repeat(900),
        access_token: "a".repeat(64),
        token_type: "Bearer".to_owned(),
        refresh_token: Some("r".repeat(64)),
        scope: Some("openid phone".to_owned()),
        expires: None,
    };
    let kept = cache.set_auth_session(ID, session).await;
    kept.expect("the cache takes a session");

    let jar = PrivateCookieJar::new(configuration.private_cookie_key.clone());
    let answer = jar.add(Cookie::new(SESSION_KEY, ID)).into_response();
    let cookie = pair(&answer.headers()[SET_COOKIE]);
    let layer = AuthenticationLayer::new(
        Arc::new(configuration),
        cache,
        Arc::new(DefaultLogoutHandler),
    );
    let router = Router::new().route("/", get(greet)).layer(layer);
    App { router, cookie }
}
