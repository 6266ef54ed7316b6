//! Google's authorization requests.

use super::scope;
use crate::settings::google::ISSUER;
use crate::{
    login::{
        authorization::{Authorization, Prompt, Renewal},
        mistake::Mistake,
        target::Target,
    },
    settings::Settings,
    state::challenge::Challenge,
    web::params::Params,
};

/// Reads a request. Google shows every mistake on a page of its own, and does not redirect to the
/// application.
pub(crate) fn read(settings: &Settings, params: &Params) -> Result<Authorization, Mistake> {
    Mistake::check_client(settings, params)?;
    let target = Target::parse(params, settings)?;
    if params.value("response_type") != Some("code") {
        return Err(Mistake::ResponseType);
    }
    let scope = scope(params)?;
    let challenge = Challenge::of(params).map_err(|_| Mistake::Request)?;
    let prompt = params.list("prompt");
    let renewal = match prompt.iter().any(|word| word == "consent") {
        true => Renewal::All,
        false => Renewal::No,
    };
    Ok(Authorization {
        items: scope.clone(),
        scope,
        prompt: Prompt::of(&prompt),
        renewal,
        merges: params.value("include_granted_scopes") == Some("true"),
        offline: params.value("access_type") == Some("offline"),
        nonce: params.value("nonce").map(str::to_owned),
        challenge,
        ..Authorization::to(target.named_by(settings.google.callback_iss.sent(ISSUER)))
    })
}

/// The requested scopes, by their canonical names, without repetitions.
fn scope(params: &Params) -> Result<Vec<String>, Mistake> {
    let mut scope: Vec<String> = Vec::new();
    for word in params.list("scope") {
        let name = scope::canonical(&word).ok_or(Mistake::Scope(word))?;
        if !scope.iter().any(|known| known == name) {
            scope.push(name.to_owned());
        }
    }
    if scope.is_empty() {
        return Err(Mistake::Request);
    }
    Ok(scope)
}
