//! Google's token endpoint and keys.

use http::StatusCode;
use serde_json::json;

use super::{Google, claims};
use crate::{
    keys::{algorithm::Algorithm, history::Publication},
    state::{
        State,
        grants::{Grant, Kind, TokenRules as _},
    },
    tokens::{
        credentials::Credentials, endpoint::TokenEndpoint, exchange::Broken, id_token,
        refusal::Refusal,
    },
    web::{
        answer::{self, Answer},
        params::Params,
        record::Recorded,
    },
};

/// `GET /oauth2/v3/certs`.
pub(crate) fn keys(state: &mut State, _: &Recorded) -> Answer {
    let keys = state.signer.keys.published(&KEYS);
    answer::json(StatusCode::OK, &json!({ "keys": keys }))
}

/// `POST /token`.
impl TokenEndpoint for Google {
    fn authenticate(
        &self,
        state: &mut State,
        request: &Recorded,
        params: &Params,
    ) -> Result<(), Refusal> {
        if Credentials::of(request, params)?.belong_to(&state.settings) {
            Ok(())
        } else {
            Err(Refusal::client("Unauthorized"))
        }
    }

    fn refuse(&self, broken: Broken, params: &Params) -> Refusal {
        let looks_right = params.value("code").is_some_and(|code| code.contains('/'));
        let verifier = params.value("code_verifier");
        match broken {
            Broken::Code if looks_right => Refusal::grant("Bad Request"),
            Broken::Code => Refusal::grant("Malformed auth code."),
            Broken::RedirectUri => Refusal::new("redirect_uri_mismatch", "Bad Request"),
            Broken::Verifier if verifier.is_none() => Refusal::grant("Missing code verifier."),
            Broken::Verifier => Refusal::grant("Invalid code verifier."),
            Broken::RefreshToken => Refusal::grant("Token has been expired or revoked."),
        }
    }

    fn id_token(&self, state: &mut State, grant: &Grant, access: &str) -> Option<String> {
        let person = state.person(grant.person)?;
        let issuer = state.settings.google.issuer();
        let subject = claims::subject(person);
        let mut claims = id_token::claims(issuer, &subject, grant, self.lifetime(Kind::Access));
        claims["azp"] = grant.client_id.as_str().into();
        claims["at_hash"] = KEYS.algorithm.half_hash(access).into();
        claims::describe(&mut claims, grant, person);
        state.signer.id_token(&KEYS, None, claims)
    }
}

/// Google signs with RS256 only.
pub(crate) const KEYS: Publication = Publication::of(Algorithm::Rs256);
