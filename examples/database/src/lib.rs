//! A shop that keeps its users in SQLite. `README.md` of the examples describes it.
//!
//! - `users`: the tables of users and of their accounts at providers
//! - `known_numbers`: the numbers that need no code at the next sign-in
//! - `link`: the same number at another provider
//! - `leave`: closing an account

mod customer;
pub mod database;
mod home;
pub mod keys;
mod known_numbers;
mod leave;
mod link;
mod link_request;
pub mod local;
mod page;
mod unavailable;
mod users;

use std::{net::SocketAddr, time::Duration};

use axum::{
    Router,
    extract::ConnectInfo,
    routing::{get, post},
};
use sqlx::SqlitePool;
use tower_phone_auth::{
    Builder, ConfigError, OAuthLayer,
    hooks::SignIn,
    phone::PhoneAssurance,
    phone_step::{CodeSender, PhoneStep},
};

use keys::{Keys, Sealer};
use known_numbers::KnownInSqlite;
use users::Users;

/// The greatest age of a sign-in that may link or close an account. `max_age` needs a provider that
/// proves the time, such as Kakao with OpenID Connect. Naver and Google prove none; for their
/// users, see the page `fresh_sign_in` of the guide.
const MAX_SIGN_IN_AGE: Duration = Duration::from_secs(5 * 60);

/// The state of the handlers.
#[derive(Clone)]
pub struct Shop {
    pub auth: OAuthLayer,
    users: Users,
    known: KnownInSqlite,
    sealer: Sealer,
    is_https: bool,
}

impl Shop {
    /// `builder` has the providers.
    ///
    /// # Errors
    /// If a setting of the layer is wrong.
    pub fn new(
        public_url: &str,
        builder: Builder,
        db: &SqlitePool,
        keys: Keys,
        sender: impl CodeSender,
    ) -> Result<Self, ConfigError> {
        let Keys {
            session,
            index,
            sealer,
        } = keys;
        let users = Users {
            db: db.clone(),
            index: index.clone(),
        };
        let known = KnownInSqlite {
            db: db.clone(),
            index,
            sealer: sealer.clone(),
        };
        let step = PhoneStep::new(sender)
            .known_numbers(known.clone())
            .client_address(|head| {
                let peer: &ConnectInfo<SocketAddr> = head.extensions.get()?;
                Some(peer.ip())
            });
        let (sign_in, account) = (users.clone(), users.clone());
        let auth = builder
            .public_url(public_url)
            .session_key(session)
            .minimum_assurance(PhoneAssurance::Confirmed) // each user confirms the number once
            .phone_step(step)
            .on_sign_in(move |SignIn { user, .. }| {
                let users = sign_in.clone();
                async move { Ok(users.sign_in(&user).await?) }
            })
            .claims(move |user| {
                let users = account.clone();
                async move { Ok(users.account(&user).await?) }
            })
            .public(["/goodbye"])
            .build()?;
        let is_https = public_url.starts_with("https:");
        Ok(Self {
            auth,
            users,
            known,
            sealer,
            is_https,
        })
    }

    /// The whole application.
    pub fn app(self) -> Router {
        let fresh = self.auth.require().max_age(MAX_SIGN_IN_AGE);
        let auth = self.auth.clone();
        Router::new()
            .route("/link", get(link::ask).post(link::begin))
            .route("/link/new", post(link::start_anew))
            .route("/link/confirm", get(link::confirm).post(link::link))
            .route("/leave", get(leave::ask).post(leave::leave))
            .route_layer(fresh) // for the routes above it
            .route("/", get(home::home))
            .route("/goodbye", get(leave::goodbye))
            .with_state(self)
            .layer(auth)
    }
}
