//! A provider without a page of its own, whose sign-ins end as the test says.

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::Query,
    response::Redirect,
    routing::{get, post},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower_phone_auth::{
    CustomProvider,
    error::{LoginErrorKind, ProviderError},
    phone::PhoneAssurance,
    provider::{Profile, ProfileContext, ReadProfile},
};

/// The refusal of the next sign-ins, if there is one.
#[derive(Clone, Default)]
pub(super) struct Refuser(Arc<Mutex<Option<LoginErrorKind>>>);

impl Refuser {
    pub(super) fn refuses(&self, kind: LoginErrorKind) {
        *self.0.lock().unwrap() = Some(kind);
    }

    pub(super) fn accepts(&self) {
        *self.0.lock().unwrap() = None;
    }

    pub(super) async fn provider(&self) -> CustomProvider {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new()
            .route("/authorize", get(authorize))
            .route("/token", post(token));
        tokio::spawn(async move { axum::serve(listener, app).await });
        CustomProvider::new("club", "id", "secret", self.clone())
            .endpoints(format!("{origin}/authorize"), format!("{origin}/token"))
    }
}

impl ReadProfile for Refuser {
    async fn read_profile(&self, _: ProfileContext<'_>) -> Result<Profile, ProviderError> {
        match *self.0.lock().unwrap() {
            Some(kind) => Err(kind.into()),
            None => Ok(Profile::new("7", "+821012345678", PhoneAssurance::Verified)),
        }
    }
}

#[derive(serde::Deserialize)]
struct Asked {
    redirect_uri: String,
    state: String,
}

async fn authorize(Query(asked): Query<Asked>) -> Redirect {
    let state = form_urlencoded::byte_serialize(asked.state.as_bytes()).collect::<String>();
    Redirect::to(&format!("{}?code=1&state={state}", asked.redirect_uri))
}

async fn token() -> Json<Value> {
    Json(json!({ "access_token": "token", "token_type": "bearer" }))
}
