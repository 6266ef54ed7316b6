//! Client authentication in the OpenID dialect (OpenID Connect Core section 9).

use super::assertion;
use crate::settings::oidc::ClientAuthentication;
use crate::{
    settings::Settings,
    state::State,
    tokens::{
        credentials::{self, Credentials, Way},
        refusal::Refusal,
    },
    web::{params::Params, record::Recorded},
};

/// Proves that a request comes from the application. A correct secret is refused if its method is
/// not one of the settings, as at a provider that registers one method for each client.
pub(crate) fn authenticate(
    state: &mut State,
    request: &Recorded,
    params: &Params,
) -> Result<(), Refusal> {
    if params.value("client_assertion").is_some() {
        return assertion::verify(state, params);
    }
    let credentials = Credentials::of(request, params)?;
    let ways = ways(&state.settings);
    let way = match credentials.way {
        Way::Basic => ClientAuthentication::SecretBasic.name(),
        Way::Post => ClientAuthentication::SecretPost.name(),
        Way::Public => PUBLIC,
    };
    if ways.contains(&way) && credentials.belong_to(&state.settings) {
        return Ok(());
    }
    let challenge = (credentials.way == Way::Basic).then_some(credentials::BASIC);
    Err(Refusal::client("Client authentication failed.").challenge(challenge))
}

/// The ways in which the application may authenticate, by their names in the discovery document.
pub(crate) fn ways(settings: &Settings) -> Vec<&'static str> {
    let jwt = ClientAuthentication::PrivateKeyJwt;
    let secret = settings.client_secret.is_some();
    let ways = settings.oidc.client_authentication.iter();
    let mut ways: Vec<_> = ways
        .filter(|way| secret || **way == jwt)
        .map(|way| way.name())
        .collect();
    if !secret && ways.is_empty() {
        ways.push(PUBLIC);
    }
    ways
}

/// The name of the method of clients without any.
const PUBLIC: &str = "none";
