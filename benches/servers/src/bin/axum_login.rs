//! axum-login with its memory store, and a sign-in by hand in the way of its OAuth example. It reads
//! the profile, and checks neither an ID token nor the phone number.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use axum_login::{AuthManagerLayerBuilder, AuthUser, AuthnBackend, UserId, login_required};
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    RedirectUrl, Scope, TokenResponse, TokenUrl, basic::BasicClient,
};
use serde::Deserialize;
use servers::{Outcome, Settings};
use tower_sessions::{MemoryStore, Session, SessionManagerLayer, cookie::SameSite};

const STATE: &str = "oauth.state";

type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;
type AuthSession = axum_login::AuthSession<Backend>;

#[derive(Clone, Debug, Deserialize)]
struct User {
    sub: String,
    phone_number: String,
}

impl AuthUser for User {
    type Id = String;

    fn id(&self) -> String {
        self.sub.clone()
    }

    fn session_auth_hash(&self) -> &[u8] {
        self.sub.as_bytes()
    }
}

#[derive(Clone)]
struct Backend {
    client: Client,
    http: reqwest::Client,
    userinfo: String,
    users: Arc<Mutex<HashMap<String, User>>>,
}

#[derive(Clone, Deserialize)]
struct Callback {
    code: String,
    state: CsrfToken,
}

#[derive(Clone)]
struct Credentials {
    callback: Callback,
    state: CsrfToken,
}

#[derive(Debug)]
struct Failed(String);

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failed {}

impl AuthnBackend for Backend {
    type User = User;
    type Credentials = Credentials;
    type Error = Failed;

    async fn authenticate(&self, credentials: Credentials) -> Result<Option<User>, Failed> {
        let Credentials { callback, state } = credentials;
        if callback.state.secret() != state.secret() {
            return Ok(None);
        }
        let code = AuthorizationCode::new(callback.code);
        let tokens = self.client.exchange_code(code).request_async(&self.http);
        let tokens = tokens.await.map_err(|error| Failed(error.to_string()))?;
        let access_token = tokens.access_token().secret();
        let profile = self.http.get(&self.userinfo).bearer_auth(access_token);
        let user: User = async { profile.send().await?.error_for_status()?.json().await }
            .await
            .map_err(|error| Failed(error.to_string()))?;
        let mut users = self.users.lock().expect("no user of the lock panics");
        users.insert(user.sub.clone(), user.clone());
        Ok(Some(user))
    }

    async fn get_user(&self, id: &UserId<Self>) -> Result<Option<User>, Failed> {
        let users = self.users.lock().expect("no user of the lock panics");
        Ok(users.get(id).cloned())
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let settings = Settings::from_env()?;
    let backend = Backend::new(&settings)?;
    let sessions = SessionManagerLayer::new(MemoryStore::default())
        .with_secure(false)
        .with_same_site(SameSite::Lax);
    let auth = AuthManagerLayerBuilder::new(backend, sessions).build();
    let app = Router::new()
        .route("/", get(hello))
        .route_layer(login_required!(Backend, login_url = "/login"))
        .route("/login", get(login))
        .route("/callback", get(callback));
    settings.serve(app, |app| app.layer(auth)).await
}

impl Backend {
    fn new(settings: &Settings) -> Outcome<Self> {
        let Settings { issuer, origin, .. } = settings;
        let client = BasicClient::new(ClientId::new(settings.client_id.clone()))
            .set_client_secret(ClientSecret::new(settings.client_secret.clone()))
            .set_auth_uri(AuthUrl::new(format!("{issuer}/authorize"))?)
            .set_token_uri(TokenUrl::new(format!("{issuer}/token"))?)
            .set_redirect_uri(RedirectUrl::new(format!("{origin}/callback"))?);
        let redirects = reqwest::redirect::Policy::none();
        Ok(Self {
            client,
            http: reqwest::Client::builder().redirect(redirects).build()?,
            userinfo: format!("{issuer}/userinfo"),
            users: Arc::default(),
        })
    }
}

async fn hello(auth: AuthSession) -> Response {
    match auth.user {
        Some(user) => format!("Hello, {}", user.phone_number).into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn login(auth: AuthSession, session: Session) -> Response {
    let scopes = ["openid", "phone"].map(|scope| Scope::new(scope.to_owned()));
    let request = auth.backend.client.authorize_url(CsrfToken::new_random);
    let (url, state) = request.add_scopes(scopes).url();
    match session.insert(STATE, state.secret()).await {
        Ok(()) => Redirect::to(url.as_str()).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn callback(
    mut auth: AuthSession,
    session: Session,
    Query(callback): Query<Callback>,
) -> Response {
    let Ok(Some(state)) = session.remove(STATE).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match auth.authenticate(Credentials { callback, state }).await {
        Ok(Some(user)) if auth.login(&user).await.is_ok() => Redirect::to("/").into_response(),
        Ok(_) => StatusCode::UNAUTHORIZED.into_response(),
        Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    }
}
