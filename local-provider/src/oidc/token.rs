//! The token endpoint of the OpenID dialect.

use super::{Oidc, claims, client, issuer};
use crate::{
    state::{
        State,
        grants::{Grant, Kind, TokenRules as _},
    },
    tokens::{endpoint::TokenEndpoint, exchange::Broken, id_token, refusal::Refusal},
    web::{params::Params, record::Recorded},
};

/// `POST /oidc/token`.
impl TokenEndpoint for Oidc {
    fn authenticate(
        &self,
        state: &mut State,
        request: &Recorded,
        params: &Params,
    ) -> Result<(), Refusal> {
        client::authenticate(state, request, params)
    }

    fn refuse(&self, broken: Broken, _: &Params) -> Refusal {
        Refusal::grant(match broken {
            Broken::Code => "The code is unknown, used or expired.",
            Broken::RedirectUri => "The redirect_uri is not that of the authorize request.",
            Broken::Verifier => "The code_verifier does not match the code_challenge.",
            Broken::RefreshToken => "The refresh token is unknown.",
        })
    }

    fn id_token(&self, state: &mut State, grant: &Grant, access: &str) -> Option<String> {
        let person = state.person(grant.person)?;
        let oidc = &state.settings.oidc;
        let issuer = issuer(&state.origin);
        let subject = claims::subject(person);
        let mut claims = id_token::claims(&issuer, &subject, grant, self.lifetime(Kind::Access));
        claims["auth_time"] = grant.signed_in_at.into();
        claims["at_hash"] = oidc.algorithm.half_hash(access).into();
        if oidc.names_sessions {
            claims["sid"] = grant.sid.as_str().into();
        }
        claims::add_to_id_token(&mut claims, oidc, grant, person);
        let secret = state.settings.client_secret.as_deref();
        state.signer.id_token(&oidc.publication(), secret, claims)
    }
}
