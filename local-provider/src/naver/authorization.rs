//! Naver's authorization requests.

use crate::{
    login::{
        authorization::{Authorization, Prompt, Renewal},
        mistake::{Mistake, Refused},
        target::Target,
    },
    settings::Settings,
    web::params::Params,
};

/// Reads a request. Its `scope` is ignored, because the items are set in Naver's console.
pub(crate) fn read(settings: &Settings, params: &Params) -> Result<Authorization, Refused> {
    Mistake::check_client(settings, params)?;
    let target = Target::parse(params, settings)?;
    let refuse = |error, description| Err(Refused::Sent(target.error(error, Some(description))));
    if params.value("response_type") != Some("code") {
        let description = "response_type must be code";
        return refuse("unsupported_response_type", description);
    }
    if settings.naver.requires_state && target.state.is_none() {
        return refuse("invalid_request", "state is missing");
    }
    let kinds = params.list("auth_type");
    let has = |kind: &str| kinds.iter().any(|asked| asked == kind);
    // `auth_type` has the parts of `prompt` of OpenID Connect, under other names.
    let prompt = match (has("reauthenticate"), has("autologin")) {
        (true, _) => Prompt::Choose,
        (false, true) => Prompt::Silent,
        (false, false) => Prompt::Free,
    };
    let renewal = if has("reprompt") {
        Renewal::All
    } else {
        Renewal::No
    };
    Ok(Authorization {
        items: settings.naver.items.clone(),
        prompt,
        renewal,
        ..Authorization::to(target)
    })
}
