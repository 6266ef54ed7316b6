//! The quirks of Kakao, each tested by a complete sign-in. The numbers are those of the catalogue
//! of quirks.

use serde_json::{Value, json};

use crate::support::{
    browser::{Browser, Page, parameter},
    outcome::{
        assert_not_repeated, assert_signed_in, error, form_value, login, ok, refusal, sent,
        user_with_profile,
    },
};

mod callback;
mod consent;
mod error;
mod exchange;
mod flow;
mod id_token;
mod outage;
mod phone;
mod profile;
mod state;
mod token;

/// Starts a sign-in and opens the callback with this query, without a visit to the provider.
/// `STATE` stands for the state of the sign-in.
async fn come_back_with(browser: &mut Browser, query: &str) -> Page {
    let away = browser.visit("/auth/login").await;
    let state = parameter(&away, "state").unwrap();
    let query = query.replace("STATE", &state);
    browser
        .visit(&format!("/auth/callback/kakao?{query}"))
        .await
}

/// A minimal profile, for tokens that the provider did not issue.
fn profile() -> Value {
    json!({ "id": 7, "kakao_account": { "phone_number": "+82 10-1234-5678" } })
}
