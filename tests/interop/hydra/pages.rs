//! The pages for login, consent and logout, which every installation of Hydra provides itself.

use std::{net::TcpListener, thread};

use axum::{
    Form, Router,
    extract::{Query, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::server::ask;

/// Serves the pages on their own thread, because they outlive the first test; their address.
pub(super) fn serve(admin: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let pages = Router::new()
        .route("/login", get(login).post(logs_in))
        .route("/consent", get(consent).post(answers))
        .route("/logout", get(logout))
        .route("/error", get(error))
        .with_state(Hydra(admin));
    thread::spawn(|| {
        Runtime::new().unwrap().block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, pages).await.unwrap();
        });
    });
    format!("http://{address}")
}

/// The address of Hydra's API for administrators.
#[derive(Clone)]
struct Hydra(String);

impl Hydra {
    async fn request(&self, of: &str, challenge: &str) -> Value {
        let path = format!("/admin/oauth2/auth/requests/{of}?{of}_challenge={challenge}");
        ask(Method::GET, &self.0, &path, None).await
    }

    /// Sends a decision to Hydra, and redirects the browser to the address in Hydra's answer.
    async fn decides(&self, of: &str, challenge: &str, decision: &str, body: Value) -> Response {
        let path =
            format!("/admin/oauth2/auth/requests/{of}/{decision}?{of}_challenge={challenge}");
        let answer = ask(Method::PUT, &self.0, &path, Some(body)).await;
        Redirect::to(answer["redirect_to"].as_str().unwrap()).into_response()
    }
}

#[derive(Deserialize)]
struct Challenge {
    #[serde(alias = "login_challenge")]
    #[serde(alias = "consent_challenge")]
    #[serde(alias = "logout_challenge")]
    challenge: String,
}

async fn login(State(hydra): State<Hydra>, Query(asked): Query<Challenge>) -> Response {
    let request = hydra.request("login", &asked.challenge).await;
    if request["skip"] == true {
        let body = json!({ "subject": request["subject"] });
        return hydra
            .decides("login", &asked.challenge, "accept", body)
            .await;
    }
    login_page("Who are you?", &asked.challenge)
}

fn login_page(says: &str, challenge: &str) -> Response {
    let page = format!(
        r#"<p>{says}</p><form action="/login" method="post"><input name="challenge" value="{challenge}">
        <input name="login" value=""><input name="password" value=""></form>"#
    );
    Html(page).into_response()
}

#[derive(Deserialize)]
struct Login {
    challenge: String,
    login: String,
    password: String,
}

async fn logs_in(State(hydra): State<Hydra>, Form(form): Form<Login>) -> Response {
    if form.password != "secret" {
        return login_page("Wrong password", &form.challenge);
    }
    let (decision, body) = match form.login.as_str() {
        "gives-up" => (
            "reject",
            json!({ "error": "access_denied", "error_description": "gave up" }),
        ),
        "gives-up-silently" => ("reject", json!({})),
        login => (
            "accept",
            json!({ "subject": login, "remember": true, "remember_for": 3600 }),
        ),
    };
    hydra
        .decides("login", &form.challenge, decision, body)
        .await
}

async fn consent(Query(asked): Query<Challenge>) -> Html<String> {
    let challenge = asked.challenge;
    Html(format!(
        r#"<form action="/consent" method="post"><input name="challenge" value="{challenge}">
        <button name="answer" value="accept">Agree</button></form>"#
    ))
}

#[derive(Deserialize)]
struct Consent {
    challenge: String,
    answer: String,
}

async fn answers(State(hydra): State<Hydra>, Form(form): Form<Consent>) -> Response {
    let request = hydra.request("consent", &form.challenge).await;
    let subject = request["subject"].as_str().unwrap();
    if form.answer == "deny" {
        let body = match subject {
            "refuses-silently" => json!({}),
            _ => json!({ "error": "access_denied", "error_description": "refused" }),
        };
        return hydra
            .decides("consent", &form.challenge, "reject", body)
            .await;
    }
    let mut scopes = request["requested_scope"].as_array().unwrap().clone();
    let mut claims = claims(subject);
    if form.answer == "accept-without-phone" {
        scopes.retain(|scope| scope != "phone");
        claims
            .as_object_mut()
            .unwrap()
            .retain(|name, _| !name.starts_with("phone"));
    }
    let body = json!({
        "grant_scope": scopes,
        "session": { "id_token": claims },
    });
    hydra
        .decides("consent", &form.challenge, "accept", body)
        .await
}

/// The claims of a user, which Hydra puts into the ID token and into userinfo.
fn claims(subject: &str) -> Value {
    let mut claims = json!({
        "name": format!("Person {subject}"),
        "email": format!("{subject}@example.com"),
        "email_verified": true,
    });
    let (number, verified) = match subject {
        "phoneless" => return claims,
        "unverified" => ("+821012345678", json!(false)),
        "unsaid" => ("+821012345678", Value::Null),
        "invalid" => ("010-1234-5678", json!(true)),
        "mia" => ("+821087654321", json!(true)),
        _ => ("+821012345678", json!(true)),
    };
    claims["phone_number"] = json!(number);
    if !verified.is_null() {
        claims["phone_number_verified"] = verified;
    }
    claims
}

async fn logout(State(hydra): State<Hydra>, Query(asked): Query<Challenge>) -> Response {
    hydra
        .decides("logout", &asked.challenge, "accept", json!({}))
        .await
}

/// The error page for a user whom Hydra cannot redirect to the shop.
async fn error(Query(pairs): Query<Vec<(String, String)>>) -> Html<String> {
    Html(format!("{pairs:?}"))
}
