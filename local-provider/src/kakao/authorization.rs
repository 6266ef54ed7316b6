//! Kakao's authorization requests.

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

/// Reads a request. Mistakes are checked in the order in which the real provider checks them, so
/// that a request with two of them has the same code.
pub(crate) fn read(settings: &Settings, params: &Params) -> Result<Authorization, Mistake> {
    Mistake::check_client(settings, params)?;
    let target = Target::parse(params, settings)?;
    match params.value("response_type") {
        Some("code") => {}
        Some("token") => return Err(Mistake::ImplicitFlow),
        _ => return Err(Mistake::ResponseType),
    }
    let scope = params.list("scope");
    let unknown = scope.iter().find(|item| !is_configured(settings, item));
    if let Some(item) = unknown {
        return Err(Mistake::Scope(item.clone()));
    }
    let challenge = Challenge::of(params).map_err(|_| Mistake::Request)?;
    let renewal = if scope.is_empty() {
        Renewal::No
    } else {
        Renewal::Missing
    };
    Ok(Authorization {
        items: settings.consent_items.clone(),
        scope,
        prompt: Prompt::of(&params.list("prompt")),
        renewal,
        nonce: params.value("nonce").map(str::to_owned),
        challenge,
        ..Authorization::to(target)
    })
}

/// Whether the item may be requested. Requesting another one is KOE205.
fn is_configured(settings: &Settings, item: &str) -> bool {
    if item == "openid" {
        settings.kakao_oidc
    } else {
        settings.asks_for(item)
    }
}
