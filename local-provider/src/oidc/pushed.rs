use std::{collections::HashMap, time::Duration};

use http::StatusCode;
use serde_json::json;
use tokio::time::Instant;

use super::{authorization, client};
use crate::{
    answer::{self, Answer},
    exchange,
    params::Params,
    record::Recorded,
    refusal::Refusal,
    state::State,
};

/// The authorize requests that were pushed (RFC 9126).
#[derive(Default)]
pub(crate) struct Pushed {
    count: u64,
    requests: HashMap<String, (Params, Instant)>,
}

impl Pushed {
    fn push(&mut self, params: Params) -> String {
        let now = Instant::now();
        self.requests.retain(|_, (_, expires)| *expires > now);
        self.count += 1;
        // Guessable, which harms nobody here: whoever can ask can sign in as anybody.
        let uri = format!("{URN}{}", self.count);
        self.requests.insert(uri.clone(), (params, now + LIFETIME));
        uri
    }

    /// The request behind a `request_uri`. It may be used again, as when a page is reloaded.
    pub(crate) fn find(&self, uri: &str) -> Option<&Params> {
        let (params, expires) = self.requests.get(uri)?;
        (*expires > Instant::now()).then_some(params)
    }
}

/// `POST /oidc/par`.
pub(crate) fn push(state: &mut State, request: &Recorded) -> Answer {
    match accept(state, request) {
        Ok(uri) => {
            let body = json!({ "request_uri": uri, "expires_in": LIFETIME.as_secs() });
            answer::json(StatusCode::CREATED, &body)
        }
        Err(refusal) => refusal.answer(),
    }
}

fn accept(state: &mut State, request: &Recorded) -> Result<String, Refusal> {
    let params = exchange::form(request)?;
    client::authenticate(state, request, &params)?;
    if params.value("request_uri").is_some() {
        let description = "A request_uri cannot be pushed.";
        return Err(Refusal::new("invalid_request", description));
    }
    authorization::check(&params, &state.settings)
        .map_err(|(error, description)| Refusal::new(error, description))?;
    Ok(state.pushed.push(params))
}

const URN: &str = "urn:ietf:params:oauth:request_uri:";
// Long enough for a person who looks for the right choice on the page.
const LIFETIME: Duration = Duration::from_secs(600);
