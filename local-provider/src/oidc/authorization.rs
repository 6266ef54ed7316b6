//! Authorization requests (OpenID Connect Core section 3.1.2.1).

use super::issuer;
use crate::{
    login::{
        authorization::{Authorization, Prompt, Renewal},
        mistake::{Mistake, Refused},
        target::Target,
    },
    settings::Settings,
    state::{State, challenge::Challenge},
    web::params::Params,
};
use crate::{
    settings::oidc::{OidcSettings, Par},
    state::requested::Requested,
};

/// Reads a request that comes with the browser, or was pushed before (RFC 9126 section 4).
///
/// A mistake before the redirect URI is known is shown on a page. A later one is sent to the
/// application (RFC 6749 section 4.1.2.1).
pub(crate) fn read(state: &State, params: &Params) -> Result<Authorization, Refused> {
    let settings = &state.settings;
    Mistake::check_client(settings, params)?;
    let params = match params.value("request_uri") {
        Some(uri) => state.pushed.find(uri).ok_or(Mistake::Request)?,
        None if settings.oidc.par == Par::Required => return Err(Mistake::Request.into()),
        None => params,
    };
    let right = issuer(&state.origin);
    let sent = settings.oidc.callback_iss.sent(&right);
    let target = Target::parse(params, settings)?.named_by(sent);
    match Wanted::read(params, settings) {
        Ok(wanted) => Ok(wanted.at(params, target)),
        Err((error, description)) => Err(Refused::Sent(target.error(error, Some(description)))),
    }
}

/// Checks a request that is pushed. Its errors are answers, because there is no browser to
/// redirect.
pub(crate) fn check(
    params: &Params,
    settings: &Settings,
) -> Result<(), (&'static str, &'static str)> {
    Target::parse(params, settings)
        .map_err(|_| ("invalid_request", "The redirect_uri is not registered."))?;
    Wanted::read(params, settings).map(|_| ())
}

/// The parameters of a request beside its target.
struct Wanted {
    scope: Vec<String>,
    challenge: Option<Challenge>,
    requested: Requested,
}

impl Wanted {
    fn read(params: &Params, settings: &Settings) -> Result<Self, (&'static str, &'static str)> {
        if params.value("response_type") != Some("code") {
            let description = "The response_type must be code.";
            return Err(("unsupported_response_type", description));
        }
        if params.value("request").is_some() {
            return Err(("request_not_supported", "There are no request objects."));
        }
        // Scopes that a provider does not know are ignored (Core section 3.1.2.1).
        let mut scope = params.list("scope");
        scope.retain(|word| SCOPES.contains(&word.as_str()));
        if !scope.iter().any(|word| word == "openid") {
            return Err(("invalid_scope", "The scope lacks openid."));
        }
        let challenge = Challenge::of(params).map_err(|_| {
            let description = "The code_challenge_method must be S256.";
            ("invalid_request", description)
        })?;
        if challenge.is_none() && needs_challenge(settings) {
            return Err(("invalid_request", "The code_challenge is missing."));
        }
        let requested = requested(params, &settings.oidc)
            .ok_or(("invalid_request", "The claims are no JSON object."))?;
        Ok(Self {
            scope,
            challenge,
            requested,
        })
    }

    /// The request with its target.
    fn at(self, params: &Params, target: Target) -> Authorization {
        let prompt = params.list("prompt");
        let renewal = match prompt.iter().any(|word| word == "consent") {
            true => Renewal::All,
            false => Renewal::No,
        };
        let mut items = self.scope.clone();
        if self.requested.phone() && !items.iter().any(|item| item == "phone") {
            items.push("phone".to_owned());
        }
        Authorization {
            items,
            prompt: Prompt::of(&prompt),
            renewal,
            offline: self.scope.iter().any(|word| word == "offline_access"),
            nonce: params.value("nonce").map(str::to_owned),
            challenge: self.challenge,
            requested: self.requested,
            scope: self.scope,
            ..Authorization::to(target)
        }
    }
}

/// The content of the `claims` parameter, if the settings make the provider read it. `None` if it
/// is no JSON object.
fn requested(params: &Params, oidc: &OidcSettings) -> Option<Requested> {
    match params.value("claims").filter(|_| oidc.claims_parameter) {
        Some(claims) => Requested::parse(claims),
        None => Some(Requested::default()),
    }
}

/// Whether a request must have a code challenge. Without a client secret, the verifier alone binds
/// the code to the application.
fn needs_challenge(settings: &Settings) -> bool {
    settings.oidc.requires_pkce || settings.client_secret.is_none()
}

/// The scopes that the provider knows.
pub(crate) const SCOPES: [&str; 5] = ["openid", "profile", "email", "phone", "offline_access"];
